"""Writes the trail: every act of moderation leaves one row."""

from reader.models import Annotation, AnnotationVersion, Member, ModerationEvent


def record(
    annotation: Annotation,
    verb: str,
    *,
    by: Member,
    version: AnnotationVersion | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> ModerationEvent:
    """Add one act to the trail, with names that stay when the note or the person is gone."""
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
    )


def record_about(member: Member, verb: str, *, by: Member, reason: str = "") -> ModerationEvent:
    """Add an act about a person rather than a note."""
    return ModerationEvent.objects.create(
        verb=verb, by=by, by_name=by.name, about=member, about_name=member.name, reason=reason
    )
