"""Paragraphs, sentences and runs of words that two texts share.

Near-identical items of a list differ in a word or two: taken word by word, a deleted one is easily mistaken for its
neighbour. So whole paragraphs and sentences are paired by likeness before their words are compared, by the heaviest
chain of pairs that keeps its order. The words of a pair are compared by longest common subsequence (rapidfuzz).
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel, LCSseq

from reader.text.tokens import BREAK, CLOSERS, SPACE, STOPS, Tokens

ALIKE = 0.5  # likeness from which two segments may be one, reworded
TABLE = 1 << 12  # pairs of segments that are all compared; beyond, only those that share rare words
MATRIX = 1 << 24  # pairs of pieces in one comparison by longest common subsequence (2 MB)
_SPACES = str.maketrans("", "", BREAK + SPACE)
_PARAGRAPH = re.compile(f"[^{BREAK}]*{BREAK}|[^{BREAK}]+")
_SENTENCE_END = re.compile(f"(?:[{STOPS}]+[{re.escape(CLOSERS)}]*(?:[{SPACE}{BREAK}]+)|\x13[{re.escape(CLOSERS)}]*)")

Pair = tuple[int, int]
Weighted = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """The pieces `[first, last)`, a paragraph or sentence; `key` is their code without spaces."""

    first: int
    last: int
    key: str


def paragraphs(tokens: Tokens) -> list[Segment]:
    """The paragraphs of the text, each with the break that ends it."""
    return [_segment(tokens, *found.span()) for found in _PARAGRAPH.finditer(tokens.code)]


def sentences(tokens: Tokens, within: Segment) -> list[Segment]:
    """The sentences of one segment, each with the space after it."""
    ends = (found.end() for found in _SENTENCE_END.finditer(tokens.code, within.first, within.last))
    edges = sorted({within.first, *ends, within.last})
    return [_segment(tokens, first, last) for first, last in pairwise(edges)]


def _segment(tokens: Tokens, first: int, last: int) -> Segment:
    return Segment(first, last, tokens.code[first:last].translate(_SPACES))


def heaviest_chain(pairs: Sequence[Weighted]) -> list[Pair]:
    """The pairs that go up on both sides and weigh most together; of equal ones the first found.

    The heaviest increasing subsequence, with a Fenwick tree of prefix maxima: n log n.
    """
    ordered = sorted(pairs, key=lambda pair: (pair[0], -pair[1]))
    columns = sorted({pair[1] for pair in pairs})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(columns) + 1)
    before = [-1] * len(ordered)
    best, last = 0.0, -1
    for index, (_, column, weight) in enumerate(ordered):
        place = bisect_left(columns, column)
        total, before[index] = _highest(tree, place)
        total += weight
        _raise(tree, place + 1, (total, index))
        if total > best:
            best, last = total, index
    chain: list[Pair] = []
    while last >= 0:
        chain.append((ordered[last][0], ordered[last][1]))
        last = before[last]
    return chain[::-1]


def _highest(tree: list[tuple[float, int]], place: int) -> tuple[float, int]:
    found = (0.0, -1)
    while place:
        if tree[place][0] > found[0]:
            found = tree[place]
        place &= place - 1
    return found


def _raise(tree: list[tuple[float, int]], place: int, to: tuple[float, int]) -> None:
    while place < len(tree):
        if to[0] > tree[place][0]:
            tree[place] = to
        place += place & -place


def once_in_both(olds: Sequence[str], news: Sequence[str]) -> list[Pair]:
    """Where the strings stand that occur once in `olds` and once in `news`."""
    in_old, in_new = Counter(olds), Counter(news)
    places = {key: index for index, key in enumerate(news) if in_new[key] == 1}
    return [(index, places[key]) for index, key in enumerate(olds) if key and in_old[key] == 1 and key in places]


def weigh(tokens: Tokens, segment: Segment) -> int:
    """How much the pieces of a segment say together."""
    return sum(tokens.weight(index) for index in range(segment.first, segment.last))


def size(segment: Segment) -> float:
    """How many pieces a segment has, spaces not counted."""
    return float(len(segment.key))


def pair_segments(olds: list[Segment], news: list[Segment]) -> list[Pair]:
    """The segments of `olds` and `news` that are the same, perhaps reworded: indices, going up on both sides."""
    found: list[Pair] = []
    work = [(0, len(olds), 0, len(news))]
    while work:
        a, b, c, d = work.pop()
        head, tail = _same_ends(olds, news, a, b, c, d)
        found += [(a + k, c + k) for k in range(head)]
        found += [(b - k, d - k) for k in range(1, tail + 1)]
        a, b, c, d = a + head, b - tail, c + head, d - tail
        if a == b or c == d:
            continue
        pins = [] if (b - a) * (d - c) <= TABLE else _pins(olds, news, a, b, c, d)
        if not pins:
            found += _alike_chain(olds, news, a, b, c, d)
            continue
        found += pins
        edges = [(a - 1, c - 1), *pins, (b, d)]
        work += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
    return sorted(found)


def _same_ends(olds: list[Segment], news: list[Segment], a: int, b: int, c: int, d: int) -> Pair:
    head = tail = 0
    room = min(b - a, d - c)
    while head < room and olds[a + head].key == news[c + head].key:
        head += 1
    while tail < room - head and olds[b - 1 - tail].key == news[d - 1 - tail].key:
        tail += 1
    return head, tail


def _pins(olds: list[Segment], news: list[Segment], a: int, b: int, c: int, d: int) -> list[Pair]:
    pairs = once_in_both([segment.key for segment in olds[a:b]], [segment.key for segment in news[c:d]])
    return heaviest_chain([(a + i, c + j, size(olds[a + i])) for i, j in pairs])


def _alike_chain(olds: list[Segment], news: list[Segment], a: int, b: int, c: int, d: int) -> list[Pair]:
    weighted: list[Weighted] = []
    for i, j in _candidates(olds, news, a, b, c, d):
        excess = alike(olds[i].key, news[j].key) - ALIKE
        if excess > 0:
            size = len(olds[i].key) + len(news[j].key)
            weighted.append((i, j, size * (excess + 0.05 * _same_neighbours(olds, news, i, j))))
    return heaviest_chain(weighted)


def _same_neighbours(olds: list[Segment], news: list[Segment], i: int, j: int) -> int:
    before = i and j and olds[i - 1].key == news[j - 1].key
    after = i + 1 < len(olds) and j + 1 < len(news) and olds[i + 1].key == news[j + 1].key
    return bool(before) + bool(after)


def alike(old: str, new: str) -> float:
    """How much of two codes is the same, 0 to 1, by insertions and deletions (rapidfuzz)."""
    return Indel.normalized_similarity(old, new, score_cutoff=ALIKE)


def _candidates(olds: list[Segment], news: list[Segment], a: int, b: int, c: int, d: int) -> Iterator[Pair]:
    """All pairs of a small table; of a large one, for each old segment the three that share most rare runs with it."""
    if (b - a) * (d - c) <= TABLE:
        yield from ((i, j) for i in range(a, b) for j in range(c, d))
        return
    holders: dict[str, list[int]] = defaultdict(list)
    for j in range(c, d):
        for shingle in _shingles(news[j].key, 2):
            holders[shingle].append(j)
    for i in range(a, b):
        votes: Counter[int] = Counter()
        for shingle in _shingles(olds[i].key, 2):
            if len(holders.get(shingle, ())) <= 8:
                votes.update(holders.get(shingle, ()))
        yield from ((i, j) for j, _ in votes.most_common(3))


def _shingles(key: str, size: int) -> set[str]:
    return {key[at : at + size] for at in range(max(1, len(key) - size + 1))}


def common_runs(left: str, right: str) -> list[tuple[int, int, int]]:
    """A long common subsequence as runs (start in left, start in right, length), in order.

    The longest one within stretches of bounded size; larger ones are cut first, at what stands once in both.
    """
    found: list[tuple[int, int, int]] = []
    work = [(0, len(left), 0, len(right), 16)]
    while work:
        a, b, c, d, size = work.pop()
        head, tail = _equal_ends(left, right, a, b, c, d)
        found += [(a, c, head), (b - tail, d - tail, tail)]
        a, b, c, d = a + head, b - tail, c + head, d - tail
        if a == b or c == d:
            continue
        if (b - a) * (d - c) <= MATRIX:
            found += _longest(left[a:b], right[c:d], a, c)
        else:
            work += _cuts(left, right, a, b, c, d, size)
    return sorted(run for run in found if run[2])


def _equal_ends(left: str, right: str, a: int, b: int, c: int, d: int) -> Pair:
    head = tail = 0
    room = min(b - a, d - c)
    while head < room and left[a + head] == right[c + head]:
        head += 1
    while tail < room - head and left[b - 1 - tail] == right[d - 1 - tail]:
        tail += 1
    return head, tail


def _longest(left: str, right: str, a: int, c: int) -> list[tuple[int, int, int]]:
    return [
        (a + step.src_start, c + step.dest_start, step.src_end - step.src_start)
        for step in LCSseq.opcodes(left, right)
        if step.tag == "equal"
    ]


def _cuts(left: str, right: str, a: int, b: int, c: int, d: int, size: int) -> list[tuple[int, int, int, int, int]]:
    """Smaller stretches of `[a, b)` and `[c, d)`: between runs of `size` pieces that stand once in both, or else
    pieces of even length (of texts that repeat themselves so much there is nothing better)."""
    grams = (
        [left[at : at + size] for at in range(a, b - size + 1)],
        [right[at : at + size] for at in range(c, d - size + 1)],
    )
    chain = heaviest_chain([(a + i, c + j, 1.0) for i, j in once_in_both(*grams)])
    if chain:
        edges = [(a, c), *chain, (b, d)]
        return [(i, k, j, m, size) for (i, j), (k, m) in pairwise(edges)]
    if size > 2:
        return [(a, b, c, d, size // 2)]
    parts = 2 + max(b - a, d - c) // 2000
    at = [(a + (b - a) * k // parts, c + (d - c) * k // parts) for k in range(parts + 1)]
    return [(i, k, j, m, 16) for (i, j), (k, m) in pairwise(at)]
