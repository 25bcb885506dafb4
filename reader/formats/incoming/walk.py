"""HTML to blocks. The formats that become HTML on the way (Markdown, DOCX, EPUB, web pages) all pass here."""

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from reader.formats.incoming.footnotes import Footnotes
from reader.text.structure import CELL, Block, Found, Mark, ordered, shifted, tightened, trimmed, whole, without_ends

_SPACE = re.compile(r"[ \t\r\n\f]+")
_TAG_OF_HEADING = re.compile(r"h[1-6]")
_MARKS = {
    "b": "strong", "strong": "strong", "i": "emphasis", "em": "emphasis", "cite": "emphasis", "dfn": "emphasis",
    "var": "emphasis", "code": "code", "kbd": "code", "samp": "code", "tt": "code", "s": "strike", "del": "strike",
    "strike": "strike", "sup": "superscript", "sub": "subscript",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
}  # fmt: skip
SILENT = {
    "script", "style", "template", "noscript", "svg", "math", "button", "select", "option", "datalist", "input",
    "textarea", "iframe", "object", "embed", "canvas", "audio", "video", "map", "head", "title", "meta", "link", "rp",
    "rt",
}  # fmt: skip
_ADDRESS = re.compile(r"^(?:https?://|mailto:)", re.IGNORECASE)


@dataclass(slots=True)
class _Pen:
    """What is being written: the words so far, the marks on them, and those still open (start, kind, value)."""

    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    open: list[tuple[int, str, str]] = field(default_factory=list)

    def write(self, words: str) -> None:
        """Words with their white space as HTML means it: runs are one space, none at the beginning of a line."""
        words = _SPACE.sub(" ", words)
        self.text += words[1:] if words[:1] == " " and (not self.text or self.text[-1] in " \n") else words

    def end_line(self) -> None:
        """A line break, without spaces beside it."""
        self.text = self.text.rstrip(" ") + "\n"
        size = len(self.text) - 1
        self.marks = [(min(s, size), min(e, size), kind, value) for s, e, kind, value in self.marks]
        self.open = [(min(start, size), kind, value) for start, kind, value in self.open]

    def begin(self, marks: list[tuple[str, str]]) -> None:
        self.open += [(len(self.text), kind, value) for kind, value in marks]

    def end(self, count: int) -> None:
        for _ in range(count):
            start, kind, value = self.open.pop()
            self.marks.append((start, len(self.text), kind, value))

    def taken(self) -> tuple[str, list[Mark]]:
        """What was written; marks that are open go on in what comes next."""
        text, marks = self.text, [*self.marks, *((start, len(self.text), k, v) for start, k, v in self.open)]
        self.text, self.marks, self.open = "", [], [(0, kind, value) for _, kind, value in self.open]
        return text, marks


@dataclass(frozen=True, slots=True)
class _Around:
    """The blocks an element stands in: what its words are, and how deep."""

    kind: str = "paragraph"
    level: str = ""
    item: str = ""
    depth: int = 0
    label: str = ""
    leave_out: str = ""

    def but(self, **changes: str | int) -> "_Around":
        return _Around(**{name: changes.get(name, getattr(self, name)) for name in self.__slots__})


class Walker:
    """Reads one document. `owner_of` maps each block to the element it came from, for judging it by its place."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.footnotes = Footnotes(root)
        self.found: list[Found] = []
        self.owners: list[HtmlElement] = []
        self.rules: list[HtmlElement] = []
        self._pen = _Pen()
        self._items: set[HtmlElement] = set()

    def blocks(self) -> list[Found]:
        """The document's blocks in order, footnotes last."""
        self._into(self.root, _Around())
        self._close(self.root, _Around())
        notes = [i for i, each in enumerate(self.found) if each.block.kind == "footnote"]
        order = [i for i in range(len(self.found)) if i not in set(notes)] + notes
        self.found = [self.found[i] for i in order]
        self.owners = [self.owners[i] for i in order]
        return [Found(each.block, 0, number, each.leave_out) for number, each in enumerate(self.found, 1)]

    # --- elements ---------------------------------------------------------------------------------

    def _into(self, element: HtmlElement, around: _Around) -> None:
        """The words of an element and of all in it; the tail belongs to its parent."""
        self._write(element.text, around)
        for child in element:
            self._element(child, around)
            self._write(child.tail, around)

    def _write(self, words: str | None, around: _Around) -> None:
        if words and around.kind == "preformatted":
            self._pen.text += words.replace("\r\n", "\n")
        elif words:
            self._pen.write(words)

    def _element(self, element: HtmlElement, around: _Around) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in SILENT or self.footnotes.is_backlink(element):
            return
        if "pagebreak" in f"{element.get('epub:type')} {element.get('role')}":
            self._page_number(element)
        elif tag == "br":
            self._break(element, around)
        elif tag == "img":
            self._picture(element, around)
        elif tag == "table" and _is_data(element):
            self._table(element, around)
        elif tag in _BLOCKS:
            self._block(element, tag, around)
        elif (label := self.footnotes.label_of_sign(element)) is not None:
            self._sign(label)
        else:
            self._inline(element, tag, around)

    def _block(self, element: HtmlElement, tag: str, around: _Around) -> None:
        self._close(element.getparent(), around)
        inside = self._around(element, tag, around)
        self._into(element, inside)
        self._close(element, inside)

    def _around(self, element: HtmlElement, tag: str, around: _Around) -> _Around:
        label = self.footnotes.label_of_note(element)
        if label is not None:
            return around.but(kind="footnote", label=label, item="", depth=0)
        if around.kind == "footnote" or tag in ("hr", "html", "body"):
            return around
        if _TAG_OF_HEADING.fullmatch(tag):
            return around.but(kind="heading", level=tag[1])
        if tag == "pre":
            return around.but(kind="preformatted")
        if tag == "blockquote":
            return around.but(kind="quotation", depth=around.depth + (around.kind == "quotation"))
        if tag == "li":
            nested = sum(parent.tag in ("ul", "ol") for parent in element.iterancestors()) - 1
            return around.but(kind="list-item", item=_item_sign(element), depth=max(0, nested))
        return around

    def _inline(self, element: HtmlElement, tag: str, around: _Around) -> None:
        marks = _marks_of(element, tag)
        self._pen.begin(marks)
        self._into(element, around)
        self._pen.end(len(marks))

    def _sign(self, label: str) -> None:
        at = len(self._pen.text.rstrip(" "))
        self._pen.marks.append((at, at, "footnote", label))

    def _break(self, element: HtmlElement, around: _Around) -> None:
        after = element.getnext()
        doubled = after is not None and after.tag == "br" and not (element.tail or "").strip()
        if doubled and around.kind != "preformatted":
            self._close(element.getparent(), around)
        elif self._pen.text:
            self._pen.end_line()

    def _page_number(self, element: HtmlElement) -> None:
        """Where a page of the printed book began."""
        words = " ".join(element.text_content().split())
        if words:
            self._keep(Found(Block("paragraph", words), leave_out="page-number"), element)

    def _picture(self, element: HtmlElement, around: _Around) -> None:
        words = " ".join((element.get("alt") or "").split())
        if words:
            self._keep(Found(Block("paragraph", words), leave_out="picture"), element)

    # --- blocks -----------------------------------------------------------------------------------

    def _close(self, element: HtmlElement, around: _Around) -> None:
        """End the block being written, if it has words."""
        text, marks = self._pen.taken()
        if not text.strip():
            return
        text, marks = without_ends(text, marks) if around.kind == "preformatted" else trimmed(text, marks)
        if around.kind == "footnote":
            text, marks = _without_label(text, marks, around.label)
        first = around.item and self._is_first_of_item(element)
        self._keep(Found(_block(text, tightened(text, ordered(marks)), around, first=bool(first))), element)

    def _is_first_of_item(self, element: HtmlElement) -> bool:
        item = next((e for e in (element, *element.iterancestors()) if e.tag == "li"), None)
        if item is None or item in self._items:
            return False
        self._items.add(item)
        return True

    def _keep(self, found: Found, element: HtmlElement) -> None:
        self.found.append(found)
        self.owners.append(element)

    # --- tables -----------------------------------------------------------------------------------

    def _table(self, table: HtmlElement, around: _Around) -> None:
        self._close(table.getparent(), around)
        for caption in table.findall("caption"):
            self._block(caption, "caption", around)
        first = True
        for row in table.iter("tr"):
            text, marks = self._row(row, around)
            if not text.strip():
                continue
            if _is_header(row):
                marks.append(whole(text, "header"))
            if first:
                marks.append(whole(text, "table"))
            first = False
            self._keep(Found(Block("table-row", text, ordered(marks))), row)

    def _row(self, row: HtmlElement, around: _Around) -> tuple[str, list[Mark]]:
        text, marks = "", []
        for number, cell in enumerate(row.iterchildren("td", "th")):
            self._pen.taken()
            self._cell(cell, around)
            words, found = self._pen.taken()
            words, found = trimmed(words, found)
            text += CELL if number else ""
            marks += shifted(tightened(words, ordered(found)), len(text))
            text += words
        return text, marks

    def _cell(self, element: HtmlElement, around: _Around) -> None:
        """All words of a cell in one run, whatever blocks they stand in."""
        self._pen.write(element.text or "")
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if (label := self.footnotes.label_of_sign(child)) is not None:
                self._sign(label)
            elif tag and tag not in SILENT:
                self._part_of_cell(child, tag, around)
            self._pen.write(child.tail or "")

    def _part_of_cell(self, child: HtmlElement, tag: str, around: _Around) -> None:
        apart = " " if tag in _BLOCKS or tag == "br" else ""
        marks = _marks_of(child, tag)
        self._pen.write(apart)
        self._pen.begin(marks)
        self._cell(child, around)
        self._pen.end(len(marks))
        self._pen.write(apart)


def _block(text: str, marks: list[Mark], around: _Around, *, first: bool) -> Block:
    own = {"heading": "strong", "preformatted": "code"}.get(around.kind)  # what the kind says already
    kept = [mark for mark in marks if mark[2] != own]
    if around.kind == "heading":
        kept.append(whole(text, "level", around.level))
    if first:
        kept.append(whole(text, "item", around.item))
    if around.depth and around.kind in ("list-item", "quotation"):
        kept.append(whole(text, "depth", str(around.depth)))
    if around.kind == "footnote":
        kept.append(whole(text, "label", around.label))
    return Block(around.kind, text, ordered(kept))


def _without_label(text: str, marks: list[Mark], label: str) -> tuple[str, list[Mark]]:
    """A footnote without its own sign at its beginning."""
    found = re.match(rf"[\[(]?{re.escape(label)}[\])]?[.:]?\s+(?=\S)", text)
    if not found:
        return text, marks
    at = found.end()
    return text[at:], [(max(0, s - at), e - at, kind, value) for s, e, kind, value in marks if e > at]


def _marks_of(element: HtmlElement, tag: str) -> list[tuple[str, str]]:
    if tag == "a":
        address = (element.get("href") or "").strip()
        return [("link", address)] if _ADDRESS.match(address) else []
    if tag in _MARKS:
        return [(_MARKS[tag], "")]
    style = (element.get("style") or "").replace(" ", "").lower()
    found = [("strong", "")] if re.search(r"font-weight:(?:bold|[6-9]00)", style) else []
    return found + ([("emphasis", "")] if "font-style:italic" in style else [])


def _item_sign(item: HtmlElement) -> str:
    """«•», or the number an item of an ordered list has."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "•"
    if (item.get("value") or "").isdecimal():
        return f"{item.get('value')}."
    first = parent.get("start") or "1"
    before = sum(1 for _ in item.itersiblings("li", preceding=True))
    return f"{(int(first) if first.isdecimal() else 1) + before}."


def _is_data(table: HtmlElement) -> bool:
    """False for tables that only arrange a page: one column, or tables and headings in them."""
    rows = list(table.iter("tr"))
    widest = max((sum(1 for _ in row.iterchildren("td", "th")) for row in rows), default=0)
    holds = next(table.iterdescendants("table", "h1", "h2", "h3", "article", "form"), None)
    return widest > 1 and holds is None


def _is_header(row: HtmlElement) -> bool:
    cells = list(row.iterchildren("td", "th"))
    return bool(cells) and (all(cell.tag == "th" for cell in cells) or row.getparent().tag == "thead")
