"""PDF: the lines of its pages with their place and the height of their letters, through pypdf."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import FileNotDecryptedError, PyPdfError

from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.text.lines import Line
from reader.text.structure import Mark, ordered, tightened, trimmed

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_USELESS_TITLE = re.compile(r"^untitled|\.(?:docx?|pdf|tex|indd|dvi|html?)$|^microsoft word|^$|^https?:", re.IGNORECASE)
_LETTER = 0.47  # width of a letter as part of its height, on average over European text faces
_RAISED = 0.15  # of the height of letters: figures this much above the line are raised


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of words as the file draws it: place of its left end in points from the left and the top."""

    text: str
    x: float
    y: float
    size: float
    font: str


def read_pdf(data: bytes, *, most_pages: int = 3000) -> Raw:
    """A PDF file. Raises Unreadable when it is locked, broken, has too many pages, or pictures of text alone."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > most_pages:
            raise Unreadable("too_many_pages", most=most_pages)
        lines = [line for number, page in enumerate(reader.pages, 1) for line in _lines(page, number)]
        front = _front(reader)
    except FileNotDecryptedError as error:
        raise Unreadable("encrypted") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError) as error:
        raise Unreadable("broken") from error  # what a broken file makes pypdf raise depends on where it is broken
    if not lines:
        raise Unreadable("no_words_in_pdf")
    return Raw("pdf", front, lines=tuple(lines))


def _front(reader: PdfReader) -> Front:
    said = reader.metadata
    if said is None:
        return Front()
    title = " ".join(str(said.title or "").split())
    authors = re.split(r"\s*[;,]\s*|\s+and\s+", " ".join(str(said.author or "").split()))
    return Front(
        title="" if _USELESS_TITLE.search(title) else title,
        authors=tuple(name for name in authors if " " in name),
        language=_language(reader),
    )


def _language(reader: PdfReader) -> str:
    value = str(reader.trailer["/Root"].get_object().get("/Lang", "") or "")
    return value if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", value) else ""


# --- One page ---------------------------------------------------------------------------------------


def _lines(page: PageObject, number: int) -> Iterator[Line]:
    rows = _at_their_edges([row for row in _rows(page) if "".join(piece.text for piece in row).strip()])
    column: list[tuple[list[_Piece], float]] = []
    above: float | None = None
    at = 1
    for row in rows:
        y = row[0].y
        size = _size(row)
        if above is not None and y < above - size / 2:  # up again: another column
            yield from _column(column, number, at)
            at += len(column)
            column, above = [], None
        column.append((row, -9.0 if above is None and at > 1 else (y - (y if above is None else above)) / (size or 1)))
        above = y
    yield from _column(column, number, at)


def _rows(page: PageObject) -> list[list[_Piece]]:
    """The pieces of a page by lines, in the order the file draws them; turned text is left out."""
    rows: list[list[_Piece]] = [[]]
    height = float(page.mediabox.top)

    def take(text: str, cm: Any, tm: Any, font: Any, size: Any) -> None:
        a, b, x, y = _placed(cm, tm)
        for count, words in enumerate(text.translate(_LIGATURES).split("\n")):
            if count:
                rows.append([])
            if words and abs(b) <= abs(a):
                name = str((font or {}).get("/BaseFont", ""))
                rows[-1].append(_Piece(words, x, height - y, round(abs(float(size or 0) * a), 1), name))

    page.extract_text(visitor_text=take, orientations=(0,))
    return [row for each in rows for row in _split(each)]


def _placed(cm: Sequence[float], tm: Sequence[float]) -> tuple[float, float, float, float]:
    """Scale, turn, x and y of a text matrix seen through the page's."""
    a = tm[0] * cm[0] + tm[1] * cm[2]
    b = tm[0] * cm[1] + tm[1] * cm[3]
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    return float(a), float(b), float(x), float(y)


def _split(row: list[_Piece]) -> list[list[_Piece]]:
    """A line whose pieces lie lines apart, which some files draw without a break, cut where it leaps."""
    rows: list[list[_Piece]] = [[]]
    for piece in row:
        words = [each for each in rows[-1] if each.text.strip()]
        if words and piece.text.strip() and abs(piece.y - words[-1].y) > 1.2 * max(piece.size, words[-1].size, 1):
            rows.append([])
        rows[-1].append(piece)
    return rows


def _at_their_edges(rows: list[list[_Piece]]) -> list[list[_Piece]]:
    """Headers that the file draws after the text go to the top, footers drawn before it to the foot."""
    if len(rows) < 3:
        return rows
    ys = [row[0].y for row in rows]
    tops = [i for i in range(max(1, len(rows) - 4), len(rows)) if ys[i] < min(ys[: max(1, len(rows) - 4)])]
    feet = [i for i in range(min(4, len(rows) - 1)) if ys[i] > max(ys[min(4, len(rows) - 1) :])]
    moved = {*tops, *feet}
    return [*(rows[i] for i in tops), *(r for i, r in enumerate(rows) if i not in moved), *(rows[i] for i in feet)]


def _column(rows: list[tuple[list[_Piece], float]], page: int, first: int) -> Iterator[Line]:
    """Lines with their edges counted from the left edge of their column."""
    if not rows:
        return
    left = Counter(round(row[0].x) for row, _ in rows).most_common(1)[0][0]
    for number, (row, gap) in enumerate(rows, first):
        line = _line(row, page, number, gap)
        yield replace(line, x=line.x - left, right=line.right - left)


def _line(row: list[_Piece], page: int, number: int, gap: float) -> Line:
    size, base = _size(row), _base(row)
    text, marks = "", []
    for piece in row:
        start, end = len(text), len(text) + len(piece.text)
        marks += [(start, end, kind, "") for kind in _marks(piece, size, base)]
        text += piece.text
    words, marks = trimmed(text, marks)
    words, marks = _single_spaces(words, tightened(words, marks))
    last = next(piece for piece in reversed(row) if piece.text.strip())
    right = last.x + len(last.text.strip()) * last.size * _LETTER
    return Line(words, page, number, gap, row[0].x, right, size, ordered(marks))


def _single_spaces(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    if "  " not in text and "\t" not in text:
        return text, marks
    at, place, blank = [], 0, False
    kept: list[str] = []
    for sign in text:
        at.append(place)
        if sign in " \t" and blank:
            continue
        blank = sign in " \t"
        kept.append(" " if blank else sign)
        place += 1
    at.append(place)
    return "".join(kept), [(at[start], at[end], kind, value) for start, end, kind, value in marks]


def _size(row: list[_Piece]) -> float:
    """The height of most of a line's letters."""
    sizes: Counter[float] = Counter()
    for piece in row:
        sizes[piece.size] += len(piece.text.strip())
    return sizes.most_common(1)[0][0]


def _base(row: list[_Piece]) -> float:
    ys: Counter[float] = Counter()
    for piece in row:
        ys[round(piece.y, 1)] += len(piece.text.strip())
    return ys.most_common(1)[0][0]


def _marks(piece: _Piece, size: float, base: float) -> list[str]:
    name = piece.font.rsplit("+", 1)[-1].lower()
    found = ["strong"] if "bold" in name or "black" in name or "semibold" in name or name.endswith("-bd") else []
    found += ["emphasis"] if "italic" in name or "oblique" in name or re.search(r"-it$|ti\d+$", name) else []
    raised = base - piece.y > _RAISED * size and piece.size < 0.9 * size and piece.text.strip()
    return ["superscript"] if raised else found
