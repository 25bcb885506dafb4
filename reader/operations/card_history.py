"""The history of cards: each change leaves a version, and any version can be put back.

A snapshot is a card as plain values: its own fields, facts, sources, tags and the relations it speaks of.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from reader.models import Article, Card, CardVersion, Fact, Member, ModerationEvent, Proposal, Relation, Source
from reader.operations.errors import ReaderError
from reader.operations.rows import held_card
from reader.operations.trail import record_card

Snapshot = dict[str, Any]
COLUMNS = (
    "kind", "name", "native_name", "romanised_name", "aliases", "other_names", "role", "summary", "date_label",
    "date_start", "date_end", "external_ids", "verification", "verification_note",
)  # fmt: skip
Kind = CardVersion.Kind


class CardChanged(ReaderError):
    status = 409
    code = "card_changed"
    message = _("The card has changed since you looked at it. Nothing was overwritten; look at it as it is now.")


class NothingToChange(ReaderError):
    code = "nothing_to_change"
    message = _("The card says this already: there is nothing to change.")


def snapshot(card: Card) -> Snapshot:
    """The card as it is now."""
    return snapshots([card])[card.pk]


def snapshots(cards: Iterable[Card]) -> dict[int, Snapshot]:
    """The same for many, in as many queries as for one."""
    fresh = list(Card.objects.filter(pk__in=[card.pk for card in cards]))
    prefetch_related_objects(fresh, "facts", "sources", "tags", "relations__other")
    return {card.pk: _values(card) for card in fresh}


def _values(card: Card) -> Snapshot:
    relations = [[row.other.slug, row.label, row.inverse_label] for row in card.relations.all()]
    return {name: getattr(card, name) for name in COLUMNS} | {
        "facts": [[fact.date, fact.text] for fact in sorted(card.facts.all(), key=lambda fact: fact.position)],
        "sources": sorted(source.slug for source in card.sources.all()),
        "tags": sorted(tag.name for tag in card.tags.all()),
        "relations": sorted(relations),
    }


def newest(card: Card) -> CardVersion | None:
    """Its last version; None for a card whose history nobody has begun."""
    return card.versions.order_by("-number").first()


def number_of(card: Card) -> int:
    """The number of its last version, or 0: what a page says that it has shown."""
    last = newest(card)
    return last.number if last else 0


def begin(cards: QuerySet[Card]) -> None:
    """Keep how these cards are before something changes them, where their history has not begun yet."""
    without = cards.filter(versions__isnull=True)
    known = snapshots(without)
    CardVersion.objects.bulk_create(
        CardVersion(card_id=pk, number=1, kind=Kind.BEFORE, snapshot=values) for pk, values in known.items()
    )


def keep(
    card: Card,
    kind: str,
    *,
    by: Member | None,
    why: str = "",
    proposal: Proposal | None = None,
    source: Source | None = None,
    restored: int | None = None,
) -> CardVersion | None:
    """Add what the card is now to its history; None when that is what its last version says."""
    now, last = snapshot(card), newest(card)
    if last is not None and last.snapshot == now:
        return None
    author = proposal.author if proposal else None
    return CardVersion.objects.create(
        card=card, number=last.number + 1 if last else 1, kind=kind, snapshot=now, by=by,
        by_name=by.name if by else "", proposal=proposal, author=author, author_name=author.name if author else "",
        source=source, restored=restored, why=why,
    )  # fmt: skip


def write(card: Card, values: Snapshot) -> None:
    """Put these values, all of a snapshot or some, in the place of those the card has."""
    columns = {name: values[name] for name in COLUMNS if name in values}
    for name, value in columns.items():
        setattr(card, name, value)
    if columns:
        card.save(update_fields=list(columns))
    if "facts" in values:
        card.facts.all().delete()
        rows = enumerate(values["facts"], 1)
        Fact.objects.bulk_create(Fact(card=card, position=at, date=date, text=text) for at, (date, text) in rows)
    if "sources" in values:
        card.sources.set(Source.objects.filter(slug__in=values["sources"]))
    if "tags" in values:
        card.tags.set(values["tags"], clear=True)
    if "relations" in values:
        _relate(card, values["relations"])


def _relate(card: Card, rows: Iterable[tuple[str, str, str]]) -> None:
    """Without those to cards that are gone by now."""
    others = {other.slug: other for other in Card.objects.filter(slug__in=[slug for slug, _label, _back in rows])}
    card.relations.all().delete()
    Relation.objects.bulk_create(
        Relation(card=card, other=others[slug], label=label, inverse_label=back)
        for slug, label, back in rows
        if slug in others and slug != card.slug
    )


def show_anew(card: Card) -> None:
    """Say of the texts that name the card that what the public sees has changed."""
    named = Q(mentions__card=card) | Q(revisions__crossreferences__target_card=card)
    Article.objects.filter(pk__in=Article.objects.filter(named).values("pk")).touch_notes()


@transaction.atomic
def put_back(card: Card, number: int, *, seen: int, by: Member, why: str = "") -> CardVersion:
    """Make the card what version `number` says, as a new version. `seen` is the last version the editor knew of.

    Raises CardVersion.DoesNotExist, CardChanged, NothingToChange.
    """
    card = held_card(card.pk)
    if number_of(card) != seen:
        raise CardChanged
    former = card.versions.get(number=number)
    write(card, former.snapshot)
    made = keep(card, Kind.PUT_BACK, by=by, why=why, restored=number)
    if made is None:
        raise NothingToChange
    record_card(card, ModerationEvent.Verb.PUT_BACK, by=by, reason=why, version=number)
    show_anew(card)
    return made


def contributors(versions: Iterable[CardVersion]) -> list[str]:
    """Whose corrections and facts a card holds, each once, first ones first; `versions` from the first on.

    What was put back to an earlier version holds what that one held; a correction taken back is nobody's.
    """
    held: dict[int, list[CardVersion]] = {}
    now: list[CardVersion] = []
    for version in versions:
        if version.kind == Kind.PUT_BACK:
            now = list(held.get(version.restored or 0, []))
        elif version.kind == Kind.UNDONE:
            now = [each for each in now if each.proposal_id != version.proposal_id]
        elif version.author_name:
            now = [*now, version]
        held[version.number] = now
    return list(dict.fromkeys(version.author_name for version in now))
