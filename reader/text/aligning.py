"""Two revisions of a text beside each other: what became of each place of the old one, and how their words differ."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

from rapidfuzz.distance import Indel, Levenshtein, Opcode

from reader.text.fuzzy import LONG, Page, likeness
from reader.text.matching import NEAR, Matching, match
from reader.text.placing import MANY, choose, most_like, occurrences
from reader.text.selectors import Span, quote_at
from reader.text.tokens import Reader

State = Literal["exact", "moved", "changed", "lost"]
Kind = Literal["equal", "insert", "delete", "replace"]

SURVIVES = 0.5  # likeness from which mapped words are the old ones, reworded
PARTNERED = 0.4  # part of the old words (Tokens.weight) that must have a partner there
ALIKE = 0.7  # likeness from which they may have none: § 5 Abs. and § 5 Absatz
WHOLE = 0.75  # part of the old words from which it does not matter what was put between them
FOUND = 0.75  # likeness that words without partners need
SENTENCE = 32  # what words must say (placing.says) to be found again where nothing around them is the same
FOUND_LETTERS = 0.6  # likeness of two rewritten stretches that are compared letter by letter
WIDE = 0.2  # likeness by which a narrower place must be better than a wider one
BECAME = 0.3  # likeness of two stretches from which one is the other, rewritten
LETTERS = 3000  # code points of a rewritten stretch within which edges are mapped letter by letter


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of a place. `exact` and `moved`: the very words; `changed`: others, likeness `score` (1 where
    only case, spaces or kinds of sign differ); `lost`: no span, score 0."""

    span: Span | None
    state: State
    score: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of the old text and of the new. Together they cover both texts, in order."""

    kind: Kind
    old: Span
    new: Span


LOST = Carried(None, "lost", 0.0)


def align(old: str, new: str) -> "Alignment":
    """Put two texts beside each other; any two strings."""
    return Alignment(old, new)


def carry(old: str, new: str, spans: Iterable[Span]) -> list[Carried]:
    """What became of each of `spans` of `old` in `new`, in their order."""
    alignment = align(old, new)
    return [alignment.carry(span) for span in spans]


class Alignment:
    """An old text beside a new one. Positions are code points."""

    def __init__(self, old: str, new: str) -> None:
        self.reader = Reader()
        self.old, self.new = self.reader.read(old), self.reader.read(new)
        self.matching: Matching = match(self.old, self.new)

    def carry(self, span: Span) -> Carried:
        """What became of the words at `span` of the old text (cut off at its end)."""
        length = len(self.old.text)
        span = Span(min(span.start, length), min(span.end, length))
        if not len(span):
            return self._carry_point(span.start)
        return self._carry_words(span) or self._carry_letters(span) or self._search(span) or LOST

    def differences(self) -> list[Difference]:
        """The texts word by word, for showing side by side. What moved is deleted here and inserted there."""
        made: list[Difference] = []
        for kind, old, new in self._steps():
            if made and made[-1].kind == kind:
                last = made.pop()
                old, new = Span(last.old.start, old.end), Span(last.new.start, new.end)
            made.append(Difference(kind, old, new))
        return made

    def _steps(self) -> Iterator[tuple[Kind, Span, Span]]:
        old, new = self.old, self.new
        a = c = 0
        for i, j in [*self.matching.inline(), (len(old), len(new))]:
            if i > a or j > c:
                kind: Kind = "replace" if i > a and j > c else "delete" if i > a else "insert"
                yield kind, old.span(a, i), new.span(c, j)
            if i < len(old):
                same = old.words(i, i + 1) == new.words(j, j + 1)
                yield "equal" if same else "replace", old.span(i, i + 1), new.span(j, j + 1)
            a, c = i + 1, j + 1

    def _carry_point(self, at: int) -> Carried:
        """A place between two letters stays between them; next to one of them if only that is left."""
        before = self._letter(at - 1) if at else -1
        after = self._letter(at) if at < len(self.old.text) else len(self.new.text)
        if before is not None and after == before + 1:
            return Carried(Span(before + 1, before + 1), "exact", 1.0)
        if before is not None and (at or after is None):
            return Carried(Span(before + 1, before + 1), "changed", 0.5)
        return LOST if after is None else Carried(Span(after, after), "changed", 0.5)

    def _letter(self, at: int) -> int | None:
        """The position of the old text's letter at `at` in the new one, if its word has a partner of one length."""
        piece = bisect_right(self.old.starts, at, hi=len(self.old)) - 1
        other = self.matching.partner[piece]
        if other < 0 or len(self.old.span(piece, piece + 1)) != len(self.new.span(other, other + 1)):
            return None
        return self.new.starts[other] + at - self.old.starts[piece]

    def _carry_words(self, span: Span) -> Carried | None:
        """The place the partners of the words point to, if enough of the words is there."""
        first, last = self.old.around(span)
        run = self._main_run(first, last)
        if not run:
            return None
        part = self._says(run) / self._says(range(first, last))
        words = span.of(self.old.text)
        if part < PARTNERED and len(words) > LONG:  # not worth the time of comparing them letter by letter
            return None
        found = self._very_words(span, run) or self._best_edges(span, run)
        if found is None:
            return None
        score = likeness(words, found.of(self.new.text))
        if score < ALIKE and (part < PARTNERED or (score < SURVIVES and part < WHOLE)):
            return None
        if found.of(self.new.text) != words:
            return Carried(found, "changed", score)
        return Carried(found, "moved" if self.matching.moved[run[0]] else "exact", 1.0)

    def _main_run(self, first: int, last: int) -> list[int]:
        """The old pieces in `[first, last)` whose partners stand together: in order, or moved to one place."""
        runs: list[list[int]] = [[]]
        for index in range(first, last):
            other = self.matching.partner[index]
            if other >= 0 and not self.matching.moved[index]:
                runs[0].append(index)
            elif other >= 0:
                before = self.matching.partner[runs[-1][-1]] if len(runs) > 1 else -NEAR
                if not 0 < other - before <= NEAR:
                    runs.append([])
                runs[-1].append(index)
        return max(runs, key=self._says)

    def _says(self, pieces: Iterable[int]) -> float:
        """How much old pieces say together; spaces nearly nothing, but more than none."""
        return sum(self.old.weight(piece) + 0.01 for piece in pieces)

    def _very_words(self, span: Span, run: list[int]) -> Span | None:
        """The very words, where they stand close to where the partners say, on at least half of these."""
        words = span.of(self.old.text)
        held = self._says(run)
        for place in self._near(words, span, run):
            first, last = self.new.around(place)
            inside = (old for old in run if first <= self.matching.partner[old] < last)
            if 2 * self._says(inside) > held:
                return place
        return None

    def _near(self, words: str, span: Span, run: list[int]) -> Iterator[Span]:
        """Where `words` stand next to the place the first partner points to, and next to that of the last one."""
        text, size = self.new.text, len(words)
        for piece in (run[0], run[-1]):
            expected = max(0, self.new.starts[self.matching.partner[piece]] - (self.old.starts[piece] - span.start))
            before = text.rfind(words, max(0, expected - size), expected + size)
            after = text.find(words, expected, expected + 2 * size)
            found = [at for at in (before, after) if at >= 0]
            yield from (Span(at, at + size) for at in sorted(found, key=lambda at: abs(at - expected)))

    def _best_edges(self, span: Span, run: list[int]) -> Span | None:
        """The place from the first to the last partner, with the rewritten words at its edges unless they are
        much less like the old ones."""
        words = span.of(self.old.text)
        best: Span | None = None
        most = -1.0
        for start, end in product(self._starts(span, run), self._ends(span, run)):  # the widest first
            place = self._trimmed(words, start, end)
            if len(words) > LONG and len(place):  # a few words at its edges weigh nothing
                return place
            score = likeness(words, place.of(self.new.text))
            if len(place) and score > most + (WIDE if best else 0):
                best, most = place, score
        return best

    def _trimmed(self, words: str, start: int, end: int) -> Span:
        """No space at an edge where the old words had none."""
        text = self.new.text
        while start < end and text[start].isspace() and not words[0].isspace():
            start += 1
        while start < end and text[end - 1].isspace() and not words[-1].isspace():
            end -= 1
        return Span(start, max(start, end))

    def _starts(self, span: Span, run: list[int]) -> Iterator[int]:
        first, other = run[0], self.matching.partner[run[0]]
        if self.old.starts[first] <= span.start:
            yield self._within(first, span.start)
            return
        before = self._neighbour(first, -1)
        hole_old = self.old.span(before[0] + 1, first)
        hole_new = self.new.span(before[1] + 1, other)
        yield from self._edge(span.start, hole_old.end - span.start, hole_old, hole_new)
        yield self.new.starts[other]

    def _ends(self, span: Span, run: list[int]) -> Iterator[int]:
        last, other = run[-1], self.matching.partner[run[-1]]
        if self.old.starts[last + 1] >= span.end:
            yield self._within(last, span.end)
            return
        after = self._neighbour(last, 1)
        hole_old = self.old.span(last + 1, after[0])
        hole_new = self.new.span(other + 1, after[1])
        yield from self._edge(span.end, span.end - hole_old.start, hole_old, hole_new)
        yield self.new.starts[other + 1]

    def _neighbour(self, index: int, step: int) -> tuple[int, int]:
        """The next pieces that have partners, from a piece and from its own partner, in the direction of `step`."""
        old, new = index + step, self.matching.partner[index] + step
        while 0 <= old < len(self.old) and self.matching.partner[old] < 0:
            old += step
        while 0 <= new < len(self.new) and self.matching.back[new] < 0:
            new += step
        return old, new

    def _within(self, piece: int, at: int) -> int:
        """The position of `at`, in or at the edge of an old piece, in its partner."""
        other = self.matching.partner[piece]
        here, there = self.old.span(piece, piece + 1), self.new.span(other, other + 1)
        if at in (here.start, here.end):
            return there.start if at == here.start else there.end
        return there.start + min(at - here.start, len(there))

    def _edge(self, at: int, part: int, old: Span, new: Span) -> Iterator[int]:
        """Where an edge may be that lies in a rewritten stretch, of which `part` code points belong to the words."""
        if 0 < at - old.start < len(old):
            if self._became(old, new):
                yield self._by_letters(at, old, new)
        elif len(new) <= 3 * part + 12:  # what is much longer is another passage
            yield new.start if at <= old.start else new.end

    def _became(self, old: Span, new: Span) -> bool:
        """True when two stretches are alike enough, and short enough, to follow a letter from one to the other."""
        if max(len(old), len(new)) > LETTERS:
            return False
        return likeness(old.of(self.old.text), new.of(self.new.text)) >= BECAME

    def _by_letters(self, at: int, old: Span, new: Span) -> int:
        steps = Levenshtein.opcodes(old.of(self.old.text), new.of(self.new.text))
        there = new.start + _mapped(steps, at - old.start)
        return self._snapped(there) if at == self.old.starts[bisect_left(self.old.starts, at)] else there

    def _snapped(self, at: int) -> int:
        """The nearest edge of a word."""
        place = bisect_left(self.new.starts, at)
        return min(self.new.starts[max(0, place - 1) : place + 1], key=lambda edge: abs(edge - at))

    def _carry_letters(self, span: Span) -> Carried | None:
        """The place of words that became part of others, or others of them: «any thing» and «anything»."""
        holes = self._hole(*self.old.around(span))
        if holes is None or not len(holes[1]) or max(map(len, holes)) > LETTERS:
            return None
        old, new = holes
        before, after = old.of(self.old.text), new.of(self.new.text)
        if likeness("".join(before.split()), "".join(after.split())) < FOUND_LETTERS:
            return None
        steps = Indel.opcodes(before, after)
        start = new.start + _mapped(steps, span.start - old.start, True)
        end = new.start + _mapped(steps, span.end - old.start)
        found, words = Span(start, max(start, end)), span.of(self.old.text)
        score = likeness(words, found.of(self.new.text))
        if score < FOUND:
            return None
        return Carried(found, "exact" if found.of(self.new.text) == words else "changed", score)

    def _hole(self, first: int, last: int) -> tuple[Span, Span] | None:
        """The stretch without partners that holds the pieces `[first, last)`, and what stands there in the new text."""
        partner = self.matching.partner
        while first > 0 and partner[first - 1] < 0:
            first -= 1
        while last < len(self.old) and partner[last] < 0:
            last += 1
        low = partner[first - 1] + 1 if first else 0
        high = partner[last] if last < len(self.old) else len(self.new)
        if any(partner[index] >= 0 for index in range(first, last)) or low > high:
            return None
        if any(self.matching.back[index] >= 0 for index in range(low, high)):
            return None
        return self.old.span(first, last), self.new.span(low, high)

    @cached_property
    def _free(self) -> Page:
        """The new text, to be searched where it has words that are no old words' partners."""
        free = (index for index, other in enumerate(self.matching.back) if other < 0)
        return Page(self.new, self.reader, free)

    def _search(self, span: Span) -> Carried | None:
        """The words elsewhere, but never on words that are others' partners: a deleted passage is not its twin."""
        quote = quote_at(self.old.text, span)
        places = [place for place in occurrences(self.new.text, quote.exact, MANY) if self._is_free(place)]
        placed = choose(self.new.text, places, quote, short=SENTENCE) or (
            None if places else most_like(self._free, quote, FOUND)
        )
        if placed is None or not self._is_free(placed.span):
            return None
        same = placed.span.of(self.new.text) == quote.exact
        return Carried(placed.span, "moved" if same else "changed", 1.0 if same else placed.score)

    def _is_free(self, span: Span) -> bool:
        return all(self.matching.back[index] < 0 for index in range(*self.new.around(span)))


def _mapped(steps: Iterable[Opcode], at: int, starts: bool = False) -> int:
    """A position before the edit in the text after it. Of what is inserted just there, a start stays behind and
    an end stays before."""
    found = 0
    for step in steps:
        if step.src_start <= at <= step.src_end:
            found = min(step.dest_start + at - step.src_start, step.dest_end)
            if not starts and step.src_end > step.src_start:
                return found
    return found
