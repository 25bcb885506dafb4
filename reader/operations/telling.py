"""Telling people what happened: each thing once, to those who may see it, and to nobody of their own acts.

What is told is written in the transaction of the act itself; mails go out when that is kept. A note is announced
once for each audience (see Announcement), whatever becomes of it later: an edit, a decision taken back and made
again, a note withdrawn and restored are no new notes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from reader.models import (
    Annotation,
    AnnotationVersion,
    Announcement,
    Delivery,
    Follow,
    Kind,
    Member,
    Mention,
    Notification,
    Outcome,
    Paragraph,
    Preference,
    Proposal,
    ReadingGroup,
    Revision,
    Sanction,
    Status,
)
from reader.models.telling import NEWS, USUALLY
from reader.operations.mailing import BY_MAIL, delivery_for
from reader.tasks import mail_at_once


def published(annotation: Annotation, version: AnnotationVersion, *, is_first: bool = False) -> None:
    """A wording is seen by others from now on: announce the note if it is new to them. Call inside a transaction.

    `is_first`: the note was made with it just now, so nothing can have been told of it before.
    """
    if annotation.is_private:
        return
    rows = []
    if _is_new(annotation, version, is_first=is_first):
        rows = _tell_of_news(annotation, without={annotation.author_id, version.decided_by_id})
    if not is_first or any(row.delivery == Delivery.AT_ONCE for row in rows):
        _mail_after_commit(Notification.objects.filter(annotation=annotation, kind__in=NEWS))


def corrected(proposal: Proposal, *, by: Member) -> None:
    """A card says what was proposed: tell who follows it, the first time. Call inside a transaction."""
    if not proposal.events.filter(after=Status.APPROVED).exists():
        following = Member.objects.filter(follows__card=proposal.card_id, is_active=True)
        others = following.exclude(pk__in=[by.pk, proposal.author_id]).in_bulk()
        ways = {pk: each[Kind.CORRECTED] for pk, each in _chosen(others).items()}
        wanted = {pk: way for pk, way in ways.items() if way != Delivery.OFF}
        rows = [_row(others[pk], Kind.CORRECTED, way, proposal=proposal) for pk, way in wanted.items()]
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
    _mail_after_commit(Notification.objects.filter(proposal=proposal, kind=Kind.CORRECTED))


def decided(item: AnnotationVersion | Proposal, outcome: str, *, by: Member) -> None:
    """Tell the author what was decided about a wording or proposal, and why. The same again is not told again."""
    subject = _decision_on(item)
    said = {"outcome": outcome, "reason": item.reason if outcome not in _WITHOUT_REASON else ""}
    if subject["recipient"] in (None, by) or Notification.objects.filter(**subject, **said).exists():
        return
    _tell_again(subject, said)


def taken_back(
    item: AnnotationVersion | Proposal, outcome: str, *, decided: AnnotationVersion | Proposal | None = None
) -> None:
    """Tell an author who knows of a decision that it holds no longer; one they had not heard of just disappears.

    `decided` is the wording that the decision was on, where that is not the one that waits now.
    """
    told = Notification.objects.filter(**_decision_on(decided or item))
    if told.filter(Q(read__isnull=False) | Q(mailed__isnull=False)).exists():
        _tell_again(_decision_on(item), {"outcome": outcome, "reason": ""})


def _decision_on(item: AnnotationVersion | Proposal) -> dict[str, Any]:
    """What an author is told of it, as columns."""
    if isinstance(item, Proposal):
        return {"recipient": item.author, "kind": Kind.DECIDED, "proposal": item}
    note = item.annotation
    return {"recipient": note.author, "kind": Kind.DECIDED, "annotation": note, "version": item}


_WITHOUT_REASON = {Outcome.APPROVED, Outcome.EDITED}


def of_group(group: ReadingGroup, member: Member, kind: str, outcome: str = "") -> None:
    """Tell somebody that they are invited, or what became of their group or their place in it."""
    _tell_again({"recipient": member, "kind": kind, "group": group, "outcome": outcome}, {})


def sanctioned(sanction: Sanction, outcome: str) -> None:
    """Tell somebody how they stand: a sanction, or that it was lifted."""
    reason = "" if outcome == Outcome.LIFTED else sanction.reason
    subject = {"recipient": sanction.member, "kind": Kind.STANDING, "sanction": sanction, "outcome": outcome}
    _tell_again(subject, {"reason": reason})


def words_changed(notes: QuerySet[Annotation], revision: Revision, *, by: Member | None) -> None:
    """Tell the authors of `notes` (each with its `place_state`) what this revision did to the words they are on."""
    rows = []
    for note in notes.listed().select_related("author"):  # type: ignore[attr-defined]
        if note.author and note.author.is_active and note.author != by:
            about = {"annotation": note, "revision": revision, "outcome": note.place_state}
            rows += _unless_off(note.author, Kind.REVISED, **about)
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    _mail_after_commit(Notification.objects.filter(revision=revision))


def tell_of_overdue(*, now: datetime) -> int:
    """Tell moderators of what waits longer than WAITING_TOO_LONG_HOURS. Returns how many things were told."""
    if not settings.WAITING_TOO_LONG_HOURS:
        return 0
    then = now - timedelta(hours=settings.WAITING_TOO_LONG_HOURS)
    notes = Annotation.objects.waiting().filter(latest__waits_since__lt=then)
    proposals = Proposal.objects.waiting().filter(waits_since__lt=then)
    with transaction.atomic():
        return sum(_tell_moderator(moderator, notes, proposals) for moderator in _moderators())


def _moderators() -> QuerySet[Member]:
    return Member.objects.filter(is_moderator=True, is_active=True).order_by("pk")


def _tell_moderator(moderator: Member, late: QuerySet[Annotation], proposals: QuerySet[Proposal]) -> int:
    told = Notification.objects.filter(recipient=moderator, kind=Kind.OVERDUE)
    known = told.filter(version__isnull=False).values("version")
    new = late.readable_by(moderator).exclude(author=moderator).exclude(latest__in=known)  # type: ignore[attr-defined]
    rows = []
    for note in new.select_related("latest"):
        rows += _unless_off(moderator, Kind.OVERDUE, annotation=note, version=note.latest)
    for proposal in proposals.exclude(author=moderator).exclude(
        pk__in=told.filter(proposal__isnull=False).values("proposal")
    ):
        rows += _unless_off(moderator, Kind.OVERDUE, proposal=proposal)
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    _mail_after_commit(Notification.objects.filter(recipient=moderator, kind=Kind.OVERDUE))
    return len(rows)


def _is_new(annotation: Annotation, version: AnnotationVersion, *, is_first: bool) -> bool:
    """True once for each audience. What was public before announcements were kept is not new either."""
    earlier = Announcement.objects.filter(annotation=annotation).values_list("audience", flat=True)
    told = [] if is_first else list(earlier)
    if annotation.audience in told:
        return False
    Announcement.objects.create(annotation=annotation, audience=annotation.audience)
    return is_first or bool(told) or not _was_seen(annotation, version)


def _was_seen(annotation: Annotation, version: AnnotationVersion) -> bool:
    earlier = annotation.versions.filter(
        number__lt=version.number, status=Status.APPROVED, visibility=version.visibility
    )
    in_trail = annotation.events.filter(Q(before=Status.APPROVED) | Q(after=Status.APPROVED))
    return (version.number > 1 and earlier.exists()) or in_trail.exists()


def _tell_of_news(annotation: Annotation, *, without: set[int | None]) -> list[Notification]:
    """One row a person: who wrote the note that is answered, then who follows what it is on, then its group.

    A group's note is for its members; what others are told of is public, and everyone may see it.
    """
    answered = annotation.parent.author if annotation.parent else None
    followers = {person.pk: person for person in _followers(annotation)}
    members = _members(annotation)
    people = followers | members | ({answered.pk: answered} if answered and answered.is_active else {})
    told = (members if annotation.group else people).keys() - without
    ways = _chosen(told) if told else {}
    rows = []
    for pk in sorted(told):
        kinds = [Kind.REPLIED] * (answered is not None and pk == answered.pk) + [Kind.FOLLOWED] * (pk in followers)
        kinds += [Kind.GROUP_NOTE] * (pk in members)
        wanted = [kind for kind in kinds if ways[pk][kind] != Delivery.OFF]
        if wanted:
            rows.append(_row(people[pk], wanted[0], ways[pk][wanted[0]], annotation=annotation))
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def _chosen(people: Iterable[int]) -> dict[int, dict[str, str]]:
    """By which way each of these wants each kind, in one query."""
    ways = {pk: {str(kind): str(way) for kind, way in USUALLY.items()} for pk in people}
    for pk, kind, way in Preference.objects.filter(member__in=ways).values_list("member", "kind", "delivery"):
        ways[pk][kind] = way
    return ways


def _members(annotation: Annotation) -> dict[int, Member]:
    """Who is in the group that a note was written for."""
    if annotation.group is None:
        return {}
    found = Member.objects.filter(memberships__group=annotation.group, is_active=True).order_by("pk")
    return {person.pk: person for person in found}


def _followers(annotation: Annotation) -> Iterable[Member]:
    here = Q(article=annotation.article_id, paragraph="") | Q(card__in=annotation.cards.all())
    here |= Q(tag__in=annotation.tags.all()) | Q(person=annotation.author_id, person__isnull=False)
    if annotation.thread_id:
        here |= Q(thread=annotation.thread_id)
    on_its_words = {
        "revision": annotation.article.current_id,
        "revision__placements__annotation": annotation.thread_id or annotation.pk,
        "start__lt": F("revision__placements__end"),
    }
    begins = F("revision__placements__start")
    mentions = Mention.objects.filter(**on_its_words, end__gt=begins)
    paragraphs = Paragraph.objects.alias(ends=F("start") + Length("text")).filter(**on_its_words, ends__gt=begins)
    here |= Q(card__in=mentions.values("card"))
    here |= Q(article=annotation.article_id, paragraph__in=paragraphs.values("key"))
    following = Follow.objects.filter(here).values("member")
    return Member.objects.filter(pk__in=following, is_active=True).order_by("pk")


def _unless_off(member: Member, kind: str, **about: Any) -> list[Notification]:
    way = delivery_for(member, kind)
    return [] if way == Delivery.OFF else [_row(member, kind, way, **about)]


def _row(member: Member, kind: str, way: str, **about: Any) -> Notification:
    return Notification(recipient=member, kind=kind, delivery=_way(way), at=timezone.now(), **about)


def _way(way: str) -> str:
    """While the site sends no mail, nothing is put by for one."""
    return way if settings.CAN_SEND_MAIL and way in BY_MAIL else Delivery.PAGE


def _tell_again(subject: dict[str, Any], said: dict[str, Any]) -> None:
    """What was told of the same subject before is replaced by what holds now, and is unread again."""
    way = delivery_for(subject["recipient"], subject["kind"])
    if way == Delivery.OFF:
        Notification.objects.filter(**subject).delete()
        return
    now = {"delivery": _way(way), "at": timezone.now(), "read": None, "mailed": None}
    made, _new = Notification.objects.update_or_create(**subject, defaults=said | now)
    _mail_after_commit(Notification.objects.filter(pk=made.pk))


def _mail_after_commit(rows: QuerySet[Notification]) -> None:
    """Mail at once those that are for it; nothing goes out from an act that is not kept."""
    found = rows.filter(delivery=Delivery.AT_ONCE, mailed__isnull=True, read__isnull=True)
    ids = list(found.values_list("pk", flat=True))
    if ids:
        transaction.on_commit(partial(mail_at_once.enqueue, ids), robust=True)


@transaction.atomic
def choose(member: Member, ways: dict[str, str]) -> None:
    """Keep by which way this person wants each kind: `ways[kind]` is a value of Delivery."""
    for kind, way in ways.items():
        Preference.objects.update_or_create(member=member, kind=Kind(kind), defaults={"delivery": Delivery(way)})


def ways_of(member: Member) -> dict[str, str]:
    """By which way this person wants each kind."""
    return _chosen([member.pk])[member.pk]


def end_mails(member: Member, what: str) -> None:
    """No mails of one kind, or of one rhythm, any more: it stays on the page."""
    ways = ways_of(member)
    ended = [kind for kind, way in ways.items() if what in (kind, way) and way in BY_MAIL]
    choose(member, dict.fromkeys(ended, str(Delivery.PAGE)))


def mark_read(member: Member, *, ids: Iterable[int]) -> int:
    """Returns how many were unread until now."""
    mine = Notification.objects.filter(recipient=member, pk__in=list(ids)).unread()
    return int(mine.update(read=timezone.now()))


def mark_all_read(member: Member, *, until: datetime) -> int:
    """All that was told until then; what came later stays unread. Returns how many were unread until now."""
    mine = Notification.objects.filter(recipient=member, at__lte=until).unread()
    return int(mine.update(read=timezone.now()))
