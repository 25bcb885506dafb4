"""A paragraph as sentences and as words: places to choose from without a mouse."""

import re
from collections.abc import Iterator
from itertools import pairwise

from reader.text.selectors import Span

# A sentence ends at its full stop (with a closing quotation mark or bracket), before a space and a capital,
# or at a Chinese full stop. «U.S. Secretary» and «Oct. 3» must not end one: single capitals do not, nor do
# the usual short forms before a number or a name.
_END = re.compile(r"(?<![A-Z])[.!?][\"'”’)]*(?=\s+[\"'“‘(]?[A-Z0-9])|[。！？][”’」』]?")
_SHORT_FORMS = {
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
    "Mr", "Mrs", "Ms", "Dr", "Prof", "Gen", "Sen", "Rep", "St",
}  # fmt: skip
_LETTERS = re.compile(r"\w+")
_LONGEST_LOOK_BACK = 8  # code points: a short form and a bracket before it
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in code points, without the spaces between them."""
    edges = [0, *_ends(text), len(text)]
    return [span for a, b in pairwise(edges) if (span := _trimmed(text, a, b))]


def words(text: str) -> list[Span]:
    """Spans of the words of `text`; each Chinese character is a word."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        before = _LETTERS.findall(text[max(0, match.start() - _LONGEST_LOOK_BACK) : match.start()])
        if not before or before[-1] not in _SHORT_FORMS:
            yield match.end()


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
