"""Names are found whole, the longest first; what may be something else is marked; time grows with the text."""

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.mentions import Finder, Name

CARDS = [
    Name("Xi Jinping", "xi"), Name("Xi", "xi", "alias"), Name("习近平", "xi"), Name("Party Secretary", "xi", "alias"),
    Name("Xi Jinping Thought", "thought"), Name("习近平思想", "thought"),
    Name("the Party", "party", "alias"), Name("WHO", "who"), Name("May", "may"), Name("civil diplomacy", "idea"),
    Name("Voice of America", "voa"), Name("José", "jose"), Name("Blinken", "blinken"),
]  # fmt: skip


@pytest.fixture(scope="module")
def finder():
    return Finder(CARDS)


def found(finder, text):
    return [(each.words, each.card, each.doubt) for each in finder.find(text)]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Then Xi Jinping spoke.", [("Xi Jinping", "xi", "")]),
        ("Xi Jinping Thought is taught.", [("Xi Jinping Thought", "thought", "")]),
        ("Xi Jinping came; Xi’s words.", [("Xi Jinping", "xi", ""), ("Xi", "xi", "")]),
        ("the Party Secretary", [("Party Secretary", "xi", "")]),
        ("他说习近平思想。习近平来了。", [("习近平思想", "thought", ""), ("习近平", "xi", "")]),
        ("Civil diplomacy, civil diplomacy", [("Civil diplomacy", "idea", ""), ("civil diplomacy", "idea", "")]),
        ("Blinken’s visit (Blinken's)", [("Blinken", "blinken", ""), ("Blinken", "blinken", "")]),
        ("THE VOICE OF AMERICA", [("VOICE OF AMERICA", "voa", "")]),
        ("Jose\u0301 wrote", [("Jose\u0301", "jose", "")]),
        ("the WHO said", [("WHO", "who", "common")]),
    ],
)  # fmt: skip
def test_names_are_found_the_longest_first(finder, text, wanted):
    assert found(finder, text) == wanted


@pytest.mark.parametrize("text", ["Xian and Maxi and taxi", "Blinkens", "someone who wrote", "", "x" * 500, "习近"])
def test_names_inside_words_and_everyday_words_are_not_found(finder, text):
    assert found(finder, text) == []


@pytest.mark.parametrize(
    "text, doubt",
    [
        ("Xi came.", "short"),
        ("the letter xi", "letter"),
        ("omicron, xi, pi", "letter"),
        ("the Greek Xi", "letter"),
        ("Louis XI died", "numeral"),
        ("May came", "common"),
        ("the post-Blinken years", "compound"),
        ("voice of america", "case"),
    ],
)
def test_what_may_be_something_else_is_marked(finder, text, doubt):
    assert [each.doubt for each in finder.find(text)] == [doubt]


def test_a_short_name_is_sure_where_the_whole_one_stands_too(finder):
    doubts = {each.words: each.doubt for each in finder.find("Xi Jinping came. Xi spoke. And xi is a letter.")}
    assert doubts == {"Xi Jinping": "", "Xi": "", "xi": "letter"}


def test_a_name_of_several_cards_is_proposed_for_each():
    both = Finder([Name("Gates", "bill"), Name("Gates", "melinda", "alias"), Name("Gates", "bill")])
    assert found(both, "Gates") == [("Gates", "bill", "several"), ("Gates", "melinda", "several")]


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), max_size=8))
def test_places_hold_their_words_and_do_not_overlap(text, names):
    made = Finder(Name(words, words) for words in names).find(text)
    assert all(each.span.of(text) == each.words for each in made)
    assert all(one.span == other.span or one.span.end <= other.span.start for one, other in pairwise(made))


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=30), st.integers(1, 3))
def test_every_place_of_a_name_is_found(words, size):
    text = " ".join(words)
    name = " ".join(words[:size])
    wanted = sum(words[at : at + size] == words[:size] for at in range(len(words)))
    made = Finder([Name(name, 1)]).find(text)
    assert 1 <= len(made) <= wanted
    assert made[0].words == name


def test_ten_thousand_cards_in_sixty_thousand_words_take_time_in_proportion():
    """Twice the text takes about twice the time: four times would be quadratic."""
    syllables = ["ka", "to", "mo", "ra", "ven", "dis", "ter", "lin", "so", "pe"]
    stems = [f"{a}{b}{c}{d}" for a in syllables for b in syllables for c in syllables for d in syllables]
    names = [Name(stem.title(), number) for number, stem in enumerate(stems)]
    finder = Finder(names)
    words = [name.words if at % 5 == 0 else "word" for at, name in enumerate(names)]
    text = " ".join(words * 3)
    once, made = timed(finder, text)
    twice, more = timed(finder, f"{text} {text}")
    assert len(made) == 6000
    assert len(more) == 12000
    assert twice < 3.4 * once


def timed(finder, text):
    best, made = 60.0, []
    for _ in range(3):
        start = perf_counter()
        made = finder.find(text)
        best = min(best, perf_counter() - start)
    return best, made
