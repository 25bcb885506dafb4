"""What a search of the Hypothesis API means as a query. Words are looked for in what the person asking is shown."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import reduce
from operator import or_

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from reader.access import Person, shown_field
from reader.api import addresses
from reader.api.errors import Malformed
from reader.api.groups import WORLD, notes_in
from reader.api.hypothesis_shapes import Row, rows
from reader.api.schemas import SearchQuery
from reader.models import Annotation, Article, Status, Visibility
from reader.text.dates import in_utc

SORTED_BY = {"created": "created", "updated": "shown_at", "id": "uid", "user": "author__username", "group": "in_group"}


def readable(person: Person) -> QuerySet[Annotation]:
    """The notes that exist for `person` here. Withdrawn ones do not."""
    return Annotation.objects.readable_by(person).listed().filter(article__current__isnull=False)


def search(person: Person, asked: SearchQuery) -> tuple[int, list[Row]]:
    """How many notes there are in all, and those of the page asked for; they are counted when they fill it."""
    notes = matching(person, asked)
    if asked.separate_replies:
        notes = notes.filter(parent__isnull=True)
    first = 0 if asked.search_after else asked.offset
    page = rows(_sorted(notes, person, asked)[first : first + asked.limit], person) if asked.limit else []
    is_whole = not first and not asked.search_after and len(page) < asked.limit
    return len(page) if is_whole else notes.count(), page


def replies_to(person: Person, tops: list[Row], most: int = 200) -> list[Row]:
    """Up to `most` replies in the threads of these notes, oldest first."""
    threads = [row["pk"] for row in tops]
    return rows(readable(person).filter(thread__in=threads).order_by("created", "pk")[:most], person)


def matching(person: Person, asked: SearchQuery) -> QuerySet[Annotation]:
    """Every note that all conditions of the search hold for."""
    notes = readable(person)
    articles = articles_of(asked)
    if articles is not None:
        notes = notes.filter(article__in=articles)
    if asked.user:
        notes = notes.filter(_any_of("author__username__iexact", map(addresses.username, asked.user)))
    if asked.group:
        notes = notes.filter(notes_in(asked.group))
    if asked.id:
        notes = notes.filter(uid__in=asked.id)
    if asked.references:
        notes = notes.filter(pk__in=_below(asked.references))
    return _with_words(notes, person, asked)


def articles_of(asked: SearchQuery) -> QuerySet[Article] | None:
    """The articles asked for by address, or None when no address was given."""
    meant = Q()
    if asked.uri or asked.url or asked.wildcard_uri:
        meant = addresses.articles_at(asked.uri + asked.url)
    if asked.wildcard_uri:
        meant |= addresses.articles_like(asked.wildcard_uri)
    if asked.uri_parts:
        meant &= addresses.articles_with_parts(asked.uri_parts)
    return Article.objects.filter(meant) if meant else None


def _with_words(notes: QuerySet[Annotation], person: Person, asked: SearchQuery) -> QuerySet[Annotation]:
    if not (asked.tag or asked.tags or asked.text or asked.quote or asked.any):
        return notes
    notes = notes.alias(
        shown_body=shown_field(person, "body"), shown_tags=_as_text(shown_field(person, "tag_names"))
    )  # fmt: skip
    for tag in asked.tag + asked.tags:
        notes = notes.filter(_tagged(tag))
    for word in _words(asked.text):
        notes = notes.filter(shown_body__icontains=word)
    for word in _words(asked.quote):
        notes = notes.filter(exact__icontains=word)
    for word in _words(asked.any):
        anywhere = Q(shown_body__icontains=word) | Q(exact__icontains=word) | _in_tags(word)
        notes = notes.filter(anywhere | Q(article__slug__icontains=word))
    return notes


def _words(asked: Sequence[str]) -> list[str]:
    """The words looked for; what stands between quotation marks is one, with its spaces."""
    return [phrase or word for each in asked for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', each)]


def _any_of(lookup: str, values: Iterable[str]) -> Q:
    """One of `values` holds; none does when all are empty."""
    return reduce(or_, (Q(**{lookup: value}) for value in values if value), Q(pk__in=[]))


def _as_text(case):
    """The JSON list of tags as text. Databases spell letters beyond ASCII differently in it; see `_spelled`."""
    return Cast(case, TextField())


def _tagged(tag: str) -> Q:
    """Notes with exactly this tag: in the JSON list it stands between quotation marks."""
    return _either(_spelled(" ".join(tag.split())))


def _in_tags(word: str) -> Q:
    return _either([spelling[1:-1] for spelling in _spelled(word)])


def _spelled(text: str) -> list[str]:
    """`text` as a JSON string: as PostgreSQL and as SQLite keep it."""
    return [json.dumps(text, ensure_ascii=False), json.dumps(text)]


def _either(spellings: list[str]) -> Q:
    first, second = spellings
    return Q(shown_tags__icontains=first) | Q(shown_tags__icontains=second)


def _below(uids: list[str]) -> list[int]:
    """Every reply under any of these notes, however deep."""
    asked = Annotation.objects.filter(uid__in=uids).values_list("pk", "thread")
    threads = {thread or pk for pk, thread in asked}
    found = {pk for pk, _thread in asked}
    below = []
    rows = Annotation.objects.filter(thread__in=threads).order_by("pk").values_list("pk", "parent")
    for pk, parent in rows:  # a reply is always younger than what it answers
        if parent in found:
            found.add(pk)
            below.append(pk)
    return below


def _sorted(notes: QuerySet[Annotation], person: Person, asked: SearchQuery) -> QuerySet[Annotation]:
    field = SORTED_BY[asked.sort]
    if asked.sort == "updated":
        notes = notes.alias(shown_at=shown_field(person, "created"))
    if asked.sort == "group":
        notes = notes.alias(in_group=Coalesce("group__uid", Value(WORLD), output_field=CharField()))
    if asked.search_after:
        side = "gt" if asked.order == "asc" else "lt"
        notes = notes.filter(**{f"{field}__{side}": _after(asked)})
    down = asked.order == "desc"
    last = F("pk").desc() if down else F("pk").asc()
    return notes.order_by(F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True), last)


def _after(asked: SearchQuery) -> str | datetime:
    """`search_after` as a value of the sorted field: a time (ISO 8601, or milliseconds since 1970), or a word."""
    value = asked.search_after or ""
    if asked.sort == "user":
        return addresses.username(value)
    if asked.sort not in {"created", "updated"}:
        return value
    try:
        return _moment(value)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(
            _("search_after: not a time. Send the value of the last row, for example 2026-01-02T03:04:05+00:00.")
        ) from error


def _moment(value: str) -> datetime:
    if value.replace(".", "", 1).isdecimal() and len(value.split(".")[0]) > 4:
        return datetime.fromtimestamp(float(value) / 1000, UTC)
    found = parse_datetime(value.strip().replace(" ", "+") if "T" in value else value)
    if found is None:
        found = datetime.fromisoformat(value)  # a date alone; ValueError when it is none
    return in_utc(found)


def standing(notes: QuerySet[Annotation], person: Person, status: str) -> QuerySet[Annotation]:
    """Those whose wording, as shown to `person`, stands so. Private notes do not: nobody decides about them."""
    notes = notes.exclude(visibility=Visibility.PRIVATE).alias(stands=shown_field(person, "status"))
    return notes.filter(stands__in=[status, Status.RETURNED] if status == Status.REJECTED else [status])


def between(
    notes: QuerySet[Annotation], person: Person, field: str, gt: datetime, lte: datetime
) -> QuerySet[Annotation]:
    """Those created, or worded as shown, after `gt` and not after `lte`."""
    notes = notes.alias(moment=shown_field(person, "created") if field == "updated" else F("created"))
    return notes.filter(moment__gt=gt, moment__lte=lte)


def after(notes: QuerySet[Annotation], last: Row) -> QuerySet[Annotation]:
    """Of notes in order of (created, pk), those behind `last`."""
    return notes.filter(Q(created__gt=last["created"]) | Q(created=last["created"], pk__gt=last["pk"]))
