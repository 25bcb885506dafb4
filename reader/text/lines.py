"""Lines, as PDF files and plain text have them, to paragraphs: running heads and page numbers out, words joined."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from reader.text.structure import Block, Found, Mark, Removed, joined, ordered, shifted, whole
from reader.text.tokens import fold

EDGE = 4  # lines at the top and at the foot of a page that may be furniture
LONGEST_HEAD = 100  # code points of a head with a number that counts
LONG_LINE = 120  # code points: lines this long are whole paragraphs
_NUMBER, _LETTER = re.compile(r"\d+"), re.compile(r"[^\W_]")
_PAGE = re.compile(
    r"^[\W_]*(?:page|p\.|seite|página|第)?\s*(\d{1,4}|[ivxlc]{1,7})\s*页?(?:\s*(?:of|/|von|de)\s*\d+)?[\W_]*$", re.I
)
_SAYS_PAGE = re.compile(r"page\s*\d+|\d+\s*(?:/|of)\s*\d+|第\s*\d+\s*页", re.I)
_PRINTED = re.compile(  # what browsers print at the edges of a page
    r"^(?:file|https?)://\S+\s+\d+/\d+$|^\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}:\d{2}(?:\s*[AP]M)?\s",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^(?:(?P<bullet>[•●◦▪‣∙·○■□✓➢–—*-])|\(?(?P<number>\d{1,3}|[a-z])[.)])\s+(?=\S)")
_NOTE = re.compile(r"^\[?(\d{1,3}|[*†‡])\]?[.)]?\s+(?=\S)")
_ENDS = re.compile(r"[.!?。！？…:][\"'”’»)\]]*$")
_HYPHEN = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
_LAST_WORD = re.compile(r"[^\W\d_]+[-\u2010\u00ad]$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_STAY_HYPHENED = {"self", "non", "well", "ex", "half", "quasi", "all", "vice", "so", "two", "three", "four", "mid"}
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page. `x` and `right` are its edges, `size` the height of its letters, in any one unit; plain text
    has columns for the edges and no size. `gap` is the way down from the line before, in heights of its letters
    (below -1 where a new column begins); in plain text, the number of empty lines before it."""

    text: str
    page: int
    number: int
    gap: float = 0.0
    x: float = 0.0
    right: float = 0.0
    size: float = 0.0
    markup: tuple[Mark, ...] = ()

    @property
    def key(self) -> str:
        """Names the line, for putting it back."""
        return f"l{self.page}.{self.number}"


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a text: letters' height, left edge and right edge of the column, space between lines."""

    size: float
    left: float
    right: float
    gap: float
    breaks_everywhere: bool
    numbered_notes: frozenset[str] = frozenset()


def join_lines(lines: Sequence[Line], keep: frozenset[str] = frozenset()) -> tuple[list[Found], list[Removed]]:
    """Paragraphs, headings, list items and footnotes out of lines, and what was taken out.

    What is named in `keep` stays. Every word of the lines is in the blocks or in what was removed, in order.
    Linear in the number of lines but for the sorting of their measures.
    """
    removed = [gone for gone in _furniture(lines) if gone.key not in keep]
    out = {gone.key for gone in removed}
    left = [line for line in lines if line.key not in out]
    if not left:
        return [], removed
    usual = _measures(left)
    words = _words_of(left)
    found: list[Found] = []
    for group in _groups(left, usual):
        block, hyphens = _joined(group, usual, words, keep)
        found.append(Found(block, group[0].page, group[0].number))
        removed += hyphens
    return _notes_last(found), removed


# --- Running heads and page numbers -----------------------------------------------------------------


def _furniture(lines: Sequence[Line]) -> Iterator[Removed]:
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    edges = {page: (rows[:EDGE], rows[: -EDGE - 1 : -1]) for page, rows in pages.items()}
    known = _repeated(edges)
    for page, (top, foot) in edges.items():
        seen: set[str] = set()
        for edge in (top, foot):
            for line in edge:
                may_be_title = page == min(edges) and not _stands_over_title(line, top)
                reason = _why_out(line, known, may_be_title=may_be_title, alone=len(edges) == 1)
                if not reason or line.key in seen:
                    break
                seen.add(line.key)
                yield Removed(line.key, reason, line.text, line.page, line.number)


def _stands_over_title(line: Line, top: list[Line]) -> bool:
    """A first line with another line like a title below it, apart from the text, is the head and not the title."""
    return line is top[0] and len(top) > 2 and not _ENDS.search(top[1].text) and top[1].gap > 0 < top[2].gap


def _repeated(edges: dict[int, tuple[list[Line], list[Line]]]) -> dict[tuple[str, ...], list[Line]]:
    """The lines at edges of pages by what is the same in them: their words, or words around a counting number."""
    at: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for top, foot in edges.values():
        for line in {line.key: line for line in (*top, *foot)}.values():
            for name in _names(line):
                at[name].append(line)
    least = 2 if len(edges) <= 5 else 3
    return {name: rows for name, rows in at.items() if len({line.page for line in rows}) >= least}


def _names(line: Line) -> list[tuple[str, ...]]:
    words = fold(line.text)
    names: list[tuple[str, ...]] = [("same", words)]
    for found in _NUMBER.finditer(words):
        at_an_end = not (_LETTER.search(words[: found.start()]) and _LETTER.search(words[found.end() :]))
        if len(found[0]) <= 4 and at_an_end and len(words) <= LONGEST_HEAD:
            offset = int(found[0]) - line.page
            names.append(("counting", words[: found.start()], words[found.end() :], str(offset)))
    return names


def _why_out(line: Line, known: dict[tuple[str, ...], list[Line]], *, may_be_title: bool, alone: bool) -> str:
    if _PAGE.match(line.text) and (_SAYS_PAGE.search(line.text) or any(name in known for name in _names(line))):
        return "page-number"
    if _PRINTED.search(line.text):
        return "running-head"
    rows = max((known.get(name, []) for name in _names(line)), key=len)
    if alone or not rows:
        return ""
    others = [other.size for other in rows if other.page != line.page]
    bigger = line.size > 1.12 * max(others) if others and line.size else line.size == 0
    same = _names(line)[0] in known  # its very words; a head with a number that counts is no title
    return "" if may_be_title and bigger and same else "running-head"


# --- Which lines belong together --------------------------------------------------------------------


def _measures(lines: Sequence[Line]) -> Measures:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) < 0.6] or list(lines)
    rights = sorted(line.right for line in body)
    lengths = [len(line.text) for line in body]
    gaps = [line.gap for line in body[1:] if line.gap < 4] or [0.0]
    paragraphs = size == 0 and (median(lengths) > LONG_LINE or rights[int(len(rights) * 0.9)] > 1.5 * LONG_LINE)
    notes = {found[1] for line in lines if _is_small(line, size) and (found := _NOTE.match(line.text))}
    return Measures(
        size=size,
        left=Counter(round(line.x) for line in body).most_common(1)[0][0],
        right=rights[int((len(rights) - 1) * 0.9)],
        gap=median(gaps) if size else _plain_gap(body),
        breaks_everywhere=paragraphs,
        numbered_notes=frozenset(notes),
    )


def _plain_gap(lines: Sequence[Line]) -> float:
    """One empty line between any two is double spacing, when the lines themselves break off in mid-sentence."""
    spaced = sum(line.gap == 1 for line in lines[1:])
    broken = sum(not _ENDS.search(line.text) and 40 < len(line.text) < LONG_LINE for line in lines)
    return 1.0 if spaced > 0.85 * len(lines) and broken > 0.6 * len(lines) else 0.0


def _is_small(line: Line, size: float) -> bool:
    return 0 < line.size <= 0.9 * size


def _is_big(line: Line, size: float) -> bool:
    return size > 0 and line.size >= 1.12 * size


def _groups(lines: Sequence[Line], usual: Measures) -> Iterator[list[Line]]:
    group = [lines[0]]
    for before, line in pairwise(lines):
        if _begins(before, line, usual, group):
            yield group
            group = []
        group.append(line)
    yield group


def _begins(before: Line, line: Line, usual: Measures, group: list[Line]) -> bool:
    """Whether `line` begins a block of its own after `before`, the last of `group`."""
    if abs(line.size - before.size) > 0.08 * max(line.size, before.size):
        return not _goes_on(before, line, group)
    if _ITEM.match(line.text) and (_ENDS.search(before.text) or _ITEM.match(group[0].text) or line.gap > usual.gap):
        return True
    if _is_bold(before) != _is_bold(line) and usual.size and not _is_big(line, usual.size):
        return True
    if line.page != before.page or line.gap < -1:
        return not _goes_on(before, line, group)
    if usual.breaks_everywhere or line.gap > usual.gap + (0.35 if usual.size else 0):
        return True
    if _is_small(line, usual.size) and _NOTE.match(line.text):
        return True
    if _is_big(line, usual.size) or _hangs(line, group):
        return False
    return _indented(before, line, usual) or _short(before, line, usual) or _had_room(before, line, usual, len(group))


def _goes_on(before: Line, line: Line, group: list[Line]) -> bool:
    """Over the edge of a page: the sentence is not at its end, and what follows is the rest of it."""
    if abs(line.size - before.size) > 0.08 * max(line.size, before.size):
        return False
    if line.text[:1].islower():  # even after a full stop: that of a short form
        return True
    if _ENDS.search(before.text):
        return False
    return bool(_HYPHEN.search(before.text)) or len(before.text) > 30 < len(line.text)


def _hangs(line: Line, group: list[Line]) -> bool:
    """The further lines of a list item stand to the right of its sign."""
    return bool(_ITEM.match(group[0].text)) and line.x > group[0].x + max(line.size * 0.3, 1)


def _indented(before: Line, line: Line, usual: Measures) -> bool:
    step = max(usual.size * 0.7, 2)
    return usual.left + step < line.x + 0.01 and line.x - before.x > step - 0.01 and before.x <= usual.left + step


def _short(before: Line, line: Line, usual: Measures) -> bool:
    """A line that ends well before the column does, at the end of a sentence, ends a paragraph."""
    width = usual.right - usual.left
    has_room = before.right < usual.left + 0.88 * width and _with_next_word(before, line) < usual.left + 0.97 * width
    return width > 20 and has_room and bool(_ENDS.search(before.text))


def _had_room(before: Line, line: Line, usual: Measures, lines: int) -> bool:
    """The first word of `line` would have stood in the line before, had it belonged there; or an indent ends."""
    width, step = usual.right - usual.left, max(usual.size * 0.7, 2)
    left_over = _with_next_word(before, line) < usual.left + 0.75 * width
    return width > 20 and (left_over or (lines > 1 and before.x - line.x > step and before.x > usual.left + step))


def _with_next_word(before: Line, line: Line) -> float:
    """Where the line would end with the first word of the next one."""
    letter = (before.right - before.x) / max(1, len(before.text))
    return before.right + (len(line.text.split(maxsplit=1)[0]) + 1) * letter


def _is_bold(line: Line) -> bool:
    return any(kind == "strong" and end - start >= len(line.text) - 1 for start, end, kind, _ in line.markup)


# --- What a group of lines is -----------------------------------------------------------------------


def _joined(
    group: list[Line], usual: Measures, words: Counter[str], keep: frozenset[str]
) -> tuple[Block, list[Removed]]:
    text, marks, removed = group[0].text, list(group[0].markup), []
    for before, line in pairwise(group):
        glue = _glue(before.text, line.text, words)
        if glue == "-":
            key = f"h{before.page}.{before.number}"
            if key not in keep:
                removed.append(Removed(key, "hyphen", f"{_piece(before.text)}{_head(line.text)}", *_at(before)))
                text = text[:-1]
            glue = ""
        text += glue
        marks += shifted(line.markup, len(text))
        text += line.text
    return _named(group, text, marks, usual), removed


def _at(line: Line) -> tuple[int, int]:
    return line.page, line.number


def _piece(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0] if found else text[-1:]


def _head(text: str) -> str:
    found = _FIRST_WORD.match(text)
    return found[0] if found else ""


def _glue(before: str, after: str, words: Counter[str]) -> str:
    """What goes between two lines: a space; nothing; or «-» for a hyphen that only the end of the line made."""
    if before.endswith("\u00ad"):
        return "-"
    if _HYPHEN.search(before):
        return "-" if _only_at_the_end(_piece(before)[:-1], _head(after), words) else ""
    if before.endswith(("/", "-", "–", "—")) and not before.endswith((" –", " —", " -")):
        return ""
    letters = [sign for sign in before[-3:] if sign.isalnum()]
    unspaced = bool(letters and after) and bool(_UNSPACED.match(letters[-1]) and _UNSPACED.match(after[0]))
    return "" if unspaced else " "


def _only_at_the_end(first: str, rest: str, words: Counter[str]) -> bool:
    """Asks the text itself first: does the word stand elsewhere in it, joined or hyphened?"""
    if not rest or not rest[0].islower() or len(rest) < 2:
        return False
    joined, apart = words[fold(first + rest)], words[fold(f"{first}-{rest}")]
    if joined != apart:
        return joined > apart
    return fold(first) not in _STAY_HYPHENED and not (first[:1].isupper() and len(first) > 1 and first.isupper())


def _words_of(lines: Iterable[Line]) -> Counter[str]:
    """Words, and words with hyphens in them, of all lines; those at an end of a line count for nothing."""
    counted: Counter[str] = Counter()
    for line in lines:
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text.removesuffix("-")):
            counted[fold(word)] += 1
    return counted


def _named(group: list[Line], text: str, marks: list[Mark], usual: Measures) -> Block:
    first = group[0]
    if _is_big(first, usual.size) and len(text) < 300:
        level = 1 if first.size >= 1.6 * usual.size else 2 if first.size >= 1.3 * usual.size else 3
        return Block("heading", text, ordered([*_without(marks, "strong"), whole(text, "level", str(level))]))
    if _all_bold(group) and len(text) < 150 and usual.size and not text.endswith((".", ";", ",")):
        return Block("heading", text, ordered([*_without(marks, "strong"), whole(text, "level", "3")]))
    if _is_small(first, usual.size) and (note := _NOTE.match(text)):
        return _cut(text, marks, note.end(), "footnote", "label", note[1])
    if item := _ITEM.match(text):
        sign = f"{item['number']}." if item["number"] else "•"
        return _cut(text, marks, item.end(), "list-item", "item", sign)
    text, marks = _noted(text, marks, usual)
    step = max(usual.size * 0.7, 2)
    if len(group) > 2 and all(line.x > usual.left + step for line in group):
        return Block("quotation", text, ordered(marks))
    return Block("paragraph", text, ordered(marks))


def _all_bold(group: list[Line]) -> bool:
    return all(_is_bold(line) for line in group)


def _without(marks: Iterable[Mark], kind: str) -> list[Mark]:
    return [mark for mark in marks if mark[2] != kind]


def _cut(text: str, marks: list[Mark], at: int, kind: str, name: str, value: str) -> Block:
    """A block whose sign at the beginning has become structure."""
    rest = text[at:]
    moved = [(max(0, s - at), e - at, k, v) for s, e, k, v in marks if e > at]
    return Block(kind, rest, ordered([*moved, whole(rest, name, value)]))


def _noted(text: str, marks: list[Mark], usual: Measures) -> tuple[str, list[Mark]]:
    """Raised figures that a footnote answers to become the signs of it; they are no words of the text."""
    for start, end, _kind, _value in sorted((m for m in marks if m[2] == "superscript"), reverse=True):
        label = text[start:end].strip("[]() ")
        if label in usual.numbered_notes:
            text = text[:start] + text[end:]
            others = [mark for mark in marks if mark != (start, end, "superscript", "")]
            marks = [(_back(s, start, end), _back(e, start, end), k, v) for s, e, k, v in others]
            marks.append((start, start, "footnote", label))
    return text, marks


def _back(at: int, start: int, end: int) -> int:
    return at if at <= start else max(start, at - (end - start))


def _notes_last(found: list[Found]) -> list[Found]:
    """Footnotes behind the text, and a paragraph that one of them stood in the middle of made whole again."""
    notes = [each for each in found if each.block.kind == "footnote"]
    body: list[Found] = []
    for each in (each for each in found if each.block.kind != "footnote"):
        if notes and body and body[-1].page != each.page and _is_rest(body[-1].block, each.block):
            glue = "" if _HYPHEN.search(body[-1].block.text) else " "
            body[-1] = replace(body[-1], block=joined(body[-1].block, each.block, glue))
        else:
            body.append(each)
    return [*body, *notes]


def _is_rest(before: Block, after: Block) -> bool:
    running = before.kind in ("paragraph", "list-item") and after.kind == "paragraph"
    return running and not _ENDS.search(before.text) and after.text[:1].islower()
