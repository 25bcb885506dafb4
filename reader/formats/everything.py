"""All that a site keeps, as one JSON-LD file: a record a line, in an order in which each can be put back.

Records name each other as people do (user name, slug, revision number, uid), never by row numbers, so that the file
loads into another database. A note is a W3C Web Annotation with what else is kept of it under `kept`.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

from reader.formats import w3c
from reader.formats.jsonl import separated
from reader.models import Annotation, AnnotationVersion, Placement, Revision

VOCABULARY = "urn:x-civdip-reader:"
HEAD = {"@context": [w3c.CONTEXT, {"@vocab": VOCABULARY}], "format": 1}
AT_ONCE = 500

# By what the rows of a model are named in records of others.
KEYS: dict[str, tuple[str, ...]] = {
    "reader.Member": ("username",),
    "taggit.Tag": ("name",),
    "reader.Source": ("slug",),
    "reader.Card": ("slug",),
    "reader.Article": ("slug",),
    "reader.Revision": ("article__slug", "number"),
    "reader.ReadingGroup": ("uid",),
    "reader.Annotation": ("uid",),
    "reader.Proposal": ("uid",),
    "reader.AnnotationVersion": ("annotation__uid", "number"),
}
# What is not in the file, and why.
LEFT_OUT = {
    "reader.ApiToken": "keys of programs; people make new ones",
    "reader.Notification": "what people were told; that it was said is in the announcements",
    "reader.Counter": "how much was written in the last minutes",
    "reader.Draft": "texts on their way in, not yet part of the site",
}
FIELDS_LEFT_OUT = {
    "reader.Member": {"password", "last_login", "email", "is_superuser", "is_staff", "groups", "user_permissions"},
}
WITHIN_A_NOTE = ("reader.AnnotationVersion", "reader.Placement")
# References that go round in a circle: filled in when both ends are there.
LATER = {("reader.Article", "current"), ("reader.Annotation", "published"), ("reader.Annotation", "latest")}

Record = dict[str, Any]


def label(model: type[Model]) -> str:
    """How a model is called in the file: «reader.Article»."""
    return f"{model._meta.app_label}.{model.__name__}"


def models_in_order() -> list[type[Model]]:
    """Every model that is in the file, each after those that its rows refer to."""
    from taggit.models import Tag

    waiting = [m for m in apps.get_app_config("reader").get_models() if label(m) not in {*LEFT_OUT, *WITHIN_A_NOTE}]
    ordered: list[type[Model]] = [Tag]
    while waiting:
        ready = [m for m in waiting if not _needs(m) & {label(other) for other in waiting if other is not m}]
        if not ready:
            raise ValueError(f"These models refer to each other in a circle: {[label(m) for m in waiting]}")
        ordered += ready
        waiting = [m for m in waiting if m not in ready]
    return ordered


def _needs(model: type[Model]) -> set[str]:
    needed = {label(f.related_model) for f in references(model) if (label(model), f.name) not in LATER}
    within = {"reader.AnnotationVersion": "reader.Annotation"}
    return {within.get(name, name) for name in needed} - {label(model)}


def at_once(model: type[Model]) -> int:
    """How many rows of a model are in hand together; a revision may be a whole book."""
    return 10 if model is Revision else AT_ONCE


def references(model: type[Model]) -> list[ForeignKey]:
    """The foreign keys of a model that are in the file."""
    return [field for field in kept_fields(model) if isinstance(field, ForeignKey)]


def kept_fields(model: type[Model]) -> list[Any]:
    """The columns of a model that are in the file."""
    left_out = FIELDS_LEFT_OUT.get(label(model), set())
    return [f for f in model._meta.concrete_fields if not f.primary_key and f.name not in left_out]


def many_fields(model: type[Model]) -> list[Any]:
    """The many-to-many fields of a model that are in the file; tags are one of them."""
    left_out = FIELDS_LEFT_OUT.get(label(model), set())
    return [f for f in model._meta.many_to_many if f.name not in left_out]


def lines() -> Iterator[str]:
    """The file, a line for each record."""
    head = HEAD | {"id": f"{settings.SITE_URL}/", "label": settings.SITE_NAME}
    yield f'{json.dumps(head, ensure_ascii=False)[:-1]}, "@graph": [\n'
    yield from separated(json.dumps(record, ensure_ascii=False) for record in records())
    yield "\n]}\n"


def records() -> Iterator[Record]:
    """Every record, in memory that does not grow with their number."""
    for model in models_in_order():
        yield from annotations() if model is Annotation else rows(model)


def rows(model: type[Model], **where: Any) -> Iterator[Record]:
    """The rows of a model in the order they were made."""
    for record, _pk in _numbered(model, **where):
        yield {"type": label(model), **record}


def annotations() -> Iterator[Record]:
    """Notes as W3C annotations; with each, its wordings and its places."""
    rest = _numbered(Annotation)
    while chunk := list(islice(rest, AT_ONCE)):
        pks = [pk for _record, pk in chunk]
        described = _described(pks)
        inner = {name: _within(name, pks) for name in WITHIN_A_NOTE}
        for record, pk in chunk:
            kept = record | {name: inner[name][pk] for name in WITHIN_A_NOTE}
            yield described[pk] | {"kept": kept}


def _described(pks: list[int]) -> dict[int, w3c.Json]:
    shelf = w3c.Shelf(Annotation.objects.filter(pk__in=pks).with_versions())
    made = {note.pk: w3c.describe(note, note.published or note.latest, shelf) for note in shelf.notes}
    return {pk: {k: v for k, v in each.items() if k != "@context"} for pk, each in made.items()}


def _within(name: str, pks: list[int]) -> dict[int, list[Record]]:
    model: type[Model] = {"reader.AnnotationVersion": AnnotationVersion, "reader.Placement": Placement}[name]
    made: dict[int, list[Record]] = defaultdict(list)
    owner = dict(model.objects.filter(annotation__in=pks).values_list("pk", "annotation"))  # type: ignore[attr-defined]
    for record, pk in _numbered(model, annotation__in=pks):
        made[owner[pk]].append({key: value for key, value in record.items() if key != "annotation"})
    return made


def _numbered(model: type[Model], **where: Any) -> Iterator[tuple[Record, int]]:
    """Each row as a record, with its row number for those that need it."""
    asked = {field: _lookups(field) for field in kept_fields(model)}
    rows = model._base_manager.filter(**where).order_by("pk").values("pk", *chain.from_iterable(asked.values()))
    found = rows.iterator(at_once(model))
    while chunk := list(islice(found, at_once(model))):
        many = {f.name: _many(model, f, [row["pk"] for row in chunk]) for f in many_fields(model)}
        for row in chunk:
            record = {field.name: _value([row[part] for part in parts]) for field, parts in asked.items()}
            yield record | {name: known[row["pk"]] for name, known in many.items()}, row["pk"]


def _lookups(field: Any) -> list[str]:
    if not isinstance(field, ForeignKey):
        return [field.name]
    return [f"{field.name}__{part}" for part in KEYS[label(field.related_model)]]


def _value(values: list[Any]) -> Any:
    """What is written of a column, or of the parts of the key that it refers to."""
    if len(values) > 1:
        return values if values[-1] is not None else None
    return values[0].isoformat() if isinstance(values[0], datetime | date) else values[0]


def _many(model: type[Model], field: Any, pks: list[int]) -> dict[int, list[str]]:
    made: dict[int, list[str]] = defaultdict(list)
    key = f"{field.name}__{KEYS[label(field.related_model)][0]}"
    for pk, name in model._base_manager.filter(pk__in=pks).values_list("pk", key):
        made[pk] += [name] if name is not None else []
    return defaultdict(list, {pk: sorted(names) for pk, names in made.items()})


def read_records(given: Iterable[str]) -> Iterator[Record]:
    """The records of a file, line by line as they were written; a file laid out otherwise is read as a whole.

    Raises ValueError when it is not such a file.
    """
    source = iter(given)
    first = next(source, "")
    if not first.rstrip().endswith('"@graph": ['):
        yield from _checked(json.loads(first + "".join(source)))["@graph"]
        return
    _checked(json.loads(first + "]}"))
    for line in source:
        line = line.strip().removesuffix(",")
        if line and line != "]}":
            yield json.loads(line)


def _checked(whole: Any) -> Record:
    if not isinstance(whole, dict) or whole.get("format") != HEAD["format"] or "@graph" not in whole:
        raise ValueError("This is not a whole export of a site in a format that is known here.")
    return whole
