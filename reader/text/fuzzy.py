"""How alike two wordings are, and where in a text words stand that are like a quote. Distances by rapidfuzz."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from reader.text.selectors import Span, TextQuote
from reader.text.tokens import Reader, Tokens, fold

PASSAGE = 600  # code points above which a quote is searched by its first and last END
END = 300
LONG = 4000  # code points above which wordings are compared by words, not letters
WINDOWS = 8  # places looked at closely for one quote
FITTED = 4  # of these, those whose edges are tried
HOPELESS = 0.5  # likeness of a stretch of letters below which they are not
COMMON = 64  # a piece that stands oftener says nothing of the place
EDGE = 3  # pieces by which each edge is tried further out and further in


@dataclass(frozen=True, slots=True)
class Found:
    """A place like the quote: how alike its words are, and how alike what stands around them, 0 to 1."""

    span: Span
    likeness: float
    context: float


def likeness(old: str, new: str) -> float:
    """1 for the same words but for case, width and kinds of sign; 0 for nothing in common. Symmetrical."""
    if old == new:
        return 1.0
    if max(len(old), len(new)) <= LONG:
        return Levenshtein.normalized_similarity(fold(old), fold(new))
    reader = Reader()
    return Levenshtein.normalized_similarity(reader.read(old).code, reader.read(new).code)


def context_likeness(text: str, span: Span, quote: TextQuote) -> float:
    """How alike the words around `span` are to the quote's: the better side counts double. 0 without context."""
    sides = _sides(text, span, quote)
    return (2 * max(sides) + min(sides)) / 3 if sides else 0.0


def _sides(text: str, span: Span, quote: TextQuote) -> list[float]:
    sides = []
    if quote.prefix:
        here = text[max(0, span.start - len(quote.prefix)) : span.start]
        sides.append(_side(quote.prefix[::-1], here[::-1]))
    if quote.suffix:
        sides.append(_side(quote.suffix, text[span.end : span.end + len(quote.suffix)]))
    return sides


def _side(expected: str, here: str) -> float:
    """Words next to the quote say more than those further off: half for the first that agree, half for all."""
    expected, here = fold(expected), fold(here)
    same = next((at for at, (one, other) in enumerate(zip(expected, here, strict=False)) if one != other), None)
    same = min(len(expected), len(here)) if same is None else same
    return (same / max(1, len(expected)) + Indel.normalized_similarity(expected, here)) / 2


def _closest(words: str, text: str, within: Span) -> tuple[float, Span] | None:
    found = fuzz.partial_ratio_alignment(words, within.of(text), score_cutoff=100 * HOPELESS)
    if found is None or found.dest_end == found.dest_start:
        return None
    return found.score / 100, Span(within.start + found.dest_start, within.start + found.dest_end)


class Page:
    """A text read for searching: where its pieces stand (only `allowed` ones, if given), found out once."""

    def __init__(self, tokens: Tokens, reader: Reader, allowed: Iterable[int] | None = None) -> None:
        self.tokens, self.reader = tokens, reader
        self.stands: dict[str, list[int]] = defaultdict(list)
        for place in range(len(tokens)) if allowed is None else allowed:
            self.stands[tokens.code[place]].append(place)

    @classmethod
    def of(cls, text: str) -> "Page":
        """The whole of a text."""
        reader = Reader()
        return cls(reader.read(text), reader)

    def search(self, quote: TextQuote) -> list[Found]:
        """Places whose words are like the quote's, best first, none overlapping a better one.

        Windows are found by the rare words of the quote they share in the same order, their edges by
        partial_ratio of rapidfuzz, then moved to the word edges that suit best.
        """
        places = self._short(quote) if len(quote.exact) <= PASSAGE else list(self._long(quote))
        best: list[Found] = []
        for found in sorted(places, key=lambda place: (-place.likeness - place.context, place.span)):
            if not any(found.span.overlaps(other.span) for other in best):
                best.append(found)
        return best

    def _short(self, quote: TextQuote) -> list[Found]:
        words = self.reader.read(quote.exact)
        rough = [
            place for window in self._windows(words) for place in self._rough(quote.exact, self.tokens.span(*window))
        ]
        apart: list[Span] = []
        for _, span in sorted(rough, reverse=True):
            if len(apart) < FITTED and not any(span.overlaps(other) for other in apart):
                apart.append(span)
        return [self._fit(quote, span) for span in apart]

    def _rough(self, words: str, within: Span) -> Iterator[tuple[float, Span]]:
        """Where letters are most like the words, and how much, 0 to 1: within a span, then on both sides of that."""
        best = _closest(words, self.tokens.text, within)
        if best is not None:
            yield best
            for rest in (Span(within.start, best[1].start), Span(best[1].end, within.end)):
                other = _closest(words, self.tokens.text, rest) if 2 * len(rest) >= len(words) else None
                if other is not None:
                    yield other

    def _long(self, quote: TextQuote) -> Iterator[Found]:
        """A long passage stands from where its beginning does to where its end does, if that is about as long."""
        heads = self.search(TextQuote(quote.exact[:END], quote.prefix))
        tails = self.search(TextQuote(quote.exact[-END:], "", quote.suffix))
        for head, tail in product(heads[:2], tails[:2]):
            length = tail.span.end - head.span.start
            if len(quote.exact) <= 2 * length <= 4 * len(quote.exact):
                yield self._found(quote, Span(head.span.start, tail.span.end))

    def _windows(self, words: Tokens) -> Iterator[tuple[int, int]]:
        """Pieces `[first, last)` of the page that may hold the words."""
        width = max(4, len(words) // 2)
        votes: Counter[int] = Counter()
        for at, letter in enumerate(words.code):
            stands = self.stands.get(letter, ())
            if words.weight(at) > 1 and len(stands) <= COMMON:
                votes.update({(place - at) // width for place in stands})
        spread = Counter({slot: votes[slot] + votes[slot + 1] for slot in list(votes)})
        slack = width + EDGE
        for slot, _ in spread.most_common(WINDOWS):
            first, last = slot * width - slack, slot * width + 2 * width + len(words) + slack
            yield max(0, first), min(len(self.tokens), last)

    def _fit(self, quote: TextQuote, span: Span) -> Found:
        """The whole words about `span` that suit the quote best: first the end is tried, then the beginning."""
        page = self.tokens
        first, last = page.around(span)
        reach = EDGE + min(EDGE, (last - first) // 4)
        ends = range(max(first + 1, last - reach), min(len(page), last + reach) + 1)
        last = max(ends, key=lambda end: self._suits(quote, page.span(first, end)), default=last)
        starts = range(max(0, first - reach), min(first + reach + 1, last))
        first = max(starts, key=lambda start: self._suits(quote, page.span(start, last)), default=first)
        return self._found(quote, page.span(first, last))

    def _found(self, quote: TextQuote, span: Span) -> Found:
        text = self.tokens.text
        return Found(span, likeness(quote.exact, span.of(text)), context_likeness(text, span, quote))

    def _suits(self, quote: TextQuote, span: Span) -> float:
        """How well the edges of a place suit: by its words, and by what then stands on both sides."""
        sides = _sides(self.tokens.text, span, quote)
        return likeness(quote.exact, span.of(self.tokens.text)) + sum(sides) / max(1, len(sides))
