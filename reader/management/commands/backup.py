"""manage.py backup: a copy of the whole database, while the site serves."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from civdip_site.keeping import CannotKeep, back_up


class Command(BaseCommand):
    help = "Keep a copy of the database in var/backups."

    def add_arguments(self, parser):
        parser.add_argument("--folder", type=Path, default=Path(settings.VAR_DIR, "backups"), help="where to keep it")

    def handle(self, *, folder: Path, **options):
        try:
            kept = back_up(folder)
        except (CannotKeep, OSError) as error:
            sys.exit(str(error))
        return f"Kept {kept} ({kept.stat().st_size / 1_000_000:.1f} MB)."
