"""Reading groups: starting one, coming in, going out, handing over, closing."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.models import (
    Annotation,
    AnnotationVersion,
    Flag,
    Invitation,
    Kind,
    Member,
    Membership,
    Outcome,
    ReadingGroup,
    Status,
    Visibility,
)
from reader.models.annotations import AnnotationQuerySet
from reader.models.groups import new_token
from reader.operations import telling
from reader.operations.errors import CannotDoThat, ReaderError
from reader.operations.rows import held_member
from reader.operations.standing import check_may_write

MOST_GROUPS, MOST_MEMBERS = 50, 500  # that one person owns; in one group, invited ones included


class NotAMember(ReaderError):
    status = 403
    code = "not_a_member"
    message = gettext_lazy("You are not in this group, so you cannot write for it. Choose who else may see the note.")


class OwnerStays(ReaderError):
    status = 409
    code = "owner_stays"
    message = gettext_lazy("You are the owner of the group. Hand it over to another member first, or close it.")


class TooMany(ReaderError):
    code = "too_many"


class SameName(ReaderError):
    status = 409
    code = "same_name"
    message = gettext_lazy("You have a group of this name already. Open that one, or choose another name.")


class NotInvited(ReaderError):
    status = 409
    code = "not_invited"
    message = gettext_lazy("This invitation was answered or taken back already.")


class LinkEnded(ReaderError):
    status = 409
    code = "link_ended"
    message = gettext_lazy("This link does not lead into the group any more. Ask its owner for the new one.")


@transaction.atomic
def start(
    *, owner: Member, name: str, description: str = "", is_open: bool = False, notes_wait: bool = False
) -> ReadingGroup:
    """A new group with its owner as the only member. Raises TooMany, and MayNotWrite while a sanction is in force."""
    check_may_write(owner, Visibility.GROUP)
    held_member(owner.pk)  # pressed twice, the second one sees the first
    if ReadingGroup.objects.filter(owner=owner, name=name.strip()).exists():
        raise SameName
    if ReadingGroup.objects.filter(owner=owner).count() >= MOST_GROUPS:
        raise TooMany(_("You have %d groups. Close one before you start another.") % MOST_GROUPS)
    group: ReadingGroup = ReadingGroup.objects.create(
        owner=owner, name=name.strip(), description=description.strip(), notes_wait=notes_wait,
        join_token=new_token() if is_open else None,
    )  # fmt: skip
    Membership.objects.create(group=group, member=owner)
    return group


@transaction.atomic
def change(group: ReadingGroup, *, name: str, description: str, is_open: bool, notes_wait: bool) -> None:
    """Keep the owner's choices. Opened by link again, the group has a new link: the old one stays dead."""
    group = _locked(group)
    token = (group.join_token or new_token()) if is_open else None
    group.name, group.description = name.strip(), description.strip()
    group.join_token, group.notes_wait = token, notes_wait
    group.save(update_fields=["name", "description", "join_token", "notes_wait"])


@transaction.atomic
def renew_link(group: ReadingGroup) -> None:
    """The link that was given away leads nowhere any more; there is a new one."""
    if not ReadingGroup.objects.filter(pk=group.pk, join_token__isnull=False).update(join_token=new_token()):
        raise CannotDoThat(_("This group has no link: people join it by invitation."))


@transaction.atomic
def invite(group: ReadingGroup, member: Member, *, by: Member) -> bool:
    """Ask somebody in, who is told. False for who is in the group or invited already."""
    check_may_write(by, Visibility.GROUP)
    group = _locked(group)
    if Membership.objects.filter(group=group, member=member).exists():
        return False
    _check_room(group)
    _invitation, is_new = Invitation.objects.get_or_create(group=group, member=member, defaults={"by": by})
    if is_new:
        telling.of_group(group, member, Kind.INVITED)
    return is_new


@transaction.atomic
def take_back(group: ReadingGroup, member: Member) -> bool:
    """Invite somebody no longer. False when there was nothing to take back."""
    return bool(Invitation.objects.filter(group=group, member=member).delete()[0])


@transaction.atomic
def accept(group: ReadingGroup, *, by: Member) -> None:
    """Come in as one was asked to. Raises NotInvited."""
    group = _locked(group)
    if not Invitation.objects.filter(group=group, member=by).delete()[0]:
        raise NotInvited
    Membership.objects.get_or_create(group=group, member=by)


@transaction.atomic
def decline(group: ReadingGroup, *, by: Member) -> None:
    """Stay outside. Raises NotInvited."""
    if not Invitation.objects.filter(group=group, member=by).delete()[0]:
        raise NotInvited


@transaction.atomic
def join(group: ReadingGroup, *, token: str, by: Member) -> bool:
    """Come in by the link. False for who is in already. Raises LinkEnded when the link was renewed meanwhile."""
    group = _locked(group)
    if group.join_token is None or group.join_token != token:
        raise LinkEnded
    if Membership.objects.filter(group=group, member=by).exists():
        return False
    Invitation.objects.filter(group=group, member=by).delete()
    _check_room(group)
    Membership.objects.create(group=group, member=by)
    return True


@transaction.atomic
def leave(group: ReadingGroup, *, by: Member) -> None:
    """Go out. What one wrote for the group stays there, and is withdrawn one by one. Who is alone closes the group.

    Raises OwnerStays for an owner who is not alone, CannotDoThat for who is not in the group.
    """
    group = _locked(group)
    is_alone = not group.memberships.exclude(member=by).exists()
    if group.owner_id == by.pk and not is_alone:
        raise OwnerStays
    if group.owner_id == by.pk:
        _close(group, by=by)
    elif not Membership.objects.filter(group=group, member=by).delete()[0]:
        raise CannotDoThat(_("You are not in this group."))


@transaction.atomic
def remove(group: ReadingGroup, member: Member, *, by: Member) -> None:
    """Put somebody out, who is told. Raises OwnerStays for the owner; twice is refused."""
    group = _locked(group)
    if group.owner_id == member.pk:
        raise OwnerStays
    if not Membership.objects.filter(group=group, member=member).delete()[0]:
        raise CannotDoThat(_("They are not in the group any more."))
    telling.of_group(group, member, Kind.MEMBERSHIP, Outcome.REMOVED)


@transaction.atomic
def hand_over(group: ReadingGroup, *, to: Member) -> None:
    """Make another member the owner, who is told. Raises CannotDoThat for who is not in the group."""
    group = _locked(group)
    if not Membership.objects.filter(group=group, member=to).exists():
        raise CannotDoThat(_("Only a member of the group can become its owner."))
    if group.owner_id != to.pk:
        ReadingGroup.objects.filter(pk=group.pk).update(owner=to)
        telling.of_group(group, to, Kind.MEMBERSHIP, Outcome.OWNER)


@transaction.atomic
def close(group: ReadingGroup, *, by: Member) -> None:
    """End the group: its notes are their authors' alone again, and everybody in it is told."""
    _close(_locked(group), by=by)


def check_is_member(group: ReadingGroup, member: Member) -> None:
    """Raise NotAMember for who may not write for the group. In a transaction: until its end nobody is put out."""
    if not Membership.objects.select_for_update().filter(group=group, member=member).first():
        raise NotAMember


def give_up_all(member: Member) -> None:
    """Who closes their account: a group goes to whoever has been in it longest, or is closed. In a transaction."""
    for group in ReadingGroup.objects.filter(owner=member).order_by("pk"):
        heirs = group.memberships.filter(member__is_active=True).exclude(member=member).select_related("member")
        if heir := heirs.first():
            hand_over(group, to=heir.member)
        else:
            close(group, by=member)


def _close(group: ReadingGroup, *, by: Member) -> None:
    notes = Annotation.objects.filter(group=group)
    # Who is writing at this moment is waited for: first those who edit a note, then those who write a new one.
    for held in (notes, group.memberships.all()):
        list(held.select_for_update().values_list("pk"))
    concerned = Q(memberships__group=group) | Q(pk__in=notes.values("author"))
    people = list(Member.objects.filter(concerned).exclude(pk=by.pk).distinct().order_by("pk"))
    _give_back(notes)
    group.memberships.all().delete()
    group.invitations.all().delete()
    nothing_left = {"owner": None, "join_token": None, "description": "", "closed": timezone.now()}
    ReadingGroup.objects.filter(pk=group.pk).update(**nothing_left)
    for member in people:
        telling.of_group(group, member, Kind.MEMBERSHIP, Outcome.CLOSED)


def _give_back(notes: AnnotationQuerySet) -> None:
    """Make notes of a group their authors' alone, wordings and all; what was flagged in it is settled with it."""
    words = AnnotationVersion.objects.filter(annotation__in=notes, visibility=Visibility.GROUP)
    words.filter(status=Status.APPROVED).update(status=Status.PENDING)
    words.update(visibility=Visibility.PRIVATE)
    settled = {"outcome": Flag.Outcome.DISMISSED, "closed": timezone.now()}
    Flag.objects.filter(annotation__in=notes, outcome=Flag.Outcome.OPEN).update(**settled)
    notes.update(visibility=Visibility.PRIVATE, group=None, published=None)


def _locked(group: ReadingGroup) -> ReadingGroup:
    """The row as it is now, held until the transaction ends. Raises CannotDoThat when the group was closed."""
    found = ReadingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)  # notes may still refer to it
    if found.closed:
        raise CannotDoThat(_("This group was closed."))
    return found


def _check_room(group: ReadingGroup) -> None:
    if group.memberships.count() + group.invitations.count() >= MOST_MEMBERS:
        raise TooMany(_("A group has room for %d people, invited ones included.") % MOST_MEMBERS)
