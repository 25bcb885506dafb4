"""What a paragraph is beside its words: the kinds of marks on it, and how they are put in order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Marks on a stretch of words. The value is the address of a link; of a footnote, its label: that mark is empty
# (start = end) and stands where the sign of the footnote stood, since the sign itself is no word of the text.
INLINE = frozenset({"strong", "emphasis", "code", "strike", "superscript", "subscript", "link", "footnote"})
# Marks on a whole block: heading (value 1 to 6), list item («•» or «3.»), depth of nesting of lists and quotations,
# first row of a table, row of column headings, label of a footnote.
WHOLE = frozenset({"level", "item", "depth", "table", "header", "label"})

Mark = tuple[int, int, str, str]  # start, end (code points within the block's text), kind, value
CELL = "\t"  # between the cells of a table row


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph to be: `kind` is a value of Paragraph.Kind, `markup` is in the order of `ordered`."""

    kind: str
    text: str
    markup: tuple[Mark, ...] = ()

    def value(self, kind: str) -> str | None:
        """The value of the first mark of that kind, or None."""
        return next((value for _start, _end, name, value in self.markup if name == kind), None)

    def rows(self) -> list[list[int | str]]:
        """The markup as Paragraph.markup keeps it."""
        return [list(mark) for mark in self.markup]


def whole(text: str, kind: str, value: str = "") -> Mark:
    """A mark on all of `text`."""
    return (0, len(text), kind, value)


def ordered(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The same marks once each, in order, touching or overlapping ones of one kind and value joined.

    Of overlapping links the one that begins first is kept whole, and the others begin where it ends.
    """
    joined: list[Mark] = []
    last: dict[tuple[str, str], int] = {}
    for start, end, kind, value in sorted(set(marks), key=lambda mark: (mark[2], mark[3], mark[0], mark[1])):
        at = last.get((kind, value))
        if at is not None and start <= joined[at][1] and kind != "footnote":
            joined[at] = (joined[at][0], max(end, joined[at][1]), kind, value)
        elif start < end or kind == "footnote" or kind in WHOLE:
            last[kind, value] = len(joined)
            joined.append((start, end, kind, value))
    return tuple(sorted(_links_apart(joined)))


def _links_apart(marks: list[Mark]) -> Iterable[Mark]:
    free = 0
    for start, end, kind, value in sorted(marks):
        if kind != "link":
            yield start, end, kind, value
        elif end > free:
            yield max(start, free), end, kind, value
            free = end


def shifted(marks: Iterable[Mark], by: int) -> list[Mark]:
    """The marks moved `by` code points."""
    return [(start + by, end + by, kind, value) for start, end, kind, value in marks]


def joined(before: Block, after: Block, glue: str) -> Block:
    """One block of two that belong together, `glue` between their words."""
    marks = [*before.markup, *shifted(after.markup, len(before.text) + len(glue))]
    return Block(before.kind, f"{before.text}{glue}{after.text}", ordered(marks))


def trimmed(text: str, marks: Iterable[Mark]) -> tuple[str, list[Mark]]:
    """`text` without white space at its ends, and the marks where their words are now."""
    head = len(text) - len(text.lstrip())
    bare = text.strip()
    size = len(bare)
    moved = [(min(max(s - head, 0), size), min(max(e - head, 0), size), kind, value) for s, e, kind, value in marks]
    return bare, moved


def without_ends(text: str, marks: Iterable[Mark]) -> tuple[str, list[Mark]]:
    """Preformatted text without empty lines at its ends; the spaces before its first word stay."""
    head = len(text) - len(re.sub(r"^(?:[ \t]*\r?\n)+", "", text))
    bare = text[head:].rstrip()
    size = len(bare)
    moved = [(min(max(s - head, 0), size), min(max(e - head, 0), size), kind, value) for s, e, kind, value in marks]
    return bare, moved


def tightened(text: str, marks: Iterable[Mark]) -> list[Mark]:
    """The marks without the spaces at their ends; those on spaces alone fall away."""
    made: list[Mark] = []
    for start, end, kind, value in marks:
        words = text[start:end]
        if words.strip():
            start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if (start < end and words.strip()) or kind == "footnote":
            made.append((start, end, kind, value))
    return made


@dataclass(frozen=True, slots=True)
class Found:
    """A block as a reader of a format found it, and where: page and line, or its number alone (page 0).

    `leave_out` is the reason the reader would leave it out for (see Removed), or nothing.
    """

    block: Block
    page: int = 0
    number: int = 0
    leave_out: str = ""

    @property
    def key(self) -> str:
        """Names it, however much is put back around it."""
        return f"b{self.page}.{self.number}"


@dataclass(frozen=True, slots=True)
class Removed:
    """Something taken out, so that it can be shown and put back: its key goes into `keep` of the next cleaning.

    Reasons: running-head, page-number, hyphen, repeated-title, repeated-line, notice, byline, address, dateline,
    author-heading, contents, rule, outside, picture, title.
    """

    key: str
    reason: str
    text: str
    page: int
    number: int
