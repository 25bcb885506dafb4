"""How people stand: trust earned and lost, warnings, suspensions, bans. Each has a reason its person reads."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent, Outcome, Sanction, Status, Visibility
from reader.operations import telling
from reader.operations.errors import CannotDoThat, MayNotWrite, ReasonMissing
from reader.operations.pace import count_writing
from reader.operations.rows import held_member
from reader.operations.trail import record, record_about

Verb = ModerationEvent.Verb
_VERBS = {"warning": Verb.WARNED, "suspension": Verb.SUSPENDED, "ban": Verb.BANNED}
LOOKED_BACK = 10  # decisions on a person's notes that count when trust is taken back


def check_may_write(member: Member, visibility: str) -> None:
    """Raise MayNotWrite while a sanction is in force, TooFast when public notes come too quickly.

    Private notes are nobody else's business: they are always allowed.
    """
    if visibility == Visibility.PRIVATE:
        return
    sanction = Sanction.objects.in_force().filter(member=member).first()
    if sanction:
        raise MayNotWrite(_why_not(sanction))
    if not member.writes_unheld:
        count_writing(member)


def _why_not(sanction: Sanction) -> str:
    if sanction.kind == Sanction.Kind.BAN:
        return _("You may not write public notes here any more. Reason: %s") % sanction.reason
    until = date_format(timezone.localtime(sanction.until), "j F Y, H:i")
    words = _("You may not write public notes until %(until)s. Reason: %(reason)s")
    return words % {"until": until, "reason": sanction.reason}


@transaction.atomic
def sanction(member: Member, *, kind: str, reason: str, by: Member, until: datetime | None = None) -> Sanction:
    """Warn, suspend until a date, or ban. Raises ReasonMissing, and CannotDoThat for oneself and for editors."""
    if not reason.strip():
        raise ReasonMissing
    if member.pk == by.pk or member.is_editor or member.is_moderator:
        raise CannotDoThat(_("Editors, moderators and yourself cannot be sanctioned here: an editor changes roles."))
    made: Sanction = Sanction.objects.create(member=member, kind=kind, reason=reason.strip(), until=until, by=by)
    record_about(member, _VERBS[kind], by=by, reason=reason)
    telling.sanctioned(made, kind)
    return made


@transaction.atomic
def lift(sanction: Sanction, *, by: Member) -> None:
    """End a sanction before its time."""
    if not Sanction.objects.filter(pk=sanction.pk, lifted__isnull=True).update(lifted=timezone.now()):
        raise CannotDoThat(_("It was lifted already."))
    record_about(sanction.member, Verb.LIFTED, by=by)
    telling.sanctioned(sanction, Outcome.LIFTED)


@transaction.atomic
def set_trust(member: Member, *, trusted: bool, by: Member, reason: str = "") -> None:
    """Trust somebody, or take it back, by hand."""
    if Member.objects.filter(pk=member.pk, is_trusted=not trusted).update(is_trusted=trusted):
        record_about(member, Verb.TRUSTED if trusted else Verb.DISTRUSTED, by=by, reason=reason)


def weigh_trust(annotation: Annotation, *, by: Member) -> None:
    """After a decision: trust is earned by approved notes and lost by rejections among the last ones."""
    if annotation.author_id is None:
        return
    author = held_member(annotation.author_id)
    if author.is_editor or author.is_moderator:
        return
    rejected_lately = _recent_rejections(author) >= settings.DISTRUSTED_AFTER_REJECTIONS
    approved = Annotation.objects.filter(author=author, published__isnull=False).count()
    if author.is_trusted and rejected_lately:
        Member.objects.filter(pk=author.pk).update(is_trusted=False)
        record(annotation, Verb.DISTRUSTED, by=by)
    elif not author.is_trusted and not rejected_lately and approved >= settings.TRUSTED_AFTER_APPROVALS:
        Member.objects.filter(pk=author.pk).update(is_trusted=True)
        record(annotation, Verb.TRUSTED, by=by)


def _recent_rejections(author: Member) -> int:
    decided = AnnotationVersion.objects.filter(annotation__author=author, decided__isnull=False)
    last = decided.order_by("-decided").values_list("status", flat=True)[:LOOKED_BACK]
    return sum(1 for status in last if status in {Status.REJECTED, Status.SPAM})
