"""Taking a decision back, answering one, and saying that one is at work on an item."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import Annotation, AnnotationVersion, HeldFor, Member, ModerationEvent, Status
from reader.operations.annotating import publish_version
from reader.operations.errors import AlreadyDecided, CannotDoThat, NothingWritten, TooLong
from reader.operations.rows import held_note
from reader.operations.trail import record

Verb = ModerationEvent.Verb
CLAIMED_FOR = timedelta(minutes=15)
LONGEST_APPEAL = 2000
UNDONE = {Verb.APPROVED, Verb.REJECTED, Verb.RETURNED, Verb.SPAM}


@transaction.atomic
def undo(event: ModerationEvent, *, by: Member) -> None:
    """Take a decision back: the wording waits again, and what was public before it is public again.

    Raises AlreadyDecided when the note has moved on since, CannotDoThat for acts that decide nothing.
    """
    if event.verb not in UNDONE or event.annotation is None:
        raise CannotDoThat(_("Only a decision on a note that still exists can be taken back."))
    annotation = held_note(event.annotation.pk)
    version = annotation.latest
    newest = annotation.events.filter(verb__in=UNDONE).order_by("pk").last() == event
    stands = newest and version is not None and version.number == event.version and version.status == event.after
    if version is None or not stands:
        raise AlreadyDecided(_("The note has changed since that decision. Nothing was taken back."))
    _wait_again(annotation, version, event)
    record(annotation, Verb.UNDONE, by=by, version=version, before=event.after, after=Status.PENDING)


def _wait_again(annotation: Annotation, version: AnnotationVersion, event: ModerationEvent) -> None:
    was_public = annotation.published is not None and annotation.published.pk == version.pk
    undecided = {"status": Status.PENDING, "decided_by": None, "decided": None, "reason": ""}
    annotation.versions.filter(pk=version.pk).update(**undecided)
    before = annotation.versions.filter(status=Status.APPROVED, number__lt=version.number).order_by("number").last()
    if was_public and before:
        publish_version(annotation, before)
    elif was_public:
        annotation.published = None
        annotation.save(update_fields=["published"])
        annotation.article.touch_notes()


@transaction.atomic
def appeal(version: AnnotationVersion, *, by: Member, words: str) -> None:
    """Answer a rejection, once: it returns to the queue, to another moderator if there is one."""
    if not words.strip():
        raise NothingWritten(_("Say why the note should be looked at again."))
    if len(words) > LONGEST_APPEAL:
        raise TooLong(_("Say it in at most 2,000 characters."))
    held_note(version.annotation_id)
    rejected = AnnotationVersion.objects.filter(
        pk=version.pk, annotation__author=by, annotation__latest=version.pk, status=Status.REJECTED, appeal=""
    )
    held = [*version.held_for, str(HeldFor.APPEAL)]
    asked = {"status": Status.PENDING, "appeal": words.strip(), "appealed": timezone.now(), "held_for": held}
    if not rejected.update(**asked):
        raise CannotDoThat(_("A rejection can be answered once, while it stands."))
    before, after = Status.REJECTED, Status.PENDING
    record(version.annotation, Verb.APPEALED, by=by, version=version, reason=words, before=before, after=after)


def may_decide(version: AnnotationVersion, member: Member) -> bool:
    """False for the moderator whose rejection was answered, while there is another moderator."""
    if not version.appealed or version.decided_by_id != member.pk:
        return True
    return not Member.objects.filter(is_moderator=True, is_active=True).exclude(pk=member.pk).exists()


def is_claimed(version: AnnotationVersion) -> bool:
    """True while somebody's claim has not run out."""
    return version.claimed is not None and version.claimed > timezone.now() - CLAIMED_FOR


def claim(version: AnnotationVersion, *, by: Member) -> None:
    """Say that one is at work on it, for a quarter of an hour. Raises AlreadyDecided when somebody else is."""
    free = Q(claimed__isnull=True) | Q(claimed__lt=timezone.now() - CLAIMED_FOR) | Q(claimed_by=by)
    waiting = AnnotationVersion.objects.filter(free, pk=version.pk, status=Status.PENDING)
    if not waiting.update(claimed_by=by, claimed=timezone.now()):
        version.refresh_from_db()
        name = version.claimed_by.name if version.claimed_by else _("Somebody")
        raise AlreadyDecided(_("%s is at work on it.") % name)


def release(version: AnnotationVersion, *, by: Member) -> None:
    """Give an item back to the others."""
    AnnotationVersion.objects.filter(pk=version.pk, claimed_by=by).update(claimed_by=None, claimed=None)
