"""Telling moderators about somebody else's note; enough weight hides it until they have looked."""

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from reader.models import Annotation, AnnotationVersion, Flag, HeldFor, Member, ModerationEvent, Status
from reader.operations.errors import CannotDoThat
from reader.operations.rows import held_note
from reader.operations.standing import check_not_stopped
from reader.operations.trail import record

LEAST_WEIGHT, MOST_WEIGHT = 0.25, 3.0
DECLINED = {Status.REJECTED, Status.RETURNED, Status.SPAM}


@transaction.atomic
def flag(annotation: Annotation, *, by: Member, reason: str = Flag.Reason.OTHER, comment: str = "") -> Flag:
    """Flag the wording that is public. A second flag by the same person on the same wording changes nothing.

    Raises CannotDoThat for one's own note, and where nothing is public that could be flagged.
    """
    check_not_stopped(by)
    annotation = held_note(annotation.pk)
    if annotation.author_id == by.pk or annotation.published is None:
        raise CannotDoThat
    said = {"annotation": annotation, "reason": reason, "comment": comment}
    made, is_new = Flag.objects.get_or_create(version=annotation.published, by=by, defaults=said)
    if is_new:
        record(annotation, ModerationEvent.Verb.FLAGGED, by=by, version=annotation.published, reason=comment)
        if annotation.is_public:  # in a group its owner alone decides
            _hide_if_heavy(annotation, by=by)
    return made


def weight_of(member: Member) -> float:
    """How much this person's flag counts: 1 at first, more for flags that were upheld, less for dismissed ones."""
    flags = Flag.objects.of_the_site().filter(by=member)
    record_so_far = flags.aggregate(
        upheld=Count("pk", filter=Q(outcome=Flag.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Flag.Outcome.DISMISSED)),
    )
    weight = 1 + 0.5 * record_so_far["upheld"] - 0.25 * record_so_far["dismissed"]
    return float(max(LEAST_WEIGHT, min(MOST_WEIGHT, weight)))


def close_flags(annotation: Annotation, *, upheld: bool, by: Member, act: str = "") -> int:
    """Give every open flag its outcome, which the flagger can see. Returns how many there were."""
    outcome = Flag.Outcome.UPHELD if upheld else Flag.Outcome.DISMISSED
    is_open = Flag.objects.filter(annotation=annotation, outcome=Flag.Outcome.OPEN)
    if not is_open.exists():
        return 0
    event = record(annotation, ModerationEvent.Verb.FLAG_CLOSED, by=by, reason=str(outcome.label), act=act)
    return is_open.update(outcome=outcome, closed=event.at)


def open_again(event: ModerationEvent) -> int:
    """Take the outcome away from the flags that `event` closed."""
    closed = Flag.objects.filter(annotation=event.annotation, closed=event.at)
    return closed.update(outcome=Flag.Outcome.OPEN, closed=None)


def _hide_if_heavy(annotation: Annotation, *, by: Member) -> None:
    """Notes of editors and moderators stay: one of them is asked, not overruled."""
    author = annotation.author
    if author and (author.is_editor or author.is_moderator):
        return
    flaggers = Member.objects.filter(flags__version=annotation.published, flags__outcome=Flag.Outcome.OPEN)
    if sum(weight_of(flagger) for flagger in flaggers) >= settings.FLAG_WEIGHT_THAT_HIDES:
        _hide(annotation, by=by)


def _hide(annotation: Annotation, *, by: Member) -> None:
    shown = annotation.published
    if shown is None or annotation.latest is None:
        return
    newest = _said_again(annotation, shown) if annotation.latest.status in DECLINED else annotation.latest
    held = list(dict.fromkeys([*newest.held_for, str(HeldFor.FLAGGED)]))
    # Where an edit waits already it is looked at, and the hidden wording with it.
    waiting = AnnotationVersion.objects.filter(pk__in=[newest.pk, shown.pk])
    waiting.update(status=Status.PENDING)
    waiting.filter(pk=newest.pk).update(held_for=held, waits_since=timezone.now())
    annotation.latest = newest
    annotation.published = None
    annotation.save(update_fields=["published", "latest"])
    record(annotation, ModerationEvent.Verb.HIDDEN, by=by, before=Status.APPROVED, after=Status.PENDING)
    annotation.article.touch_notes()


def _said_again(annotation: Annotation, shown: AnnotationVersion) -> AnnotationVersion:
    """What readers saw, as the newest wording: after an edit was declined, approving must not bring that edit out."""
    last = annotation.versions.order_by("number").last()
    assert last is not None  # noqa: S101 (`shown` is one of them)
    again: AnnotationVersion = AnnotationVersion.objects.create(
        annotation=annotation, number=last.number + 1, body=shown.body, tag_names=shown.tag_names,
        visibility=shown.visibility, more=shown.more, status=Status.PENDING,
    )  # fmt: skip
    return again
