"""Overlapping spans become flat runs; nothing is lost between them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.segments import Run, cut, level_of, runs
from reader.text.selectors import Span

LENGTH = 30
edges = st.integers(0, LENGTH + 5)
spans = st.lists(st.tuples(st.builds(lambda a, b: Span(*sorted([a, b])), edges, edges), st.sampled_from("em")))


@pytest.mark.parametrize("count, level", [(0, 0), (1, 1), (2, 2), (3, 3), (5, 3), (6, 6), (4000, 6)])
def test_a_place_has_one_of_four_levels(count, level):
    assert level_of(count) == level


def test_a_text_with_nothing_on_it_is_one_run():
    assert runs(5, []) == [Run(0, 5, frozenset(), 0)]


def test_an_empty_text_has_no_runs():
    assert runs(0, [(Span(0, 3), "e")]) == []


def test_overlapping_spans_are_cut_at_their_edges():
    made = runs(10, [(Span(1, 6), "editors"), (Span(4, 8), "readers")])
    assert made == [
        Run(0, 1, frozenset(), 0),
        Run(1, 4, frozenset({"editors"}), 1),
        Run(4, 6, frozenset({"editors", "readers"}), 2),
        Run(6, 8, frozenset({"readers"}), 1),
        Run(8, 10, frozenset(), 0),
    ]


def test_four_hundred_notes_on_the_same_words_are_one_run():
    assert runs(10, [(Span(2, 5), "r")] * 400) == [
        Run(0, 2, frozenset(), 0), Run(2, 5, frozenset("r"), 6), Run(5, 10, frozenset(), 0)
    ]  # fmt: skip


@given(spans)
def test_runs_cover_the_text_without_gap_or_overlap(given_spans):
    made = runs(LENGTH, given_spans)
    assert (made[0].start, made[-1].end) == (0, LENGTH)
    assert all(one.end == other.start for one, other in pairwise(made))
    assert all(run.start < run.end for run in made)


@given(spans)
def test_each_code_point_has_the_layers_and_the_level_of_what_covers_it(given_spans):
    for run in runs(LENGTH, given_spans):
        for at in range(run.start, run.end):
            covering = [layer for span, layer in given_spans if span.start <= at < span.end]
            assert (run.layers, run.level) == (frozenset(covering), level_of(len(covering)))


@given(spans)
def test_neighbours_that_look_alike_are_one_run(given_spans):
    made = runs(LENGTH, given_spans)
    assert all((one.layers, one.level) != (other.layers, other.level) for one, other in pairwise(made))


@given(spans)
def test_the_order_in_which_spans_are_given_does_not_matter(given_spans):
    assert runs(LENGTH, given_spans) == runs(LENGTH, reversed(given_spans))


@given(spans, st.lists(st.integers(-3, LENGTH + 3)))
def test_cutting_further_changes_no_run_but_its_edges(given_spans, places):
    made = runs(LENGTH, given_spans)
    pieces = list(cut(made, places))
    assert [look for run in made for look in [(run.layers, run.level)] * (run.end - run.start)] == [
        look for run in pieces for look in [(run.layers, run.level)] * (run.end - run.start)
    ]
    inner = {place for place in places if 0 < place < LENGTH}
    assert {run.start for run in pieces} == {run.start for run in made} | inner
