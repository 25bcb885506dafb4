"""The Markdown an article is edited in: read into paragraphs, and written from them so that reading gives the same.

CommonMark with tables and ~~struck out~~ words; beyond it the tags <strong> <em> <s> <code> <sup> <sub> and
<a href="…">, which may stand anywhere, footnotes ([^1] and a paragraph that begins with «[^1]: »), and, after a line
of three hyphens, a heading «About the author» for what follows it. A line break within a paragraph is a space; a
backslash before it keeps it. Positions in marks are code points of the paragraph's text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.reference import reference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from reader.text.structure import CELL, Block, Mark, ordered, whole

TAGS = {"strong": "strong", "em": "emphasis", "s": "strike", "code": "code", "sup": "superscript", "sub": "subscript"}
KINDS_OF_TOKEN = {"strong": "strong", "em": "emphasis", "s": "strike", "link": "link"}
ABOUT_AUTHOR = "About the author"
# Words after a fence: a row of a table whose rows are not alike; lines kept as they are that are no code.
ROW, PLAIN = "row", "text"
_FRONT = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t-].*\n|\n)+?---[ \t]*(?:\n|\Z)")
_ABOUT = re.compile(r"about\s+the\s+authors?\s*:?", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(strong|em|s|code|sup|sub|a)(?:\s+href=\"([^\"<>]*)\")?>")
_SIGN = re.compile(r"\[\^([^\]\s\[]+)\](?!:)")
_FOOTNOTE = re.compile(r"\[\^([^\]\s\[]+)\]:(?:[ \t]+|$)")
_ADDRESS = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def read(source: str) -> list[Block]:
    """The paragraphs of a Markdown source, in order. Any string; front matter at its beginning is passed over."""
    tokens = _reader.parse(without_front_matter(source))
    return [block for block in _Reading(tokens).blocks() if block.text.strip()]


def without_front_matter(source: str) -> str:
    """The source without the fields between two lines of three hyphens that it may begin with."""
    return _FRONT.sub("", source.replace("\r\n", "\n"), count=1).lstrip("\n")


@dataclass
class _Reading:
    """One source on the way: the containers around the current token, and the sign of an item just begun."""

    tokens: Sequence[Token]
    around: list[str] = field(default_factory=list)
    sign: str = ""
    typed: str = ""
    number: int = 0
    row: list[str] | None = None
    after_rule: bool = False
    about_author: bool = False
    in_table: bool = False
    first_row: bool = False

    def blocks(self) -> Iterator[Block]:
        kind, level = "paragraph", ""
        for token in self.tokens:
            if token.type == "heading_open":
                kind, level = "heading", token.tag[1]
            elif token.type == "inline" and self.row is not None:
                self.row.append(token.content)
            elif token.type == "inline":
                yield from self._inline(token.content, kind, level)
                kind = "paragraph"
            elif token.type in ("fence", "code_block"):
                yield self._code(token)
            elif token.type == "hr":
                self.after_rule, self.about_author = True, False
            elif token.type == "tr_close":
                yield from self._row()
            else:
                self._container(token)

    def _container(self, token: Token) -> None:
        if token.type in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
            self.around.append("quotation" if token.type == "blockquote_open" else "list-item")
            self.typed = ""
        elif token.type in ("blockquote_close", "bullet_list_close", "ordered_list_close"):
            self.around.pop()
        elif token.type == "list_item_open":
            self.sign = self._number(token.info) if token.info else "•"
        elif token.type == "table_open":
            self.first_row = True
        elif token.type == "thead_open":
            self.in_table = True
        elif token.type == "thead_close":
            self.in_table = False
        elif token.type == "tr_open":
            self.row = []

    def _number(self, typed: str) -> str:
        """The number of an item as it was typed; one more than the last where the same was typed again (1. 1. 1.)."""
        if typed == self.typed:
            self.number += 1
        else:
            self.number = int(typed)
        self.typed = typed
        return f"{self.number}."

    def _inline(self, content: str, kind: str, level: str) -> Iterator[Block]:
        about = kind == "heading" and self.after_rule and _ABOUT.fullmatch(content.strip())
        self.after_rule = False
        if kind == "heading":
            self.about_author = bool(about)
        if about:
            return
        note = _FOOTNOTE.match(content) if kind == "paragraph" and not self.around else None
        text, marks = _words(content[note.end() :] if note else content)
        if kind == "heading":
            yield Block(kind, text, ordered([*marks, whole(text, "level", level)]))
        elif note:
            yield Block("footnote", text, ordered([*marks, whole(text, "label", note[1])]))
        else:
            yield self._within(text, marks)

    def _within(self, text: str, marks: list[Mark]) -> Block:
        kind = self.around[-1] if self.around else ("author-note" if self.about_author else "paragraph")
        if self.sign:
            marks.append(whole(text, "item", self.sign))
            self.sign = ""
        depth = self.around.count(kind) - 1
        if depth > 0:
            marks.append(whole(text, "depth", str(depth)))
        return Block(kind, text, ordered(marks))

    def _code(self, token: Token) -> Block:
        self.after_rule = False
        text = token.content.removesuffix("\n")
        if token.info == ROW:
            return Block("table-row", text)
        return Block("preformatted", text, () if token.info == PLAIN else ordered([whole(text, "code")]))

    def _row(self) -> Iterator[Block]:
        cells, self.row, self.after_rule = self.row or [], None, False
        text, marks = "", []
        for number, cell in enumerate(cells):
            text += CELL if number else ""
            words, found = _words(cell)
            marks += [(start + len(text), end + len(text), kind, value) for start, end, kind, value in found]
            text += words.replace("\t", " ")
        if not text.strip():
            return
        marks += [whole(text, "header")] if self.in_table else []
        marks += [whole(text, "table")] if self.first_row else []
        self.first_row = False
        yield Block("table-row", text, ordered(marks))


@dataclass
class _Pen:
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    open: list[tuple[str, str, int]] = field(default_factory=list)

    def write(self, words: str) -> None:
        """Two line ends would be the end of the paragraph: one stays."""
        for part in re.split(r"(\n)", words):
            if part != "\n" or not self.text.endswith("\n"):
                self.text += part

    def end(self, kind: str) -> None:
        """Close the mark of this kind that was opened last."""
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == kind:
                _kind, value, start = self.open.pop(at)
                if kind != "link" or _ADDRESS.match(value):
                    self.marks.append((start, len(self.text), kind, value))
                return


def _words(content: str) -> tuple[str, list[Mark]]:
    """The text of a paragraph's Markdown, and the marks on it."""
    tokens: list[Token] = []
    _reader.inline.parse(content, _reader, {}, tokens)
    pen = _Pen()
    for at, token in enumerate(tokens):
        name, _dash, edge = token.type.rpartition("_")
        if edge == "open":
            pen.open.append((KINDS_OF_TOKEN.get(name, name), str(token.attrGet("href") or ""), len(pen.text)))
        elif edge == "close":
            pen.end(KINDS_OF_TOKEN.get(name, name))
        elif token.type == "softbreak":
            pen.write("" if _between_wide(pen.text, tokens[at + 1 :]) else " ")
        else:
            _write(pen, token)
    return pen.text, pen.marks


def _write(pen: _Pen, token: Token) -> None:
    start = len(pen.text)
    if token.type == "footnote":
        pen.marks.append((start, start, "footnote", token.content))
        return
    pen.write("\n" if token.type == "hardbreak" else token.content)
    if token.type == "code_inline":
        pen.marks.append((start, len(pen.text), "code", ""))


def _between_wide(before: str, after: Sequence[Token]) -> bool:
    following = next((token.content for token in after if token.content), "")
    return bool(before and following) and all(
        unicodedata.east_asian_width(s) in "WF" for s in before[-1] + following[0]
    )


def _tag(state: StateInline, silent: bool) -> bool:
    """An inline rule of markdown-it: one of our tags, as the beginning or the end of a mark."""
    found = _TAG.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        kind = TAGS.get(found[2], "link")
        token = state.push(f"{kind}_{'close' if found[1] else 'open'}", "", 0)
        token.attrSet("href", _unescaped(found[3] or ""))
    state.pos = found.end()
    return True


def _sign(state: StateInline, silent: bool) -> bool:
    """An inline rule of markdown-it: the sign of a footnote."""
    found = _SIGN.match(state.src, state.pos)
    if not found:
        return False
    if not silent:
        state.push("footnote", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Definitions of links, but not of footnotes."""
    at = state.bMarks[start] + state.tShift[start]
    return not state.src.startswith("[^", at) and reference(state, start, end, silent)


def _unescaped(address: str) -> str:
    return address.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _made_reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.core.ruler.enableOnly(["normalize", "block"])
    made.block.ruler.at("reference", _reference)
    made.inline.ruler.before("autolink", "tag", _tag)
    made.inline.ruler.before("link", "sign", _sign)
    made.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return made


_reader = _made_reader()
