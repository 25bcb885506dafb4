"""What readers are told of notes whose words are not those of then any more."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q
from django.db.models.functions import Substr

from reader.models import Annotation, Placement, Revision

LOST, CHANGED = Placement.State.LOST, Placement.State.CHANGED


@dataclass(frozen=True, slots=True)
class Change:
    """`words` are those of now, empty when lost; `since` is when they became other ones; `last` is the number of
    the last revision that had the note on its words, `paragraph` where it stood there."""

    is_lost: bool
    words: str
    since: datetime.datetime | None
    last: int | None


def tell_changes(notes: Collection[Annotation], revision: Revision | None = None) -> None:
    """Give each note `change`: a Change where its words in `revision` (by default the current one of its article)
    are others or gone, else None. At most two queries, however many notes.

    Other quotation marks, capitals or spaces are no change that a reader is told of.
    """
    for note in notes:
        note.change = None
    if not notes:
        return
    reworded = {place.annotation_id: place for place in _reworded(notes, revision)}
    if not reworded:
        return
    pasts = _pasts(list(reworded))
    for note in notes:
        if note.pk in reworded:
            note.change = _change(reworded[note.pk], pasts[note.pk])


def _pasts(notes: list[int]) -> dict[int, list[Placement]]:
    """All places of each note, the newest revision first, without the texts."""
    found: dict[int, list[Placement]] = {}
    places = Placement.objects.filter(annotation__in=notes).select_related("revision")
    for place in places.defer("revision__text", "revision__source").order_by("-revision__number"):
        found.setdefault(place.annotation_id, []).append(place)
    return found


def _reworded(notes: Collection[Annotation], revision: Revision | None):
    # By number: where the row is named, SQLite goes through all that lies in the revision instead of these notes.
    article = {"revision__article": F("annotation__article")}
    here = (
        article | {"revision__number": revision.number} if revision else {"revision": F("annotation__article__current")}
    )
    found = Placement.objects.filter(annotation__in=[note.pk for note in notes], **here)
    told = found.filter(Q(state=LOST) | Q(state=CHANGED, score__lt=1))
    words = Substr("revision__text", F("start") + 1, F("end") - F("start"))
    return told.select_related("revision").defer("revision__text", "revision__source").annotate(words=words)


def _change(place: Placement, past: list[Placement]) -> Change:
    """`past` are the places of the note, the newest first."""
    since, last = None, None
    for each in (p for p in past if p.revision.number <= place.revision.number):
        if each.state != place.state:
            last = each.revision.number
            break
        since = each.revision.created
    is_lost = place.state == LOST
    return Change(is_lost=is_lost, words="" if is_lost else place.words, since=since, last=last)
