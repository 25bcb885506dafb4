"""Which paragraph of an old text each paragraph of a new one comes from, by the words they share."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from reader.text.aligning import Alignment
from reader.text.selectors import Span

KINSHIP = 0.5  # part of the shorter of two paragraphs that the other must hold to be the same paragraph


def shares(alignment: Alignment, old: Sequence[Span], new: Sequence[Span]) -> Counter[tuple[int, int]]:
    """How many code points of words each old paragraph gave each new one: `{(old, new): weight}`, indices from 0.

    `old` and `new` are the paragraphs of the two texts in order. Linear in the length of the texts.
    """
    old_starts, new_starts = [span.start for span in old], [span.start for span in new]
    found: Counter[tuple[int, int]] = Counter()
    for piece, other in enumerate(alignment.matching.partner):
        weight = alignment.old.weight(piece)
        if other >= 0 and weight:
            here = bisect_right(old_starts, alignment.old.starts[piece]) - 1
            there = bisect_right(new_starts, alignment.new.starts[other]) - 1
            found[here, there] += weight
    return found


def heirs(alignment: Alignment, old: Sequence[Span], new: Sequence[Span]) -> list[int | None]:
    """For each new paragraph the old one it continues, or None.

    Each old paragraph has one heir at most: of a split one the larger part; a merged one continues the larger.
    """
    weights_old = [_weight(alignment, span, of_new=False) for span in old]
    weights_new = [_weight(alignment, span, of_new=True) for span in new]
    found: list[int | None] = [None] * len(new)
    taken: set[int] = set()
    given = shares(alignment, old, new)
    for (here, there), weight in sorted(given.items(), key=lambda share: (-share[1], share[0])):
        enough = weight >= KINSHIP * min(weights_old[here], weights_new[there])
        if enough and found[there] is None and here not in taken:
            found[there] = here
            taken.add(here)
    return found


def _weight(alignment: Alignment, span: Span, *, of_new: bool) -> int:
    tokens = alignment.new if of_new else alignment.old
    return sum(map(tokens.weight, range(*tokens.around(span))))
