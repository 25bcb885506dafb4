"""Whose turn it is: who is at work on what waits, and who decides after an author has answered a rejection."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import AnnotationVersion, HeldFor, Member, ModerationEvent, Proposal, Status, Visibility
from reader.operations.errors import AlreadyDecided, CannotDoThat, NothingWritten, TooLong
from reader.operations.rows import held_note, held_proposal
from reader.operations.trail import record, record_proposal

Verb = ModerationEvent.Verb
Item = AnnotationVersion | Proposal
CLAIMED_FOR = timedelta(minutes=15)
LONGEST_APPEAL = 2000
FREE: dict[str, Any] = {"claimed_by": None, "claimed": None}


def claim(item: Item, *, by: Member) -> None:
    """Say that one is at work on it, for a quarter of an hour. Raises AlreadyDecided when somebody else is."""
    free = Q(claimed__isnull=True) | Q(claimed__lt=timezone.now() - CLAIMED_FOR) | Q(claimed_by=by)
    if not _row(item).filter(free, status=Status.PENDING).update(claimed_by=by, claimed=timezone.now()):
        item.refresh_from_db()
        if item.status != Status.PENDING:
            raise AlreadyDecided(_("It waits no longer: it is %s.") % item.get_status_display())
        name = item.claimed_by.name if item.claimed_by else _("Somebody")
        raise AlreadyDecided(_("%s is at work on it.") % name)


def release(item: Item, *, by: Member) -> None:
    """Give an item back to the others."""
    _row(item).filter(claimed_by=by).update(**FREE)


def is_claimed(item: Item) -> bool:
    """True while somebody's claim has not run out."""
    return item.claimed is not None and item.claimed > timezone.now() - CLAIMED_FOR


@transaction.atomic
def appeal(item: Item, *, by: Member, words: str) -> None:
    """Answer a rejection, once: it returns to the queue, to another moderator if there is one."""
    words = words.strip()
    if not words:
        raise NothingWritten(_("Say why it should be looked at again."))
    if len(words) > LONGEST_APPEAL:
        raise TooLong(_("Say it in at most 2,000 characters."))
    now = timezone.now()
    held = [*item.held_for, str(HeldFor.APPEAL)]
    asked = {"status": Status.PENDING, "appeal": words, "appealed": now, "waits_since": now, "held_for": held}
    if not _own(item, by).filter(status=Status.REJECTED, appeal="").update(**asked):
        raise CannotDoThat(_("A rejection can be answered once, while it stands."))
    states = {"before": Status.REJECTED, "after": Status.PENDING}
    if isinstance(item, Proposal):
        record_proposal(item, Verb.APPEALED, by=by, reason=words, **states)
    else:
        record(item.annotation, Verb.APPEALED, by=by, version=item, reason=words, **states)


def check_turn(item: Item, by: Member) -> None:
    """For an item that is held. Raises CannotDoThat to who rejected it, AlreadyDecided while another is at work."""
    if not may_decide(item, by):
        raise CannotDoThat(_("The author has answered your rejection: another moderator decides now."))
    at_work = item.claimed_by if item.status == Status.PENDING and is_claimed(item) else None
    if at_work and at_work.pk != by.pk:
        raise AlreadyDecided(_("%s is at work on it. Your decision changed nothing.") % at_work.name)


def may_decide(item: Item, member: Member) -> bool:
    """False for the moderator whose rejection was answered, while there is another moderator."""
    return not for_others([item], member)


def for_others(items: Iterable[Item], member: Member) -> Sequence[Item]:
    """Those of these that answer a rejection of this moderator's, while there is another one. One query at most."""
    answering = [item for item in items if item.appealed and item.decided_by_id == member.pk and not _in_group(item)]
    others = Member.objects.filter(is_moderator=True, is_active=True).exclude(pk=member.pk)
    return answering if answering and others.exists() else []


def undecided(item: Item) -> dict[str, Any]:
    """The columns of one whose decision is taken back: as they were after the author's answer, else empty."""
    events = item.events if isinstance(item, Proposal) else item.annotation.events
    rejected = events.filter(verb=Verb.REJECTED, at__lt=item.appealed).first() if item.appealed else None
    said = {"decided_by": None, "decided": None, "reason": ""}
    if rejected:
        said = {"decided_by": rejected.by, "decided": rejected.at, "reason": rejected.reason}
    return said | {"status": Status.PENDING}


def _own(item: Item, by: Member) -> QuerySet[Any]:
    """Its row, held, if `by` wrote it and it is the newest wording."""
    if isinstance(item, Proposal):
        return _row(held_proposal(item.pk)).filter(author=by, number=item.number)
    held_note(item.annotation_id)
    return _row(item).filter(annotation__author=by, annotation__latest=item.pk)


def _row(item: Item) -> QuerySet[Any]:
    return type(item)._default_manager.filter(pk=item.pk)


def _in_group(item: Item) -> bool:
    """Its group's owner decides, whoever that is."""
    return isinstance(item, AnnotationVersion) and item.visibility == Visibility.GROUP
