"""What the text of a revision is, and where its paragraphs begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.normalise import SEPARATOR, digest, is_storable, join, starts

paragraphs = st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8)


def test_paragraphs_are_joined_by_one_blank_line():
    assert join(["One.", "Two."]) == "One.\n\nTwo."


def test_nothing_is_normalised():
    decomposed = "cafe\u0301 ’quoted’ two  spaces \u00a0"
    assert join([decomposed]) == decomposed


@given(paragraphs)
def test_every_paragraph_begins_where_starts_says(texts):
    whole = join(texts)
    assert [whole[at : at + len(text)] for at, text in zip(starts(texts), texts, strict=True)] == texts


@given(paragraphs)
def test_the_text_is_as_long_as_its_paragraphs_and_breaks(texts):
    assert len(join(texts)) == sum(map(len, texts)) + len(SEPARATOR) * (len(texts) - 1)


def test_positions_count_code_points_not_utf_16_units():
    assert starts(["𠮷🙂", "next"]) == [0, 4]


def test_a_digest_tells_wordings_apart():
    assert digest("wording") == digest("wording")
    assert digest("cafe\u0301") != digest("café")
    assert len(digest("")) == 64


@pytest.mark.parametrize(
    "text, storable",
    [
        ("plain", True),
        ("", True),
        ("𠮷🙂 é שלום 習", True),
        ("with\x00NUL", False),
        ("half a character \ud83d", False),
        ("\udfff", False),
        ("\ue000 after the surrogates", True),
    ],
)
def test_only_text_that_databases_and_utf_8_can_hold_is_storable(text, storable):
    assert is_storable(text) is storable


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")))
def test_whatever_utf_8_can_hold_is_storable(text):
    assert is_storable(text)
