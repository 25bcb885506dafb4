"""Taking a decision back, with all that it brought about."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent, Outcome, Status
from reader.operations import accepting, flagging, standing, telling
from reader.operations.annotating import publish_version
from reader.operations.errors import AlreadyDecided, CannotDoThat
from reader.operations.rows import held_member, held_note, held_proposal
from reader.operations.trail import record, record_about
from reader.operations.turns import undecided

Verb = ModerationEvent.Verb
DECIDED = accepting.DECIDED
ABOUT_PEOPLE = {Verb.TRUSTED, Verb.DISTRUSTED, Verb.WARNED, Verb.SUSPENDED, Verb.BANNED, Verb.LIFTED}
UNDONE = DECIDED | ABOUT_PEOPLE | {Verb.SEEN}


@transaction.atomic
def undo(event: ModerationEvent, *, by: Member) -> None:
    """Take an act back with all it brought about: trust, flags, what was public. A decided wording waits again.

    Raises AlreadyDecided when the note or the person has moved on since, CannotDoThat for what is no act of
    moderation, or only the consequence of one.
    """
    if event.verb not in UNDONE or event.group_uid:
        raise CannotDoThat(_("Only an act of a moderator can be taken back."))
    if event.verb not in ABOUT_PEOPLE and event.annotation is None and event.proposal is None:
        raise CannotDoThat(_("The note is gone: nothing can be taken back."))
    _hold(event)
    whole = ModerationEvent.objects.filter(act=event.act).exclude(act="").order_by("pk")
    if whole.filter(verb=Verb.UNDONE).exists():
        raise AlreadyDecided(_("It was taken back already."))
    rest = list(whole.exclude(pk=event.pk))
    if any(other.pk < event.pk for other in rest):
        raise CannotDoThat(_("This came with a decision: take that one back."))
    _take_back(event, by)
    for consequence in rest:
        flagging.open_again(consequence)
        standing.turn_trust_back(consequence)


def _hold(event: ModerationEvent) -> None:
    """What the act is about, until the transaction ends."""
    if event.annotation:
        held_note(event.annotation.pk)
    if event.proposal:
        held_proposal(event.proposal.pk)
    if event.verb in ABOUT_PEOPLE and event.about:
        held_member(event.about.pk)


def _take_back(event: ModerationEvent, by: Member) -> None:
    if event.proposal and event.verb in DECIDED:
        accepting.wait_again(event, by=by)
    elif event.verb == Verb.REJECTED and event.before == Status.APPROVED:
        _show_again(event, by)
    elif event.verb == Verb.EDITED:
        _authors_words_again(event, by)
    elif event.verb in DECIDED:
        _wait_again(event, by)
    elif event.verb == Verb.SEEN:
        _look_again(event, by)
    else:
        _stand_as_before(event, by)


def _wait_again(event: ModerationEvent, by: Member) -> None:
    """The wording is undecided, and what was public before it is public again."""
    annotation, version = _as_decided(event)
    annotation.versions.filter(pk=version.pk).update(**undecided(version))
    _public_as_before(annotation, version)
    record(annotation, Verb.UNDONE, by=by, version=version, before=event.after, after=Status.PENDING, act=event.act)
    telling.taken_back(version, Outcome.UNDONE)


def _authors_words_again(event: ModerationEvent, by: Member) -> None:
    """The moderator's words stay in the history; the author's wait as a new version of the same age."""
    annotation, version = _as_decided(event)
    words = annotation.versions.get(number=version.number - 1)
    taken = {"status": Status.RETURNED, "reason": _("This change was taken back.")}
    annotation.versions.filter(pk=version.pk).update(**taken)
    annotation.latest = AnnotationVersion.objects.create(
        annotation=annotation, number=version.number + 1, body=words.body, tag_names=words.tag_names,
        visibility=words.visibility, held_for=words.held_for, waits_since=words.waits_since, appeal=words.appeal,
        appealed=words.appealed, more=words.more, **undecided(words),
    )  # fmt: skip
    annotation.save(update_fields=["latest"])
    _public_as_before(annotation, version)
    record(
        annotation, Verb.UNDONE, by=by, version=annotation.latest, before=event.after, after=Status.PENDING,
        act=event.act,
    )  # fmt: skip
    telling.taken_back(annotation.latest, Outcome.UNDONE, decided=version)


def _as_decided(event: ModerationEvent) -> tuple[Annotation, AnnotationVersion]:
    """The note with its newest version, while the decision still stands."""
    annotation = _note_of(event)
    version = annotation.latest
    newest = annotation.events.filter(verb__in=DECIDED).order_by("pk").last() == event
    if version is None or not newest or version.number != event.version or version.status != event.after:
        raise AlreadyDecided(_("The note has changed since that decision. Nothing was taken back."))
    return annotation, version


def _note_of(event: ModerationEvent) -> Annotation:
    notes = Annotation.objects.select_related("latest", "published", "article", "author", "group")
    return notes.get(pk=event.annotation_id or 0)


def _public_as_before(annotation: Annotation, version: AnnotationVersion) -> None:
    if annotation.published is None or annotation.published.pk != version.pk:
        return
    approved = annotation.versions.filter(status=Status.APPROVED, visibility=annotation.visibility)
    before = approved.filter(number__lt=version.number).order_by("number").last()
    if before:
        publish_version(annotation, before)
        return
    annotation.published = None
    annotation.save(update_fields=["published"])
    annotation.article.touch_notes()


def _show_again(event: ModerationEvent, by: Member) -> None:
    """A note that was taken down is public again, with all wordings that were approved."""
    annotation = _note_of(event)
    taken = annotation.versions.filter(number=event.version or 0, status=Status.REJECTED).first()
    withdrawn = annotation.latest is not None and annotation.latest.status == Status.WITHDRAWN
    if taken is None or annotation.published or withdrawn or annotation.is_private:
        raise AlreadyDecided(_("The note has changed since that decision. Nothing was taken back."))
    now = {"decided_by": by, "decided": timezone.now(), "reason": ""}
    annotation.versions.filter(status=Status.REJECTED, decided=taken.decided).update(status=Status.APPROVED, **now)
    taken.refresh_from_db()
    publish_version(annotation, taken)
    record(annotation, Verb.UNDONE, by=by, version=taken, before=Status.REJECTED, after=Status.APPROVED, act=event.act)
    telling.taken_back(taken, Outcome.SHOWN_AGAIN)


def _look_again(event: ModerationEvent, by: Member) -> None:
    """What appeared at once is to be looked at again; its flags are opened as a consequence."""
    annotation = _note_of(event)
    annotation.versions.filter(number=event.version or 0, decided=event.at).update(decided_by=None, decided=None)
    record(annotation, Verb.UNDONE, by=by, act=event.act)


def _stand_as_before(event: ModerationEvent, by: Member) -> None:
    """Trust and sanctions of a person."""
    if event.about is None:
        raise CannotDoThat(_("The person is gone: nothing can be taken back."))
    if not (standing.turn_trust_back(event) or standing.turn_sanction_back(event, by=by)):
        raise AlreadyDecided(_("How the person stands has changed since. Nothing was taken back."))
    record_about(event.about, Verb.UNDONE, by=by, act=event.act)
