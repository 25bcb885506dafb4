"""Notes as W3C Web Annotations in JSON-LD (https://www.w3.org/TR/annotation-model/).

What a person may not see is not written: who calls passes only notes that `readable_by` let through, and the wording
is the one `access.shown_version` gives. Positions are half-open, in Unicode code points of the revision's text.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, ExpressionWrapper, F, QuerySet
from django.urls import reverse

from reader import access
from reader.formats import addresses, w3c_more
from reader.formats.w3c_checking import CONTEXT
from reader.formats.w3c_more import AS_SENT
from reader.models import (
    Annotation,
    AnnotationVersion,
    Article,
    Member,
    Motivation,
    Paragraph,
    Placement,
    Revision,
    Status,
)
from reader.models.annotations import MARKS
from reader.text.markdown import to_html
from reader.text.selectors import Span, TextQuote, quote_at

MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'
FRAGMENTS_OF_HTML = "http://tools.ietf.org/rfc/rfc3236"
EDITORS_RIGHTS = "https://creativecommons.org/licenses/by/4.0/"
AT_ONCE = 500  # notes whose places are read together

Json = dict[str, Any]


class Shelf:
    """Everything around a number of notes that writing them needs, read in a fixed number of queries."""

    def __init__(self, notes: Iterable[Annotation]) -> None:
        self.notes = list(notes)
        current = {note.article.current_id for note in self.notes if note.article.current_id}
        seen = {note.revision_id for note in self.notes if note.revision_id}
        self.revisions = self._revisions(current | seen)
        self.placements = {row.annotation_id: row for row in self._places(current)}
        self.starts = self._starts(current | seen)
        self.texts = self._texts(self._changed())

    def _changed(self) -> set[int]:
        """Current revisions in which a note stands that was written on another one."""
        return {
            note.article.current_id
            for note in self.notes
            if note.revision_id and note.article.current_id and note.revision_id != note.article.current_id
        }

    def _places(self, current: set[int]) -> QuerySet[Placement]:
        """Where the notes lie in the revisions that were current when they were read: one may be revised meanwhile.

        The sum keeps SQLite from the index of the revision, by which it would go through all that lies there.
        """
        number = ExpressionWrapper(F("revision") + 0, output_field=BigIntegerField())
        return (
            Placement.objects.filter(annotation__in=self.notes)
            .alias(number=number)
            .filter(number__in=current)
            .order_by()
        )

    @staticmethod
    def _revisions(pks: set[int]) -> dict[int, Revision]:
        return Revision.objects.only("number", "created", "article").in_bulk(pks)

    @staticmethod
    def _starts(pks: set[int]) -> dict[int, list[int]]:
        starts: dict[int, list[int]] = {pk: [] for pk in pks}
        rows = Paragraph.objects.filter(revision__in=pks).order_by("revision", "number")
        for revision, start in rows.values_list("revision", "start"):
            starts[revision].append(start)
        return starts

    @staticmethod
    def _texts(pks: set[int]) -> dict[int, str]:
        return dict(Revision.objects.filter(pk__in=pks).values_list("pk", "text")) if pks else {}

    def paragraph_number(self, revision: int, offset: int) -> int:
        """The number of the paragraph that holds the code point at `offset`."""
        return max(1, bisect_right(self.starts[revision], offset))

    def place_now(self, note: Annotation) -> Placement | None:
        """Where the note lies in the text as it is now; None when its words are gone."""
        found = self.placements.get(note.pk)
        return found if found and found.state != Placement.State.LOST else None


def shelves(notes: Iterable[Annotation]) -> Iterator[Shelf]:
    """The notes in shelves of AT_ONCE, so that memory does not grow with their number."""
    rest = iter(notes)
    while chunk := list(islice(rest, AT_ONCE)):
        yield Shelf(chunk)


def to_jsonld(note: Annotation, person: access.Person, shelf: Shelf) -> Json:
    """The note as `person` may see it. Take notes from `readable_by(person).with_versions()`."""
    return describe(note, access.shown_version(note, person), shelf)


def describe(note: Annotation, version: AnnotationVersion | None, shelf: Shelf) -> Json:
    """The note in this wording: for those who have asked already whether it may be seen."""
    made: Json = {"@context": CONTEXT, "id": addresses.of_annotation(note.uid), "type": "Annotation"}
    made |= {"motivation": note.motivation, **_lifecycle(note, version)}
    if version and (bodies := _bodies(note, version)):
        made["body"] = bodies[0] if bodies == [bodies[0]] and isinstance(bodies[0], str) else bodies
    further = version.more.get("targets", []) if version else []
    made["target"] = [_target(note, shelf), *further] if further else _target(note, shelf)
    said = {name: version.more[name] for name in AS_SENT if name in version.more} if version else {}
    return made | _rights(note, version) | said | _state_of(note, version)


def when(moment: datetime) -> str:
    """xsd:dateTime in UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lifecycle(note: Annotation, version: AnnotationVersion | None) -> Json:
    made: Json = {}
    if note.author:
        made["creator"] = _person(note, note.author)
    made["created"] = when(note.created)
    made["modified"] = when(max(version.created, note.created)) if version else when(note.created)
    made["generator"] = {"id": f"{settings.SITE_URL}/", "type": "Software", "name": settings.SITE_NAME}
    return made


def _person(note: Annotation, author: Member) -> Json:
    """Its author; with the address of their page once the note is public, for then there is one."""
    made: Json = {"type": "Person", "name": author.name}
    if note.published_id and not note.is_private:
        page = addresses.site(reverse("reader:person", args=[author.username]))
        made = {"id": page, **made, "nickname": author.username}
    return made


def _rights(note: Annotation, version: AnnotationVersion | None) -> Json:
    made: Json = {"rights": EDITORS_RIGHTS} if note.layer == "e" else {}
    if note.canonical:
        made["canonical"] = note.canonical
    if note.via:
        further = [via for via in version.more.get("via", []) if via != note.via] if version else []
        made["via"] = [note.via, *further] if further else note.via
    return made


def _state_of(note: Annotation, version: AnnotationVersion | None) -> Json:
    """What its author should know of a note that not everyone sees, and which group it is for; else nothing."""
    if note.is_private:
        return {"schema:creativeWorkStatus": "private"}
    made: Json = {}
    if note.group:
        group = addresses.site(note.group.get_absolute_url())
        made["audience"] = {"id": group, "type": "schema:Audience", "schema:name": note.group.name}
    if version and version.status != Status.APPROVED:
        return made | {"schema:creativeWorkStatus": version.status}
    return made | ({"schema:creativeWorkStatus": "group"} if note.group else {})


def _bodies(note: Annotation, version: AnnotationVersion) -> list[Any]:
    said = version.more
    resources, body = w3c_more.resources(said, version.body)
    made: list[Any] = []
    if body:
        purpose = said.get("purpose") or str(Motivation.COMMENTING if note.motivation in MARKS else note.motivation)
        written = {name: said[name] for name in w3c_more.OF_WORDS if name in said} | {"purpose": purpose}
        made.append(_words(body, said.get("format", "text/markdown")) | written)
        made.append(_words(to_html(body), "text/html") | written)
    made += [_words(name, "text/plain") | {"purpose": str(Motivation.TAGGING)} for name in version.tag_names]
    return made + linked_bodies(note) + resources


def linked_bodies(note: Annotation) -> list[Json]:
    """The cards and the sources of a note."""
    made = [_linked(addresses.site(card.get_absolute_url()), Motivation.IDENTIFYING) for card in note.cards.all()]
    known = [source.canonical_url or source.url for source in note.sources.all()]
    return made + [_linked(address, Motivation.LINKING) for address in known if address]


def _linked(address: str, purpose: Motivation) -> Json:
    return {"type": "SpecificResource", "source": address, "purpose": str(purpose)}


def _words(value: str, media_type: str) -> Json:
    return {"type": "TextualBody", "value": value, "format": media_type}


def _target(note: Annotation, shelf: Shelf) -> Json | str:
    if note.parent_id:
        return addresses.of_annotation(note.parent.uid)
    made: Json = {"type": "SpecificResource", "source": addresses.of_article(note.article.slug)} | _owed_to(
        note.article
    )
    if note.is_on_whole_text:
        return made
    now = shelf.place_now(note)
    if now is None or now.revision_id == note.revision_id:
        return made | _place(note, note.revision_id, Span(note.start, note.end), _quote(note), shelf)
    span = Span(now.start, now.end)
    here = _place(note, now.revision_id, span, quote_at(shelf.texts[now.revision_id], span), shelf)
    then = _place(note, note.revision_id, Span(note.start, note.end), _quote(note), shelf)
    return made | here | {"state": [here["state"], then["state"] | {"refinedBy": then["selector"]}]}


def _owed_to(article: Article) -> Json:
    """Whose the words are that the note lies on, and under which licence."""
    made: Json = {"creator": [{"type": "Person", "name": name} for name in article.authors]} if article.authors else {}
    return made | ({"rights": article.licence_url} if article.licence_url else {})


def _quote(note: Annotation) -> TextQuote:
    return TextQuote(note.exact, note.prefix, note.suffix)


def _place(note: Annotation, revision: int, span: Span, quote: TextQuote, shelf: Shelf) -> Json:
    """Selectors of one place, and the wording of the text in which they are right."""
    row = shelf.revisions[revision]
    selectors = selectors_of(span, quote, shelf.paragraph_number(revision, span.start))
    state = {
        "type": "TimeState",
        "sourceDate": when(row.created),
        "cached": addresses.of_revision(note.article.slug, row.number),
    }
    return {"selector": selectors, "state": state}


def selectors_of(span: Span, quote: TextQuote, paragraph: int) -> list[Json]:
    """Three ways to the same words: the words, their position in code points, their paragraph."""
    return [
        {"type": "TextQuoteSelector", "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix},
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        {"type": "FragmentSelector", "conformsTo": FRAGMENTS_OF_HTML, "value": f"p{paragraph}"},
    ]


def about_text(article: Article) -> Json:
    """The text a collection is about, with those it is owed to and its licence (Dublin Core terms)."""
    made: Json = {
        "id": addresses.of_article(article.slug),
        "dcterms:title": article.title,
        "dcterms:creator": article.authors,
        "dcterms:publisher": article.publisher,
        "dcterms:source": {"id": article.source_url} if article.source_url else "",
        "dcterms:issued": article.published.isoformat() if article.published else "",
        "dcterms:license": {"id": article.licence_url} if article.licence_url else article.licence,
        "dcterms:rightsHolder": article.copyright_holder,
        "dcterms:provenance": article.changes,
    }
    return {name: value for name, value in made.items() if value}
