"""Deciding on what waits. Two moderators at once: one decides, the other is told."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent, Status
from reader.operations.annotating import publish_version
from reader.operations.errors import AlreadyDecided, ReasonMissing
from reader.operations.trail import record


@transaction.atomic
def approve(version: AnnotationVersion, *, by: Member) -> None:
    """Make a waiting version public. Raises AlreadyDecided when somebody was quicker."""
    _decide(version, Status.APPROVED, by=by)
    annotation = version.annotation
    publish_version(annotation, version)
    record(annotation, ModerationEvent.Verb.APPROVED, by=by, version=version, **_from_pending(Status.APPROVED))
    _trust_if_earned(annotation, by=by)


@transaction.atomic
def reject(version: AnnotationVersion, *, by: Member, reason: str) -> None:
    """Decline a waiting version, with a reason its author reads. An approved one before it stays public."""
    if not reason.strip():
        raise ReasonMissing
    _decide(version, Status.REJECTED, by=by, reason=reason)
    verb = ModerationEvent.Verb.REJECTED
    record(version.annotation, verb, by=by, version=version, reason=reason, **_from_pending(Status.REJECTED))


@transaction.atomic
def mark_as_spam(version: AnnotationVersion, *, by: Member) -> None:
    """Put a waiting version away as spam."""
    _decide(version, Status.SPAM, by=by)
    verb = ModerationEvent.Verb.SPAM
    record(version.annotation, verb, by=by, version=version, **_from_pending(Status.SPAM))


def _from_pending(after: str) -> dict[str, str]:
    return {"before": Status.PENDING, "after": after}


def _decide(version: AnnotationVersion, status: str, *, by: Member, reason: str = "") -> None:
    """Compare and set: only a version that still waits, and is still the newest, is decided.

    The note is held first, as those do who edit or withdraw it: none of them sees half of another's act.
    """
    Annotation.objects.select_for_update().get(pk=version.annotation_id)
    waiting = AnnotationVersion.objects.filter(
        pk=version.pk, status=Status.PENDING, annotation__latest=version.pk, annotation__visibility="public"
    )
    changed = waiting.update(status=status, decided_by=by, decided=timezone.now(), reason=reason)
    version.refresh_from_db()
    if not changed:
        raise AlreadyDecided(_what_happened(version))


def _what_happened(version: AnnotationVersion) -> str:
    if version.status == Status.PENDING:
        return _("Its author has written a newer version since; decide on that one.")
    if version.decided_by:
        names = {"name": version.decided_by.name, "status": version.get_status_display()}
        return _("%(name)s was quicker: the note is %(status)s. Your decision changed nothing.") % names
    return _("The note is %(status)s by now. Your decision changed nothing.") % {"status": version.get_status_display()}


def _trust_if_earned(annotation: Annotation, *, by: Member) -> None:
    author = annotation.author
    if author is None or author.writes_unheld:
        return
    approved = Annotation.objects.filter(author=author, published__isnull=False).count()
    if approved >= settings.TRUSTED_AFTER_APPROVALS:
        Member.objects.filter(pk=author.pk).update(is_trusted=True)
        record(annotation, ModerationEvent.Verb.TRUSTED, by=by)
