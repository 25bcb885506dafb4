"""Paragraphs written as Markdown that reads as the same paragraphs: reader.formats.markdown_source is its other half.

Each paragraph is written in the plainest way and read again; where that gives other words or marks (emphasis that
begins within a word, marks that cross), it is written with tags.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from reader.formats.markdown_source import ABOUT_AUTHOR, PLAIN, ROW, TAGS, read
from reader.text.structure import CELL, INLINE, Block, Mark, ordered

SIGNS = {"strong": "**", "emphasis": "*", "strike": "~~"}
_TAG_OF = {kind: tag for tag, kind in TAGS.items()}
_EVERYWHERE = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|~(?=~)|<(?=[a-zA-Z/!?])|&(?=#?\w+;)")
_AT_START = re.compile(r"(?m)^(\d{1,9})([.)])(?=\s|$)|^([#>+\-=~|:_])")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_WHITE_EDGE = re.compile(r"\A\s+|\s+\Z|[ \t\v\f]+(?=\n)|(?<=\n)[ \t\v\f]+|[\r\v\f\x85\u2028\u2029]")
_BACKTICKS = re.compile(r"`+")


def escaped(words: str) -> str:
    """Words as Markdown that shows them as they are."""
    return _EVERYWHERE.sub(r"\\\g<0>", words)


def write(blocks: Sequence[Block]) -> str:
    """The Markdown of these paragraphs."""
    made: list[str] = []
    columns: list[int] = []  # how far the words of each open list item are indented
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        run = list(group)
        if kind == "author-note":
            made += [f"---\n\n## {ABOUT_AUTHOR}", *map(_words, run), "---"]
        elif kind == "table-row":
            made += _tables(run)
        elif kind == "list-item":
            made += (_item(block, columns) for block in run)
        else:
            made += map(_block, run)
        columns.clear()
    if made and made[-1] == "---":
        made.pop()
    return "\n\n".join(made) + "\n"


def _block(block: Block) -> str:
    if block.kind == "heading":
        return "#" * int(block.value("level") or 2) + " " + _words(block).replace("\\\n", "&#10;")
    if block.kind == "quotation":
        sign = "> " * (int(block.value("depth") or 0) + 1)
        if (item := block.value("item")) is not None:
            return ("-" if item == "•" else item) + " > " + _words(block).replace("\n", "\n  > ")
        return "\n".join(sign + line for line in _words(block).split("\n"))
    if block.kind == "footnote":
        return f"[^{block.value('label') or '*'}]: {_words(block)}"
    if block.kind == "preformatted":
        return _fenced(block.text, "" if block.value("code") is not None else PLAIN)
    return _words(block)


def _item(block: Block, columns: list[int]) -> str:
    depth = int(block.value("depth") or 0)
    sign = block.value("item")
    indent = columns[depth - 1] if 0 < depth <= len(columns) else 0
    if sign is not None:
        mark = "-" if sign == "•" else sign
        del columns[depth:]
        columns.append(indent + len(mark) + 1)
        before = " " * indent + mark + " "
    else:
        before = " " * (columns[depth] if depth < len(columns) else 0)
    return before + _words(block).replace("\n", "\n" + " " * len(before))


def _fenced(text: str, kind: str = "") -> str:
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"


def _tables(rows: Sequence[Block]) -> Iterator[str]:
    """Rows from one that begins a table to the next such."""
    table: list[Block] = []
    for row in rows:
        if table and row.value("table") is not None:
            yield from _table(table)
            table = []
        table.append(row)
    yield from _table(table)


def _table(rows: list[Block]) -> Iterator[str]:
    width = rows[0].text.count(CELL)
    with_header = rows[0].value("header") is not None
    plain = all(row.text.count(CELL) == width and "\n" not in row.text for row in rows)
    if not width or not plain or any(row.value("header") is not None for row in rows[1:]):
        yield from (_fenced(row.text, ROW) for row in rows)
        return
    lines = [_row(row) for row in rows]
    if not with_header:
        lines.insert(0, "|" + " |" * (width + 1))
    lines.insert(1, "|" + " --- |" * (width + 1))
    yield "\n".join(lines)


def _row(row: Block) -> str:
    cells, at = [], 0
    for text in row.text.split(CELL):
        inside = [m for m in row.markup if m[2] in INLINE and at <= m[0] and m[1] <= at + len(text)]
        marks = tuple((start - at, end - at, kind, value) for start, end, kind, value in inside)
        cells.append(_words(Block("paragraph", text, marks)).replace("|", "\\|").replace("\\\\|", "\\|"))
        at += len(text) + len(CELL)
    return "| " + " | ".join(cells) + " |"


def _words(block: Block) -> str:
    """The words of a block with their marks, as one paragraph."""
    marks = ordered(mark for mark in block.markup if mark[2] in INLINE)
    wanted = [replace(block, kind="paragraph", markup=marks)]
    ways = ((_with_signs, escaped), (_with_tags, escaped), (_with_tags, _escaped_wholly))
    written = ""
    for way, escape in ways:
        written = _edges_kept(way(block.text, marks, escape))
        if read(written) == wanted:
            break
    return written


def _edges_kept(written: str) -> str:
    """White space that Markdown would strip, as numbers; line ends with the backslash that keeps them."""
    kept = _WHITE_EDGE.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), written)
    lines = kept.replace("\n", "\\\n")
    return _AT_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", lines)


def _escaped_wholly(words: str) -> str:
    return _PUNCTUATION.sub(r"\\\g<0>", words)


def _with_signs(text: str, marks: Sequence[Mark], escape) -> str:  # type: ignore[no-untyped-def]
    """Signs of Markdown around the words, the longest marks outermost."""
    opening = sorted((m for m in marks if m[2] != "footnote"), key=lambda m: (m[0], -m[1]))
    made, at, open_marks = "", 0, []
    for position in sorted({edge for mark in marks for edge in mark[:2]} | {len(text)}):
        made += escape(text[at:position])
        at = position
        while open_marks and open_marks[-1][1] == position:
            made += _sign(open_marks.pop(), closing=True)
        made += "".join(f"[^{value}]" for start, _end, kind, value in marks if kind == "footnote" and start == position)
        for mark in (m for m in opening if m[0] == position):
            made += _sign(mark, closing=False)
            open_marks.append(mark)
    return made


def _sign(mark: Mark, *, closing: bool) -> str:
    _start, _end, kind, value = mark
    if kind == "link":
        return f"](<{value}>)" if closing else "["
    return SIGNS.get(kind) or _tag(mark, closing=closing)


def _with_tags(text: str, marks: Sequence[Mark], escape) -> str:  # type: ignore[no-untyped-def]
    """Tags where marks begin and end, in whatever order."""
    made, at = "", 0
    for position in sorted({edge for mark in marks for edge in mark[:2]} | {len(text)}):
        made += escape(text[at:position])
        at = position
        made += "".join(_tag(m, closing=True) for m in marks if m[1] == position and m[2] != "footnote")
        made += "".join(f"[^{m[3]}]" for m in marks if m[0] == position and m[2] == "footnote")
        made += "".join(_tag(m, closing=False) for m in marks if m[0] == position and m[2] != "footnote")
    return made


def _tag(mark: Mark, *, closing: bool) -> str:
    kind, value = mark[2:]
    if kind != "link":
        return f"</{_TAG_OF[kind]}>" if closing else f"<{_TAG_OF[kind]}>"
    address = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return "</a>" if closing else f'<a href="{address}">'
