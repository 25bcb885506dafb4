"""Blocks written as Markdown: what an editor corrects, and what reading gives the same blocks for again."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from reader.text.structure import CELL, INLINE, Block, Mark

ABOUT_THE_AUTHOR = "## About the author"
_SPECIAL = re.compile(r"[\\`*_\[\]<>~|&^]")
# What would begin a heading, list or rule at the beginning of a line; of a number, its full stop is what does.
_AT_START = re.compile(r"^(\d{0,9})(#{1,6}(?=\s|$)|[-+](?=\s|$)|=+|-{2,}|(?<=\d)[.)](?=\s|$))", re.MULTILINE)
_TAG = {
    "strong": ("<strong>", "</strong>"), "emphasis": ("<em>", "</em>"), "strike": ("<s>", "</s>"),
    "superscript": ("<sup>", "</sup>"), "subscript": ("<sub>", "</sub>"), "code": ("<code>", "</code>"),
}  # fmt: skip
_SIGN = {"strong": "**", "emphasis": "*"}


def write_markdown(blocks: Sequence[Block]) -> str:
    """`blocks` as Markdown, one blank line between them; items of a list and rows of a table stand together."""
    made: list[str] = []
    befores: list[Block | None] = [None, *blocks]
    for before, block in zip(befores, blocks, strict=False):
        text = _written(block)
        if block.kind == "table-row":
            text = _row(block, text, first=_is_new_table(before, block))
        close = before is not None and before.kind == block.kind == "table-row" and not _is_new_table(before, block)
        if made:
            made.append("\n" if close else "\n\n")
            if not close and _runs_into(before, block):
                made.append("<!-- -->\n\n")
        if block.kind == "author-note" and (before is None or before.kind != "author-note"):
            made.append(f"{ABOUT_THE_AUTHOR}\n\n")
        made.append(text)
    return "".join(made) + "\n" if made else ""


def _runs_into(before: Block | None, block: Block) -> bool:
    """Two quotations or tables one after the other would be read as one."""
    return False if before is None else before.kind == block.kind == "table-row"


def _is_new_table(before: Block | None, block: Block) -> bool:
    return before is None or before.kind != "table-row" or block.value("table") is not None


def _written(block: Block) -> str:
    if block.kind == "preformatted":
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", block.text)), default=0))
        return f"{fence}\n{block.text}\n{fence}"
    words = _inline(block)
    if block.kind == "heading":
        return f"{'#' * int(block.value('level') or 2)} {words.replace(chr(10), ' ')}"
    if block.kind == "quotation":
        sign = "> " * (1 + int(block.value("depth") or 0))
        return "\n".join(f"{sign}{line}" for line in words.split("\n"))
    if block.kind == "list-item":
        return _item(block, words)
    if block.kind == "footnote":
        return f"[^{block.value('label') or '*'}]: " + words.replace("\n", "\n    ")
    return words


def _item(block: Block, words: str) -> str:
    depth, sign = int(block.value("depth") or 0), block.value("item")
    room = "    " * depth
    if sign is None:
        return "\n".join(f"{room}    {line}" for line in words.split("\n"))
    lead = "-   " if sign == "•" else sign.ljust(4)
    return f"{room}{lead}" + words.replace("\n", f"\n{room}{' ' * len(lead)}")


def _row(block: Block, words: str, *, first: bool) -> str:
    cells = words.split(CELL)
    row = f"| {' | '.join(cells)} |"
    rule = f"|{' --- |' * len(cells)}"
    if not first:
        return row
    return f"{row}\n{rule}" if block.value("header") is not None else f"|{'  |' * len(cells)}\n{rule}\n{row}"


# --- Words with their marks -------------------------------------------------------------------------


def _inline(block: Block) -> str:
    """The words with emphasis, links and signs of footnotes. Marks are cut at every edge, so that they nest."""
    marks = [mark for mark in block.markup if mark[2] in INLINE]
    edges = sorted({0, len(block.text), *(at for mark in marks for at in mark[:2])})
    made = _signs(marks, 0)
    for start, end in pairwise(edges):
        over = [mark for mark in marks if mark[0] <= start and end <= mark[1] and mark[2] != "footnote"]
        made += _run(block.text, start, end, over, marks) + _signs(marks, end)
    return _AT_START.sub(r"\1\\\2", made)


def _signs(marks: Iterable[Mark], at: int) -> str:
    return "".join(f"[^{value}]" for start, _, kind, value in marks if kind == "footnote" and start == at)


def _run(text: str, start: int, end: int, over: list[Mark], marks: list[Mark]) -> str:
    words = _escape(text[start:end])
    for _start, _end, kind, value in sorted(over, key=lambda mark: (mark[2] == "link", mark[2])):
        if kind == "link":
            words = f"[{words}](<{value.replace('<', '%3C').replace('>', '%3E')}>)"
        elif kind in _SIGN and len(over) == 1 and _stands_free(text, start, end, marks):
            words = f"{_SIGN[kind]}{words}{_SIGN[kind]}"
        else:
            words = f"{_TAG[kind][0]}{words}{_TAG[kind][1]}"
    return words


def _stands_free(text: str, start: int, end: int, marks: list[Mark]) -> bool:
    """Whether asterisks are read as emphasis there: words within, space or an end outside, no other mark beside."""
    touches = sum(mark[0] in (start, end) or mark[1] in (start, end) for mark in marks)
    before, after = text[start - 1 : start], text[end : end + 1]
    inside = text[start].isalnum() and text[end - 1].isalnum()
    return touches == 1 and inside and not before.strip() and (not after.strip() or after in ".,;:!?")


def _escape(words: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", words).replace("\n", "\\\n")
