"""What is kept."""

from reader.models.annotations import Annotation, AnnotationVersion, Motivation, Placement, Status, Visibility
from reader.models.articles import Article, Paragraph, Revision
from reader.models.cards import Card, Fact, Mention, Relation, Source
from reader.models.crossreferences import CrossReference, TimelineEvent
from reader.models.flags import Flag
from reader.models.incoming import Draft, MentionDecision
from reader.models.moderation import ModerationEvent
from reader.models.people import Member
from reader.models.tokens import ApiToken, Scope

__all__ = [
    "Annotation",
    "AnnotationVersion",
    "ApiToken",
    "Article",
    "Card",
    "CrossReference",
    "Draft",
    "Fact",
    "Flag",
    "Member",
    "Mention",
    "MentionDecision",
    "ModerationEvent",
    "Motivation",
    "Paragraph",
    "Placement",
    "Relation",
    "Revision",
    "Scope",
    "Source",
    "Status",
    "TimelineEvent",
    "Visibility",
]
