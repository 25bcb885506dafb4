"""Notes, people and routes in the words of the Hypothesis API. A list of notes costs a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import F

from reader import access
from reader.access import Person
from reader.api import groups, selecting
from reader.api.addresses import article_address, authority, userid
from reader.models import Annotation, AnnotationVersion, Flag, Member, Placement, Revision, Status
from reader.text.selectors import Span, TextQuote

STATUS = {
    Status.APPROVED: "APPROVED",
    Status.PENDING: "PENDING",
    Status.REJECTED: "DENIED",
    Status.SPAM: "SPAM",
    Status.WITHDRAWN: "DENIED",
}


def stamp(moment: datetime) -> str:
    """Time as h prints it: microseconds and `+00:00`. Paging goes by this value, so nothing of it is cut off."""
    return moment.isoformat(timespec="microseconds")


def profile(person: Person) -> dict:
    """Who is logged in; `userid` is null for nobody."""
    about = {
        "userid": None,
        "authority": authority(),
        "groups": [],
        "features": {"client_display_names": True},
        "preferences": {},
    }
    if not person.is_authenticated:
        return about
    known = {"userid": userid(person), "preferences": person.client_preferences}
    return about | known | {"user_info": user_info(person)}


def user_info(member: Member | None) -> dict:
    """The name shown beside a note."""
    return {"display_name": member.name if member else None}


class Notes:
    """Notes on their way out to one person. What all of them need is read at once, the first time it is asked for."""

    def __init__(self, notes: Iterable[Annotation], person: Person) -> None:
        self.notes = list(notes)
        self.person = person
        self.is_moderator = access.can_moderate(person)

    def shapes(self) -> list[dict]:
        """One object for each note, in their order."""
        return [self.shape(note) for note in self.notes]

    def shape(self, note: Annotation) -> dict:
        """One note as the client reads it, in the wording this person is shown."""
        shown = access.shown_version(note, self.person)
        owner, uri = userid(note.author), article_address(note.article)
        made = {
            "id": note.uid,
            "created": stamp(note.created),
            "updated": stamp(shown.created if shown else note.created),
            "user": owner,
            "user_info": user_info(note.author),
            "uri": uri,
            "text": shown.body if shown else "",
            "tags": shown.tag_names if shown else [],
            "group": groups.group_of(note),
            "permissions": groups.permissions_of(note, owner),
            "target": [self._target(note, uri)],
            "document": {"title": [note.article.title]},
            "links": _links(note, uri),
            "hidden": False,
            "flagged": note.pk in self._flagged,
            "moderation_status": _status(note, shown),
            "actions": ["moderate"] if self.is_moderator and not note.is_private else [],
            "mentions": [],
        }
        if note.parent_id:
            made["references"] = self._references(note)
        if made["actions"]:
            made["moderation"] = {"flagCount": self._flag_counts.get(note.pk, 0)}
        return made

    def _target(self, note: Annotation, uri: str) -> dict:
        if note.parent_id:
            return {"source": uri}
        return {"source": uri, "selector": self._selectors(note)}

    def _selectors(self, note: Annotation) -> list[dict]:
        placement = self._placements.get(note.pk)
        if placement is None or placement.start is None:
            return selecting.quote_selectors(TextQuote(note.exact, note.prefix, note.suffix))
        return selecting.selectors(self._texts[placement.revision_id], Span(placement.start, placement.end))

    def _references(self, note: Annotation) -> list[str]:
        """Ids from the first note of the thread down to the parent."""
        above, at = [], note.parent_id
        while at in self._threads:
            uid, at = self._threads[at]
            above.append(uid)
        return above[::-1]

    @cached_property
    def _placements(self) -> dict[int, Placement]:
        current = Placement.objects.filter(annotation__in=self.notes, revision=F("annotation__article__current"))
        return {placement.annotation_id: placement for placement in current}

    @cached_property
    def _texts(self) -> dict[int, str]:
        revisions = {placement.revision_id for placement in self._placements.values()}
        return dict(Revision.objects.filter(pk__in=revisions).values_list("pk", "text"))

    @cached_property
    def _threads(self) -> dict[int, tuple[str, int | None]]:
        """(uid, parent) of every note in the threads that these notes belong to."""
        tops = {note.thread_id for note in self.notes if note.thread_id}
        rows = Annotation.objects.filter(pk__in=tops) | Annotation.objects.filter(thread__in=tops)
        return {pk: (uid, parent) for pk, uid, parent in rows.values_list("pk", "uid", "parent")}

    @cached_property
    def _flagged(self) -> set[int]:
        return Flag.objects.set_by(self.person, self.notes)

    @cached_property
    def _flag_counts(self) -> dict[int, int]:
        return Flag.objects.counts(self.notes)


def _links(note: Annotation, uri: str) -> dict[str, str]:
    return {
        "html": settings.SITE_URL + note.get_absolute_url(),
        "incontext": f"{uri}#note-{note.uid}",
        "json": f"{settings.SITE_URL}/api/annotations/{note.uid}",
    }


def _status(note: Annotation, shown: AnnotationVersion | None) -> str | None:
    """How the shown wording stands; nobody decides about a private note."""
    return None if note.is_private or shown is None else STATUS[Status(shown.status)]


def nested(routes: dict[str, dict]) -> dict:
    """`annotation.create: …` as `annotation: {create: …}`, as the client looks its routes up."""
    made: dict = defaultdict(dict)
    for name, route in routes.items():
        here = made
        *above, last = name.split(".")
        for part in above:
            here = here.setdefault(part, {})
        here[last] = route
    return dict(made)
