"""Where a client means, in our text; and our places as a client finds them. Positions are converted here.

The client counts UTF-16 code units of everything in the page's body, menus included; only its quote says where the
words stand in the text. Out go the quote and, where it cannot mislead, their place in UTF-16 code units of the
article's own text: clients order notes by it, and check it against the quote before they believe it.

Our page with the sidebar says how much it shows before the text, by asking at `/api/behind/<so many>/`: what is given
there is counted as the client counts. So a note that is being written stands in its place among those that are kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from reader.api.errors import NotPlaced
from reader.api.schemas import AnnotationIn, TargetIn
from reader.models import Article
from reader.operations.annotating import MOST_CHARACTERS
from reader.text.placing import Placed, locate
from reader.text.selectors import CONTEXT, Span, TextQuote, quote_at

SHIFT = 6000  # code points: more than any page of ours shows before or between the paragraphs of a text
_before: ContextVar[int | None] = ContextVar("before", default=None)
LEAST_SCORE = 0.75  # below this the words differ so much that their author would not know them again


@contextmanager
def counted_in_page(before: int | None) -> Iterator[None]:
    """Inside, positions are those in a page that shows `before` UTF-16 code units and then the text."""
    token = _before.set(before)
    try:
        yield
    finally:
        _before.reset(token)


def shown_before() -> int | None:
    """How much the page of who asks shows before the text; None where that is not known."""
    return _before.get()


def place_of(sent: AnnotationIn, article: Article) -> Span | None:
    """The code points of the text that a new note means; None when it means the text as a whole.

    That is a note without selectors («page note»), and one on the title, which is no part of the text.
    Raises NotPlaced, with a sentence, when the words have no certain place.
    """
    text, quote = article.current.text, _quote(sent.target)
    if quote is None or (quote.exact.split() == article.title.split() and quote.exact not in text):
        return None
    placed = locate(text, quote) or _over_a_break(text, quote)
    if placed is None or placed.score < LEAST_SCORE or not placed.span.of(text).strip():
        raise NotPlaced(_("These words could not be found in the text, or stand in more than one place. Select more."))
    return placed.span


def selectors(text: str, span: Span) -> list[dict]:
    """How a client finds the words of `span` again in a page that shows `text`."""
    quote = quote_at(text, span)
    made, before = [_quote_selector(quote)], shown_before()
    if before is not None or not _could_be_taken_for_another(text, span):
        start = (before or 0) + utf16_length(text[: span.start])
        end = start + utf16_length(quote.exact)
        made.insert(0, {"type": "TextPositionSelector", "start": start, "end": end})
    return made


def _could_be_taken_for_another(text: str, span: Span) -> bool:
    """True when the same words stand shortly before.

    A page shows more than the text, so our position means words a little before these in the client's count. It
    believes a position whose words are the quote's; where those could be other words, only the quote is given.
    """
    return text.find(span.of(text), max(0, span.start - SHIFT), span.end - 1) >= 0


def quote_selectors(quote: TextQuote) -> list[dict]:
    """For words that the text no longer has: the client lists the note as an orphan."""
    return [_quote_selector(quote)]


def utf16_length(text: str) -> int:
    """How long browsers say `text` is: code points beyond U+FFFF count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _quote_selector(quote: TextQuote) -> dict:
    return {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}


def _quote(target: list[TargetIn]) -> TextQuote | None:
    """The first quote of the first target, as h takes it; None where nothing is selected."""
    selectors = (target[0].selector or []) if target else []
    given = [each for each in selectors if each.type == "TextQuoteSelector"]
    if not selectors:
        return None
    if not given:
        raise NotPlaced(_("Send a TextQuoteSelector: the words say where a note stands, positions of a page do not."))
    exact, prefix, suffix = given[0].exact or "", given[0].prefix or "", given[0].suffix or ""
    if not exact.strip() or len(exact) > MOST_CHARACTERS:
        raise NotPlaced(_("Select at least one word, and at most 20,000 characters."))
    return TextQuote(exact=exact, prefix=prefix[-4 * CONTEXT :], suffix=suffix[: 4 * CONTEXT])


def _over_a_break(text: str, quote: TextQuote) -> Placed | None:
    """A selection over several paragraphs: between them a page may show what the text does not hold.

    Its first and its last line must each have one place, in order, about as far apart as they were selected.
    """
    lines = [line.strip() for line in quote.exact.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    first = locate(text, TextQuote(lines[0], prefix=quote.prefix))
    last = locate(text, TextQuote(lines[-1], suffix=quote.suffix))
    if first is None or last is None or not first.span.end < last.span.start:
        return None
    whole = Span(first.span.start, last.span.end)
    return Placed(whole, min(first.score, last.score)) if 0.5 < len(whole) / len(quote.exact) < 1.5 else None
