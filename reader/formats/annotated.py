"""An article with the notes that somebody may read, paragraph by paragraph: what every readable export is made from.

Notes are read as they are written out, so that memory does not grow with their number.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _

from reader import access
from reader.models import Annotation, AnnotationVersion, Article, Member, Paragraph, Status
from reader.models.annotations import AnnotationQuerySet
from reader.text.normalise import SEPARATOR

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where the note `uid` lies in its paragraph: code points of the paragraph's text, `number` counted on from 1.

    `ends` is False where the note goes on in the next paragraph.
    """

    uid: str
    number: int
    start: int
    end: int
    layer: str
    ends: bool


@dataclass(slots=True)
class Shown:
    """A note with the wording its reader is shown, and the answers to it. `number` is 0 for answers and lost notes."""

    note: Annotation
    version: AnnotationVersion
    number: int = 0
    replies: list["Shown"] = field(default_factory=list)

    @property
    def author(self) -> str:
        """Who wrote it; empty when the member is gone."""
        return self.note.author.name if self.note.author else ""

    @property
    def state(self) -> str:
        """How it stands, unless everyone can see it."""
        if self.note.is_private:
            return str(self.note.get_visibility_display())
        if self.note.group and self.version.status == Status.APPROVED:
            return _("for the group %s") % self.note.group.name
        return "" if self.version.status == Status.APPROVED else self.version.status_label


class Annotated:
    """One article as `person` may read it; with `by` only what that member wrote, and what they answered."""

    def __init__(self, article: Article, person: access.Person, *, by: Member | None = None) -> None:
        self.article, self.person, self.by = article, person, by
        self.numbers: dict[int, int] = {}
        self._counted = 0

    def readable(self) -> AnnotationQuerySet:
        """Every note of the article that the person may see."""
        notes = Annotation.objects.readable_by(self.person).listed().filter(article=self.article)
        if self.by is None:
            return notes
        answered = Annotation.objects.filter(author=self.by, article=self.article).values("thread")
        return notes.filter(Q(author=self.by) | Q(pk__in=answered))

    def paragraphs(self) -> Iterator[tuple[Paragraph, list[Place]]]:
        """Each paragraph of the current text with what lies on it. Ask for its notes before going on to the next."""
        for row in self.article.current.paragraphs.all():
            yield row, self._places(row)

    def _places(self, row: Paragraph) -> list[Place]:
        before, self.numbers = self.numbers, {}
        made = []
        rows = self._over(row).values_list("pk", "uid", "place_start", "place_end", "author__is_editor")
        for pk, uid, start, end, is_editor in rows.iterator(AT_ONCE):
            self._counted += pk not in before
            number = self.numbers[pk] = before.get(pk, self._counted)
            first, last = max(0, start - row.start), min(len(row.text), end - row.start)
            made.append(Place(uid, number, first, last, "e" if is_editor else "r", end <= row.end + len(SEPARATOR)))
        return made

    def _over(self, row: Paragraph) -> AnnotationQuerySet:
        return self.readable().over(self.article.current, row.start, row.end)

    def notes_of(self, row: Paragraph) -> Iterator[Shown]:
        """The notes that begin in a paragraph (or in the break before it), in reading order, with their answers."""
        yield from self._shown(self._over(row).filter(place_start__gte=max(0, row.start - len(SEPARATOR))))

    def on_no_words(self) -> Iterator[tuple[str, Iterator[Shown]]]:
        """Notes that lie on none of the words, each kind under its heading."""
        yield _("Notes on the whole text"), self.on_whole()
        yield _("Notes whose words are no longer in the text"), self.elsewhere()

    def on_whole(self) -> Iterator[Shown]:
        """Notes on the text as a whole, with their answers."""
        yield from self._shown(self.readable().on_whole_text())

    def elsewhere(self) -> Iterator[Shown]:
        """Notes whose words are gone from the current text, and answers to notes that are gone."""
        readable = self.readable()
        placed = readable.filter(placements__revision=self.article.current, placements__start__isnull=False)
        yield from self._shown(readable.filter(start__isnull=False).exclude(pk__in=placed).order_by("pk"))
        orphans = readable.filter(parent__isnull=False).exclude(thread__in=readable)
        yield from self._shown(orphans.order_by("pk"))

    def _shown(self, notes: AnnotationQuerySet) -> Iterator[Shown]:
        rest = notes.with_versions().iterator(AT_ONCE)
        while chunk := list(islice(rest, AT_ONCE)):
            answers = self._answers(chunk)
            for note in chunk:
                if made := self._one(note):
                    made.number = self.numbers.get(note.pk, 0)
                    made.replies = answers[note.pk]
                    yield made

    def _answers(self, tops: list[Annotation]) -> dict[int, list[Shown]]:
        made: dict[int, list[Shown]] = defaultdict(list)
        for note in self.readable().filter(thread__in=tops).with_versions().order_by("created", "pk"):
            if shown := self._one(note):
                made[note.thread_id].append(shown)
        return made

    def _one(self, note: Annotation) -> Shown | None:
        version = access.shown_version(note, self.person)
        return Shown(note, version) if version else None
