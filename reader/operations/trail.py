"""Writes the trail: every act of moderation leaves its rows."""

from reader.models import Annotation, AnnotationVersion, Card, Member, ModerationEvent, Proposal, Status
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
        article=annotation.article,
        article_slug=annotation.article.slug,
        version=about.number if about else None,
        group_uid=annotation.group.uid if annotation.group else "",
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


def record_proposal(
    proposal: Proposal, verb: str, *, by: Member, before: str = "", after: str = "", reason: str = "", act: str = ""
) -> ModerationEvent:
    """Add a row about a proposal; it says which card that is of."""
    return ModerationEvent.objects.create(
        proposal=proposal,
        proposal_uid=proposal.uid,
        article=proposal.article,
        article_slug=proposal.article.slug if proposal.article else "",
        card=proposal.card,
        card_slug=proposal.card.slug if proposal.card else "",
        version=proposal.number,
        verb=verb,
        before=before,
        after=after,
        by=by,
        by_name=by.name,
        about=proposal.author,
        about_name=proposal.author.name if proposal.author else "",
        reason=reason,
        act=act or new_uid(),
        waited=_waited(proposal) if before == Status.PENDING else None,
    )


def record_card(card: Card, verb: str, *, by: Member, version: int, reason: str = "") -> ModerationEvent:
    """Add a row about a card itself."""
    return ModerationEvent.objects.create(
        card=card, card_slug=card.slug, version=version, verb=verb, by=by, by_name=by.name, reason=reason, act=new_uid()
    )


def _waited(item: AnnotationVersion | Proposal) -> int | None:
    """How long it had waited for its decision, in seconds."""
    if item.decided is None or item.decided < item.waits_since:  # decided before its author answered
        return None
    return int((item.decided - item.waits_since).total_seconds())
