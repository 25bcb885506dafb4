"""Setting how a note stands, whatever was decided before: for programs of moderators that know only statuses."""

from django.db import transaction
from django.utils.translation import gettext as _

from reader.models import Annotation, Member, ModerationEvent, Status
from reader.operations import moderating, undoing
from reader.operations.errors import AlreadyDecided, CannotDoThat


@transaction.atomic
def settle(annotation: Annotation, status: str, *, by: Member, reason: str) -> None:
    """Bring the newest wording to `status`: take down what is public, take a decision back, decide on what waits.

    Nothing happens when it stands so already. Raises AlreadyDecided, and CannotDoThat where no way leads there.
    """
    before = _standing(annotation)
    if before == Status.APPROVED and status == Status.REJECTED:
        moderating.take_down(annotation, by=by, reason=reason)
        return
    if before not in {status, Status.PENDING}:
        undoing.undo(_last_decision(annotation, before), by=by)
    after = _standing(annotation)
    if after == Status.PENDING and status != Status.PENDING:
        _decide(annotation, status, by=by, reason=reason)
    elif after != status:
        raise CannotDoThat


def _standing(annotation: Annotation) -> str:
    annotation.refresh_from_db(fields=["latest"])
    return annotation.latest.status if annotation.latest else ""


def _decide(annotation: Annotation, status: str, *, by: Member, reason: str) -> None:
    version = annotation.latest
    if version is None:
        raise CannotDoThat
    if status == Status.APPROVED:
        moderating.approve(version, by=by)
    elif status == Status.REJECTED:
        moderating.reject(version, by=by, reason=reason)
    elif status == Status.SPAM:
        moderating.mark_as_spam(version, by=by)


def _last_decision(annotation: Annotation, after: str) -> ModerationEvent:
    """The act that brought the note where it stands."""
    last: ModerationEvent | None = annotation.events.filter(verb__in=undoing.DECIDED).order_by("pk").last()
    if last is None or last.after != after:
        raise AlreadyDecided(_("This was not decided by a moderator and cannot be taken back. It can be declined."))
    return last
