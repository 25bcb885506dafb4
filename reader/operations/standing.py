"""How people stand: trust earned and lost, warnings, suspensions, bans. Each has a reason its person reads."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reader.models import (
    Annotation,
    AnnotationVersion,
    Member,
    ModerationEvent,
    Outcome,
    Proposal,
    Sanction,
    Status,
    Visibility,
)
from reader.operations import telling
from reader.operations.errors import AlreadyDecided, CannotDoThat, MayNotWrite, ReasonMissing
from reader.operations.pace import count_writing
from reader.operations.rows import held_member
from reader.operations.trail import record, record_about, record_proposal

Verb = ModerationEvent.Verb
_VERBS = {"warning": Verb.WARNED, "suspension": Verb.SUSPENDED, "ban": Verb.BANNED}
A_MOMENT = timedelta(minutes=1)
LOOKED_BACK = 10  # decisions on a person's notes that count when trust is taken back


def check_may_write(member: Member, visibility: str) -> None:
    """Raise MayNotWrite while a sanction is in force, TooFast when public notes come too quickly.

    Private notes are nobody else's business: they are always allowed. How fast a group writes is its own.
    """
    if visibility == Visibility.PRIVATE:
        return
    check_not_stopped(member)
    if visibility == Visibility.PUBLIC and not member.writes_unheld:
        count_writing(member)


def check_not_stopped(member: Member) -> None:
    """Raise MayNotWrite while a suspension or ban is in force."""
    sanction = Sanction.objects.in_force().filter(member=member).first()
    if sanction:
        raise MayNotWrite(_why_not(sanction))


def _why_not(sanction: Sanction) -> str:
    if sanction.kind == Sanction.Kind.BAN:
        return _("You may not write public notes or flag any more. Reason: %s") % sanction.reason
    until = date_format(timezone.localtime(sanction.until), "j F Y, H:i")
    words = _("You may not write public notes or flag until %(until)s. Reason: %(reason)s")
    return words % {"until": until, "reason": sanction.reason}


@transaction.atomic
def sanction(member: Member, *, kind: str, reason: str, by: Member, until: datetime | None = None) -> Sanction:
    """Warn, suspend until a date, or ban. Raises ReasonMissing, and CannotDoThat for oneself and for editors."""
    if not reason.strip():
        raise ReasonMissing
    if member.pk == by.pk or member.is_editor or member.is_moderator:
        raise CannotDoThat(_("Editors, moderators and yourself cannot be sanctioned here: an editor changes roles."))
    _refuse_twice(held_member(member.pk), kind, reason.strip(), by)
    made: Sanction = Sanction.objects.create(member=member, kind=kind, reason=reason.strip(), until=until, by=by)
    record_about(member, _VERBS[kind], by=by, reason=reason)
    telling.sanctioned(made, kind)
    return made


def _refuse_twice(member: Member, kind: str, reason: str, by: Member) -> None:
    """A form that was sent twice: the person is told once."""
    just_now = timezone.now() - A_MOMENT
    if member.sanctions.filter(kind=kind, reason=reason, by=by, created__gt=just_now, lifted__isnull=True).exists():
        raise AlreadyDecided(_("This was done a moment ago, in the same words. It stands in the trail once."))


@transaction.atomic
def lift(sanction: Sanction, *, by: Member, act: str = "") -> None:
    """End a sanction before its time."""
    held = Sanction.objects.select_for_update(of=("self",)).select_related("member").get(pk=sanction.pk)
    if held.lifted:
        raise CannotDoThat(_("It was lifted already."))
    event = record_about(held.member, Verb.LIFTED, by=by, act=act)
    held.lifted = event.at
    held.save(update_fields=["lifted"])
    telling.sanctioned(held, Outcome.LIFTED)


@transaction.atomic
def set_trust(member: Member, *, trusted: bool, by: Member, reason: str = "", act: str = "") -> None:
    """Trust somebody, or take it back, by hand."""
    if Member.objects.filter(pk=member.pk, is_trusted=not trusted).update(is_trusted=trusted):
        record_about(member, Verb.TRUSTED if trusted else Verb.DISTRUSTED, by=by, reason=reason, act=act)


def weigh_trust(about: Annotation | Proposal, *, by: Member, act: str = "") -> None:
    """After a decision: trust is earned by approved notes and proposals, lost by rejections among the last ones.

    What groups decide among themselves neither earns nor costs it.
    """
    if about.author_id is None or (isinstance(about, Annotation) and not about.is_public):
        return
    author = held_member(about.author_id)
    if author.is_editor or author.is_moderator:
        return
    rejected_lately = _recent_rejections(author) >= settings.DISTRUSTED_AFTER_REJECTIONS
    earned = not rejected_lately and author.approvals_until_trusted() == 0
    if author.is_trusted and rejected_lately:
        _turn_trust(about, trusted=False, by=by, act=act)
    elif not author.is_trusted and earned:
        _turn_trust(about, trusted=True, by=by, act=act)


def _turn_trust(about: Annotation | Proposal, *, trusted: bool, by: Member, act: str) -> None:
    Member.objects.filter(pk=about.author_id).update(is_trusted=trusted)
    verb = Verb.TRUSTED if trusted else Verb.DISTRUSTED
    if isinstance(about, Proposal):
        record_proposal(about, verb, by=by, act=act)
    else:
        record(about, verb, by=by, act=act)


def turn_trust_back(event: ModerationEvent) -> bool:
    """Take back that somebody became trusted or was trusted no longer; False when that is not how they stand now."""
    if event.verb not in {Verb.TRUSTED, Verb.DISTRUSTED}:
        return False
    was_given = event.verb == Verb.TRUSTED
    stands = Member.objects.filter(pk=event.about_id, is_trusted=was_given)
    return bool(stands.update(is_trusted=not was_given))


def turn_sanction_back(event: ModerationEvent, *, by: Member) -> bool:
    """Lift the sanction that `event` is about, or put the one it lifted back in force; False when there is none."""
    of_person = Sanction.objects.filter(member=event.about_id).select_related("member")
    if event.verb == Verb.LIFTED:
        lifted = of_person.filter(lifted=event.at).first()
        if lifted:
            of_person.filter(pk=lifted.pk).update(lifted=None)
            telling.sanctioned(lifted, lifted.kind)
        return lifted is not None
    kinds = [kind for kind, verb in _VERBS.items() if verb == event.verb]
    made = of_person.filter(kind__in=kinds, created__lte=event.at, lifted__isnull=True).first()
    if made:
        lift(made, by=by, act=event.act)
    return made is not None


def _recent_rejections(author: Member) -> int:
    written = AnnotationVersion.objects.filter(annotation__author=author, visibility=Visibility.PUBLIC)
    notes = written.filter(decided__isnull=False)
    proposals = Proposal.objects.filter(author=author, decided__isnull=False)
    decided = [*notes.order_by("-decided").values_list("decided", "status")[:LOOKED_BACK]]
    decided += proposals.order_by("-decided").values_list("decided", "status")[:LOOKED_BACK]
    last = [status for _when, status in sorted(decided, reverse=True)[:LOOKED_BACK]]
    return sum(1 for status in last if status in {Status.REJECTED, Status.SPAM})
