"""Places in a text, as the W3C Web Annotation Data Model names them. All positions are Unicode code points."""

from dataclasses import dataclass

CONTEXT = 32  # code points of prefix and suffix kept with a quote


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The code points from `start` up to, not including, `end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"No span from {self.start} to {self.end}.")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words of `text` at this span."""
        return text[self.start : self.end]

    def overlaps(self, other: "Span") -> bool:
        """True when the two share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class TextQuote:
    """W3C TextQuoteSelector: the exact words with a little of what stands before and after."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class TextPosition:
    """W3C TextPositionSelector: `start` and `end` in code points, half-open."""

    start: int
    end: int


def quote_at(text: str, span: Span) -> TextQuote:
    """The quote that describes `span` of `text`, with up to CONTEXT code points either side."""
    return TextQuote(
        exact=span.of(text),
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
    )


def nth_place(text: str, words: str, occurrence: int = 1) -> Span | None:
    """The `occurrence`-th place (from 1, overlapping ones counted) where `words` stand in `text`, or None."""
    at = -1
    for _ in range(occurrence):
        at = text.find(words, at + 1)
        if at < 0 or not words:
            return None
    return Span(at, at + len(words))
