"""Why a new wording waits. The reasons are kept on it as they were when it was written."""

import json
import re
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from reader.models import (
    Annotation,
    AnnotationVersion,
    Article,
    Flag,
    HeldFor,
    Member,
    Proposal,
    ReadingGroup,
    Status,
    SuspectWord,
    Visibility,
)

FAST = timedelta(minutes=5)
_LINK = re.compile(r"https?://|www\.|\]\(", re.IGNORECASE)


def policy_for(article: Article) -> str:
    """The article's moderation policy, or the site's."""
    return article.policy or settings.MODERATION_POLICY


def reasons_to_hold(annotation: Annotation, *, body: str, tags: list[str], by: Member) -> list[str]:
    """Why this wording waits for a moderator; empty when it appears at once. Editors and moderators never wait.

    What is written for a reading group is that group's own affair: see _of_group.
    """
    if annotation.group:
        return _of_group(annotation, annotation.group, by)
    if by.is_editor or by.is_moderator:
        return []
    reasons = _of_policy(annotation, by) + _of_words(body, tags, by)
    if reasons and not by.is_trusted:
        reasons += _of_a_new_person(body, by)
    if reasons and annotation.published_id:
        reasons.append(HeldFor.EDIT)
    return [str(reason) for reason in dict.fromkeys(reasons)]


def reasons_to_hold_proposal(proposal: Proposal, *, by: Member) -> list[str]:
    """What a moderator should know of a proposal beside that it is one."""
    words = json.dumps(proposal.values, ensure_ascii=False)
    said = [words, proposal.why, proposal.source_title, proposal.source_publisher, proposal.source_url]
    reasons = _of_words("\n".join(said), [], by)
    if not by.writes_unheld:
        reasons += [HeldFor.NEW_PERSON, *_of_a_new_person("", by)]
    return [str(reason) for reason in reasons]


def _of_group(annotation: Annotation, group: ReadingGroup, by: Member) -> list[str]:
    """It waits for the owner where they want that, and where they declined what it said before."""
    declined = annotation.latest is not None and annotation.latest.status == Status.REJECTED
    waits = (group.notes_wait or declined) and by.pk != group.owner_id
    return [str(HeldFor.GROUP)] if waits else []


def _of_policy(annotation: Annotation, by: Member) -> list[HeldFor]:
    policy = policy_for(annotation.article)
    if policy == "everything-waits":
        return [HeldFor.ARTICLE if annotation.article.policy else HeldFor.EVERYTHING]
    if policy == "first-contributions-wait" and not by.is_trusted:
        return [HeldFor.NEW_PERSON]
    return []


def _of_words(body: str, tags: list[str], by: Member) -> list[HeldFor]:
    said = "\n".join([body, *tags]).casefold()
    kept = SuspectWord.objects.values_list("word", "is_blocked")
    found = {is_blocked for word, is_blocked in kept if word.casefold() in said}
    suspect = False in found and not by.is_trusted
    return [HeldFor.BLOCKED_WORD] * (True in found) + [HeldFor.SUSPECT_WORD] * suspect


def _of_a_new_person(body: str, by: Member) -> list[HeldFor]:
    lately = AnnotationVersion.objects.filter(
        annotation__author=OuterRef("pk"), visibility=Visibility.PUBLIC, created__gt=timezone.now() - FAST
    )
    counted = lately.order_by().values("annotation__author").annotate(n=Count("pk")).values("n")
    upheld = Flag.objects.of_the_site().filter(annotation__author=OuterRef("pk"), outcome=Flag.Outcome.UPHELD)
    known = Member.objects.filter(pk=by.pk).values_list(Coalesce(Subquery(counted), 0), Exists(upheld))
    # Nobody's row is there when the account was closed meanwhile; keeping the note is then refused.
    written, was_flagged = known.first() or (0, False)
    is_fast = settings.NOTES_IN_FIVE_MINUTES and written >= settings.NOTES_IN_FIVE_MINUTES // 2
    found = {HeldFor.LINK: _LINK.search(body), HeldFor.TOO_FAST: is_fast, HeldFor.FLAGGED_BEFORE: was_flagged}
    return [reason for reason, holds in found.items() if holds]
