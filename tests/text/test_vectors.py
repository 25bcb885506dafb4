"""Python counts as JavaScript does: tests/js/positions.test.js reads the same vectors."""

import json
from pathlib import Path

import pytest

from reader.text.normalise import join, starts
from reader.text.selectors import Span, quote_at

VECTORS = Path(__file__).parent.parent / "vectors"
TEXTS = json.loads((VECTORS / "positions.json").read_text())
PLACES = [(case, place) for case in TEXTS for place in case["places"]]
TRIMMED = json.loads((VECTORS / "trimmed.json").read_text())


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["name"])
def test_a_text_is_its_paragraphs_with_a_blank_line_between(case):
    text = join(case["paragraphs"])
    assert starts(case["paragraphs"]) == case["starts"]
    assert (len(text), utf16_units(text)) == (case["code_points"], case["utf16_units"])


@pytest.mark.parametrize("case, place", PLACES, ids=[f"{c['name']} {p['start']}" for c, p in PLACES])
def test_a_place_has_its_words_and_their_context(case, place):
    text = join(case["paragraphs"])
    quote = quote_at(text, Span(place["start"], place["end"]))
    assert (quote.exact, quote.prefix, quote.suffix) == (place["exact"], place["prefix"], place["suffix"])
    assert [utf16_units(text[: place[end]]) for end in ("start", "end")] == place["units"]


@pytest.mark.parametrize("case", TRIMMED, ids=lambda case: case["name"])
def test_a_place_without_the_white_space_around_it(case):
    start, end = case["span"]
    words = case["text"][start:end]
    left, right = len(words) - len(words.lstrip()), len(words) - len(words.rstrip())
    assert ([start + left, end - right] if words.strip() else None) == case["trimmed"]
