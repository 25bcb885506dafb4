"""manage.py import_article FILE…: bring texts in; the same source again becomes a new revision of its article."""

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reader.formats.incoming.model import Front, Incoming
from reader.formats.incoming.reading import made_of
from reader.models import Article, Member
from reader.operations import importing, linking
from reader.operations.errors import ReaderError
from reader.text.dates import date_in

SAID = {
    "title": "title", "publisher": "publisher", "source_url": "address of the original", "language": "en, zh …",
    "published": "day of publication (2024-05-01)", "licence": "licence, for example «CC BY 4.0»",
    "licence_url": "address of the licence", "summary": "summary",
}  # fmt: skip
MOST_SHOWN = 12  # lines of what was taken out


class Command(BaseCommand):
    help = "Bring texts in: Markdown, HTML, plain text, DOCX, PDF, EPUB. The same source again is a new revision."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--slug", default="", help="address of the article; one that exists gets a new revision")
        parser.add_argument("--author", action="append", default=[], help="a name; give it again for each author")
        parser.add_argument("--by", default="", help="user name of the editor it is published by")
        parser.add_argument("--reason", default="", help="why, for the list of revisions")
        parser.add_argument("--keep-all", action="store_true", help="take no running heads or notices out")
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be kept and taken out, keep nothing"
        )
        for name, words in SAID.items():
            parser.add_argument(f"--{name.replace('_', '-')}", default="", help=words)

    def handle(self, *, files: list[Path], **options):
        if len(files) > 1 and (options["slug"] or options["title"] or options["source_url"]):
            raise CommandError("--slug, --title and --source-url belong to one text: bring it in alone.")
        by = self._editor(options["by"])
        wrong = [path for number, path in enumerate(files, 1) if not self._bring(path, number, len(files), by, options)]
        if wrong:
            names = ", ".join(str(path) for path in wrong)
            raise CommandError(f"{len(wrong)} of {len(files)} not brought in: {names}. Nothing of them was kept.")

    def _bring(self, path: Path, number: int, count: int, by: Member | None, options: dict) -> bool:
        self.stderr.write(f"{number}/{count} {path}: reading")
        try:
            incoming = self._incoming(path, options)
            self._say_removed(incoming)
            if options["dry_run"]:
                self.stdout.write(incoming.source)
                return True
            self.stderr.write(f"{number}/{count} {path}: publishing {len(incoming.blocks)} blocks")
            self._publish(incoming, by, options)
        except ReaderError as error:
            self.stderr.write(self.style.ERROR(f"{path}: {error}"))
            return False
        return True

    def _incoming(self, path: Path, options: dict) -> Incoming:
        raw = importing.read_file(_bytes(path), path.name)
        everything = frozenset(gone.key for gone in made_of(raw).removed) if options["keep_all"] else frozenset()
        incoming = made_of(raw, everything)
        said = {name: options[name] for name in SAID} | {"authors": tuple(options["author"])}
        if said["published"] and not date_in(said["published"]):
            raise importing.CannotImport("--published is no day. Write it like 2024-05-01.")
        said["published"] = date_in(said["published"])
        front = Front(**said).over(incoming.front)
        return replace(incoming, front=replace(front, title=front.title or path.stem))

    def _publish(self, incoming: Incoming, by: Member | None, options: dict) -> None:
        slug = options["slug"]
        former = importing.article_of(incoming, slug=slug)
        outcome = importing.publish(incoming, by=by, revision_of=former, slug=slug, reason=options["reason"])
        self.stdout.write(_sentence(outcome, len(incoming.blocks), len(incoming.removed)))
        names = linking.proposals(outcome.article)
        if names:
            self.stdout.write(f"  {len(names)} names of cards to decide on.")
        if not outcome.article.licence:
            self.stderr.write(self.style.WARNING("  No licence is known: may this text be shown? Say with --licence."))

    def _say_removed(self, incoming: Incoming) -> None:
        for gone in incoming.removed[:MOST_SHOWN]:
            where = f"page {gone.page}, line {gone.number}" if gone.page else f"block {gone.number}"
            self.stderr.write(f"  taken out ({gone.reason}, {where}): {gone.text[:100]}")
        if len(incoming.removed) > MOST_SHOWN:
            self.stderr.write(f"  … and {len(incoming.removed) - MOST_SHOWN} more")

    def _editor(self, name: str) -> Member | None:
        if not name:
            return None
        editor = Member.objects.filter(username=name, is_editor=True).first()
        if editor is None:
            raise CommandError(f"{name} is no editor of this site.")
        return editor


def _bytes(path: Path) -> bytes:
    """The file, not opened when it is larger than the settings allow."""
    try:
        if path.stat().st_size > settings.IMPORT_MAX_BYTES:
            sentence = str(importing.SENTENCES["too_large"]) % {"most": settings.IMPORT_MAX_BYTES}
            raise importing.CannotImport(sentence)
        return path.read_bytes()
    except OSError as error:
        raise importing.CannotImport(f"The file cannot be opened ({error.strerror}).") from error


def _sentence(outcome: importing.Outcome, blocks: int, removed: int) -> str:
    article: Article = outcome.article
    what = "new article" if outcome.is_new else f"revision {article.current.number}"
    if not outcome.has_new_text:
        what = "the text is the one published already"
    return f"«{article.title}» at {article.get_absolute_url()}: {what}, {blocks} blocks, {removed} things taken out."
