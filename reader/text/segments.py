"""Overlapping spans cut into flat runs of text, each with what covers it."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reader.text.selectors import Span


@dataclass(frozen=True, slots=True)
class Run:
    """Code points `[start, end)` covered by the same things throughout: layer names and how many spans."""

    start: int
    end: int
    layers: frozenset[Hashable]
    level: int


def level_of(count: int) -> int:
    """How dense a place is, in four steps: 1, 2, 3 (three to five), 6 (six and more); 0 where nothing lies."""
    if count <= 2:
        return count
    return 3 if count <= 5 else 6


def runs(length: int, spans: Iterable[tuple[Span, Hashable]]) -> list[Run]:
    """Cut a text of `length` code points at every edge of `spans`, then join neighbours that look alike.

    Returns runs that cover the text from 0 to `length` without gap. A sweep over sorted edges:
    n log n in the number of spans.
    """
    edges = sorted(_edges(length, spans), key=lambda edge: edge[0])
    made: list[Run] = []
    open_layers: dict[Hashable, int] = {}
    at = 0
    for position, layer, change in [*edges, (length, None, 0)]:
        if position > at:
            _append(made, at, position, open_layers)
            at = position
        if change:
            open_layers[layer] = open_layers.get(layer, 0) + change
    return made


def cut(made: Sequence[Run], places: Iterable[int]) -> Iterator[Run]:
    """The same runs, cut further at `places` (code points), in order."""
    marks = sorted(set(places))
    for run in made:
        edges = [run.start, *(p for p in marks if run.start < p < run.end), run.end]
        for start, end in pairwise(edges):
            yield Run(start, end, run.layers, run.level)


def _edges(length: int, spans: Iterable[tuple[Span, Hashable]]) -> Iterator[tuple[int, Hashable, int]]:
    for span, layer in spans:
        start, end = min(span.start, length), min(span.end, length)
        if start < end:
            yield start, layer, 1
            yield end, layer, -1


def _append(made: list[Run], start: int, end: int, open_layers: dict[Hashable, int]) -> None:
    layers = frozenset(name for name, count in open_layers.items() if count > 0)
    level = level_of(sum(open_layers.values()))
    if made and (made[-1].layers, made[-1].level) == (layers, level):
        made[-1] = Run(made[-1].start, end, layers, level)
    else:
        made.append(Run(start, end, layers, level))
