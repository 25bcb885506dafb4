"""Notes, people and routes in the words of the Hypothesis API. A list of notes costs a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from pydantic_core import to_json

from reader import access
from reader.access import Person, shown_field
from reader.api import groups, selecting
from reader.api.addresses import article_address, authority, note_address, userid
from reader.models import Annotation, Flag, Placement, Revision, Status, Visibility
from reader.text.selectors import Span, TextQuote

Row = dict[str, Any]  # what columns() asks for, of one note
STATUS = {
    Status.APPROVED: "APPROVED",
    Status.PENDING: "PENDING",
    Status.REJECTED: "DENIED",
    Status.RETURNED: "DENIED",
    Status.SPAM: "SPAM",
    Status.WITHDRAWN: "DENIED",
}
MEANT = {"APPROVED": Status.APPROVED, "PENDING": Status.PENDING, "DENIED": Status.REJECTED, "SPAM": Status.SPAM}


def as_json(shape: Any) -> HttpResponse:
    """The answer that holds `shape`, written by the library that checks what comes in: far quicker than `json`."""
    return HttpResponse(to_json(shape), content_type="application/json")


def stamp(moment: datetime) -> str:
    """Time as h prints it: microseconds and `+00:00`. Paging goes by this value, so nothing of it is cut off."""
    return moment.isoformat(timespec="microseconds")


def profile(person: Person) -> dict:
    """Who is logged in; `userid` is null for nobody."""
    about = {
        "userid": None,
        "authority": authority(),
        "groups": [
            {"id": each["id"], "name": each["name"], "public": each["public"], "url": each["links"]["html"]}
            for each in groups.groups_of(person)
        ],
        "features": {"client_display_names": True},
        "preferences": {},
    }
    if not person.is_authenticated:
        return about
    known = {"userid": userid(person.username), "preferences": person.client_preferences}
    return about | known | {"user_info": {"display_name": person.name}}


def rows(notes: QuerySet[Annotation], person: Person) -> list[Row]:
    """What the shapes of these notes need, in one query. Wordings that `person` is not shown stay in the database."""
    plain = (
        "pk", "uid", "created", "visibility", "start", "exact", "prefix", "suffix", "thread_id", "parent_id",
        "thread__uid", "parent__uid", "author__username", "author__display_name", "author_id",
        "group__uid", "group__owner_id",
        "article__slug", "article__title", "article__current_id", "article__current__digest",
    )  # fmt: skip
    return list(notes.values(*plain, **_columns(person)))


def _columns(person: Person) -> dict[str, Any]:
    here = Placement.objects.filter(annotation=OuterRef("pk"), revision=OuterRef("article__current"))
    made = {f"shown_{name}": shown_field(person, name) for name in ("body", "tag_names", "status", "created")}
    made |= {f"place_{end}": Subquery(here.values(end)[:1]) for end in ("start", "end")}
    flags = Flag.objects.filter(annotation=OuterRef("pk")).order_by()
    if person.is_authenticated:
        made["flagged"] = Exists(flags.filter(by=person))
        counted = flags.values("annotation").annotate(n=Count("pk")).values("n")
        made["flag_count"] = Coalesce(Subquery(counted), Value(0))
    return made


class Notes:
    """Notes on their way out to one person."""

    def __init__(self, found: Iterable[Row], person: Person) -> None:
        self.rows = list(found)
        self.person = person
        self.is_moderator = access.can_moderate(person)

    def shapes(self) -> list[dict]:
        """One object for each note, in their order."""
        return [self.shape(row) for row in self.rows]

    def shape(self, row: Row) -> dict:
        """One note as the client reads it, in the wording this person is shown."""
        owner, uri = userid(row["author__username"]), article_address(row["article__slug"])
        made = {
            "id": row["uid"],
            "created": stamp(row["created"]),
            "updated": stamp(row["shown_created"] or row["created"]),
            "user": owner,
            "user_info": {"display_name": row["author__display_name"] or row["author__username"]},
            "uri": uri,
            "text": row["shown_body"] or "",
            "tags": row["shown_tag_names"] or [],
            "group": groups.group_of(row),
            "permissions": groups.permissions_of(row, owner),
            "target": [self._target(row, uri)],
            "document": {"title": [row["article__title"]]},
            "links": _links(row["uid"], uri),
            "hidden": False,
            "flagged": row.get("flagged", False),
            "moderation_status": _status(row),
            "actions": [],
            "mentions": [],
        }
        if row["parent_id"]:
            made["references"] = self._references(row)
        if self._decides(row):
            made |= {"actions": ["moderate"], "moderation": {"flagCount": row["flag_count"]}}
        return made

    def _decides(self, row: Row) -> bool:
        """As `access.decides_on` has it."""
        if row["visibility"] == Visibility.GROUP:
            return self.person.is_authenticated and row["group__owner_id"] == self.person.pk
        return self.is_moderator and row["visibility"] == Visibility.PUBLIC

    def _target(self, row: Row, uri: str) -> dict:
        if row["start"] is None:  # a reply, or a note on the whole text
            return {"source": uri}
        if row["place_start"] is None:
            quote = TextQuote(row["exact"], row["prefix"], row["suffix"])
            return {"source": uri, "selector": selecting.quote_selectors(quote)}
        text = _text(row["article__current_id"], row["article__current__digest"])
        return {"source": uri, "selector": selecting.selectors(text, Span(row["place_start"], row["place_end"]))}

    def _references(self, row: Row) -> list[str]:
        """Ids from the first note of the thread down to the parent."""
        if row["parent_id"] == row["thread_id"]:
            return [row["thread__uid"]]
        above, at = [], row["parent_id"]
        while at in self._threads:
            uid, at = self._threads[at]
            above.append(uid)
        return above[::-1]

    @cached_property
    def _threads(self) -> dict[int, tuple[str, int | None]]:
        """(uid, parent) of every note in the threads of which these notes are deeper than an answer to the first."""
        tops = {row["thread_id"] for row in self.rows if row["parent_id"] != row["thread_id"]}
        found = Annotation.objects.filter(pk__in=tops) | Annotation.objects.filter(thread__in=tops)
        return {pk: (uid, parent) for pk, uid, parent in found.values_list("pk", "uid", "parent")}


@lru_cache(maxsize=8)
def _text(revision: int, digest: str) -> str:
    """The text of a revision, which never changes: the digest tells it from another that had the same number."""
    return Revision.objects.values_list("text", flat=True).get(pk=revision)


def _links(uid: str, uri: str) -> dict[str, str]:
    return {
        "html": note_address(uid),
        "incontext": f"{uri}#note-{uid}",
        "json": f"{settings.SITE_URL}/api/annotations/{uid}",
    }


def _status(row: Row) -> str | None:
    """How the shown wording stands; nobody decides about a private note."""
    status = row["shown_status"]
    return None if row["visibility"] == Visibility.PRIVATE or status is None else STATUS[Status(status)]


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
