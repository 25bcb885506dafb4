"""What a change of a card does, field by field, and what a proposal looks like before it is accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from reader.models import Card, Fact, Proposal, Source
from reader.operations import card_history, taking
from reader.operations.card_history import Snapshot
from reader.operations.proposing import DATE_LABELS
from reader.text.aligning import align
from reader.text.dated import to_lines
from reader.text.excerpts import excerpt
from reader.text.normalise import SEPARATOR
from reader.text.selectors import Span
from reader.views.differences import inline, stretches

REACH = 160  # code points of the text shown either side of a passage
LABELS = {
    "name": _("Name"), "kind": _("Kind"), "native_name": _("Name in its own script"),
    "romanised_name": _("Romanised name"), "aliases": _("Other wordings in the texts"),
    "other_names": _("Other names"), "role": _("Role"), "summary": _("Summary"),
    "date_label": _("The dates are of its"), "date_start": _("From"), "date_end": _("To"), "facts": _("Dated facts"),
    "relations": _("Related"), "sources": _("Sources"), "tags": _("Tags"),
    "external_ids": _("Identifiers elsewhere"), "verification": _("Checked"),
    "verification_note": _("How it was checked"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldChange:
    """One field: its lines with what was taken out and put in; `now` is what the card says where that is neither."""

    label: str
    lines: Sequence[SafeString]
    now: str | None = None


def changes(old: Snapshot, new: Snapshot, *, now: Snapshot | None = None) -> list[FieldChange]:
    """The fields of `new` that differ from `old`; with `now`, those that were changed otherwise meanwhile say so."""
    made = []
    for name, label in LABELS.items():
        if name not in new or old.get(name) == new[name]:
            continue
        before, after = as_text(name, old.get(name)), as_text(name, new[name])
        moved_on = now is not None and now[name] not in (old.get(name), new[name])
        made.append(FieldChange(str(label), _lines(before, after), as_text(name, now[name]) if moved_on else None))
    return made


def readable(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The same with titles of sources and names of cards for their slugs, in two queries."""
    sources = {slug for each in snapshots for slug in each["sources"]}
    others = {row[0] for each in snapshots for row in each["relations"]}
    titles = dict(Source.objects.filter(slug__in=sources).values_list("slug", "title"))
    names = dict(Card.objects.filter(slug__in=others).values_list("slug", "name"))
    return [
        each
        | {
            "sources": [titles.get(slug, slug) for slug in each["sources"]],
            "relations": [[names.get(slug, slug), label, back] for slug, label, back in each["relations"]],
        }
        for each in snapshots
    ]


def as_text(name: str, value: Any) -> str:
    """A value as people read it; lists have a line for each entry."""
    if name == "facts":
        return to_lines(value or []).replace("\n", SEPARATOR)
    if name == "relations":
        return SEPARATOR.join(f"{label} {other}" for other, label, _back in value or [])
    if name == "external_ids":
        return SEPARATOR.join(f"{key}: {each}" for key, each in (value or {}).items())
    if name == "kind" and value in Card.Kind.values:
        return str(Card.Kind(value).label)
    if name == "verification" and value in Card.Verification.values:
        return str(Card.Verification(value).label)
    if name == "date_label":
        return str(DATE_LABELS.get(value, value or ""))
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value or "")


def _lines(old: str, new: str) -> list[SafeString]:
    alignment = align(old, new)
    if SEPARATOR not in old + new:
        return [inline(alignment)]
    changed = [stretch for stretch in stretches(alignment) if stretch.is_changed]
    return [line.html() for stretch in changed for line in stretch.lines]


def prepare(proposals: Iterable[Proposal]) -> None:
    """Give each what showing it needs beside its own fields; the number of queries is fixed."""
    found = list(proposals)
    cards = [each.card for each in found if each.card and each.kind == Proposal.Kind.CORRECTION]
    now = card_history.snapshots(cards) if cards else {}
    for each in found:
        _prepare(each, now.get(each.card_id, {}))


def _prepare(proposal: Proposal, now: Snapshot) -> None:
    proposal.is_proposal = True  # a queue holds notes as well
    proposal.passage = proposal.changes = proposal.preview = None
    proposal.facts = [Fact(date=date, text=text) for date, text in proposal.taken.get("facts", [])]
    if proposal.revision is not None:
        proposal.passage = excerpt(proposal.revision.text, Span(proposal.start, proposal.end), reach=REACH)
        proposal.is_of_an_older_text = proposal.article.current_id != proposal.revision_id
    if proposal.kind == Proposal.Kind.CARD:
        columns = {name: value for name, value in proposal.taken.items() if name in card_history.COLUMNS}
        proposal.preview = Card(**columns)
    elif proposal.kind == Proposal.Kind.CORRECTION:
        waits = proposal.status == "pending" and now
        proposal.changes = changes(proposal.before, proposal.taken, now=now if waits else None)
        proposal.conflicts = taking.conflicts(proposal, now) if waits else []
    proposal.theirs = changes(proposal.before, proposal.values) if proposal.accepted else []
