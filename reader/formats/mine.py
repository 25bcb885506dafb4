"""Everything the site keeps of one person, as one JSON file, written out as it is read.

Whatever is kept of people gets a line in PARTS; a test fails for a model that refers to a member and has none.
Never in it: what opens something (passwords, keys, digests), and what others said in confidence.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet

from reader.formats import jsonl, w3c
from reader.models import (
    Annotation,
    AnnotationVersion,
    ApiToken,
    CardVersion,
    Draft,
    Flag,
    Follow,
    Invitation,
    Leaving,
    Member,
    Membership,
    MentionDecision,
    ModerationEvent,
    Notification,
    Placement,
    Preference,
    Proposal,
    ReadingGroup,
    Revision,
    Sanction,
)

Verb = ModerationEvent.Verb
# Acts of others about somebody that they are told or can see; who flagged them, and that a note went to spam, are not.
SEEN_BY_ITS_PERSON = [
    Verb.APPROVED, Verb.REJECTED, Verb.RETURNED, Verb.EDITED, Verb.HIDDEN, Verb.TRUSTED, Verb.DISTRUSTED, Verb.WARNED,
    Verb.SUSPENDED, Verb.BANNED, Verb.LIFTED,
]  # fmt: skip
NOTE = ("annotation__uid", "version__number")


def _table(rows: QuerySet[Any], *names: str) -> Iterator[w3c.Json]:
    """Each row with these fields."""
    for row in rows.order_by("pk").values(*names).iterator(w3c.AT_ONCE):
        yield {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _person(member: Member) -> Iterator[w3c.Json]:
    return _table(
        Member.objects.filter(pk=member.pk), "username", "display_name", "email", "orcid", "date_joined", "last_login",
        "is_editor", "is_moderator", "is_trusted", "is_staff", "client_preferences",
    )  # fmt: skip


def _acts(member: Member) -> Iterator[w3c.Json]:
    seen = Q(by=member) | Q(about=member, verb__in=SEEN_BY_ITS_PERSON)
    acts = ModerationEvent.objects.filter(seen)
    return _table(acts, "at", "verb", "annotation_uid", "version", "before", "after", "reason")


Part = Callable[[Member], Iterable[w3c.Json]]
PARTS: dict[str, Part] = {
    "person": _person,
    "email_addresses": lambda m: _table(EmailAddress.objects.filter(user=m), "email", "verified", "primary"),
    "accounts_elsewhere": lambda m: _table(
        SocialAccount.objects.filter(user=m), "provider", "uid", "date_joined", "last_login", "extra_data"
    ),
    "second_steps": lambda m: _table(Authenticator.objects.filter(user=m), "type", "created_at", "last_used_at"),
    "sessions": lambda m: _table(
        UserSession.objects.filter(user=m), "ip", "user_agent", "created_at", "last_seen_at"
    ),
    "tokens": lambda m: _table(
        ApiToken.objects.filter(member=m), "name", "kind", "scope", "created", "last_used", "expires"
    ),
    "follows": lambda m: _table(
        Follow.objects.filter(member=m), "article__slug", "paragraph", "card__slug", "tag__name", "person__username",
        "thread__uid", "created",
    ),
    "ways_of_being_told": lambda m: _table(Preference.objects.filter(member=m), "kind", "delivery", "sent"),
    "notifications": lambda m: _table(
        Notification.objects.holding(m), "kind", "outcome", "reason", *NOTE, "proposal__uid", "at", "read",
        "mailed",
    ),
    "flags": lambda m: _table(Flag.objects.filter(by=m), *NOTE, "reason", "comment", "outcome", "closed", "created"),
    "sanctions": lambda m: _table(
        Sanction.objects.filter(member=m), "kind", "reason", "until", "created", "lifted", "read"
    ),
    "acts": _acts,
    "closing": lambda m: _table(Leaving.objects.filter(member=m), "asked", "keeps_notes"),
    "revisions": lambda m: _table(
        Revision.objects.filter(created_by=m), "article__slug", "number", "created", "reason"
    ),
    "texts_on_their_way_in": lambda m: _table(Draft.objects.filter(by=m), "name", "created"),
    "names_decided": lambda m: _table(
        MentionDecision.objects.filter(decided_by=m), "article__slug", "card__slug", "words", "accepted", "decided"
    ),
    "places_given": lambda m: _table(
        Placement.objects.filter(placed_by=m), "annotation__uid", "revision__number", "start", "end", "state"
    ),
    "groups_owned": lambda m: _table(
        ReadingGroup.objects.filter(owner=m), "name", "description", "notes_wait", "created", "closed"
    ),
    "groups": lambda m: _table(Membership.objects.filter(member=m), "group__name", "joined"),
    "invitations": lambda m: _table(
        Invitation.objects.filter(Q(member=m) | Q(by=m)), "group__name", "member__username", "by__username", "created"
    ),
    "proposals": lambda m: _table(
        Proposal.objects.filter(author=m), "uid", "kind", "card__slug", "article__slug", "values", "source_title",
        "source_url", "why", "exact", "status", "held_for", "decided", "reason", "appeal", "appealed", "accepted",
        "created",
    ),
    "wordings_of_cards": lambda m: _table(
        CardVersion.objects.filter(Q(by=m) | Q(author=m)), "card__slug", "number", "kind", "snapshot", "why", "at"
    ),
    "wordings": lambda m: _table(
        AnnotationVersion.objects.filter(annotation__author=m), "annotation__uid", "number", "body", "tag_names",
        "status", "held_for", "decided", "reason", "appeal", "appealed", "created",
    ),
    "notes": lambda m: jsonl.annotations(Annotation.objects.filter(author=m), m),
}  # fmt: skip


def export(member: Member) -> Iterator[str]:
    """The file, a line for each thing."""
    yield f'{{"site": {json.dumps(settings.SITE_URL + "/")}'
    for name, part in PARTS.items():
        yield f',\n"{name}": [\n'
        yield from jsonl.separated(json.dumps(each, ensure_ascii=False) for each in part(member))
        yield "\n]"
    yield "\n}\n"
