"""Putting a whole export back into an empty site, and getting the same site.

Rows are written many at a time and get their numbers here, before they are written: so records that stand together may
refer to each other, and what they refer to beyond that is asked for once for all of them.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, groupby, islice
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import Error, connection, transaction
from django.db.models import Max, Model
from taggit.managers import TaggableManager

from reader.formats.everything import (
    KEYS,
    LATER,
    WITHIN_A_NOTE,
    Record,
    at_once,
    kept_fields,
    label,
    many_fields,
    models_in_order,
    read_records,
    references,
)
from reader.models import Annotation, Article, Card, Member

Key = tuple[Any, ...]


class CannotRefill(Exception):
    """The file does not fit; the message says where. Nothing was kept."""


@transaction.atomic
def refill_site(lines: Iterable[str], *, progress: Callable[[int], None] = lambda _count: None) -> int:
    """Keep every record of a whole export; returns how many. The site must hold no article, card or note.

    People who are here already keep their accounts; their records are not put back. Raises CannotRefill.
    """
    if any(model._base_manager.exists() for model in (Article, Card, Annotation)):
        raise CannotRefill("There are articles, cards or notes here; an export is put back into an empty site only.")
    shelf = _Refilling()
    done = 0
    try:
        for model, records in _together(read_records(lines)):
            shelf.put(model, records)
            done += len(records)
            progress(done)
        shelf.finish()
    except (ValueError, KeyError, TypeError, AttributeError, LookupError, ValidationError, Error) as error:
        why = f"{type(error).__name__}: {error}"
        raise CannotRefill(f"Record {done + 1} or one soon after it cannot be put back: {why}") from error
    cache.clear()  # pages of the site that stood here before
    return done


def _together(records: Iterable[Record]) -> Iterator[tuple[type[Model], list[Record]]]:
    """Records that follow each other and are of one model, in memory that does not grow with their number."""
    known = {label(model): model for model in models_in_order()}
    for name, same in groupby(records, lambda each: label(Annotation) if "kept" in each else each["type"]):
        while some := list(islice(same, at_once(known[name]))):
            yield known[name], some


class _Refilling:
    """Knows the next free row number of each model, and which references wait for what they refer to."""

    def __init__(self) -> None:
        self.numbers: dict[type[Model], Iterator[int]] = {}
        self.later: list[tuple[Any, int, Key]] = []
        self.just_numbered: dict[type[Model], dict[Key, int]] = {}

    def put(self, model: type[Model], records: list[Record]) -> None:
        """Write records of one model; of notes, their wordings and places too."""
        groups = {model: records}
        if model is Annotation:
            groups = {Annotation: [record["kept"] for record in records], **_inside(records)}
        elif model is Member:
            groups = {Member: _not_here_yet(records)}
        numbered = {each: [(next(self._numbers(each)), record) for record in rows] for each, rows in groups.items()}
        self.just_numbered = {
            each: {_own_key(each, record): pk for pk, record in rows}
            for each, rows in numbered.items()
            if label(each) in KEYS
        }
        for each, rows in numbered.items():
            self._write(each, rows)
            self._write_many(each, rows)

    def finish(self) -> None:
        """Fill in the references that had to wait, and let the database number on from here."""
        for field, pk, key in self.later:
            end = _pk(self._found(field.related_model, {key}), field.related_model, key)
            field.model._base_manager.filter(pk=pk).update(**{field.attname: end})
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.numbers)):
                cursor.execute(statement)

    def _numbers(self, model: type[Model]) -> Iterator[int]:
        if model not in self.numbers:
            self.numbers[model] = count(1 + (model._base_manager.aggregate(last=Max("pk"))["last"] or 0))
        return self.numbers[model]

    def _write(self, model: type[Model], numbered: list[tuple[int, Record]]) -> None:
        """As they were, past what saving sets: dates are not today's, revisions are not new."""
        ends = {field: self._ends(field, numbered) for field in references(model)}
        fields = [(field, ends.get(field)) for field in kept_fields(model)]
        rows = [
            model(pk=pk, **{field.attname: self._value(field, pk, record, found) for field, found in fields})
            for pk, record in numbered
        ]
        for row in rows:
            if isinstance(row, Member):
                row.set_unusable_password()
        columns = model._meta.concrete_fields
        most = connection.ops.bulk_batch_size(columns, rows) or 1
        for first in range(0, len(rows), most):
            model._base_manager._insert(rows[first : first + most], fields=columns, raw=True)  # type: ignore[attr-defined]

    def _ends(self, field: Any, numbered: list[tuple[int, Record]]) -> dict[Key, int]:
        named = (record.get(field.name) for _pk, record in numbered)
        return self._found(field.related_model, {_key(value) for value in named if value is not None})

    def _value(self, field: Any, pk: int, record: Record, found: dict[Key, int] | None) -> Any:
        """What goes into a column; of a reference, the number of what is `found` under its key."""
        value = record[field.name] if field.name in record else field.get_default()
        if value is None or found is None:
            return field.to_python(value)
        key = _key(value)
        if key not in found and (label(field.model), field.name) in LATER:
            self.later.append((field, pk, key))
            return None
        return _pk(found, field.related_model, key)

    def _write_many(self, model: type[Model], numbered: list[tuple[int, Record]]) -> None:
        for field in many_fields(model):
            pairs = [(pk, _key(name)) for pk, record in numbered for name in record.get(field.name) or []]
            found = self._found(field.related_model, {key for _pk, key in pairs})
            own, other = field.m2m_column_name(), field.m2m_reverse_name()
            kind = {"content_type": ContentType.objects.get_for_model(model)} if _is_tags(field) else {}
            through = field.remote_field.through
            through._base_manager.bulk_create(
                through(**{own: pk, other: _pk(found, field.related_model, key)}, **kind) for pk, key in pairs
            )

    def _found(self, model: type[Model], keys: set[Key]) -> dict[Key, int]:
        """Under which numbers rows are kept: those just numbered, and those written before."""
        numbered = self.just_numbered.get(model, {})
        found = {key: numbered[key] for key in keys if key in numbered}
        if asked := {key[0] for key in keys if key not in found}:
            parts = KEYS[label(model)]
            rows = model._base_manager.filter(**{f"{parts[0]}__in": asked})
            found |= {tuple(key): pk for pk, *key in rows.values_list("pk", *parts)}
        return found


def _inside(notes: list[Record]) -> dict[type[Model], list[Record]]:
    """The wordings and places of notes, as records of their own."""
    return {
        apps.get_model(name): [
            row | {"annotation": note["kept"]["uid"]} for note in notes for row in note["kept"].get(name, [])
        ]
        for name in WITHIN_A_NOTE
    }


def _not_here_yet(people: list[Record]) -> list[Record]:
    here = Member.objects.filter(username__in=[record["username"] for record in people])
    names = set(here.values_list("username", flat=True))
    return [record for record in people if record["username"] not in names]


def _key(value: Any) -> Key:
    return tuple(value) if isinstance(value, list) else (value,)


def _own_key(model: type[Model], record: Record) -> Key:
    return tuple(record[part.split("__")[0]] for part in KEYS[label(model)])


def _pk(found: dict[Key, int], model: type[Model], key: Key) -> int:
    if key not in found:
        raise LookupError(f"{label(model)} {'/'.join(map(str, key))} is named and not there")
    return found[key]


def _is_tags(field: Any) -> bool:
    return isinstance(field, TaggableManager)
