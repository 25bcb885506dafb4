"""A passage with some of the text around it, cut between words."""

from dataclasses import dataclass

from reader.text.normalise import SEPARATOR
from reader.text.selectors import Span

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`before` and `after` carry an ellipsis where text was left out."""

    before: str
    words: str
    after: str


def excerpt(text: str, span: Span, *, reach: int, one_paragraph: bool = False) -> Excerpt:
    """`span` of `text` with at most `reach` code points either side; within its paragraph if asked."""
    low, high = 0, len(text)
    if one_paragraph:
        low = text.rfind(SEPARATOR, 0, span.start) + len(SEPARATOR) if SEPARATOR in text[: span.start] else 0
        after = text.find(SEPARATOR, span.end)
        high = after if after >= 0 else high
    first = _forward_to_a_word(text, max(low, span.start - reach), span.start) if span.start - reach > low else low
    last = _back_to_a_word(text, min(high, span.end + reach), span.end) if span.end + reach < high else high
    return Excerpt(
        before=(ELLIPSIS if first > low else "") + text[first : span.start],
        words=span.of(text),
        after=text[span.end : last] + (ELLIPSIS if last < high else ""),
    )


def _forward_to_a_word(text: str, at: int, limit: int) -> int:
    """The start of the next word, unless there is no space before `limit` (Chinese): then `at`."""
    found = next((i for i in range(at, limit) if text[i].isspace()), None)
    return at if found is None else found + 1


def _back_to_a_word(text: str, at: int, limit: int) -> int:
    found = next((i for i in range(at, limit, -1) if text[i - 1].isspace()), None)
    return at if found is None else found - 1
