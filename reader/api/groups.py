"""Who a note is for, in the words of clients: a group, and permissions."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from reader.access import Person
from reader.api.errors import Malformed
from reader.models import Article, Visibility

WORLD = "__world__"


def groups_of(person: Person, article: Article | None = None) -> list[dict]:
    """The groups `person` may write to and read in, on `article`. The one place that knows them."""
    return [_world()]


def visibility_from(group: str, read: list[str] | None) -> str:
    """Who may see a note that was sent with this group and `permissions.read`. Raises Malformed for another group.

    As h has it: what names exactly its group is shared, anything else, and saying nothing, is its author's alone.
    """
    if group != WORLD:
        raise Malformed(_("There is no such group here that you could write to."))
    return Visibility.PUBLIC if read == [f"group:{WORLD}"] else Visibility.PRIVATE


def group_of(row: dict[str, Any]) -> str:
    """The id of the group a note belongs to. Private notes belong to the group they would be shared with."""
    return str(row["group__uid"] or WORLD)


def permissions_of(row: dict[str, Any], owner: str) -> dict[str, list[str]]:
    """Who may do what with a note; `owner` is its author's `acct:` name."""
    read = owner if row["visibility"] == Visibility.PRIVATE else f"group:{group_of(row)}"
    return {"read": [read], "update": [owner], "delete": [owner], "admin": [owner]}


def _world() -> dict:
    """Everyone. `pre_moderated` also lets the client offer moderators to take back what was approved."""
    return {
        "id": WORLD,
        "groupid": None,
        "name": _("Public"),
        "type": "open",
        "links": {"html": settings.SITE_URL},
        "organization": None,
        "scopes": None,
        "public": True,
        "scoped": False,
        "pre_moderated": settings.MODERATION_POLICY != "nothing-waits",
    }
