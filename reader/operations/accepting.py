"""Deciding on proposals. Two moderators at once: one decides, the other is told and nothing changes."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import Member, ModerationEvent, Outcome, Proposal, Status
from reader.operations import card_history, telling
from reader.operations.card_history import CardChanged
from reader.operations.errors import AlreadyDecided, ReasonMissing
from reader.operations.proposing import Grounds, changed, check, of_a_new_card
from reader.operations.rows import held_card, held_proposal
from reader.operations.standing import set_trust, weigh_trust
from reader.operations.taking import give_back, take
from reader.operations.trail import record_proposal
from reader.operations.turns import FREE, check_turn, undecided

Verb = ModerationEvent.Verb
DECIDED = {Verb.APPROVED, Verb.REJECTED, Verb.RETURNED, Verb.SPAM, Verb.EDITED}


@transaction.atomic
def accept(proposal: Proposal, *, number: int, by: Member, trust: bool = False) -> ModerationEvent:
    """Do what it proposes. `number` is the wording that was read.

    Raises AlreadyDecided, and what `take` raises: then it still waits.
    """
    held = _decide(proposal, Status.APPROVED, number=number, by=by)
    take(held, by=by)
    event = _said(held, Verb.APPROVED, Outcome.APPROVED, by=by)
    if trust and held.author:
        set_trust(held.author, trusted=True, by=by, act=event.act)
    weigh_trust(held, by=by, act=event.act)
    return event


@transaction.atomic
def accept_with(
    proposal: Proposal, *, number: int, by: Member, values: dict[str, Any], seen: int, grounds: Grounds
) -> ModerationEvent:
    """Accept with other values: all that the card shall say. `seen` is the last version of the card that was shown.

    The proposer keeps the name, and sees both. Raises CardChanged when the card has moved on meanwhile.
    """
    held = _decide(proposal, Status.APPROVED, number=number, by=by)
    if held.kind == Proposal.Kind.CORRECTION and held.card is not None:
        card = held_card(held.card.pk)
        if card_history.number_of(card) != seen:
            raise CardChanged
        values, _before = changed(card, values, grounds)
    else:
        values = of_a_new_card(values, grounds)
    check(values, grounds)
    held.accepted, held.changed_by = values | {"source": grounds.fields()}, by
    held.save(update_fields=["accepted", "changed_by"])
    take(held, by=by)
    event = _said(held, Verb.EDITED, Outcome.EDITED, by=by)
    weigh_trust(held, by=by, act=event.act)
    return event


@transaction.atomic
def reject(proposal: Proposal, *, number: int, by: Member, reason: str) -> ModerationEvent:
    """Decline it, with a reason its author reads."""
    held = _decline(proposal, Status.REJECTED, number=number, by=by, reason=reason)
    event = _said(held, Verb.REJECTED, Outcome.UPHELD if held.appealed else Outcome.REJECTED, by=by)
    weigh_trust(held, by=by, act=event.act)
    return event


@transaction.atomic
def send_back(proposal: Proposal, *, number: int, by: Member, reason: str) -> ModerationEvent:
    """Ask its author to revise it; no judgement is counted against them."""
    held = _decline(proposal, Status.RETURNED, number=number, by=by, reason=reason)
    return _said(held, Verb.RETURNED, Outcome.RETURNED, by=by)


@transaction.atomic
def mark_as_spam(proposal: Proposal, *, number: int, by: Member) -> ModerationEvent:
    """Put it away. Nobody is told."""
    held = _decide(proposal, Status.SPAM, number=number, by=by)
    event = _said(held, Verb.SPAM, "", by=by)
    weigh_trust(held, by=by, act=event.act)
    return event


def wait_again(event: ModerationEvent, *, by: Member) -> None:
    """The proposal is undecided, and what it did to cards and texts is undone. Call inside a transaction.

    Raises AlreadyDecided when it has moved on since, CardChanged and CannotDoThat when somebody has built on it.
    """
    held = held_proposal(event.proposal_id or 0)
    newest = held.events.filter(verb__in=DECIDED).order_by("pk").last() == event
    if not newest or (held.number, held.status) != (event.version, event.after):
        raise AlreadyDecided(_("The proposal has changed since that decision. Nothing was taken back."))
    if held.status == Status.APPROVED:
        give_back(held, by=by)
    for name, value in undecided(held).items():
        setattr(held, name, value)
    held.accepted, held.changed_by = {}, None
    held.save()
    record_proposal(held, Verb.UNDONE, by=by, before=event.after, after=Status.PENDING, act=event.act)
    telling.taken_back(held, Outcome.UNDONE)


def _said(proposal: Proposal, verb: str, outcome: str, *, by: Member) -> ModerationEvent:
    """Write the act down, and tell the author unless it is put away in silence."""
    states = {"before": Status.PENDING, "after": proposal.status}
    event = record_proposal(proposal, verb, by=by, reason=proposal.reason, **states)
    if outcome:
        telling.decided(proposal, outcome, by=by)
    return event


def _decline(proposal: Proposal, status: str, *, number: int, by: Member, reason: str) -> Proposal:
    if not reason.strip():
        raise ReasonMissing
    return _decide(proposal, status, number=number, by=by, reason=reason)


def _decide(proposal: Proposal, status: str, *, number: int, by: Member, reason: str = "") -> Proposal:
    """Compare and set: only the wording that was read, and that still waits, is decided."""
    held = held_proposal(proposal.pk)
    check_turn(held, by)
    if (held.status, held.number) != (Status.PENDING, number):
        raise AlreadyDecided(_what_happened(held))
    now = {"decided_by": by, "decided": timezone.now(), "reason": reason, "status": status, **FREE}
    for name, value in now.items():
        setattr(held, name, value)
    held.save(update_fields=[*now])
    return held


def _what_happened(proposal: Proposal) -> str:
    if proposal.status == Status.PENDING:
        return _("Its author has written a newer version since; decide on that one.")
    names = {"status": proposal.get_status_display()}
    if proposal.decided_by:
        names["name"] = proposal.decided_by.name
        return _("%(name)s was quicker: the proposal is %(status)s. Your decision changed nothing.") % names
    return _("The proposal is %(status)s by now. Your decision changed nothing.") % names
