"""manage.py regular_work: all that is due by the clock. Once, for cron; or again and again beside the server."""

import io
import logging
import os
import time
from typing import ClassVar

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

log = logging.getLogger(__name__)
WORK = ["send_digests", "close_accounts", "clearsessions"]  # each safe to run twice, and by two at once


class Command(BaseCommand):
    requires_system_checks: ClassVar = []  # they would load every page
    help = "Send the mails that are due, close accounts whose week is over, clear away ended sessions."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="MINUTES", help="do it again and again")
        parser.add_argument("--beside", type=int, metavar="PID", help="until this process, which began it, ends")

    def handle(self, *, every=None, beside=None, **options):
        if not every:
            return _do_all()
        while _wait(every * 60, beside or os.getppid()):
            _do_all()
            connections.close_all()
        return None


def _do_all() -> str:
    """One that fails does not keep the others from their turn."""
    said = []
    for name in WORK:
        try:
            said.append(call_command(name, stdout=io.StringIO()) or "")
        except Exception:
            log.exception("%s could not be done; it is tried again the next time", name)
    return " ".join(filter(None, said))


def _wait(seconds: float, parent: int) -> bool:
    """True after that time, False as soon as the parent is gone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.getppid() != parent:
            return False
        time.sleep(0.5)
    return True
