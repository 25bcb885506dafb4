"""What becomes of everything that lies on a text when the text is revised. Reads the database, writes nothing.

Each place is carried by reader.text.aligning from the revision it lay in to the new text. A note is judged by the
words its author saw, not by those of the revision before: many small changes are one large one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from reader.models import Annotation, Article, CrossReference, Mention, Placement, Revision, TimelineEvent
from reader.operations.errors import NoSuchPlace
from reader.text.aligning import LOST, Alignment, Carried, align
from reader.text.fuzzy import likeness
from reader.text.normalise import SEPARATOR
from reader.text.selectors import Span

Row = Annotation | Mention | CrossReference | TimelineEvent
Corrections = dict[str, Span | None]  # name of a place -> where an editor puts it; None: its words are gone

RETURNS = 0.8  # likeness that words reported lost once need to be taken for themselves again
EXACT, MOVED, CHANGED, GONE = "exact", "moved", "changed", "lost"
KINDS = ("note", "mention", "reference", "event")


@dataclass(frozen=True, slots=True)
class Fate:
    """One place and what becomes of it. `old` counts in the text of `revision`, `new` in the new text."""

    name: str
    kind: str
    row: Row
    revision: Revision
    old: Span
    new: Span | None
    state: str
    score: float
    settled: bool  # nothing to look at: the same words as before, or lost before as well
    placed_by: int | None = None  # the person who once said where it belongs
    corrected: bool = False  # the editor says so now

    @property
    def is_doubtful(self) -> bool:
        """True when an editor should look before publishing: other words than before, or none."""
        return not self.settled and (self.state == GONE or (self.state == CHANGED and self.score < 1))


class Carrier:
    """Carries spans of any revision to one new text; each pair of texts is aligned once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._alignments: dict[int, Alignment] = {}

    def alignment(self, revision: Revision) -> Alignment:
        """The revision's text beside the new one."""
        if revision.pk not in self._alignments:
            self._alignments[revision.pk] = align(revision.text, self.text)
        return self._alignments[revision.pk]

    def instead(self, revision: Revision, span: Span) -> Span | None:
        """What stands between what stood before and behind the words at `span`, if that is not much more."""
        alignment = self.alignment(revision)
        before, after = (alignment.carry(Span(at, at)).span for at in (span.start, span.end))
        if before is None or after is None or not 0 < after.start - before.start <= 3 * len(span) + 12:
            return None
        found = Span(before.start, after.start)
        return found if found.of(self.text).strip() and SEPARATOR not in found.of(self.text) else None

    def carry(self, revision: Revision, span: Span) -> Carried:
        """Where the words at `span` of the revision are now; a place without words is none."""
        found = self.alignment(revision).carry(span)
        return found if found.span is not None and found.span.of(self.text).strip() else LOST


class Carrying:
    """Everything on an article, carried from its current revision to `text`."""

    def __init__(
        self, article: Article, text: str, corrections: Corrections | None = None, carrier: Carrier | None = None
    ) -> None:
        if article.current is None:
            raise ValueError("Only an article that has a text can be revised.")
        self.article, self.current, self.text = article, article.current, text
        self.corrections = corrections or {}
        self.carrier = carrier or Carrier(text)

    @cached_property
    def revisions(self) -> dict[int, Revision]:
        """The article's revisions; the text of each is read when something is carried from it, and only then."""
        rows = self.article.revisions.defer("text", "source")
        return {row.pk: row for row in rows} | {self.current.pk: self.current}

    @cached_property
    def notes(self) -> list[Fate]:
        """Every note that lies on words (replies do not), private and waiting ones included."""
        notes = self.article.annotations.filter(start__isnull=False)
        places = self._placements()
        return [self._corrected(self.note(note, places.get(note.pk, []))) for note in notes]

    @cached_property
    def mentions(self) -> list[Fate]:
        """Mentions of cards; those that would lie over another, or over the end of a paragraph, are lost."""
        rows = self.current.mentions.select_related("card").order_by("start")
        fates = [self._place(f"mention-{row.pk}", row, self.current, row.start, row.end) for row in rows]
        return list(_apart(map(self._corrected, fates), self.text))

    @cached_property
    def references(self) -> list[tuple[Fate, ...]]:
        """Cross-references: the place they start from, and the place they lead to unless that is a card."""
        rows = self.current.crossreferences.select_related("target_card")
        return [tuple(map(self._corrected, self._ends(row))) for row in rows]

    @cached_property
    def events(self) -> list[Fate]:
        """The quotes of the timeline, each from the revision its words were last found in."""
        rows = self.article.timeline.filter(revision__isnull=False)
        return [self._corrected(self._event(row)) for row in rows]

    def all(self) -> Iterator[Fate]:
        """All places, in the order a report gives them."""
        yield from self.notes
        yield from self.mentions
        for ends in self.references:
            yield from ends
        yield from self.events

    def _placements(self) -> dict[int, list[Placement]]:
        """The places of each note, the newest revision first."""
        found: dict[int, list[Placement]] = {}
        rows = Placement.objects.filter(annotation__article=self.article)
        for placement in rows.order_by("-revision__number"):
            placement.revision = self.revisions[placement.revision_id]
            found.setdefault(placement.annotation_id, []).append(placement)
        return found

    def note(self, note: Annotation, places: list[Placement]) -> Fate:
        """From where it lay last; when only other words lie there, also from where its own words lay last."""
        placed = [place for place in places if place.start is not None]
        last = placed[0] if placed else self._first_place(note)
        newest = places[0] if places else last
        was_lost = newest.state == GONE
        put_away = was_lost and newest.placed_by_id is not None  # a person said so: only a person brings it back
        found = LOST if put_away else self._best(last, placed, returning=was_lost)
        fate = Fate(
            f"note-{note.uid}", "note", note, last.revision, _span(last), found.span, found.state, found.score,
            settled=_settled(found, was_lost), placed_by=newest.placed_by_id,
        )  # fmt: skip
        return judged(fate, self.text)

    def _first_place(self, note: Annotation) -> Placement:
        """Where a note lay when it was written."""
        revision = self.revisions[note.revision_id or self.current.pk]
        return Placement(annotation=note, revision=revision, start=note.start, end=note.end, state=EXACT)

    def _best(self, last: Placement, placed: list[Placement], *, returning: bool) -> Carried:
        found = self._from(last, returning=returning)
        if last.state != CHANGED or last.placed_by_id is not None:
            return found
        sound = next((place for place in placed if place.state in (EXACT, MOVED)), None)
        again = self._from(sound, returning=True) if sound else LOST
        return again if again.state in (EXACT, MOVED) or found.state == GONE else found

    def _from(self, place: Placement, *, returning: bool) -> Carried:
        found = self.carrier.carry(place.revision, _span(place))
        return LOST if returning and found.score < RETURNS else found

    def _place(self, name: str, row: Row, revision: Revision, start: int, end: int) -> Fate:
        old = Span(start, end)
        was_lost = revision.pk != self.current.pk
        found = self.carrier.carry(revision, old)
        if was_lost and found.score < RETURNS:
            found = LOST
        kind = name.partition("-")[0]
        fate = Fate(
            name, kind, row, revision, old, found.span, found.state, found.score, settled=_settled(found, was_lost)
        )
        return judged(fate, self.text)

    def _ends(self, row: CrossReference) -> Iterator[Fate]:
        yield self._place(f"reference-{row.pk}", row, self.current, row.start, row.end)
        if row.target_start is not None and row.target_end is not None:
            yield self._place(f"reference-{row.pk}-target", row, self.current, row.target_start, row.target_end)

    def _event(self, row: TimelineEvent) -> Fate:
        if row.revision_id is None or row.start is None or row.end is None:
            raise ValueError("This event is quoted from a field, not from the text.")
        return self._place(f"event-{row.pk}", row, self.revisions[row.revision_id], row.start, row.end)

    def _corrected(self, fate: Fate) -> Fate:
        """The fate an editor chose instead, if one did."""
        if fate.name not in self.corrections:
            return fate
        span = self.corrections[fate.name]
        if span is not None and span.end > len(self.text):
            raise NoSuchPlace
        if span is None or not span.of(self.text).strip():
            return replace(fate, new=None, state=GONE, score=0.0, corrected=True)
        state, score = verdict(_words(fate), span.of(self.text))
        return replace(fate, new=span, state=MOVED if state == EXACT else state, score=score, corrected=True)


def verdict(words: str, now: str) -> tuple[str, float]:
    """The state and score of a note about `words` that lies on `now`: exact is for the very words alone, a score of
    1 for words that differ in nothing but signs, capitals and white space."""
    return (EXACT, 1.0) if words == now else (CHANGED, likeness(" ".join(words.split()), " ".join(now.split())))


def judged(fate: Fate, text: str) -> Fate:
    """The fate by the words it is about, whatever happened to them on the way: of a note those its author saw."""
    if fate.new is None:
        return fate
    state, score = verdict(_words(fate), fate.new.of(text))
    moved = state == EXACT and fate.state == MOVED
    return replace(fate, state=MOVED if moved else state, score=score)


def _words(fate: Fate) -> str:
    return fate.row.exact if isinstance(fate.row, Annotation) else fate.old.of(fate.revision.text)


def _settled(found: Carried, was_lost: bool) -> bool:
    """True when there is nothing to look at: the same words as in the revision before, or lost as before."""
    return found.state == GONE if was_lost else found.state in (EXACT, MOVED)


def _span(place: Placement) -> Span:
    if place.start is None or place.end is None:
        raise ValueError("A lost note has no place.")
    return Span(place.start, place.end)


def _apart(fates: Iterable[Fate], text: str) -> Iterator[Fate]:
    """A link holds no other link and ends with its paragraph: of two mentions that touch, the first stays."""
    ordered = sorted(fates, key=lambda fate: fate.new.start if fate.new else -1)
    free = 0
    for fate in ordered:
        if fate.new is None:
            yield fate
        elif fate.new.start < free or SEPARATOR in fate.new.of(text):
            yield replace(fate, new=None, state=GONE, score=0.0, settled=False)
        else:
            free = fate.new.end
            yield fate
