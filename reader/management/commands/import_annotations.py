"""manage.py import_annotations FILE --author NAME: notes from elsewhere, placed on the words they were written on."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reader.formats.foreign import Unreadable
from reader.formats.notes_file import FORMATS, NotesFile, read_notes, text_of
from reader.models import Article, Member
from reader.operations.bringing_back import Report, bring_in


class Command(BaseCommand):
    help = "Bring in notes: W3C Web Annotations (JSON, JSON Lines), exports of Hypothesis, Recogito, or a CSV table."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--author", required=True, help="user name of the member whose notes they become")
        parser.add_argument("--article", help="slug of the text, for files that name none or another address")
        parser.add_argument("--format", default="", choices=["", *FORMATS], help="found out when left out")

    def handle(self, *, file: Path, author: str, article: str | None, format: str, **options):
        member = Member.objects.filter(username=author).first()
        if member is None:
            raise CommandError(f"There is nobody called «{author}» here.")
        found = _article(article) if article else None
        try:
            read = read_notes(text_of(file.read_bytes()), format)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Unreadable as error:
            raise CommandError(f"{file.name}: {error} Nothing was kept.") from error
        report = bring_in(read.notes, author=member, article=found)
        self._list_left(read, report)
        return (
            f"{len(report.made)} notes brought in ({read.format}), {len(report.there)} were here already, "
            f"{len(report.left) + len(read.unreadable)} could not be placed or read."
        )

    def _list_left(self, read: NotesFile, report: Report) -> None:
        """Everything that was not taken, with its words: nothing is dropped unseen."""
        for number, why in read.unreadable:
            self.stderr.write(f"Entry {number}: {why}")
        for left in report.left:
            foreign = left.foreign
            name = foreign.key or foreign.target or "a note"
            quote = f" on «{foreign.quote.exact[:120]}»" if foreign.quote else ""
            self.stderr.write(f"{name}{quote}: {left.why} It says: {foreign.body[:300]!r}")


def _article(slug: str) -> Article:
    found = Article.objects.published().select_related("current").filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no text «{slug}» here.")
    return found
