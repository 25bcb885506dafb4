"""Our EPUB files before the W3C's own checker: the real edition, and notes that try to break the markup."""

import subprocess

import pytest
from django.contrib.auth.models import AnonymousUser

from reader.formats import epub_export
from reader.formats.annotated import Annotated
from reader.operations import annotating
from tests import epub_checker
from tests.make import make_article, make_note

HOSTILE = [
    "<script>alert(1)</script> <img src=x onerror=alert(1)> <b>bold</b>",
    "שלום — مرحبا \u202e backwards", "🙂👩‍👩‍👧 𠮷",
    "word " * 3000, "a ]]> b <![CDATA[ c ]]> --> <!--",
    "[here](/x) [there](x) [nowhere](http://[::1) [a|b](http://x.example/a|b)",
    "- a\n- b\n\n3. c\n\n> d\n\n```\n<e>\n```\n\n---\n\n# F\n\nhard  \nbreak", "",
]  # fmt: skip

pytestmark = pytest.mark.django_db


def complaints_about(article, tmp_path) -> str:
    file = tmp_path / "text.epub"
    with epub_export.export(Annotated(article, AnonymousUser())) as book:
        file.write_bytes(book.read())
    done = subprocess.run([*epub_checker.command(), file], capture_output=True, timeout=120)  # noqa: S603
    return (done.stdout + done.stderr).decode() if done.returncode else ""


def test_the_real_edition_with_all_its_notes(article, tmp_path):
    assert complaints_about(article, tmp_path) == ""


def test_notes_that_try_to_break_it(people, tmp_path):
    letters = make_article(title='Letters <to> & "the" capital ]]>')
    for number, body in enumerate(HOSTILE):
        motivation = "commenting" if body else "highlighting"
        on = ["second letter", "café", "𠮷田", "שלום, copied"][number % 4]
        note = make_note(letters, author=people.editor, body=body, on=on, motivation=motivation, tags=["a b", "x&y"])
        annotating.reply(parent=note, author=people.editor, body=body or "Why?")
    assert complaints_about(letters, tmp_path) == ""
