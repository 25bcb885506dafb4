"""Closing an account: asked for, taken back, and carried out when the waiting week is over."""

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import (
    Annotation,
    AnnotationVersion,
    Article,
    CardVersion,
    Leaving,
    Member,
    Membership,
    ModerationEvent,
    Proposal,
    ReadingGroup,
    Status,
    Visibility,
)
from reader.operations import groups
from reader.operations.errors import ReaderError


class OnlyEditor(ReaderError):
    """Somebody must keep the site."""

    code = "only_editor"
    message = gettext_lazy("You are the only editor. Make somebody else an editor first, then close your account.")


class OnlyModerator(ReaderError):
    """Somebody must decide on what waits."""

    code = "only_moderator"
    message = gettext_lazy(
        "You are the only moderator. Ask an editor to make somebody else one first, then close your account."
    )


@transaction.atomic
def ask(member: Member, *, keeps_notes: bool) -> Leaving:
    """Close the account in a week. Asked again, the choice is the new one and the week goes on.

    Raises OnlyEditor and OnlyModerator for the last one who stays.
    """
    needed = why_needed(member)
    if needed:
        raise needed
    leaving, _new = Leaving.objects.update_or_create(member=member, defaults={"keeps_notes": keeps_notes})
    return leaving


def why_needed(member: Member) -> ReaderError | None:
    """What keeps this person here: nobody else who stays and can log in does what they do."""
    no_way_in = {"password__startswith": UNUSABLE_PASSWORD_PREFIX, "socialaccount__isnull": True}
    staying = Member.objects.filter(is_active=True, leaving__isnull=True).exclude(**no_way_in).exclude(pk=member.pk)
    if member.is_editor and not staying.filter(is_editor=True).exists():
        return OnlyEditor()
    if member.is_moderator and not staying.filter(is_moderator=True).exists():
        return OnlyModerator()
    return None


@transaction.atomic
def stay(member: Member) -> bool:
    """Take it back. False when there was nothing to take back."""
    return bool(Leaving.objects.filter(member=member).delete()[0])


def due() -> QuerySet[Leaving]:
    """Those whose week is over, the longest waiting first."""
    return Leaving.objects.filter(asked__lte=timezone.now() - Leaving.WAIT).order_by("asked", "pk")


@transaction.atomic
def carry_out(pk: int) -> bool:
    """Close the account of the Leaving `pk`. False when it was taken back, is not due, or is done already.

    False as well, until somebody else is there, for those who became the last editor or moderator since they asked.
    """
    leaving = due().select_for_update(of=("self",)).filter(pk=pk).first()
    if leaving is None:
        return False
    member = _held_with_all(leaving.member_id)
    if why_needed(member):
        return False
    groups.give_up_all(member)
    seen = list(Annotation.objects.public().filter(author=member).values_list("article", flat=True).distinct())
    if leaving.keeps_notes:
        _keep_without_name(member)
    else:
        _erase(Annotation.objects.filter(author=member))
    _forget(member)
    Article.objects.filter(pk__in=seen).touch_notes()
    return True


def _held_with_all(pk: int) -> Member:
    """The person, whose row is held last, as `rows` orders them: who writes is waited for, who begins finds nobody."""
    own, theirs = Annotation.objects.filter(author=pk), Membership.objects.filter(member=pk)
    joined = Q(owner=pk) | Q(pk__in=theirs.values("group"))
    for rows in (
        ReadingGroup.objects.filter(joined),
        own,
        Article.objects.filter(pk__in=own.values("article")),
        theirs,
    ):
        list(rows.order_by("pk").select_for_update().values_list("pk"))
    member: Member = Member.objects.select_for_update().get(pk=pk)
    return member


def _keep_without_name(member: Member) -> None:
    """What is public stays, in its approved wordings; everything else was never anybody else's, and goes."""
    own = Annotation.objects.filter(author=member)
    public = own.public()
    public.update(latest=F("published"))
    everyone_read = {"status": Status.APPROVED, "visibility": Visibility.PUBLIC}
    wordings = AnnotationVersion.objects.filter(annotation__in=public)
    wordings.exclude(**everyone_read).delete()
    wordings.update(appeal="", appealed=None)
    _erase(own.exclude(pk__in=public))


def _erase(notes: QuerySet[Annotation]) -> None:
    """Notes without replies go, then those that only these had answered; the rest lose all their words."""
    while leaves := list(notes.filter(replies__isnull=True).values_list("pk", flat=True)):
        Annotation.objects.filter(pk__in=leaves).delete()
    for note in notes:
        _empty(note)


def _empty(note: Annotation) -> None:
    """Leave of a note only what its replies hang on."""
    note.versions.exclude(pk=note.latest_id or 0).delete()
    note.versions.update(
        body="", tag_names=[], more={}, held_for=[], status=Status.WITHDRAWN, reason="", appeal="", appealed=None
    )  # fmt: skip
    for kept in (note.tags, note.cards, note.sources):
        kept.clear()
    note.author = note.published = None
    note.evidence = note.canonical = note.via = ""
    note.save(update_fields=["author", "published", "evidence", "canonical", "via"])


def _forget(member: Member) -> None:
    """Erase the person. What others need stays without a name: acts of moderation, flags, revisions, decisions."""
    ModerationEvent.objects.forget(member, _("a former member"))
    _forget_proposals(member)
    for session in UserSession.objects.filter(user=member):
        session.end()
    itself = ContentType.objects.get_for_model(Member)
    LogEntry.objects.filter(content_type=itself, object_id=str(member.pk)).delete()
    member.delete()


def _forget_proposals(member: Member) -> None:
    """What was accepted is part of cards and texts, and stays without a name; everything else goes."""
    own = Proposal.objects.filter(author=member)
    own.exclude(status=Status.APPROVED).delete()
    own.update(appeal="", appealed=None)
    for who in ("by", "author"):
        CardVersion.objects.filter(**{who: member}).update(**{f"{who}_name": _("a former member")})
