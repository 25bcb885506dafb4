"""manage.py export: everything of the site, of one text or of one person, written out as it is read."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from reader.formats import archive, csv_table, everything, jsonl
from reader.formats.annotated import Annotated
from reader.models import Annotation, Article, Member

LISTS = ("jsonld", "jsonl", "csv")
EVERY = 10_000  # lines between two words on how far it is


class Command(BaseCommand):
    help = (
        "Write the whole site (jsonld loads again with import_site; md, html, epub and tei are a zip file with every "
        "text), one text with its public notes, or all that one person wrote."
    )

    def add_arguments(self, parser):
        parser.add_argument("--article", help="slug: this text with its public notes")
        parser.add_argument("--person", help="user name: all that this person wrote, private notes too")
        parser.add_argument("--format", default="jsonld", choices=[*LISTS, *archive.READABLE])
        parser.add_argument("--output", type=Path, help="the file to write; standard output when left out")

    def handle(self, **options):
        with one_moment():
            pieces = self._pieces(options["format"], options["article"], options["person"])
            self._write(pieces, options["output"])

    def _pieces(self, form: str, slug: str | None, username: str | None) -> Iterable[str | bytes]:
        if slug and username:
            raise CommandError("Name a text or a person, not both.")
        if slug:
            return _of_article(form, slug)
        if username:
            return _of_person(form, username)
        if form == "jsonld":
            return everything.lines()
        if form in ("jsonl", "csv"):
            return _listed(form, Annotation.objects.public(), AnonymousUser())
        return archive.of_site(form, AnonymousUser())

    def _write(self, pieces: Iterable[str | bytes], output: Path | None) -> None:
        """Beside the file first, so that a file that is there is whole."""
        if output is None:
            for piece in self._counted(pieces):
                sys.stdout.buffer.write(piece)
            sys.stdout.flush()
            return
        unfinished = output.with_name(f"{output.name}.part")
        with unfinished.open("wb") as file:
            for piece in self._counted(pieces):
                file.write(piece)
        unfinished.replace(output)

    def _counted(self, pieces: Iterable[str | bytes]) -> Iterator[bytes]:
        for number, piece in enumerate(pieces, 1):
            yield piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
            if number % EVERY == 0:
                self.stderr.write(f"{number} lines …")


def _of_article(form: str, slug: str) -> Iterable[str | bytes]:
    article = Article.objects.published().select_related("current").filter(slug=slug).first()
    if article is None:
        raise CommandError(f"There is no text «{slug}» here.")
    annotated = Annotated(article, AnonymousUser())
    if form == "jsonld":
        return jsonl.of_article(annotated, annotated.readable())
    if form in LISTS:
        return _listed(form, annotated.readable(), annotated.person)
    return archive.pieces_of(form, annotated)


def _of_person(form: str, username: str) -> Iterable[bytes]:
    member = Member.objects.filter(username=username).first()
    if member is None:
        raise CommandError(f"There is nobody called «{username}» here.")
    return archive.of_person(form, member)


def _listed(form: str, notes: Any, person: Any) -> Iterable[str]:
    return csv_table.rows(notes, person) if form == "csv" else jsonl.lines(notes, person)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read is read as it was at one moment, while people go on writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:  # SQLite's atomic() would take the write lock; reading needs none
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
