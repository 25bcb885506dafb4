"""Putting a whole export back into an empty site, and getting the same site."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import Error, models, transaction

from reader.formats.everything import KEYS, LATER, WITHIN_A_NOTE, Record, kept_fields, label, many_fields, read_records
from reader.models import Annotation, Article, Card, Member

REMEMBERED = {
    "reader.Member", "reader.Source", "reader.Card", "reader.Article", "reader.Revision", "reader.ReadingGroup",
    "taggit.Tag",
}  # fmt: skip


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
    count = 0
    try:
        for count, record in enumerate(read_records(lines), 1):
            shelf.put(record)
            progress(count)
        shelf.finish()
    except (ValueError, KeyError, TypeError, LookupError, ObjectDoesNotExist, ValidationError, Error) as error:
        raise CannotRefill(f"Record {count} cannot be put back: {type(error).__name__}: {error}") from error
    cache.clear()  # pages of the site that stood here before
    return count


class _Refilling:
    """Remembers under which row number each named row was put."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Any], int] = {}
        self.later: list[tuple[type[models.Model], int, str, Any]] = []

    def put(self, record: Record) -> None:
        """Keep one record; of a note, its wordings and places too."""
        if "kept" in record:
            self._put_note(dict(record["kept"]))
            return
        model = apps.get_model(record["type"])
        if model is Member and Member.objects.filter(username=record["username"]).exists():
            return
        self._row(model, record)

    def _put_note(self, kept: Record) -> None:
        inner = {name: kept.pop(name, []) for name in WITHIN_A_NOTE}
        self._row(Annotation, kept)
        for name, rows in inner.items():
            for row in rows:
                self._row(apps.get_model(name), row | {"annotation": kept["uid"]})
        self.finish()

    def _row(self, model: type[models.Model], record: Record) -> None:
        name = label(model)
        made = model()
        for field in kept_fields(model):
            value = record.get(field.name, field.get_default())
            if not isinstance(field, models.ForeignKey):
                setattr(made, field.attname, field.to_python(value))
            elif value is not None and (name, field.name) not in LATER:
                setattr(made, field.attname, self._find(field.related_model, value))
        if isinstance(made, Member):
            made.set_unusable_password()
        made.save_base(raw=True, force_insert=True)  # as it was: dates are not today's, revisions are not new
        self._remember(model, record, made.pk)
        self._many(made, record)
        self._note_later(model, record, made.pk)

    def _many(self, made: models.Model, record: Record) -> None:
        for field in many_fields(type(made)):
            names = record.get(field.name) or []
            if names and field.name == "tags":
                made.tags.set(names)  # type: ignore[attr-defined]
            elif names:
                getattr(made, field.name).set([self._find(field.related_model, each) for each in names])

    def _note_later(self, model: type[models.Model], record: Record, pk: int) -> None:
        for name, field in LATER:
            if name == label(model) and record.get(field) is not None:
                self.later.append((model, pk, field, record[field]))

    def finish(self) -> None:
        """Fill in the references that had to wait."""
        waiting, self.later = self.later, []
        for model, pk, name, key in waiting:
            field: Any = model._meta.get_field(name)
            if self._query(field.related_model, key).exists():
                model._base_manager.filter(pk=pk).update(**{name: self._find(field.related_model, key)})
            else:
                self.later.append((model, pk, name, key))

    def _remember(self, model: type[models.Model], record: Record, pk: int) -> None:
        if label(model) in REMEMBERED:
            own = [record[part.split("__")[0]] for part in KEYS[label(model)]]
            self.known[label(model), tuple(own) if len(own) > 1 else own[0]] = pk

    def _query(self, model: type[models.Model], key: Any) -> models.QuerySet[Any]:
        parts = key if isinstance(key, list) else [key]
        return model._base_manager.filter(**dict(zip(KEYS[label(model)], parts, strict=True)))

    def _find(self, model: type[models.Model], key: Any) -> int:
        name = (label(model), tuple(key) if isinstance(key, list) else key)
        if name in self.known:
            return self.known[name]
        found = int(self._query(model, key).values_list("pk", flat=True).get())
        if label(model) in REMEMBERED:
            self.known[name] = found
        return found
