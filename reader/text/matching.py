"""Which piece of an old text is which of a new one: paragraphs first, then sentences, then words, then what moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz.distance import OSA

from reader.text.blocks import (
    Pair,
    Segment,
    common_runs,
    heaviest_chain,
    once_in_both,
    pair_segments,
    paragraphs,
    sentences,
    size,
    weigh,
)
from reader.text.tokens import BREAK, CLOSERS, SPACE, STOPS, Tokens, fold

MOVED = 12  # how much a paragraph or a run of words must say (Tokens.weight) to be taken for moved
PASSAGE = 40  # and before the rest is compared in order
SHINGLE = 5  # pieces, spaces not counted, that show a moved run
STRETCH = 24  # pieces of a rewritten stretch whose words are compared letter by letter
SPELT = 0.6  # likeness of two spellings, by edit distance with neighbouring letters changed round
NEAR = 60  # pieces between two runs of one moved and edited block


@dataclass(slots=True)
class Matching:
    """Which piece of the new text each piece of the old one is (`partner`), and back; -1 for none.

    `moved` marks the old pieces whose partner stands out of the order of the rest.
    """

    old: Tokens
    new: Tokens
    partner: list[int] = field(init=False)
    back: list[int] = field(init=False)
    moved: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.partner, self.back = [-1] * len(self.old), [-1] * len(self.new)
        self.moved = bytearray(len(self.old))

    def join(self, old: int, new: int, moved: bool = False) -> None:
        """Make two free pieces partners."""
        self.partner[old], self.back[new], self.moved[old] = new, old, moved

    def part(self, old: int) -> None:
        """Make a piece and its partner free again."""
        self.back[self.partner[old]] = -1
        self.partner[old] = -1
        self.moved[old] = False

    def inline(self) -> Iterator[Pair]:
        """The partners that keep the order of the text, in order."""
        for old, new in enumerate(self.partner):
            if new >= 0 and not self.moved[old]:
                yield old, new

    def holes(self) -> Iterator[tuple[int, int, int, int]]:
        """The stretches `[a, b)` of the old text and `[c, d)` of the new between the partners in order."""
        a = c = 0
        for old, new in [*self.inline(), (len(self.old), len(self.new))]:
            if old > a or new > c:
                yield a, old, c, new
            a, c = old + 1, new + 1

    def free_old(self, first: int, last: int) -> list[int]:
        """The old pieces of `[first, last)` without partner."""
        return [index for index in range(first, last) if self.partner[index] < 0]

    def free_new(self, first: int, last: int) -> list[int]:
        """The new pieces of `[first, last)` without partner."""
        return [index for index in range(first, last) if self.back[index] < 0]


def match(old: Tokens, new: Tokens) -> Matching:
    """Find the partners of all pieces."""
    made = Matching(old, new)
    if old.code == new.code:
        _join_run(made, 0, 0, len(old), False)
        return made
    olds, news = paragraphs(old), paragraphs(new)
    olds, news = _pin_moved(made, olds, news)
    paired = pair_segments(olds, news)
    for i, j in paired:
        _match_inside(made, olds[i], news[j], False)
    _drop_accidents(made)
    _match_leftovers(made, PASSAGE)
    _mark_moved(made)
    _fill_holes(made)
    _drop_accidents(made)
    _match_leftovers(made, MOVED)
    _mark_moved(made)
    _slide(made)
    _match_reworded(made)
    return made


def _pin_moved(made: Matching, olds: list[Segment], news: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Join the paragraphs that stand once in each text and changed places; return the others."""
    pairs = once_in_both([segment.key for segment in olds], [segment.key for segment in news])
    chain = set(heaviest_chain([(i, j, size(olds[i])) for i, j in pairs]))
    gone = [(i, j) for i, j in pairs if (i, j) not in chain and weigh(made.old, olds[i]) >= 12]
    for i, j in gone:
        _match_inside(made, olds[i], news[j], True)
    left, right = {i for i, _ in gone}, {j for _, j in gone}
    return (
        [segment for index, segment in enumerate(olds) if index not in left],
        [segment for index, segment in enumerate(news) if index not in right],
    )


def _match_inside(made: Matching, old: Segment, new: Segment, moved: bool) -> None:
    """Partners within two segments that are one, reworded: sentence by sentence, then word by word."""
    if made.old.code[old.first : old.last] == made.new.code[new.first : new.last]:
        _join_run(made, old.first, new.first, old.last - old.first, moved)
        return
    olds, news = sentences(made.old, old), sentences(made.new, new)
    if len(olds) == 1 and len(news) == 1:
        _match_words(made, range(old.first, old.last), range(new.first, new.last), moved)
        return
    pairs = pair_segments(olds, news)
    for i, j in pairs:
        first, second = olds[i], news[j]
        _match_words(made, range(first.first, first.last), range(second.first, second.last), moved)
    if moved:
        _match_words(made, made.free_old(old.first, old.last), made.free_new(new.first, new.last), True)


def _join_run(made: Matching, old: int, new: int, length: int, moved: bool) -> None:
    for k in range(length):
        made.join(old + k, new + k, moved)


def _match_words(made: Matching, olds: Sequence[int], news: Sequence[int], moved: bool) -> None:
    """Partners among pieces of which none has one yet: words and signs, then the spaces between two such pairs."""
    if not olds or not news:
        return
    left, right = _said(made.old, olds), _said(made.new, news)
    runs = common_runs(
        *("".join(tokens.code[index] for index in said) for tokens, said in ((made.old, left), (made.new, right)))
    )
    pairs = [(left[i + k], right[j + k]) for i, j, length in runs for k in range(length)]
    for old, new in pairs:
        made.join(old, new, moved)
    edges = [(olds[0] - 1, news[0] - 1), *pairs, (olds[-1] + 1, news[-1] + 1)]
    for (old, new), (next_old, next_new) in pairwise(edges):
        _match_spaces(made, range(old + 1, next_old), range(new + 1, next_new), moved)


def _said(tokens: Tokens, indices: Sequence[int]) -> list[int]:
    return [index for index in indices if tokens.code[index] not in (BREAK, SPACE)]


def _match_spaces(made: Matching, olds: range, news: range, moved: bool) -> None:
    """Partners from both ends of what lies between two pairs; a rewritten word there stays without."""
    for step in (1, -1):
        for old, new in zip(olds[::step], news[::step], strict=False):
            if made.old.code[old] != made.new.code[new] or made.partner[old] >= 0 or made.back[new] >= 0:
                break
            made.join(old, new, moved)


def _fill_holes(made: Matching) -> None:
    """Compare what is left between partners, where paragraphs or sentences were split, joined or rewritten."""
    for a, b, c, d in list(made.holes()):
        if a < b and c < d:
            _match_words(made, made.free_old(a, b), made.free_new(c, d), False)


def _drop_accidents(made: Matching) -> None:
    """Part the few words that happen to agree between two long changes: they are not the same words."""
    holes = list(made.holes())
    weights = [max(_weight(made.old, a, b), _weight(made.new, c, d)) for a, b, c, d in holes]
    for (left, right), (before, after) in zip(pairwise(holes), pairwise(weights), strict=True):
        run = [old for old in range(left[1], right[0]) if made.partner[old] >= 0 and not made.moved[old]]
        few = len(_said(made.old, run)) < SHINGLE - 1
        if few and 4 * sum(made.old.weight(old) for old in run) <= min(before, after):
            for old in run:
                made.part(old)


def _weight(tokens: Tokens, first: int, last: int) -> int:
    return sum(tokens.weight(index) for index in range(first, last))


def _match_leftovers(made: Matching, least: int) -> None:
    """Find what moved and was perhaps edited: runs of SHINGLE pieces that stand once in what is left of each text.

    `least` is how much (Tokens.weight) such a block must say.
    """
    olds = _left(made.old, made.partner)
    news = _left(made.new, made.back)
    grams = _grams(made.old, olds), _grams(made.new, news)
    blocks: list[list[Pair]] = []
    for i, j in once_in_both(*grams):
        old, new = olds[i], news[j]
        if blocks and 0 < old - blocks[-1][-1][0] <= NEAR and 0 < new - blocks[-1][-1][1] <= NEAR:
            blocks[-1].append((old, new))
        else:
            blocks.append([(old, new)])
    for block in blocks:
        _match_block(made, block, least)


def _left(tokens: Tokens, partners: list[int]) -> list[int]:
    return _said(tokens, [index for index, other in enumerate(partners) if other < 0])


def _grams(tokens: Tokens, left: list[int]) -> list[str]:
    """The next SHINGLE pieces from each of `left`; empty where pieces that have a partner come between."""
    grams = []
    for at in range(len(left)):
        run = left[at : at + SHINGLE]
        whole = len(run) == SHINGLE and run[-1] - run[0] < 3 * SHINGLE
        grams.append("".join(tokens.code[index] for index in run) if whole else "")
    return grams


def _match_block(made: Matching, block: list[Pair], least: int) -> None:
    (first, second), (last, end) = block[0], block[-1]
    first, second = _grown(made, first, second, -1)
    last, end = _grown(made, last, end, 1)
    if _weight(made.old, first, last + 1) >= least:
        _match_words(made, made.free_old(first, last + 1), made.free_new(second, end + 1), True)


def _grown(made: Matching, old: int, new: int, step: int) -> Pair:
    """The last pieces that are free and equal all the way from `old` and `new` in the direction of `step`."""
    while (
        0 <= old + step < len(made.old)
        and 0 <= new + step < len(made.new)
        and made.partner[old + step] < 0
        and made.back[new + step] < 0
        and made.old.code[old + step] == made.new.code[new + step]
    ):
        old, new = old + step, new + step
    return old, new


def _mark_moved(made: Matching) -> None:
    """Call moved what is off the heaviest chain of runs, however it was found."""
    runs: list[list[int]] = []
    for old, new in enumerate(made.partner):
        if new < 0:
            continue
        if runs and made.partner[runs[-1][-1]] == new - 1:
            runs[-1].append(old)
        else:
            runs.append([old])
    weighted = [(run[0], made.partner[run[0]], 0.1 + sum(map(made.old.weight, run))) for run in runs]
    chain = set(heaviest_chain(weighted))
    for run in runs:
        moved = (run[0], made.partner[run[0]]) not in chain
        for old in run:
            made.moved[old] = moved


def _slide(made: Matching) -> None:
    """Where words were inserted or taken out among equal words, let the change begin and end with a sentence."""
    for a, b, c, d in list(made.holes()):
        if a == b:
            _slide_one(made, made.new, (c, d), a, False)
        elif c == d:
            _slide_one(made, made.old, (a, b), c, True)


def _slide_one(made: Matching, tokens: Tokens, hole: Pair, other: int, taken_out: bool) -> None:
    first, last = hole
    best, shift = _seam(tokens, first) + _seam(tokens, last), 0
    for step in range(1, min(200, first, other) + 1):
        partner = made.partner[first - step] if taken_out else made.back[first - step]
        if tokens.code[first - step] != tokens.code[last - step] or partner != other - step:
            break
        score = _seam(tokens, first - step) + _seam(tokens, last - step)
        if score > best:
            best, shift = score, step
    for step in range(1, shift + 1):
        old, new = (first - step, other - step) if taken_out else (other - step, first - step)
        made.part(old)
        if taken_out:
            made.join(last - step, new)
        else:
            made.join(old, last - step)


def _match_reworded(made: Matching) -> None:
    """Join words that were spelt anew or inflected, in short stretches that became others."""
    for a, b, c, d in list(made.holes()):
        if not (a < b and c < d and max(b - a, d - c) <= STRETCH):
            continue
        olds, news = _said(made.old, made.free_old(a, b)), _said(made.new, made.free_new(c, d))
        if len(olds) != len(news) and _run_together(made.old, olds) == _run_together(made.new, news):
            continue  # «any thing» became «anything»: no word is one of the others
        pairs = ((old, new, _spelt_alike(made, old, new)) for old in olds for new in news)
        for old, new in heaviest_chain([pair for pair in pairs if pair[2] >= SPELT]):
            made.join(old, new)


def _run_together(tokens: Tokens, indices: list[int]) -> str:
    return fold("".join(tokens.words(index, index + 1) for index in indices))


def _spelt_alike(made: Matching, old: int, new: int) -> float:
    before, after = fold(made.old.words(old, old + 1)), fold(made.new.words(new, new + 1))
    return OSA.normalized_similarity(before, after) if min(len(before), len(after)) > 2 else 0.0


def _seam(tokens: Tokens, at: int) -> int:
    """How good a place a change has between the pieces `at - 1` and `at`: 4 between paragraphs, 0 within words."""
    if at in (0, len(tokens)) or tokens.code[at - 1] == BREAK:
        return 4
    before = tokens.code[at - 1]
    if before == "\x13" or (before == SPACE and at > 1 and tokens.code[at - 2] in STOPS + CLOSERS):
        return 3
    return 1 if before == SPACE or tokens.code[at] in (SPACE, BREAK) else 0
