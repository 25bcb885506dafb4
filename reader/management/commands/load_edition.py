"""manage.py load_edition FOLDER: bring an annotated edition in; loading it twice changes nothing."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reader.formats.edition import EditionError, read_edition
from reader.operations.publishing import publish_edition


class Command(BaseCommand):
    help = "Load an edition (article.md with its YAML files) from a folder."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--slug", help="address of the article; the folder's name when left out")

    def handle(self, *, folder: Path, slug: str | None, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder. Name the folder that holds article.md.")
        try:
            edition = read_edition(folder)
            article = publish_edition(edition, slug=slug or folder.resolve().name)
        except EditionError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        return (
            f"«{article.title}»: {len(edition.blocks)} paragraphs, {len(edition.cards)} cards, "
            f"{len(edition.annotations)} notes, {len(edition.crossrefs)} references, "
            f"{len(edition.timeline)} events, {len(edition.sources)} sources."
        )
