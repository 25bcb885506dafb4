"""Spans and quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.selectors import CONTEXT, Span, TextQuote, nth_place, quote_at


@pytest.mark.parametrize("start, end", [(-1, 3), (5, 4), (-2, -1)])
def test_there_is_no_span_outside_a_text_or_backwards(start, end):
    with pytest.raises(ValueError, match="No span"):
        Span(start, end)


def test_a_span_knows_its_words_and_length():
    assert Span(2, 4).of("ab𠮷🙂ef") == "𠮷🙂"
    assert len(Span(2, 4)) == 2


@pytest.mark.parametrize(
    "one, other, overlap",
    [
        (Span(0, 3), Span(2, 5), True),
        (Span(0, 3), Span(3, 5), False),
        (Span(1, 9), Span(4, 5), True),
        (Span(4, 4), Span(4, 4), False),
    ],
)
def test_spans_overlap_when_they_share_a_code_point(one, other, overlap):
    assert one.overlaps(other) is overlap
    assert other.overlaps(one) is overlap


def test_spans_are_ordered_by_where_they_begin():
    assert sorted([Span(4, 5), Span(1, 9), Span(1, 2)]) == [Span(1, 2), Span(1, 9), Span(4, 5)]


def test_a_quote_carries_what_stands_before_and_after():
    assert quote_at("before the words after", Span(11, 16)) == TextQuote("words", "before the ", " after")


@given(st.data(), st.text(min_size=1, max_size=200))
def test_a_quote_puts_the_text_back_together(data, text):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = quote_at(text, Span(start, end))
    assert text[max(0, start - CONTEXT) : end + CONTEXT] == quote.prefix + quote.exact + quote.suffix
    assert max(len(quote.prefix), len(quote.suffix)) <= CONTEXT


def test_places_are_counted_from_one_and_may_overlap():
    assert nth_place("aaa", "aa", 1) == Span(0, 2)
    assert nth_place("aaa", "aa", 2) == Span(1, 3)


@pytest.mark.parametrize("words, occurrence", [("aa", 3), ("b", 1), ("", 1)])
def test_words_that_do_not_stand_there_have_no_place(words, occurrence):
    assert nth_place("aaa", words, occurrence) is None


@given(st.text(alphabet="ab", max_size=30), st.text(alphabet="ab", min_size=1, max_size=3))
def test_every_place_is_found_once_and_in_order(text, words):
    wanted = [at for at in range(len(text)) if text.startswith(words, at)]
    found = [nth_place(text, words, number) for number in range(1, len(wanted) + 2)]
    assert found == [*(Span(at, at + len(words)) for at in wanted), None]
