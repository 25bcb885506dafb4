"""Bringing in one's own notes by page: a look first, then a yes; nothing is dropped, nothing comes twice."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reader.models import Article
from tests.formats.test_notes_file import FIRST_SEEN, hypothesis_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(letters):
    Article.objects.filter(pk=letters.pk).update(source_url=FIRST_SEEN)
    return letters


def upload(browser, content: str | bytes, **more):
    content = content.encode() if isinstance(content, str) else content
    data = {"file": SimpleUploadedFile("notes.json", content), "audience": "private"} | more
    return browser.post("/me/import/", data)


EXPORT = json.dumps({"annotations": [hypothesis_row(), hypothesis_row("h2", exact="nowhere to be seen"), 3]})


def test_first_a_look_that_keeps_nothing_then_the_same_file_with_a_yes(browser_of, letters, people):
    me = browser_of("trusted")
    look = upload(me, EXPORT)
    page = look.content.decode()
    assert "1 note finds its place" in page and "nowhere to be seen" in page and "Entry 3" in page
    assert not letters.annotations.exists()
    kept = me.post("/me/import/", {"words": EXPORT, "audience": "private", "article": "", "keep": "1"})
    assert "1 note is yours now" in kept.content.decode() and "nowhere to be seen" in kept.content.decode()
    note = letters.annotations.get()
    assert (note.author, note.exact, note.visibility) == (people.trusted, "second letter", "private")
    assert "1 was brought in before" in upload(me, EXPORT).content.decode()


def test_the_look_carries_the_file_on_as_it_was(browser_of, letters):
    me = browser_of("trusted")
    words = json.dumps([hypothesis_row(text='"quoted" <b> & 🙂\n\nend')], ensure_ascii=False)
    form = upload(me, words, article="letters").context["form"].cleaned_data
    assert form["words"] == words and form["article"] == letters


@pytest.mark.parametrize(
    "who, audience, state",
    [("trusted", "theirs", "approved"), ("author", "theirs", "pending"), ("author", "private", "approved")],
)
def test_who_sees_them_is_chosen_and_moderated_like_any_note(browser_of, letters, who, audience, state):
    upload(browser_of(who), json.dumps([hypothesis_row()]), audience=audience, keep="1")
    note = letters.annotations.get()
    assert note.visibility == ("private" if audience == "private" else "public")
    assert bool(letters.annotations.public()) == (who == "trusted")
    assert note.is_private or note.latest.status == state


def test_a_new_person_s_public_notes_keep_the_limits_of_writing(browser_of, letters, settings):
    settings.NOTES_IN_FIVE_MINUTES = 2
    rows = [hypothesis_row(f"h{number}") for number in range(4)]
    page = upload(browser_of("author"), json.dumps(rows), audience="theirs", keep="1").content.decode()
    assert letters.annotations.count() == 2 and "2 notes are yours now" in page and "Left out" in page


def test_rows_without_names_come_once(browser_of, letters):
    table = "quote,note\nsecond letter,A thought.\ncafé,Another.\n"
    for _ in range(2):
        upload(browser_of("trusted"), table, article="letters", keep="1")
    assert letters.annotations.count() == 2


@pytest.mark.parametrize(
    "content, why",
    [
        ("", "submitted file is empty"), ("{", "cannot be read"), (b"\xff\xfe\x00", "cannot be read"),
        ("who,when\nme,now\n", "cannot be read"), ("[" * 100_000, "cannot be read"),
        ("quote,note\na," + "x" * 200_000, "cannot be read"),
        (json.dumps([hypothesis_row(f"h{n}") for n in range(501)]), "At most 500"), ("x" * 2_000_001, "more than 2 MB"),
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_said_and_nothing_is_kept(browser_of, letters, content, why):
    answer = upload(browser_of("trusted"), content, keep="1")
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not letters.annotations.exists()


def test_a_huge_file_is_refused_before_it_is_read(browser_of, letters, monkeypatch):
    monkeypatch.setattr("reader.forms_notes.NotesFileForm.is_valid", lambda form: 1 / 0)
    answer = upload(browser_of("trusted"), b"x" * 3_100_000)
    assert answer.status_code == 413 and "more than 2 MB" in answer.content.decode()


def test_a_form_of_another_site_is_refused(people, letters):
    other = Client(enforce_csrf_checks=True)
    other.force_login(people.trusted)
    assert upload(other, EXPORT, keep="1").status_code == 403


def test_who_is_not_logged_in_is_asked_to(browser_of, letters):
    assert browser_of("anonymous").get("/me/import/").status_code == 302
    assert upload(browser_of("anonymous"), EXPORT).status_code == 302


def test_it_is_found_from_one_s_own_page(browser_of, letters):
    assert 'href="/me/import/"' in browser_of("author").get("/me/").content.decode()
    assert "Look at it" in browser_of("author").get("/me/import/").content.decode()
