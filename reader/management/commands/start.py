"""manage.py start: prepare what is missing, say where the site is, and become the production server."""

import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.urls import reverse

from civdip_site.preparing import NotReady, prepare
from civdip_site.serving import (
    CannotListen,
    begin_regular_work,
    refuse_if_taken,
    server_command,
    server_environment,
)
from reader.operations import welcoming


class Command(BaseCommand):
    help = "Prepare the site and serve it with the production server."

    def handle(self, **options):
        try:
            self._prepare()
        except (CannotListen, NotReady) as error:
            sys.exit(str(error))  # the sentence alone
        self._say_where()
        connections.close_all()
        if settings.REGULAR_WORK_MINUTES:
            begin_regular_work(settings.REGULAR_WORK_MINUTES)
        command = server_command(host=settings.LISTEN, port=settings.PORT, workers=settings.WORKERS)
        os.execvpe(command[0], command, server_environment())  # noqa: S606 (our own Python and fixed options)

    def _prepare(self):
        if settings.DEBUG:
            raise NotReady("DEBUG is on, and the site is served without it. Unset DEBUG, or use: make dev")
        refuse_if_taken(settings.LISTEN, settings.PORT)
        prepare(self.stdout.write)

    def _say_where(self):
        self.stdout.write(f"\n{settings.SITE_NAME} is at {settings.SITE_URL}/  (Ctrl-C stops it)\n")
        if welcoming.is_open():
            link = settings.SITE_URL + reverse("reader:welcome", args=[welcoming.new_token()])
            self.stdout.write(
                "The site has no editor yet. Whoever opens this address first, and signs up, becomes editor and "
                f"moderator:\n{link}\n"
            )
        self.stdout.flush()
