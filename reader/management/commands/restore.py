"""manage.py restore FILE: bring a copy of the database back, while the site serves."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from civdip_site.keeping import CannotKeep, back_up, check, restore


class Command(BaseCommand):
    help = "Replace the database by a copy that `backup` made. What is there now is kept first."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the copy, for example var/backups/civdip-….sqlite3")

    def handle(self, *, file: Path, **options):
        try:
            check(file)
            if connection.introspection.table_names():
                before = back_up(Path(settings.VAR_DIR, "backups"), label="-before-restore")
                self.stdout.write(f"What is there now is kept as {before}")
            restore(file)
        except (CannotKeep, OSError) as error:
            sys.exit(str(error))
        return f"{file} is back."
