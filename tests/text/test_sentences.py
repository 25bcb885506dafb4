"""Sentences and words to choose from without a mouse."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.sentences import sentences, words


def said(spans, text):
    return [span.of(text) for span in spans]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("", []),
        ("   ", []),
        ("No stop at all", ["No stop at all"]),
        ("One. Two! Three? Four.", ["One.", "Two!", "Three?", "Four."]),
        ("He said “Go.” Then he went.", ["He said “Go.”", "Then he went."]),
        ("The U.S. Secretary came. He left.", ["The U.S. Secretary came.", "He left."]),
        ("On Oct. 3 it rained.", ["On Oct. 3 it rained."]),
        ("It rained (see Dec. 3). It stopped.", ["It rained (see Dec. 3).", "It stopped."]),
        ("Dr. Wu came. He left.", ["Dr. Wu came.", "He left."]),
        ("It cost 3.5 million. In 2020 it fell.", ["It cost 3.5 million.", "In 2020 it fell."]),
        ("他来了。我走了。", ["他来了。", "我走了。"]),
        ("他说：“走。”他走了。", ["他说：“走。”", "他走了。"]),
    ],
)
def test_a_paragraph_falls_into_its_sentences(text, wanted):
    assert said(sentences(text), text) == wanted


def test_each_chinese_character_is_a_word():
    assert said(words("禮部 kept it"), "禮部 kept it") == ["禮", "部", "kept", "it"]


@given(st.text(alphabet="aZ .!?。”(\n1", max_size=60))
def test_sentences_hold_every_word_once_and_in_order(text):
    found = sentences(text)
    assert "".join("".join(said(found, text)).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(max_size=60))
def test_words_hold_every_sign_that_is_not_a_space(text):
    assert "".join(said(words(text), text)) == "".join(text.split())


@given(st.text(max_size=60))
def test_no_choice_begins_or_ends_with_a_space(text):
    assert all(choice == choice.strip() for choice in said(sentences(text), text))
