"""What is kept."""

from reader.models.annotations import Annotation, AnnotationVersion, Motivation, Placement, Status, Visibility
from reader.models.articles import Article, Paragraph, Revision
from reader.models.cards import Card, Fact, Mention, Relation, Source
from reader.models.crossreferences import CrossReference, TimelineEvent
from reader.models.moderation import ModerationEvent
from reader.models.people import Member

__all__ = [
    "Annotation",
    "AnnotationVersion",
    "Article",
    "Card",
    "CrossReference",
    "Fact",
    "Member",
    "Mention",
    "ModerationEvent",
    "Motivation",
    "Paragraph",
    "Placement",
    "Relation",
    "Revision",
    "Source",
    "Status",
    "TimelineEvent",
    "Visibility",
]
