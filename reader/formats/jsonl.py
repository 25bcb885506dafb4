"""JSON Lines and JSON-LD files of notes: one annotation after the other, as they come out of the database."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from reader import access
from reader.formats import addresses, w3c
from reader.formats.annotated import Annotated
from reader.models import AnnotationVersion
from reader.models.annotations import AnnotationQuerySet

MEDIA_TYPE = "application/jsonl; charset=utf-8"
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # JSON leaves them as they are; many programs end a line at them


def in_order(notes: AnnotationQuerySet) -> AnnotationQuerySet:
    """The order of files: as written, so that a note stands before the answers to it."""
    return notes.with_versions().order_by("pk")


def annotations(notes: AnnotationQuerySet, person: access.Person) -> Iterator[w3c.Json]:
    """Each note as a W3C annotation, in memory that does not grow with their number."""
    for shelf in w3c.shelves(in_order(notes).iterator(w3c.AT_ONCE)):
        for note in shelf.notes:
            yield w3c.to_jsonld(note, person, shelf)


def lines(notes: AnnotationQuerySet, person: access.Person) -> Iterator[str]:
    """One annotation a line."""
    for made in annotations(notes, person):
        yield _json(made) + "\n"


Writer = Callable[[AnnotationQuerySet, access.Person], Iterator[w3c.Json]]


def with_history(notes: AnnotationQuerySet, person: access.Person) -> Iterator[w3c.Json]:
    """One's own notes, each with all its wordings and what was decided about them, and why."""
    for shelf in w3c.shelves(in_order(notes).iterator(w3c.AT_ONCE)):
        wordings: dict[int, list[w3c.Json]] = defaultdict(list)
        for version in AnnotationVersion.objects.filter(annotation__in=shelf.notes).order_by("annotation", "number"):
            wordings[version.annotation_id].append(_wording(version))
        for note in shelf.notes:
            yield w3c.to_jsonld(note, person, shelf) | {"schema:version": wordings[note.pk]}


def _wording(version: AnnotationVersion) -> w3c.Json:
    made = {
        "schema:position": version.number,
        "schema:text": version.body,
        "schema:keywords": version.tag_names,
        "schema:creativeWorkStatus": version.status,
        "schema:dateCreated": w3c.when(version.created),
        "schema:reviewBody": version.reason,
    }
    return {name: value for name, value in made.items() if value != ""}


def collection(
    notes: AnnotationQuerySet,
    person: access.Person,
    *,
    iri: str,
    label: str,
    about: w3c.Json,
    write: Writer = annotations,
) -> Iterator[str]:
    """One AnnotationCollection with all notes on its only page; `about` is what else it says of itself."""
    head = {
        "@context": w3c.CONTEXT,
        "id": iri,
        "type": "AnnotationCollection",
        "label": label,
        **about,
        "total": notes.count(),
        "last": f"{iri}#page",
    }
    page = _json({"id": f"{iri}#page", "type": "AnnotationPage", "partOf": iri, "startIndex": 0})[:-1]
    yield f'{_json(head)[:-1]}, "first": {page}, "items": [\n'
    items = ({name: value for name, value in made.items() if name != "@context"} for made in write(notes, person))
    yield from separated(_json(item) for item in items)
    yield "\n]}}\n"


def of_article(annotated: Annotated, notes: AnnotationQuerySet) -> Iterator[str]:
    """The notes on one text, with whose text it is and its licence."""
    article = annotated.article
    return collection(
        notes, annotated.person, iri=f"{addresses.of_article(article.slug)}export.jsonld", label=article.title,
        about={"dcterms:source": w3c.about_text(article)},
    )  # fmt: skip


def separated(items: Iterable[str]) -> Iterator[str]:
    """The items of a JSON list, one a line."""
    for number, item in enumerate(items):
        yield f",\n{item}" if number else item


def _json(value: w3c.Json) -> str:
    made = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", made)
