"""A quote found again in a text that is known by nothing else: the right place, or none."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.text.placing import locate
from reader.text.selectors import Span, TextQuote, quote_at
from tests.text.test_aligning import ARTICLE, placed_texts, texts

REPEATED = "The court answered. " * 5 + "The khan answered. " + "The court answered. " * 5


def found(text: str, quote: TextQuote, near: int | None = None) -> str | None:
    placed = locate(text, quote, near)
    return placed.span.of(text) if placed else None


@given(texts, texts, texts, texts, st.none() | st.integers(-5, 90))
@settings(max_examples=400, deadline=None)
@example("a", "", "", "", None)
@example("", "a", "b", "c", 0)
def test_any_quote_gives_a_place_within_bounds_or_none(
    text: str, exact: str, prefix: str, suffix: str, near: int | None
) -> None:
    placed = locate(text, TextQuote(exact, prefix, suffix), near)
    if placed is not None:
        assert placed.span.end <= len(text)
        assert 0 <= placed.score <= 1
        assert len(placed.span) or not exact


@given(placed_texts())
@settings(max_examples=400, deadline=None)
def test_words_that_stand_once_are_found_there(placed: tuple[str, Span]) -> None:
    text, span = placed
    at = text.find(span.of(text))
    once = len(span) and at == text.rfind(span.of(text))
    result = locate(text, quote_at(text, span), span.start)
    if once:
        assert result is not None and result.span == span


@given(placed_texts())
@settings(max_examples=400, deadline=None)
def test_words_that_stand_often_are_found_where_they_were_or_not_at_all(placed: tuple[str, Span]) -> None:
    text, span = placed
    result = locate(text, quote_at(text, span), span.start)
    assert result is None or result.span == span


@given(placed_texts(), texts)
@settings(max_examples=300, deadline=None)
def test_very_words_are_preferred_to_like_ones(placed: tuple[str, Span], text: str) -> None:
    source, span = placed
    words = span.of(source)
    result = locate(text, quote_at(source, span))
    if result is not None and words and words in text:
        assert result.span.of(text) == words


@pytest.mark.parametrize(
    "quote, becomes",
    [
        (TextQuote("the envoys of Kokand"), "the envoys of Kokand"),
        (TextQuote("the envoys of Khokand"), "the envoys of Kokand"),
        (TextQuote("the ambassadors of Kokand reached the capital"), "the envoys of Kokand reached the capital"),
        (TextQuote("Nobody asked for the letter's translation."), "Nobody asked for the letter’s translation."),
        (TextQuote("使者到了浩罕"), "使者到了浩罕"),
        (TextQuote("中國的使者抵達浩罕"), "中國的使者到了浩罕"),
        (TextQuote("a letter.\n\nThe court answered with silver", "horses and ", ". Nobody asked"),
         "a letter.\n\nThe court answered with silk and silver"),
        (TextQuote("the merchants of Samarkand paid a toll"), None),
        (TextQuote("the"), None),  # stands often
        (TextQuote("the", "court", "harbour"), None),
        (TextQuote("silk", "court answered with ", " and silver."), "silk"),
        (TextQuote("silk", "they came for tea, ", ", rhubarb and jade"), None),  # stands once, but says too little
        (TextQuote(""), None),
        (TextQuote("x" * 5000), None),
    ],
)  # fmt: skip
def test_where_a_quote_stands(quote: TextQuote, becomes: str | None) -> None:
    assert found(ARTICLE, quote) == becomes


def test_repeated_words_are_told_apart_by_their_surroundings() -> None:
    placed = locate(REPEATED, TextQuote("answered", "The court ", ". The khan"))
    assert placed is not None and placed.span == Span(REPEATED.index(". The khan") - 8, REPEATED.index(". The khan"))


def test_repeated_words_in_equal_surroundings_are_placed_by_their_position_or_not_at_all() -> None:
    quote = quote_at(REPEATED, Span(40, 58))
    assert locate(REPEATED, quote) is None
    placed = locate(REPEATED, quote, near=40)
    assert placed is not None and placed.span == Span(40, 58)
    assert locate(REPEATED, quote, near=50) is None, "half-way between two"
    assert locate(REPEATED, quote, near=4000) is None


def test_two_places_equally_like_a_quote_are_not_chosen_between() -> None:
    text = "The northern envoys reached the capital. The southern envoys reached the capital."
    assert locate(text, TextQuote("The eastern envoys reached the capital.")) is None


def test_the_score_falls_with_the_likeness() -> None:
    quotes = ["the envoys of Kokand reached", "the envoys of Khokand reached", "the envoy of Khokand reached"]
    scores = [placed.score for quote in quotes if (placed := locate(ARTICLE, TextQuote(quote)))]
    assert len(scores) == 3 and scores == sorted(scores, reverse=True) and scores[0] == 1


def test_a_place_without_words_stands_between_its_neighbours() -> None:
    at = ARTICLE.index("The court")
    placed = locate(ARTICLE, quote_at(ARTICLE, Span(at, at)))
    assert placed is not None and placed.span == Span(at, at)


@pytest.mark.parametrize("text", ["a" * 100_000, "ab " * 60_000, "字" * 60_000])
def test_texts_that_repeat_themselves_take_no_quadratic_time(text: str) -> None:
    begun = time.process_time()
    locate(text, TextQuote(text[:10], "before", "after"), 5)
    locate(text, TextQuote(text[:2000] + "x", "before", "after"), 5)
    assert time.process_time() - begun < 5
