"""Who a note is for, in the words of clients: a group, and permissions. Reading groups are h's private groups."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from reader.access import Person, group_to_read
from reader.api.addresses import authority
from reader.api.errors import Malformed
from reader.models import Member, ReadingGroup, Visibility

WORLD = "__world__"


def groups_of(person: Person) -> list[dict[str, Any]]:
    """The groups `person` may write to and read in, on any text."""
    return [world(), *mine(person)]


def mine(person: Person) -> list[dict[str, Any]]:
    """The groups `person` is a member of. «Public» is everyone's, and nobody's membership."""
    return [shape(group, person) for group in ReadingGroup.objects.of(person)]


def group_at(person: Person, name: str) -> ReadingGroup:
    """The group called `name`, by its id or as `group:id@authority`. Raises Http404 for who is not in it."""
    return group_to_read(person, name.removeprefix("group:").removesuffix(f"@{authority()}"))


def audience_from(person: Member, group: str, read: list[str] | None) -> dict[str, Any]:
    """Who may see a note that was sent with this group and `permissions.read`, as operations take it.

    As h has it: what names exactly its group is shared, anything else, and saying nothing, is its author's alone.
    Raises Malformed for a group that `person` is not in: it says the same as for one that is not there.
    """
    found = None if group == WORLD else ReadingGroup.objects.of(person).filter(uid=group).first()
    if group != WORLD and found is None:
        raise Malformed(_("There is no such group here that you could write to."))
    if read != [f"group:{group}"]:
        return {"visibility": Visibility.PRIVATE}
    return {"group": found} if found else {"visibility": Visibility.PUBLIC}


def notes_in(asked: list[str]) -> Q:
    """Notes of any of these groups. Private notes belong to none, and stand with what is public."""
    named = Q(group__uid__in=asked)
    return named | Q(group__isnull=True) if WORLD in asked else named


def group_of(row: dict[str, Any]) -> str:
    """The id of the group a note belongs to."""
    return str(row["group__uid"] or WORLD)


def permissions_of(row: dict[str, Any], owner: str) -> dict[str, list[str]]:
    """Who may do what with a note; `owner` is its author's `acct:` name."""
    read = owner if row["visibility"] == Visibility.PRIVATE else f"group:{group_of(row)}"
    return {"read": [read], "update": [owner], "delete": [owner], "admin": [owner]}


def world() -> dict[str, Any]:
    """Everyone. `pre_moderated` also lets the client offer moderators to take back what was approved."""
    waits = settings.MODERATION_POLICY != "nothing-waits"
    return _shape(WORLD, _("Public"), settings.SITE_URL, is_open=True, waits=waits)


def shape(group: ReadingGroup, person: Person) -> dict[str, Any]:
    """A reading group, which its members alone know of.

    Clients copy its address as an invitation: whoever may hand out the link by which people join gets that one.
    """
    page = group.get_absolute_url()
    if group.join_token and group.owner_id == person.pk:
        page = reverse("reader:group_join", args=[group.join_token])
    return _shape(group.uid, group.name, settings.SITE_URL + page, is_open=False, waits=group.notes_wait)


def _shape(uid: str, name: str, page: str, *, is_open: bool, waits: bool) -> dict[str, Any]:
    return {
        "id": uid, "groupid": None, "name": name, "type": "open" if is_open else "private", "links": {"html": page},
        "organization": None, "scopes": None, "public": is_open, "scoped": False, "pre_moderated": waits,
    }  # fmt: skip
