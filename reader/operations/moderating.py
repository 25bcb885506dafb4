"""Deciding on what waits. Two moderators at once: one decides, the other is told and nothing changes."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent, Outcome, Status
from reader.operations import telling
from reader.operations.annotating import check_words, clean_tags, publish_version
from reader.operations.errors import AlreadyDecided, NothingWritten, ReasonMissing
from reader.operations.flagging import close_flags
from reader.operations.rows import held_note
from reader.operations.standing import set_trust, weigh_trust
from reader.operations.trail import record
from reader.operations.turns import FREE, check_turn

Verb = ModerationEvent.Verb


@transaction.atomic
def approve(version: AnnotationVersion, *, by: Member, trust: bool = False) -> ModerationEvent:
    """Let a waiting version be seen, and trust its author from now on if asked. Raises AlreadyDecided."""
    _decide(version, Status.APPROVED, by=by)
    annotation = version.annotation
    publish_version(annotation, version)
    event = record(annotation, Verb.APPROVED, by=by, version=version, before=Status.PENDING, after=Status.APPROVED)
    telling.decided(version, Outcome.APPROVED, by=by)
    close_flags(annotation, upheld=False, by=by, act=event.act)
    if trust and annotation.author:
        set_trust(annotation.author, trusted=True, by=by, act=event.act)
    weigh_trust(annotation, by=by, act=event.act)
    return event


@transaction.atomic
def reject(version: AnnotationVersion, *, by: Member, reason: str) -> ModerationEvent:
    """Decline a waiting version, with a reason its author reads. An approved one before it stays public."""
    event = _decline(version, Verb.REJECTED, Status.REJECTED, by=by, reason=reason)
    telling.decided(version, Outcome.UPHELD if version.appealed else Outcome.REJECTED, by=by)
    close_flags(version.annotation, upheld=True, by=by, act=event.act)
    weigh_trust(version.annotation, by=by, act=event.act)
    return event


@transaction.atomic
def send_back(version: AnnotationVersion, *, by: Member, reason: str) -> ModerationEvent:
    """Ask the author to revise a waiting version; no judgement is counted against them."""
    event = _decline(version, Verb.RETURNED, Status.RETURNED, by=by, reason=reason)
    telling.decided(version, Outcome.RETURNED, by=by)
    return event


@transaction.atomic
def mark_as_spam(version: AnnotationVersion, *, by: Member) -> ModerationEvent:
    """Put a waiting version away as spam. Nobody is told."""
    _decide(version, Status.SPAM, by=by)
    event = record(version.annotation, Verb.SPAM, by=by, version=version, before=Status.PENDING, after=Status.SPAM)
    close_flags(version.annotation, upheld=True, by=by, act=event.act)
    weigh_trust(version.annotation, by=by, act=event.act)
    return event


@transaction.atomic
def edit_and_approve(version: AnnotationVersion, *, by: Member, body: str, tags: Sequence[str]) -> ModerationEvent:
    """Approve with other words. The author's own wording stays in the history; they see what was changed."""
    if not body.strip():
        raise NothingWritten
    check_words(body, tags)
    _decide(version, Status.RETURNED, by=by, reason=_("A moderator changed the wording and approved it."))
    annotation = version.annotation
    changed = AnnotationVersion.objects.create(
        annotation=annotation, number=version.number + 1, visibility=version.visibility, body=body,
        tag_names=clean_tags(tags), edited_by=by, status=Status.APPROVED, decided_by=by, decided=version.decided,
        waits_since=version.waits_since, more=version.more,
    )  # fmt: skip
    annotation.latest = changed
    annotation.save(update_fields=["latest"])
    publish_version(annotation, changed)
    event = record(annotation, Verb.EDITED, by=by, version=changed, before=Status.PENDING, after=Status.APPROVED)
    telling.decided(changed, Outcome.EDITED, by=by)
    close_flags(annotation, upheld=False, by=by, act=event.act)
    weigh_trust(annotation, by=by, act=event.act)
    return event


@transaction.atomic
def keep(annotation: Annotation, *, by: Member) -> ModerationEvent:
    """A note others see stays as it is: its flags are closed, and it counts as looked at. Raises AlreadyDecided."""
    note = held_note(annotation.pk)
    if note.published is None or note.audience != annotation.audience:
        raise AlreadyDecided(_("The note is not public any more. Your decision changed nothing."))
    event = record(note, Verb.SEEN, by=by, version=note.published)
    unseen = AnnotationVersion.objects.filter(pk=note.published.pk, decided__isnull=True)
    was_unseen = unseen.update(decided_by=by, decided=event.at)
    if not close_flags(note, upheld=False, by=by, act=event.act) and not was_unseen:
        raise AlreadyDecided(_("Somebody has looked at it already. Your decision changed nothing."))
    return event


@transaction.atomic
def take_down(annotation: Annotation, *, by: Member, reason: str) -> ModerationEvent:
    """Take a note that others see away, with a reason its author reads. Raises AlreadyDecided when none do."""
    if not reason.strip():
        raise ReasonMissing
    found = held_note(annotation.pk)
    if found.published is None or found.audience != annotation.audience:
        raise AlreadyDecided(_("The note is not public any more. Your decision changed nothing."))
    now = {"decided_by": by, "decided": timezone.now(), "reason": reason}
    approved = found.versions.filter(status=Status.APPROVED, visibility=found.visibility)
    approved.update(status=Status.REJECTED, **now)
    taken = found.published
    taken.refresh_from_db()
    found.published = None
    found.save(update_fields=["published"])
    event = record(
        found, Verb.REJECTED, by=by, version=taken, reason=reason, before=Status.APPROVED, after=Status.REJECTED
    )
    telling.decided(taken, Outcome.REJECTED, by=by)
    close_flags(found, upheld=True, by=by, act=event.act)
    weigh_trust(found, by=by, act=event.act)
    if found.is_public:
        found.article.touch_notes()
    return event


def _decline(version: AnnotationVersion, verb: str, status: str, *, by: Member, reason: str) -> ModerationEvent:
    if not reason.strip():
        raise ReasonMissing
    _decide(version, status, by=by, reason=reason)
    return record(version.annotation, verb, by=by, version=version, reason=reason, before=Status.PENDING, after=status)


def _decide(version: AnnotationVersion, status: str, *, by: Member, reason: str = "") -> None:
    """Compare and set: only a version that still waits, and is still the newest, is decided.

    The note is held first, as those do who edit or withdraw it: none of them sees half of another's act.
    """
    annotation = held_note(version.annotation_id)
    version.refresh_from_db()
    version.annotation = annotation
    check_turn(version, by)
    is_newest = annotation.latest_id == version.pk and not annotation.is_private
    if version.status != Status.PENDING or not is_newest:
        raise AlreadyDecided(_what_happened(version))
    now = {"decided_by": by, "decided": timezone.now(), **FREE}
    AnnotationVersion.objects.filter(pk=version.pk).update(status=status, reason=reason, **now)
    version.refresh_from_db(fields=["status", "reason", *now])


def _what_happened(version: AnnotationVersion) -> str:
    if version.status == Status.PENDING:
        return _("Its author has written a newer version since; decide on that one.")
    if version.decided_by:
        names = {"name": version.decided_by.name, "status": version.status_label}
        return _("%(name)s was quicker: the note is %(status)s. Your decision changed nothing.") % names
    return _("The note is %(status)s by now. Your decision changed nothing.") % {"status": version.status_label}
