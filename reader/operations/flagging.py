"""Telling moderators about somebody else's note."""

from django.db import transaction

from reader.models import Annotation, Flag, Member
from reader.operations.errors import CannotDoThat


@transaction.atomic
def flag(annotation: Annotation, *, by: Member, reason: str = "", comment: str = "") -> Flag:
    """Flag the wording that is public. A second flag by the same person on the same wording changes nothing.

    Raises CannotDoThat for one's own note, and where nothing is public that could be flagged.
    """
    if annotation.author_id == by.pk or annotation.published is None:
        raise CannotDoThat
    said = {"annotation": annotation, "reason": reason, "comment": comment}
    made, _is_new = Flag.objects.get_or_create(version=annotation.published, by=by, defaults=said)
    return made
