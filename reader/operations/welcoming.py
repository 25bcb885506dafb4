"""The first person: a one-time link that makes whoever opens it editor and moderator."""

from django.core import signing
from django.db import transaction

from reader.models import Member
from reader.operations.errors import CannotDoThat

SALT = "reader.welcome"


def is_open() -> bool:
    """True while nobody who can log in is an editor."""
    return not any(m.has_usable_password() for m in Member.objects.filter(is_editor=True, is_active=True))


def new_token() -> str:
    """A signed token for the link; good for as long as the site has no editor, at most a week."""
    return signing.dumps("first editor", salt=SALT)


def is_genuine(token: str) -> bool:
    """True for a token of ours that is not older than a week."""
    try:
        return bool(signing.loads(token, salt=SALT, max_age=7 * 24 * 60 * 60))
    except signing.BadSignature:
        return False


@transaction.atomic
def make_first_editor(member: Member) -> None:
    """Give `member` the keys. Raises CannotDoThat when somebody has them already."""
    list(Member.objects.select_for_update().filter(username="editors"))
    if not is_open():
        raise CannotDoThat
    member.is_editor = member.is_moderator = member.is_staff = member.is_superuser = True
    member.save(update_fields=["is_editor", "is_moderator", "is_staff", "is_superuser"])
