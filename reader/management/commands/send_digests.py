"""manage.py send_digests: daily and weekly mails that are due, late ones, and what waits too long. For cron."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from reader.models import Delivery
from reader.operations import counting, mailing, telling


class Command(BaseCommand):
    help = "Send the daily and weekly mails that are due. Run it every quarter of an hour; twice sends nothing twice."

    def add_arguments(self, parser):
        parser.add_argument("--now", action="store_true", help="send all that was gathered until now, due or not")

    def handle(self, **options):
        now = timezone.now()
        counting.forget_what_is_over()
        overdue = telling.tell_of_overdue(now=now)
        sent = mailing.send_late(now=now)
        for rhythm in (Delivery.DAILY, Delivery.WEEKLY):
            before = now if options["now"] else last_due(rhythm, now)
            sent += mailing.send_digests(rhythm, before=before, now=now)
        return f"{sent} mails sent; moderators told of waiting notes: {overdue}."


def last_due(rhythm: str, now: datetime) -> datetime:
    """The newest DIGEST_HOUR that has passed, of a day or of a Monday, in the site's time zone."""
    here = timezone.localtime(now)
    due = here.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0)
    due -= timedelta(days=due.weekday() if rhythm == Delivery.WEEKLY else 0)
    if due <= here:
        return due
    return due - timedelta(days=7 if rhythm == Delivery.WEEKLY else 1)
