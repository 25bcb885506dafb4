"""Writes the trail: every act of moderation leaves its rows."""

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent, Status
from reader.models.annotations import new_uid


def record(
    annotation: Annotation,
    verb: str,
    *,
    by: Member,
    version: AnnotationVersion | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    act: str = "",
) -> ModerationEvent:
    """Add a row to the trail, with names that stay when the note or the person is gone.

    `act` is that of the decision this belongs to; without it the row begins an act of its own.
    """
    about = version or annotation.latest
    return ModerationEvent.objects.create(
        annotation=annotation,
        annotation_uid=annotation.uid,
        version=about.number if about else None,
        verb=verb,
        before=before,
        after=after,
        by=by,
        by_name=by.name,
        about=annotation.author,
        about_name=annotation.author.name if annotation.author else "",
        reason=reason,
        act=act or new_uid(),
        waited=_waited(version) if version and before == Status.PENDING else None,
    )


def record_about(member: Member, verb: str, *, by: Member, reason: str = "", act: str = "") -> ModerationEvent:
    """Add a row about a person rather than a note."""
    return ModerationEvent.objects.create(
        verb=verb, by=by, by_name=by.name, about=member, about_name=member.name, reason=reason, act=act or new_uid()
    )


def _waited(version: AnnotationVersion) -> int | None:
    """How long it had waited for its decision, in seconds."""
    return max(0, int((version.decided - version.waits_since).total_seconds())) if version.decided else None
