"""Markdown as other people write it: CommonMark with tables, strikethrough, HTML among it, front matter and footnotes
(`words[^1]`, and `[^1]: the note` at the beginning of a line). reader.formats.markdown_source reads our editors' own.
"""

import re
from datetime import date, datetime
from html import escape
from typing import Any

import yaml
from lxml.html import HTMLParser, document_fromstring
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reader.formats.incoming.decoding import text_of
from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.formats.incoming.walk import Walker
from reader.text.structure import Found

_TAGS = "b|strong|i|em|u|s|del|sup|sub|code|br|cite|span|div|p|small|mark|kbd|a"
_KNOWN_TAG = re.compile(rf"^</?(?:{_TAGS}|img|picture|source|q|abbr|u)(?:\s[^<>]*)?/?>$", re.IGNORECASE)
_KNOWN_BLOCK = re.compile(
    r"^</?(?:article|aside|blockquote|br|center|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|img|li|main"
    r"|ol|p|picture|pre|section|span|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(.*)$")
_SIGN = re.compile(r"\[\^([^\]\s]{1,40})\]")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_LOOKS_LIKE = re.compile(r"^#{1,6} \S|^\[\^[^\]]+\]:|\*\*\S[^*\n]*\*\*|^> \S|\[[^\]\n]+\]\(https?://", re.MULTILINE)

_reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_reader.options["maxNesting"] = 40


def _raw_html(renderer: Any, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """Tags a writer of Markdown may mean; everything else in angle brackets are words."""
    content = tokens[at].content
    if tokens[at].type == "html_inline":
        return content if _KNOWN_TAG.match(content) else escape(content)
    if content.lstrip().startswith("<!--") or _KNOWN_BLOCK.match(content.lstrip()):
        return content
    return f"<p>{escape(content.strip())}</p>"


_reader.add_render_rule("html_inline", _raw_html)
_reader.add_render_rule("html_block", _raw_html)


def looks_like_markdown(text: str) -> bool:
    """True for plain text that has headings and one more sign of Markdown, or front matter."""
    signs = {match[0][:2] for match in _LOOKS_LIKE.finditer(text)}
    return bool(_FRONT.match(text)) or (len(signs) > 1 and any(sign.startswith("#") for sign in signs))


def read_markdown(data: bytes) -> Raw:
    """A Markdown file with or without front matter."""
    return raw_of(text_of(data))


def raw_of(text: str, name: str = "markdown") -> Raw:
    """The same, of text. Raises Unreadable when there are no words in it."""
    front, body = front_matter(text)
    found = found_in(body)
    if not found:
        raise Unreadable("empty")
    return Raw(name, front, blocks=tuple(found))


def found_in(body: str) -> list[Found]:
    """The blocks of Markdown without front matter, in order, footnotes last."""
    body, notes = _without_notes(body)
    markup = _signs(_reader.render(body), notes)
    for label, words in notes.items():
        markup += f'<div class="footnote" id="fn-{escape(label)}">{_reader.render(words)}</div>'
    if not markup.strip():
        return []
    document = document_fromstring(f"<div>{markup}</div>", parser=HTMLParser(remove_comments=True, no_network=True))
    return Walker(document).blocks()


def _without_notes(body: str) -> tuple[str, dict[str, str]]:
    """The text without its footnotes' definitions, and these by their labels."""
    kept: list[str] = []
    notes: dict[str, list[str]] = {}
    fence, label = "", ""
    for line in body.split("\n"):
        opens = _FENCE.match(line)
        if opens and (not fence or opens[1].startswith(fence)):
            fence = "" if fence else opens[1]
        found = None if fence or opens else _NOTE.match(line)
        if found and found[1] not in notes:
            label = found[1]
            notes[label] = [found[2]]
        elif label and not fence and (line.startswith(("    ", "\t")) or not line.strip()):
            notes[label].append(line[4:] if line.startswith("    ") else line.strip())
            kept.append("")
        else:
            label = ""
            kept.append(line)
    return "\n".join(kept), {name: "\n".join(rows) for name, rows in notes.items()}


def _signs(markup: str, notes: dict[str, str]) -> str:
    """`[^1]` with a note of that label becomes a link to it; outside of code, and without one, it stays words."""
    pieces = re.split(r"(<pre.*?</pre>|<code.*?</code>)", markup, flags=re.DOTALL)

    def sign(found: re.Match[str]) -> str:
        label = found[1]
        if label not in notes:
            return found[0]
        return f'<sup><a class="footnote-ref" href="#fn-{escape(label)}">{escape(label)}</a></sup>'

    return "".join(piece if at % 2 else _SIGN.sub(sign, piece) for at, piece in enumerate(pieces))


# --- Front matter -----------------------------------------------------------------------------------


def front_matter(text: str) -> tuple[Front, str]:
    """What stands between two lines of --- at the top, as Front, and the rest."""
    found = _FRONT.match(text)
    if not found:
        return Front(), text
    try:
        said = yaml.safe_load(found[1] or "") if len(found[1] or "") < 50_000 else None
    except yaml.YAMLError:
        said = None
    if not isinstance(said, dict):
        return Front(), text
    return _front({str(key).lower(): value for key, value in said.items()}), text[found.end() :]


def _front(said: dict[str, Any]) -> Front:
    names = said.get("authors") or said.get("author") or []
    names = names if isinstance(names, list) else re.split(r"\s*;\s*", str(names))
    return Front(
        title=_words(said, "title"),
        authors=tuple(_name(name) for name in names if _name(name)),
        author_bio=_words(said, "author_bio"),
        publisher=_words(said, "publisher", "container-title"),
        published=_day(said.get("published") or said.get("date")),
        source_url=_words(said, "canonical_url", "source_url", "source", "url"),
        licence=_words(said, "licence", "license"),
        licence_name=_words(said, "licence_name"),
        licence_url=_words(said, "licence_url", "license_url"),
        language=_words(said, "language", "lang"),
        summary=_words(said, "summary", "abstract", "description"),
        issn=_words(said, "issn"),
        copyright_holder=_words(said, "copyright_holder"),
    )


def _words(said: dict[str, Any], *names: str) -> str:
    value = next((said[name] for name in names if isinstance(said.get(name), str | int | float)), "")
    return " ".join(str(value).split())


def _name(value: Any) -> str:
    return " ".join(str(value.get("name", "") if isinstance(value, dict) else value).split())


def _day(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value or "")[:10]).isoformat()
    except ValueError:
        return ""
