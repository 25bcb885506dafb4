"""manage.py prepare: tables, the first edition and static files, whatever of them is missing."""

import sys

from django.core.management.base import BaseCommand

from civdip_site.preparing import NotReady, prepare


class Command(BaseCommand):
    help = "Bring the database up to date, load the first edition once, collect static files."

    def handle(self, **options):
        try:
            prepare(self.stdout.write)
        except NotReady as error:
            sys.exit(str(error))
