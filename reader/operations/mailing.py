"""Mails about what happened: written at the last moment, so that nothing is said that is not so any more."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import make_msgid
from itertools import groupby
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Count, Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from reader.models import Annotation, Delivery, Flag, Kind, Member, Notification, Preference, Proposal
from reader.models.telling import USUALLY

log = logging.getLogger(__name__)
SALT = "reader.operations.mailing.unsubscribe"
GATHERED = timedelta(days=14)  # what could not be mailed for longer is on the page, and no news any more
AT_REST = timedelta(minutes=10)  # mails at once that nobody has sent by then are sent by the command
BY_MAIL = [Delivery.AT_ONCE, Delivery.DAILY, Delivery.WEEKLY]
LONGEST_WORDS = 1500  # code points of a note that a mail shows


def delivery_for(member: Member, kind: str) -> str:
    """By which way this person wants this kind now."""
    chosen = Preference.objects.filter(member=member, kind=kind).values_list("delivery", flat=True).first()
    return str(chosen or USUALLY[Kind(kind)])


def address_of(member: Member) -> str:
    """Where mails reach them: "" for those without an address, or with one that was never confirmed."""
    if not (settings.CAN_SEND_MAIL and member.is_active and member.email):
        return ""
    unconfirmed = EmailAddress.objects.filter(user=member, email__iexact=member.email, verified=False)
    return "" if unconfirmed.exists() else str(member.email)


def send_at_once(ids: Iterable[int]) -> int:
    """Mail these notifications to whom they are for, one mail a person. Returns how many mails were sent."""
    rows = Notification.objects.filter(pk__in=list(ids), delivery=Delivery.AT_ONCE)
    return _send_by_person(rows, Delivery.AT_ONCE)


def send_late(*, now: datetime) -> int:
    """Mail what should have been mailed at once and was not: the mail server did not answer, the note came back."""
    rows = Notification.objects.filter(at__lt=now - AT_REST, at__gt=now - GATHERED).exclude(delivery=Delivery.PAGE)
    return _send_by_person(rows, Delivery.AT_ONCE)


def send_digests(rhythm: str, *, before: datetime, now: datetime) -> int:
    """Mail what was gathered until `before` for those who want it in this rhythm. Returns how many mails were sent."""
    rows = Notification.objects.filter(at__lt=before, at__gt=now - GATHERED).exclude(delivery=Delivery.PAGE)
    told = _send_by_person(rows, rhythm)
    return told + sum(_safely(_send_summary, member, rhythm, before, now) for member in _moderators())


def _send_by_person(rows: Any, rhythm: str) -> int:
    unsent = rows.filter(mailed__isnull=True, read__isnull=True).order_by("recipient", "at", "pk")
    pairs = list(unsent.values_list("recipient", "pk"))
    people = Member.objects.in_bulk({recipient for recipient, _pk in pairs})
    return sum(
        _safely(_send_to, people[recipient], [pk for _who, pk in group], rhythm)
        for recipient, group in groupby(pairs, key=lambda pair: pair[0])
    )


def _safely(send: Any, member: Member, *args: Any) -> int:
    """What goes wrong with one person's mail must not cost the others theirs."""
    try:
        return int(send(member, *args))
    except SMTPRecipientsRefused as refused:
        log.warning(
            "The mail server refuses the address of member %s: %s", member.pk, list(refused.recipients.values())
        )
    except Exception:
        log.exception("No mail could be sent to member %s", member.pk)
    return 0


def _send_to(member: Member, ids: list[int], rhythm: str) -> int:
    """One mail with those of the notifications that hold, that this person wants so, and that nobody has mailed."""
    if not address_of(member):
        return 0
    found = Notification.objects.filter(pk__in=ids).holding(member).with_subjects().order_by("at", "pk")
    wanted = [row for row in found if delivery_for(member, row.kind) == rhythm]
    claimed = [row for row in wanted if _claim(row)]
    if not claimed:
        return 0
    try:
        _message(member, claimed, rhythm).send()
    except Exception as error:
        if not _is_final(error):
            Notification.objects.filter(pk__in=[row.pk for row in claimed]).update(mailed=None)
        raise
    return 1


def _is_final(error: Exception) -> bool:
    """The address itself was refused, and not for now: trying again is of no use, and a nuisance."""
    return isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code, _why in error.recipients.values())


def _claim(row: Notification) -> bool:
    """Two processes at once: one mails it. One that dies before it has sent it sends nothing twice; the page has it."""
    return bool(Notification.objects.filter(pk=row.pk, mailed__isnull=True).update(mailed=timezone.now()))


def _message(member: Member, rows: list[Notification], rhythm: str) -> EmailMessage:
    subject = rows[0].sentence
    if len(rows) > 1 or rhythm != Delivery.AT_ONCE:
        count = ngettext("%(n)d thing that happened", "%(n)d things that happened", len(rows)) % {"n": len(rows)}
        subject = f"{settings.SITE_NAME}: {count}"
    kinds = {row.kind for row in rows}
    what = kinds.pop() if rhythm == Delivery.AT_ONCE and len(kinds) == 1 else rhythm
    threads = {(row.annotation.thread or row.annotation).uid if row.annotation else "" for row in rows}
    about = threads.pop() if len(threads) == 1 else ""
    return compose(member, subject, "reader/mail/news.txt", {"rows": rows, "longest": LONGEST_WORDS}, what, about=about)


def compose(
    member: Member, subject: str, template: str, context: dict[str, Any], what: str, *, about: str = ""
) -> EmailMessage:
    """A mail in plain text. `what` is the kind, or the rhythm, that one press ends (RFC 8058).

    Mails with the same `about` stand together in mail programs.
    """
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    ends = settings.SITE_URL + reverse("reader:unsubscribe", args=[unsubscribe_token(member, what)])
    frame = {
        "member": member, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "ends": ends,
        "choices": settings.SITE_URL + reverse("reader:notification_preferences"),
    }  # fmt: skip
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=render_to_string(template, frame | context),
        to=[address_of(member)],
        headers={
            "Message-ID": make_msgid(domain=host),
            "List-Unsubscribe": f"<{ends}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        | ({"References": f"<{about}@{host}>"} if about else {}),
    )


def unsubscribe_token(member: Member, what: str) -> str:
    """Good without a log-in, for as long as the secret key is: it lets its bearer end these mails, nothing else."""
    return signing.dumps([member.pk, str(what)], salt=SALT)


def read_unsubscribe_token(token: str) -> tuple[Member, str]:
    """Whose mails and which. Raises signing.BadSignature, Member.DoesNotExist."""
    pk, what = signing.loads(token, salt=SALT)
    return Member.objects.get(pk=pk), what


def _moderators() -> list[Member]:
    return list(Member.objects.filter(is_moderator=True, is_active=True).order_by("pk"))


def _send_summary(member: Member, rhythm: str, before: datetime, now: datetime) -> int:
    """What a moderator is asked to look at, as numbers and an age: once a rhythm, and not when there is nothing."""
    if delivery_for(member, Kind.WAITING) != rhythm or not address_of(member):
        return 0
    found = _what_waits(member)
    n = sum(count for count, _since in found.values())
    if not n or not _claim_summary(member, before, now):
        return 0
    words = ngettext("%(n)d contribution waits for a moderator", "%(n)d contributions wait for a moderator", n)
    subject = words % {"n": n}
    context = {
        "subject": subject,
        "flagged": found["flagged"][0],
        "oldest": min(since for _count, since in found.values() if since),
        "queue": settings.SITE_URL + reverse("reader:moderation"),
    }
    try:
        compose(member, subject, "reader/mail/waiting.txt", context, Kind.WAITING).send()
    except Exception as error:
        if not _is_final(error):
            Preference.objects.filter(member=member, kind=Kind.WAITING).update(sent=None)
        raise
    return 1


def _what_waits(member: Member) -> dict[str, tuple[int, datetime | None]]:
    """Of each kind that stands in the queue how many are others', and since when the oldest does."""
    others = Annotation.objects.readable_by(member).exclude(author=member)
    waiting, looked_for = others.waiting(), others.to_moderate()
    flags = Flag.objects.filter(outcome="", annotation__in=looked_for.exclude(pk__in=waiting.values("pk")))
    proposals = Proposal.objects.waiting().exclude(author=member)
    counted = {
        "notes": waiting.aggregate(n=Count("pk"), since=Min("latest__waits_since")),
        "flagged": flags.aggregate(n=Count("annotation", distinct=True), since=Min("created")),
        "proposals": proposals.aggregate(n=Count("pk"), since=Min("waits_since")),
    }
    return {kind: (row["n"], row["since"]) for kind, row in counted.items()}


def _claim_summary(member: Member, before: datetime, now: datetime) -> bool:
    usual = {"delivery": USUALLY[Kind.WAITING]}
    row = Preference.objects.get_or_create(member=member, kind=Kind.WAITING, defaults=usual)[0]
    unsent = Preference.objects.filter(pk=row.pk)
    return bool((unsent.filter(sent__isnull=True) | unsent.filter(sent__lt=before)).update(sent=now))
