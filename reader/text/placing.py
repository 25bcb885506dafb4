"""Where a quote stands in a text that is known only by the quote: the words, what stands around them, a position.

A note in a wrong place is ten times worse than a note reported lost: of two places that are as likely, neither is
taken.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from reader.text.fuzzy import Found, Page, context_likeness
from reader.text.selectors import Span, TextQuote

SHORT = 12  # below this much, words that stand once may be other words: their surroundings must agree too
MANY = 2000  # places beyond which words are not looked for by their surroundings
AGREES = 0.35  # likeness of the surroundings that speaks for a place
LEAD = 0.15  # by which the best place must be ahead of the second
LIKE = 0.7  # likeness from which other words may be the quote, reworded


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a quote stands. `score` is 1 for its very words in their surroundings, less the more they differ."""

    span: Span
    score: float


def locate(text: str, quote: TextQuote, near: int | None = None) -> Placed | None:
    """The place of `quote` in `text`, or None where there is none or two are as likely.

    `near` is where it once began, in code points: it decides between places that are otherwise alike.
    """
    if not quote.exact:
        return _locate_point(text, quote)
    places = list(occurrences(text, quote.exact, MANY + 1))
    if len(places) > MANY:
        places = list(_in_full_context(text, quote))
    return choose(text, places, quote, near) if places else most_like(Page.of(text), quote)


def choose(
    text: str, places: list[Span], quote: TextQuote, near: int | None = None, short: int = SHORT
) -> Placed | None:
    """Of places that have the very words of `quote`, the one in its surroundings, or None.

    An only place needs no surroundings, unless the words say less than `short`.
    """
    if len(places) == 1:
        return _unique(text, places[0], quote, short)
    return _by_context(text, places, quote, near) if places else None


def most_like(page: Page, quote: TextQuote, like: float = LIKE) -> Placed | None:
    """The place on the page whose words are most like the quote's, if no other is nearly as much so."""
    if says(quote.exact) < SHORT:
        return None
    found = page.search(quote)
    if not found or found[0].likeness < like:
        return None
    if len(found) > 1 and _total(found[0]) - _total(found[1]) < LEAD:
        return None
    return Placed(found[0].span, _total(found[0]))


def _locate_point(text: str, quote: TextQuote) -> Placed | None:
    """A place without words stands between its prefix and its suffix, if they stand together once."""
    around = quote.prefix + quote.suffix
    places = list(occurrences(text, around, 2)) if around else []
    if len(places) != 1:
        return None
    at = places[0].start + len(quote.prefix)
    return Placed(Span(at, at), 1.0)


def occurrences(text: str, words: str, most: int) -> Iterator[Span]:
    """Up to `most` places where `words` stand, overlapping ones counted."""
    at = text.find(words)
    while at >= 0 and most:
        yield Span(at, at + len(words))
        at, most = text.find(words, at + 1), most - 1


def _in_full_context(text: str, quote: TextQuote) -> Iterator[Span]:
    for place in occurrences(text, quote.prefix + quote.exact + quote.suffix, MANY):
        start = place.start + len(quote.prefix)
        yield Span(start, start + len(quote.exact))


def says(words: str) -> int:
    """How much the words say: their length, wide (Chinese) characters counted three times."""
    return sum(3 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words.strip())


def _unique(text: str, span: Span, quote: TextQuote, short: int) -> Placed | None:
    context = context_likeness(text, span, quote)
    known = bool(quote.prefix or quote.suffix)
    if known and says(quote.exact) < short and context < AGREES:
        return None
    return Placed(span, (3 + context) / 4 if known else 1.0)


def _in_place(text: str, span: Span, quote: TextQuote) -> bool:
    """True when the very words stand there in their very surroundings, and these say enough to be known by."""
    return (
        says(quote.prefix + quote.suffix) >= SHORT
        and text.endswith(quote.prefix, 0, span.start)
        and text.startswith(quote.suffix, span.end)
    )


def _by_context(text: str, places: list[Span], quote: TextQuote, near: int | None) -> Placed | None:
    full = [span for span in places if _in_place(text, span, quote)]
    if len(full) == 1:
        return Placed(full[0], 1.0)
    ranked = sorted(((context_likeness(text, span, quote), span) for span in places), key=lambda pair: -pair[0])
    (best, span), (second, _) = ranked[:2]
    if best - second >= LEAD and best >= AGREES:
        return Placed(span, (3 + best) / 4)
    if near is None or (best < AGREES and (quote.prefix or quote.suffix)):
        return None
    return _nearest([span for context, span in ranked if context > best - LEAD], near, best)


def _nearest(spans: list[Span], near: int, context: float) -> Placed | None:
    """The one of `spans` close to `near`, if no other is half as close."""
    first, second = sorted(spans, key=lambda span: abs(span.start - near))[:2]
    closest, other = abs(first.start - near), abs(second.start - near)
    return Placed(first, (3 + context) / 4) if closest <= 64 and 4 * closest < other else None


def _total(found: Found) -> float:
    return (3 * found.likeness + found.context) / 4
