"""Editors revise a text from pages: they see what happens before it happens, and lose nothing they typed."""

import html
import re

import pytest

from reader.models import Annotation, Article, Placement, Visibility
from reader.operations import revising
from reader.operations.wording import source_of
from tests.make import approved, make_note

EDIT = "/articles/letters/edit/"


def typed(article, old="coast road", new="river road", **more) -> dict:
    source = source_of(article.current).replace(old, new)
    return {"source": source, "reason": "A better word.", "base": article.current.number} | more


def hidden(page) -> dict:
    """What the form of a page would send again."""
    text = page.content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text))
    source = re.search(r'<textarea name="source" hidden>\n(.*?)</textarea>', text, re.DOTALL)
    return {name: html.unescape(value) for name, value in (found | {"source": source[1]}).items()}


def text_of(page) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode())))


@pytest.fixture
def editor(browser_of):
    return browser_of("editor")


# --- who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anonymous", "stranger", "author", "trusted", "moderator"])
def test_for_others_the_editors_pages_do_not_exist(letters, people, browser_of, who):
    revising.revise(letters, source="Another text.", by=people.editor, reason="")
    person = browser_of(who)
    for path in (EDIT, "/articles/letters/revisions/1/publish/"):
        assert person.get(path).status_code == 404
        assert person.post(path, {"base": 2, "reason": "x"}).status_code == 404
    if who != "anonymous":
        assert person.post(EDIT, typed(letters)).status_code == 404
    assert letters.revisions.count() == 2
    assert EDIT not in person.get("/articles/letters/").content.decode()


def test_an_editor_finds_the_way(letters, editor):
    assert EDIT in editor.get("/articles/letters/").content.decode()
    page = editor.get(EDIT)
    assert page.status_code == 200
    assert page.context["form"]["source"].value() == source_of(letters.current)


def test_a_session_that_ended_does_not_take_the_text_with_it(letters, client):
    page = client.post(EDIT, typed(letters, new="<i>river</i> road"))
    assert page.status_code == 401
    assert "&lt;i&gt;river&lt;/i&gt; road" in page.content.decode()
    assert letters.revisions.count() == 1


# --- what changes -------------------------------------------------------------------------------


def test_the_editor_sees_what_changes_and_nothing_is_kept(letters, people, editor):
    note = make_note(letters, author=people.editor, on="went by the coast road")
    page = editor.post(EDIT, typed(letters))
    body = page.content.decode()
    assert page.status_code == 200
    assert re.search(r"<del[^>]*>.*?coast.*?</del>", body) and re.search(r"<ins[^>]*>.*?river.*?</ins>", body)
    assert f'id="note-{note.uid}"' in body
    assert "went by the coast road" in text_of(page) and "went by the river road" in text_of(page)
    assert letters.revisions.count() == 1
    assert Placement.objects.filter(annotation=note).count() == 1


def test_publishing_takes_what_was_looked_at(letters, people, editor):
    page = editor.post(EDIT, typed(letters))
    answer = editor.post(EDIT, hidden(page) | {"step": "publish"})
    assert answer.status_code == 302
    letters.refresh_from_db()
    assert (letters.current.number, letters.current.reason) == (2, "A better word.")
    assert letters.current.created_by == people.editor
    assert "river road" in letters.current.text
    assert "river road" in editor.get("/articles/letters/").content.decode()


@pytest.mark.parametrize(
    "change, status",
    [
        ({"reason": ""}, 422), ({"source": ""}, 422), ({"source": "\n \n"}, 422), ({"source": "a\x00b"}, 422),
        ({"base": ""}, 422), ({"base": "seven"}, 422), ({"reason": "x" * 301}, 422), ({"step": "write"}, 200),
        ({"base": "99"}, 409),
    ],
)  # fmt: skip
def test_an_error_gives_the_text_back(letters, editor, change, status):
    data = typed(letters) | change
    page = editor.post(EDIT, data)
    assert page.status_code == status
    assert page.context["form"]["source"].value() == data["source"]
    assert letters.revisions.count() == 1


def test_nothing_changed_is_said(letters, editor):
    page = editor.post(EDIT, typed(letters, new="coast road"))
    assert page.status_code == 422
    assert "nothing to change" in text_of(page)


def test_what_is_typed_is_never_markup(letters, editor):
    page = editor.post(EDIT, typed(letters, new="<script>alert(1)</script>", reason='"><b>x'))
    assert "<script>alert(1)" not in page.content.decode()
    assert "<b>x" not in page.content.decode()


def test_whoever_comes_second_keeps_their_text_and_sees_the_other(letters, people, editor):
    page = editor.post(EDIT, typed(letters))
    revising.revise(letters, source="Somebody was quicker.", by=people.moderator, reason="Quicker.")
    answer = editor.post(EDIT, hidden(page) | {"step": "publish"})
    assert answer.status_code == 409
    assert "river road" in answer.context["form"]["source"].value()
    assert "/articles/letters/compare/1..2/" in answer.content.decode()
    assert letters.revisions.count() == 2
    again = {"source": answer.context["form"]["source"].value(), "reason": "Mine.", "base": 2, "step": "publish"}
    assert editor.post(EDIT, again).status_code == 302
    assert letters.revisions.count() == 3


# --- corrections --------------------------------------------------------------------------------


def test_a_doubtful_note_is_put_on_words_chosen_from_lists(letters, people, editor):
    note = make_note(letters, author=people.editor, on="went by the coast road")
    page = editor.post(EDIT, typed(letters))
    page = editor.post(EDIT, hidden(page) | {"step": f"choose:note-{note.uid}"})
    assert page.status_code == 200
    page = editor.post(EDIT, hidden(page) | {"step": f"choose:note-{note.uid}", "paragraph": "1", "shown": "2"})
    assert page.context["choice"].number == 1
    asked = {"step": f"choose:note-{note.uid}", "paragraph": "1", "shown": "1", "first": "2", "last": "2"}
    page = editor.post(EDIT, hidden(page) | asked)
    words = {word: (start, end) for start, end, word in page.context["choice"].words}
    assert list(words) == ["They", "wrote", "again", "<in", "June>."]
    chosen = {"start": words["wrote"][0], "end": words["again"][1]}
    page = editor.post(EDIT, hidden(page) | {"step": f"set:note-{note.uid}"} | chosen)
    assert "You chose these words." in text_of(page)
    editor.post(EDIT, hidden(page) | {"step": "publish"})
    place = Placement.objects.get(annotation=note, revision__number=2)
    assert place.revision.text[place.start : place.end] == "wrote again"
    assert place.placed_by == people.editor


def test_what_stands_there_instead_is_offered_first(letters, people, editor):
    note = make_note(letters, author=people.editor, on="coast road")
    page = editor.post(EDIT, typed(letters, new="longest of all ways"))
    assert "Its words are gone." in text_of(page)
    page = editor.post(EDIT, hidden(page) | {"step": f"choose:note-{note.uid}"})
    choice = page.context["choice"]
    shown = {start: word for start, _end, word in choice.words}, {end: word for _start, end, word in choice.words}
    assert (shown[0][choice.start], shown[1][choice.end]) == ("longest", "ways;")


def test_a_doubtful_note_is_called_lost_and_taken_back(letters, people, editor):
    note = make_note(letters, author=people.editor, on="went by the coast road")
    page = editor.post(EDIT, typed(letters))
    page = editor.post(EDIT, hidden(page) | {"step": f"lost:note-{note.uid}"})
    assert "You said that its words are gone." in text_of(page)
    page = editor.post(EDIT, hidden(page) | {"step": f"accept:note-{note.uid}"})
    assert "You said that its words are gone." not in text_of(page)
    page = editor.post(EDIT, hidden(page) | {"step": f"lost:note-{note.uid}"})
    editor.post(EDIT, hidden(page) | {"step": "publish"})
    assert Placement.objects.get(annotation=note, revision__number=2).state == "lost"


def test_a_correction_counts_for_the_text_it_was_made_on(letters, people, editor):
    note = make_note(letters, author=people.editor, on="went by the coast road")
    page = editor.post(EDIT, typed(letters))
    page = editor.post(EDIT, hidden(page) | {"step": f"lost:note-{note.uid}"})
    changed = hidden(page) | {"source": hidden(page)["source"] + "\n\nMore.", "step": "publish"}
    editor.post(EDIT, changed)
    assert Placement.objects.get(annotation=note, revision__number=2).state == "changed"


@pytest.mark.parametrize("packed", ["", "[]", "{", '{"x": [1]}', '{"note-x": [5, 2]}', '{"note-x": [0, 99999999]}'])
def test_nonsense_in_hidden_fields_is_passed_over(letters, editor, packed):
    page = editor.post(EDIT, typed(letters))
    sent = hidden(page) | {"corrections": packed, "step": "publish"}
    assert editor.post(EDIT, sent).status_code == 302


@pytest.mark.parametrize("state", ["private", "waiting"])
def test_an_editor_moves_no_note_they_may_not_read(letters, people, editor, state):
    visibility = Visibility.PRIVATE if state == "private" else Visibility.PUBLIC
    note = make_note(letters, author=people.author, on="went by the coast road", visibility=visibility)
    page = editor.post(EDIT, typed(letters))
    assert note.uid not in page.content.decode()
    assert "Nothing lies on this text yet." in text_of(page)
    forged = hidden(page) | {"corrections": '{"note-%s": null}' % note.uid, "step": "publish"}  # noqa: UP031
    editor.post(EDIT, forged)
    assert Placement.objects.get(annotation=note, revision__number=2).state == "changed"


# --- publishing again ---------------------------------------------------------------------------


def test_a_former_wording_is_published_again(letters, people, editor):
    note = make_note(letters, author=people.editor, on="went by the coast road")
    first = note.placements.get()
    revising.revise(letters, source="Another text altogether.", by=people.editor, reason="")
    page = editor.get("/articles/letters/revisions/1/publish/")
    assert page.status_code == 200 and "coast road" in text_of(page)
    assert letters.revisions.count() == 2
    answer = editor.post("/articles/letters/revisions/1/publish/", {"base": 2, "reason": ""})
    assert answer.status_code == 302
    place = Placement.objects.get(annotation=note, revision__number=3)
    assert (place.start, place.end, place.state) == (first.start, first.end, "exact")


def test_publishing_again_is_refused_when_somebody_was_quicker(letters, people, editor):
    revising.revise(letters, source="A second text.", by=people.editor, reason="")
    revising.revise(letters, source="A third text.", by=people.editor, reason="")
    answer = editor.post("/articles/letters/revisions/1/publish/", {"base": 2, "reason": "x"}, follow=True)
    assert "Somebody published another wording" in text_of(answer)
    assert letters.revisions.count() == 3
    assert editor.get("/articles/letters/revisions/99/publish/").status_code == 404


# --- placing a note again -----------------------------------------------------------------------


@pytest.fixture
def lost(letters, people) -> Annotation:
    """An approved note of `author` on words that are gone."""
    note = approved(make_note(letters, author=people.author, on="coast road"), by=people.moderator)
    parts = source_of(letters.current).split("\n\n")
    revising.revise(letters, source="\n\n".join([parts[0], parts[2]]), by=people.editor, reason="")
    assert Placement.objects.get(annotation=note, revision__number=2).state == "lost"
    return note


@pytest.mark.parametrize(
    "who, status",
    [("author", 200), ("editor", 200), ("moderator", 404), ("stranger", 404), ("trusted", 404), ("anonymous", 302)],
)
def test_who_may_place_a_lost_note(lost, browser_of, who, status):
    assert browser_of(who).get(f"/notes/{lost.uid}/place/").status_code == status


@pytest.mark.parametrize("who", ["author", "editor"])
def test_a_lost_note_is_placed_again(lost, people, browser_of, who):
    person = browser_of(who)
    article = Article.objects.get(slug="letters")
    start = article.current.text.index("copied both")
    page = person.post(f"/notes/{lost.uid}/place/", {"step": "choose", "paragraph": "2", "shown": "1"})
    assert page.context["choice"].number == 2
    sent = {"step": "set", "start": start, "end": start + len("copied both"), "revision": 2}
    assert person.post(f"/notes/{lost.uid}/place/", sent).status_code == 302
    place = Placement.objects.get(annotation=lost, revision__number=2)
    assert article.current.text[place.start : place.end] == "copied both"
    assert place.placed_by == people[who]
    assert Article.objects.get(pk=article.pk).notes_version > article.notes_version


@pytest.mark.parametrize(
    "sent", [{}, {"start": "5", "end": "5"}, {"start": "x", "end": "9"}, {"start": 0, "end": 10**6}]
)
def test_a_place_that_is_none_is_refused(lost, browser_of, sent):
    answer = browser_of("author").post(f"/notes/{lost.uid}/place/", {"step": "set", "revision": 2} | sent)
    assert answer.status_code == 422
    assert Placement.objects.get(annotation=lost, revision__number=2).state == "lost"


def test_a_note_of_somebody_else_s_eyes_alone_is_not_placed_by_an_editor(letters, people, editor):
    note = make_note(letters, author=people.author, visibility=Visibility.PRIVATE)
    assert editor.get(f"/notes/{note.uid}/place/").status_code == 404
