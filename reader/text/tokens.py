"""A text cut into words, CJK characters, signs and spaces, and written as one letter for each: what two texts are
compared by. The pieces cover the text without gap, so that a place in pieces is a place in code points."""

import re
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate

from reader.text.selectors import Span

BREAK, SPACE = "\x01", "\x02"  # the letters of the end of a paragraph and of a space
STOPS = "\x10\x11\x12\x13\x14\x15"  # the letters of the signs that end a sentence
CLOSERS = "\x16\x17\x18\x19"  # and of those that may follow before it does: quotation marks and brackets
_FIRST_LETTER = 0x100
_SURROGATES = range(0xD800, 0xE000)

_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\u2039\u203a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f", ""),  # seen by nobody
}
_FOLDING = str.maketrans(_ALIKE)
_FIXED_LETTERS = dict(zip(".!?\u3002\u061f\u0964'\")]", STOPS + CLOSERS, strict=True))

# Written without spaces between words: one character is one piece.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)


def _marks() -> str:
    """The combining marks, joiners and skin tones that never begin a piece, as the inside of a character class."""
    high = (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0))
    found = (chr(sign) for sign in high if unicodedata.category(chr(sign)) in ("Mn", "Mc", "Me"))
    return "".join(found) + "\u00ad\u200c\u2060\U0001f3fb-\U0001f3ff"


_M = f"[{_marks()}]*(?:\u200d[^\\s]?[{_marks()}]*)*"
_PIECE = re.compile(
    rf"\n\s*|\s|[{_UNSPACED}]{_M}|(?:[^\W_{_UNSPACED}]+{_M})+|.{_M}",  # a break, a space, a character, a word, a sign
    re.DOTALL,
)


def fold(words: str) -> str:
    """`words` as they are compared: case, width, composition, kinds of quotation mark, dash and space set aside."""
    if words.isascii():  # the same, ten times as fast
        return words.replace("`", "'").lower()
    return unicodedata.normalize("NFKC", words.translate(_FOLDING)).casefold()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The pieces of `text`. `starts` has one entry more than there are pieces: the length of the text.

    `code` has one letter for each piece, the same for pieces that are equal once folded, among all the texts
    read by one Reader. `weights` has what `weight` says.
    """

    text: str
    starts: list[int]
    code: str
    weights: list[int]

    def __len__(self) -> int:
        return len(self.code)

    def span(self, first: int, last: int) -> Span:
        """The code points of the pieces `[first, last)`."""
        return Span(self.starts[first], self.starts[last])

    def words(self, first: int, last: int) -> str:
        """The text of the pieces `[first, last)`."""
        return self.text[self.starts[first] : self.starts[last]]

    def around(self, span: Span) -> tuple[int, int]:
        """The pieces `[first, last)` that share a code point with `span`; none for an empty span."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        return (first, max(first, bisect_left(self.starts, span.end))) if len(span) else (first, first)

    def weight(self, index: int) -> int:
        """How much the piece says: the length of a word, 3 for a CJK character, 1 for a sign, 0 for a space."""
        return self.weights[index]


class Reader:
    """Reads texts into pieces with one alphabet, so that their codes can be compared."""

    def __init__(self) -> None:
        self._letters = _Letters()
        self._weights = _Weights()

    def read(self, text: str) -> Tokens:
        """`text` in pieces; linear in its length."""
        pieces = _PIECE.findall(text)
        starts = [0, *accumulate(map(len, pieces))]
        code = "".join(map(self._letters.__getitem__, pieces))
        return Tokens(text, starts, code, list(map(self._weights.__getitem__, pieces)))


class _Letters(dict[str, str]):
    """The letter of each piece: one for all that fold to the same."""

    def __init__(self) -> None:
        super().__init__()
        self._folded: dict[str, str] = dict(_FIXED_LETTERS)

    def __missing__(self, piece: str) -> str:
        if piece.isspace():
            letter = BREAK if piece[0] == "\n" else SPACE
        else:
            letter = self._folded.setdefault(fold(piece), _nth_letter(len(self._folded)))
        self[piece] = letter
        return letter


class _Weights(dict[str, int]):
    def __missing__(self, piece: str) -> int:
        wide = piece[0] > "\u2e80" and piece[0].isalnum()
        self[piece] = weight = 0 if piece.isspace() else max(len(piece), 3 if wide else 1)
        return weight


def _nth_letter(count: int) -> str:
    """A letter of its own for each of the first million numbers, then the same again: a wrong equal, never an error."""
    room = sys.maxunicode + 1 - _FIRST_LETTER - len(_SURROGATES)
    number = _FIRST_LETTER + count % room
    return chr(number + len(_SURROGATES) if number >= _SURROGATES.start else number)
