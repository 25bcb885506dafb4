"""The HTML of a note from elsewhere as Markdown: emphasis, links, code, quotations and lists; all else as its words."""

import re
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

SIGNS = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "s": "~~", "del": "~~"}
BLOCKS = {"p", "div", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "section"}
SILENT = {"script", "style", "template", "head"}
LEADING = {"http", "https", "mailto"}
_NOT_IN_AN_ADDRESS = re.compile(r"[<>\s\\]")
_ESCAPED = re.compile(r"([\\`*_\[\]<>#~])")


def to_markdown(html: str, *, base: str = "") -> str:
    """Markdown with the words of `html`, which may be a part of a page or not HTML at all.

    Links are followed from `base`, where the words were written; one that leads nowhere from here is left to its words.
    """
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(reader.made)).strip()


class _Reader(HTMLParser):
    """Writes Markdown as the tags go by."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.made: list[str] = []
        self.quoted = self.silent = 0
        self.links: list[str] = []
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag == "blockquote":
            self.quoted += 1
        if tag in {"ul", "ol"}:
            self.lists.append(1 if tag == "ol" else None)
        if tag in BLOCKS:
            self._break("\n\n")
        self.made.append(SIGNS.get(tag, ""))
        if tag == "a":
            self.links.append(self._address(dict(attrs).get("href") or ""))
            self.made.append("[" if self.links[-1] else "")
        elif tag == "br":
            self._break("\\\n")
        elif tag == "li":
            self._item()

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        self.made.append(SIGNS.get(tag, ""))
        if tag == "a" and self.links:
            address = self.links.pop()
            self.made.append(f"](<{address}>)" if address else "")
        if tag == "blockquote" and self.quoted:
            self.quoted -= 1
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if tag in BLOCKS:
            self._break("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.made.append(_ESCAPED.sub(r"\\\1", re.sub(r"\s+", " ", data)))

    def _address(self, href: str) -> str:
        try:
            address = urljoin(self.base, href.strip())
            leads = urlsplit(address).scheme in LEADING
        except ValueError:
            return ""
        return _NOT_IN_AN_ADDRESS.sub(lambda sign: quote(sign[0]), address) if leads else ""

    def _break(self, lines: str) -> None:
        self.made.append(lines + "> " * self.quoted)

    def _item(self) -> None:
        number = self.lists[-1] if self.lists else None
        self._break("\n")
        self.made.append(f"{number}. " if number else "- ")
        if number:
            self.lists[-1] = number + 1
