"""Bringing an edition in: one transaction, and the same edition twice changes nothing."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from reader.formats.edition import Edition, EditionError, Row
from reader.models import (
    Annotation,
    AnnotationVersion,
    Article,
    Card,
    CardVersion,
    CrossReference,
    Fact,
    Member,
    Mention,
    Placement,
    Relation,
    Revision,
    Source,
    Status,
    TimelineEvent,
)
from reader.models.annotations import new_uid
from reader.operations import card_history, revising
from reader.operations.annotating import clean_tags
from reader.operations.carrying import verdict
from reader.operations.errors import BadTags
from reader.operations.wording import Wording, keep_paragraphs, new_keys
from reader.text.normalise import digest
from reader.text.selectors import Span, quote_at
from reader.text.structure import Block

Kept = TypeVar("Kept", bound=models.Model)
CHANGES = (
    "Running headers and notices of the PDF version were removed; highlights, notes and links were added "
    "by the editors."
)


@transaction.atomic
def publish_edition(edition: Edition, *, slug: str) -> Article:
    """Keep everything an edition holds; rows are found again by their natural keys.

    Raises EditionError when a quote does not stand where the edition says; nothing is kept then.
    """
    before = _what_pages_show(slug)
    article = _article(edition, slug)
    revision = _revision(article, edition)
    sources = {row["id"]: _source(row) for row in edition.sources}
    card_history.begin(Card.objects.filter(slug__in=[row["slug"] for row in edition.cards]))
    cards = {row["slug"]: _card(row, sources) for row in edition.cards}
    _relations(edition.cards, cards)
    for card in cards.values():
        card_history.keep(card, CardVersion.Kind.LOADED, by=None)
    _mentions(edition, article, revision, cards)
    for row in edition.crossrefs:
        _crossreference(edition, revision, row, cards)
    for row in edition.timeline:
        _event(edition, article, revision, row, cards, sources)
    for row in edition.annotations:
        _note(edition, article, revision, row, cards, sources)
    if article.current_id is None:
        article.current = revision
        article.save(update_fields=["current"])
    if _what_pages_show(slug) != before:
        article.touch_notes()
    article.refresh_from_db()
    return article


def _what_pages_show(slug: str) -> list[Any]:
    """All that a reading page is made of; when it is the same, the rendered page is still good."""
    rows: list[Any] = [
        Article.objects.filter(slug=slug).values(),
        Mention.objects.filter(article__slug=slug).values(),
        CrossReference.objects.filter(revision__article__slug=slug).values(),
        Annotation.objects.filter(article__slug=slug).values("uid", "published", "evidence", "cards", "sources"),
        Placement.objects.filter(revision__article__slug=slug).values(),
        Card.objects.filter(mentions__article__slug=slug).values(),
    ]
    return [sorted(map(repr, each)) for each in rows]


def _keep(model: type[Kept], where: str, *, found_by: Row, values: Row, only_new: Row | None = None) -> Kept:
    """The row with these values, new or changed; `only_new` are values that stay as they first were.

    Raises EditionError for what no form would take: an unknown kind, an address that is none, too many words.
    """
    first = values | (only_new or {})
    row = model(**found_by | first)
    others = [each.name for each in model._meta.fields if each.is_relation]
    try:
        row.clean_fields(exclude=[*others, "authors"])
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise EditionError(f"{where}, «{name}»: {sentences[0]}") from error
    return model._default_manager.update_or_create(**found_by, defaults=values, create_defaults=first)[0]


def _article(edition: Edition, slug: str) -> Article:
    front = edition.front
    same = ("title", "publisher", "issn", "published", "licence", "licence_name", "licence_url")
    values: dict[str, Any] = {name: front.get(name) or "" for name in same}
    values |= {
        "published": front.get("published") or None,
        "language": front.get("language") or "en",
        "authors": [front["author"]] if front.get("author") else [],
        "author_bio": front.get("author_bio", ""),
        "source_url": front.get("canonical_url", ""),
        "licence_statement_url": front.get("licence_statement_url", ""),
        "licence_confidence": front.get("licence_confidence", ""),
        "copyright_holder": front.get("copyright_holder", ""),
        "changes": front.get("changes", CHANGES),
    }
    return _keep(Article, "article.md, front matter", found_by={"slug": slug}, values=values)


def _revision(article: Article, edition: Edition) -> Revision:
    """The revision this edition is: the one it was loaded as, though the text was revised since, or a new one."""
    known: Revision | None = article.revisions.filter(digest=digest(edition.text)).order_by("number").last()
    if known is not None:
        return known
    blocks = [Block(block.kind, block.text, tuple(tuple(mark) for mark in block.markup)) for block in edition.blocks]
    wording = Wording(source=edition.source, blocks=blocks)
    if article.current is not None:
        return revising.publish(article, wording, by=None, reason="Edition loaded.")
    revision = Revision.objects.create(
        article=article, number=1, source=edition.source, text=edition.text, reason="Edition loaded."
    )
    keep_paragraphs(revision, wording, new_keys(wording))
    return revision


def _source(row: Row) -> Source:
    values = {name: row.get(name) or "" for name in ("title", "publisher", "url", "canonical_url", "date", "note")}
    return _keep(Source, f"source {row['id']}", found_by={"slug": row["id"]}, values=values)


def _card(row: Row, sources: dict[str, Source]) -> Card:
    where = f"cards.yaml, {row['slug']}"
    said = _said_of_a_card(row, sources, where)
    known = Card.objects.filter(slug=row["slug"]).first()
    news = {name: value for name, value in said.items() if known is None or known.edition.get(name) != value}
    columns = {name: value for name, value in said.items() if name in card_history.COLUMNS}
    new_columns = {name: value for name, value in columns.items() if name in news} | {"edition": said}
    card = _keep(Card, where, found_by={"slug": row["slug"]}, values=new_columns, only_new=columns)
    if "sources" in news:
        card.sources.set(Source.objects.filter(slug__in=said["sources"]))
    if "tags" in news:
        card.tags.set(said["tags"])
    if "facts" in news:
        _facts(card, said["facts"], where)
    return card


def _said_of_a_card(row: Row, sources: dict[str, Source], where: str) -> Row:
    """What the edition says, by the names of a snapshot. What it said before already is not written again: readers
    and editors may have corrected it since."""
    dates = row.get("dates") or {}
    same = ("kind", "name", "native_name", "role", "summary", "verification", "verification_note")
    return {name: row.get(name) or "" for name in same} | {
        "romanised_name": row.get("pinyin") or "",
        "aliases": row.get("aliases") or [],
        "other_names": row.get("other_names") or [],
        "date_label": dates.get("label") or "",
        "date_start": dates.get("start") or "",
        "date_end": dates.get("end") or "",
        "external_ids": row.get("external_ids") or {},
        "facts": [[fact.get("date") or "", fact["fact"]] for fact in row.get("facts") or []],
        "sources": [source.slug for source in _known_sources(row, sources)],
        "tags": _tags(row, where),
    }


def _facts(card: Card, facts: list[list[str]], where: str) -> None:
    for position, (date, text) in enumerate(facts, 1):
        _keep(Fact, where, found_by={"card": card, "position": position}, values={"date": date, "text": text})
    card.facts.filter(position__gt=len(facts)).delete()


def _tags(row: Row, where: str) -> list[str]:
    try:
        return clean_tags([str(tag) for tag in row.get("tags") or []])
    except BadTags as error:
        raise EditionError(f"{where}: {error}") from error


def _known_sources(row: Row, sources: dict[str, Source]) -> list[Source]:
    """Sources of `row`; one that sources.yaml does not know is described where it is cited."""
    for each in row.get("sources") or []:
        if each["id"] not in sources:
            sources[each["id"]] = _source(each)
    return [sources[each["id"]] for each in row.get("sources") or []]


def _relations(rows: Iterable[Row], cards: dict[str, Card]) -> None:
    """One row a pair: what the other card says of the same pair becomes the inverse label."""
    written = {(row["slug"], r["slug"]): r["relation"] for row in rows for r in row.get("related") or []}
    done: set[tuple[str, str]] = set()
    for (one, other), label in written.items():
        if (other, one) in done:
            continue
        done.add((one, other))
        labels = {"label": label, "inverse_label": written.get((other, one), "")}
        ends = {"card": cards[one], "other": cards[other]}
        _keep(Relation, f"cards.yaml, {one}", found_by=ends, values=labels)


def _mentions(edition: Edition, article: Article, revision: Revision, cards: dict[str, Card]) -> None:
    for row in edition.cards:
        card, where = cards[row["slug"]], f"cards.yaml, {row['slug']}"
        for anchor in row.get("mentions") or []:
            span = edition.span(anchor, where)
            values = {"card": card, "end": span.end, "kind": anchor.get("type") or "", "article": article}
            place: dict[str, Any] = {"revision": revision, "field": "", "start": span.start}
            over = revision.mentions.filter(start__lt=span.end, end__gt=span.start)
            over.exclude(start=span.start).delete()  # carried here, while the edition says otherwise
            _keep(Mention, where, found_by=place, values=values)
        for anchor in row.get("front_matter_mentions") or []:
            span = edition.field_span(anchor, where)
            place = {"article": article, "revision": None, "field": anchor["field"], "start": span.start}
            _keep(Mention, where, found_by=place, values={"card": card, "end": span.end})


def _crossreference(edition: Edition, revision: Revision, row: Row, cards: dict[str, Card]) -> None:
    where = f"crossrefs.yaml, {row['id']}"
    span, target = edition.span(row["source"], where), row["target"]
    values: dict[str, Any] = {"start": span.start, "end": span.end, "label": row["label"], "reason": row["reason"]}
    if "card" in target:
        values["target_card"] = cards[target["card"]]
    else:
        there = edition.span(target, where)
        values |= {"target_start": there.start, "target_end": there.end}
    _keep(CrossReference, where, found_by={"revision": revision, "key": row["id"]}, values=values)


def _event(
    edition: Edition, article: Article, revision: Revision, row: Row, cards: dict[str, Card],
    sources: dict[str, Source],
) -> None:  # fmt: skip
    values: dict[str, Any] = {
        "title": row["title"],
        "card": cards.get(row.get("card") or ""),
        "date_start": str(row["start"]),
        "date_end": str(row.get("end") or ""),
        "precision": row["precision"],
        "as_stated": row.get("as_stated") or "",
        "agreement": row["status"],
        "note": row.get("note") or "",
    }
    place = {"field": row["field"]} if row.get("field") else _event_place(edition, revision, row)
    if article.current_id in (None, revision.pk):  # else its words are those of a wording since
        values |= {"field": "", "revision": None, "start": None, "end": None} | place
    found_by = {"article": article, "key": row["id"]}
    event = _keep(TimelineEvent, f"timeline.yaml, {row['id']}", found_by=found_by, values=values, only_new=place)
    event.sources.set(_known_sources(row, sources))


def _event_place(edition: Edition, revision: Revision, row: Row) -> dict[str, Any]:
    """Timeline anchors carry no offsets: the quote and its occurrence are enough."""
    block = edition.blocks[row["paragraph"] - 1]
    at = _nth(block.source, row)
    span = edition.span(row | {"start": at, "end": at + len(row["quote"])}, f"timeline.yaml, {row['id']}")
    return {"revision": revision, "start": span.start, "end": span.end}


def _nth(source: str, row: Row) -> int:
    at = -1
    for _ in range(row.get("occurrence") or 1):
        at = source.find(row["quote"], at + 1)
    return at


def _note(
    edition: Edition, article: Article, revision: Revision, row: Row, cards: dict[str, Card],
    sources: dict[str, Source],
) -> None:  # fmt: skip
    """Keep one editorial note, with a new wording when its words have changed."""
    uid = new_uid(f"{article.source_url}#{row['id']}")
    span = edition.span(row, f"annotations.yaml, {row['id']}")
    quote = quote_at(revision.text, span)
    values = {
        "article": article, "author": _editors(), "motivation": row["motivation"], "evidence": row["status"],
    }  # fmt: skip
    target = {
        "revision": revision, "start": span.start, "end": span.end,
        "exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix,
    }  # fmt: skip
    where = f"annotations.yaml, {row['id']}"
    note = _keep(Annotation, where, found_by={"uid": uid}, values=values, only_new=target)
    note.cards.set([cards[slug] for slug in row.get("cards") or []])
    note.sources.set(_known_sources(row, sources))
    _place(note, revision, span)
    _wording(note, row)


def _place(note: Annotation, revision: Revision, span: Span) -> None:
    """Where the edition has it, unless a person put it elsewhere; into a wording since, carried."""
    state, score = verdict(note.exact, span.of(revision.text))
    values = {"start": span.start, "end": span.end, "state": state, "score": score}
    place, made = Placement.objects.get_or_create(annotation=note, revision=revision, defaults=values)
    if not made and place.placed_by_id is None and (place.start, place.end) != (span.start, span.end):
        Placement.objects.filter(pk=place.pk).update(**values)
    if made:
        revising.bring_forward(note)


def _wording(note: Annotation, row: Row) -> None:
    """A new version when the words or tags differ from the newest one."""
    body, tags = row["body"].strip(), _tags(row, f"annotations.yaml, {row['id']}")
    if note.latest and (note.latest.body, note.latest.tag_names) == (body, tags):
        return
    number = note.latest.number + 1 if note.latest else 1
    note.published = note.latest = AnnotationVersion.objects.create(
        annotation=note, number=number, body=body, tag_names=tags, status=Status.APPROVED, decided=timezone.now()
    )
    note.save(update_fields=["latest", "published"])
    note.tags.set(tags, clear=True)


def _editors() -> Member:
    """The account that stands for the editors of editions; nobody can log in to it."""
    defaults: dict[str, str | bool] = {"display_name": "Editors", "is_editor": True, "password": "!"}
    editors: Member = Member.objects.get_or_create(username="editors", defaults=defaults)[0]
    return editors
