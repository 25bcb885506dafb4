"""What is kept."""

from reader.models.annotations import Annotation, AnnotationVersion, Motivation, Placement, Visibility
from reader.models.articles import Article, Paragraph, Revision
from reader.models.cards import Card, Fact, Mention, Relation, Source
from reader.models.counting import Counter
from reader.models.crossreferences import CrossReference, TimelineEvent
from reader.models.deciding import HeldFor, Status
from reader.models.flags import Flag
from reader.models.groups import Invitation, Membership, ReadingGroup
from reader.models.incoming import Draft, MentionDecision
from reader.models.moderation import ModerationEvent
from reader.models.people import Leaving, Member
from reader.models.proposals import CardVersion, Proposal
from reader.models.standing import ReasonTemplate, Sanction, SuspectWord
from reader.models.telling import Announcement, Delivery, Follow, Kind, Notification, Outcome, Preference
from reader.models.tokens import ApiToken, Scope

__all__ = [
    "Annotation",
    "AnnotationVersion",
    "Announcement",
    "ApiToken",
    "Article",
    "Card",
    "CardVersion",
    "Counter",
    "CrossReference",
    "Delivery",
    "Draft",
    "Fact",
    "Flag",
    "Follow",
    "HeldFor",
    "Invitation",
    "Kind",
    "Leaving",
    "Member",
    "Membership",
    "Mention",
    "MentionDecision",
    "ModerationEvent",
    "Motivation",
    "Notification",
    "Outcome",
    "Paragraph",
    "Placement",
    "Preference",
    "Proposal",
    "ReadingGroup",
    "ReasonTemplate",
    "Relation",
    "Revision",
    "Sanction",
    "Scope",
    "Source",
    "Status",
    "SuspectWord",
    "TimelineEvent",
    "Visibility",
]
