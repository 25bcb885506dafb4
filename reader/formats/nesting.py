"""Paragraphs that lie in something: items in lists and lists in their items, rows in tables, signs of footnotes."""

from collections.abc import Iterable
from html import escape

from reader.models import Article, Paragraph
from reader.text.structure import CELL

BULLET = "•"


class Nesting:
    """Keeps what stands open between the paragraphs of a file; its elements are those of HTML.

    `before` closes what a paragraph does not lie in, and opens what it does. In a table stand rows only.
    """

    lists = {False: ("<ul>", "</ul>\n"), True: ("<ol>", "</ol>\n")}  # whether numbered
    item = ("<li>", '<li value="%s">', "</li>")  # with a bullet, with a number, its end
    table = ("<table>\n", "</table>\n")

    def __init__(self) -> None:
        self.in_table = False
        self._open: list[bool] = []  # the open lists, each with an open item: whether it is numbered

    def before(self, row: Paragraph) -> str:
        """What is to be written before the paragraph."""
        if row.kind == Paragraph.Kind.LIST_ITEM:
            return self._no_table() + self._item(row)
        if row.kind != Paragraph.Kind.TABLE_ROW:
            return self.end()
        if self.in_table and row.value("table") is None:
            return ""
        made, self.in_table = self.end() + self.table[0], True
        return made

    def end(self) -> str:
        """Closes all that is open."""
        return self._no_table() + self._lists_to(0)

    def _no_table(self) -> str:
        was, self.in_table = self.in_table, False
        return self.table[1] if was else ""

    def _lists_to(self, depth: int) -> str:
        made = ""
        while len(self._open) > depth:
            made += self.item[2] + self.lists[self._open.pop()][1]
        return made

    def _item(self, row: Paragraph) -> str:
        """A paragraph without a sign goes on in the item that is open."""
        depth, sign = min(int(row.value("depth") or 0), len(self._open)), row.value("item")
        made = self._lists_to(depth + 1)
        if sign is None and len(self._open) > depth:
            return made
        numbered = sign not in (None, BULLET)
        if len(self._open) > depth and self._open[-1] == numbered:
            return made + self.item[2] + self._begun(sign)
        made += self._lists_to(depth) + self.lists[numbered][0]
        self._open.append(numbered)
        return made + self._begun(sign)

    def _begun(self, sign: str | None) -> str:
        return self.item[0] if sign in (None, BULLET) else self.item[1] % escape(str(sign).rstrip("."))


def cell_edges(row: Paragraph) -> set[int]:
    """Where the words of a table's row must be cut, so that what parts two cells stands alone."""
    if row.kind != Paragraph.Kind.TABLE_ROW:
        return set()
    return {edge for at, sign in enumerate(row.text) if sign == CELL for edge in (at, at + 1)}


def parts_cells(row: Paragraph, words: str) -> bool:
    """Whether these words are no words, but what stands between two cells."""
    return words == CELL and row.kind == Paragraph.Kind.TABLE_ROW


def footnotes_of(paragraphs: Iterable[Paragraph]) -> dict[str, int]:
    """The number of the paragraph that is the footnote of each label."""
    return {p.value("label") or "": p.number for p in paragraphs if p.kind == Paragraph.Kind.FOOTNOTE}


def footnotes_in(article: Article) -> dict[str, int]:
    """Those of its current text."""
    return footnotes_of(article.current.paragraphs.filter(kind=Paragraph.Kind.FOOTNOTE))


def footnote_signs(row: Paragraph) -> list[tuple[int, str]]:
    """Where the signs of footnotes stand in a paragraph, with their labels; they are no words of it."""
    return [(start, str(label)) for start, _end, kind, label in row.markup if kind == "footnote"]
