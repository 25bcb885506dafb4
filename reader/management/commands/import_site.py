"""manage.py import_site FILE: put a whole export back into an empty site."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reader.operations.refilling import CannotRefill, refill_site

EVERY = 10_000


class Command(BaseCommand):
    help = "Load a file of «export» (JSON-LD, whole site) into an empty site. All of it is kept, or nothing."
    told = 0

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            with file.open(encoding="utf-8") as lines:
                count = refill_site(lines, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except CannotRefill as error:
            raise CommandError(f"{error} Nothing was kept.") from error
        return f"{count} records are back. Passwords and e-mail addresses are not in such a file: people set new ones."

    def _progress(self, count: int) -> None:
        if count >= self.told + EVERY:
            self.told = count
            self.stderr.write(f"{count} records …")
