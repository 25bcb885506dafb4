"""Editors bring texts in and decide about names; for everyone else these pages do not exist."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reader.models import Article, Draft
from reader.operations import importing, linking
from tests.make_files import PARAGRAPHS, docx, locked_pdf, pdf_of_lines, word_paragraph
from tests.operations.test_importing import NAMED, publish

ONE, TWO, THREE = PARAGRAPHS
HTML = f"""<html lang="en"><head><title>The letters</title></head><body><nav><p>Home</p></nav><h1>The letters</h1>
<p>{ONE}<sup><a href="#n1">1</a></sup> See <a href="https://example.org/a">the register</a>.</p>
<ol><li>{TWO}</li></ol><table><tr><th>Year</th><th>Letters</th></tr><tr><td>1790</td><td>12</td></tr></table>
<pre>code here</pre><p id="n1">{THREE}</p></body></html>"""


def uploaded(data, name):
    return {"file": SimpleUploadedFile(name, data), "words": ""}


@pytest.fixture
def editor(browser_of):
    return browser_of("editor")


@pytest.fixture
def draft(people):
    raw = importing.read_file(HTML.encode(), "letters.html")
    return importing.keep_draft(raw, name="letters.html", by=people.editor)


def front(**changes):
    return {"title": "The letters", "language": "en", "slug": "letters", "authors": "Ann Clerk\nBo Scribe"} | changes


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who, status", [("editor", 200), ("author", 404), ("moderator", 404), ("trusted", 404), ("anonymous", 302)]
)
@pytest.mark.parametrize("page", ["import", "review", "mentions"])
def test_these_pages_are_for_editors(browser_of, letters, draft, who, status, page):
    path = {
        "import": "/articles/import/",
        "review": f"/articles/import/{draft.pk}/",
        "mentions": "/articles/letters/mentions/",
    }
    assert browser_of(who).get(path[page]).status_code == status
    posted = browser_of(who).post(path[page], {"act": "discard"} if page == "review" else {}).status_code
    assert posted == (status if who != "editor" else {"import": 422, "review": 302, "mentions": 302}[page])


def test_a_draft_is_its_editors_alone(client, draft):
    from tests.people import make_member

    client.force_login(make_member("other", is_editor=True), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/articles/import/{draft.pk}/").status_code == 404


def test_a_form_from_elsewhere_is_refused(people):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.editor, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/articles/import/", {"words": ONE}).status_code == 403
    assert Draft.objects.count() == 0


# --- reading a file -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        lambda: uploaded(docx(word_paragraph(ONE)), "a.docx"),
        lambda: uploaded(HTML.encode(), "a.html"),
        lambda: {"words": ONE},
        lambda: {"words": HTML},
    ],
    ids=["docx", "html", "pasted", "pasted html"],
)
def test_a_text_that_was_read_waits_for_a_look_and_is_not_published(editor, given):
    before = Article.objects.count()
    response = editor.post("/articles/import/", given(), follow=True)
    assert response.redirect_chain[0][0] == f"/articles/import/{Draft.objects.get().pk}/"
    assert ONE in response.content.decode()
    assert Article.objects.count() == before


@pytest.mark.parametrize(
    "given, status, sentence",
    [
        (lambda: uploaded(locked_pdf(), "a.pdf"), 422, "locked with a password"),
        (lambda: uploaded(b"\x00" * 50, "a.md"), 422, "not a text"),
        (lambda: uploaded(b"", "a.md"), 422, "empty"),
        (lambda: {"words": "  \n "}, 422, "Choose a file"),
        (dict, 422, "Choose a file"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_and_leaves_nothing(editor, given, status, sentence):
    response = editor.post("/articles/import/", given())
    assert response.status_code == status
    assert sentence in response.content.decode()
    assert Draft.objects.count() == 0


def test_pasted_words_are_not_lost_to_an_error(editor):
    response = editor.post("/articles/import/", {"words": "{\\rtf1 my words}"})
    assert response.status_code == 422
    assert "{\\rtf1 my words}" in response.content.decode()


def test_what_is_too_large_is_refused_before_it_is_read(editor, settings, monkeypatch):
    settings.IMPORT_MAX_BYTES = 1000
    monkeypatch.setattr("reader.views.uploads.FORM_ROOM", 500)
    response = editor.post("/articles/import/", uploaded(b"x" * 5000, "a.txt"))
    assert response.status_code == 413
    assert "more than 1000 bytes" in response.content.decode()


# --- looking at it --------------------------------------------------------------------------------


def test_the_look_shows_the_text_as_it_will_read_and_what_was_taken_out(editor, draft):
    page = editor.get(f"/articles/import/{draft.pk}/").content.decode()
    assert 'value="The letters"' in page
    assert '<a class="fnref" href="#p' in page
    assert f'data-sign="1.">{TWO}' in page
    assert '<span class="cell">Year</span>' in page
    assert '<a class="out" href="https://example.org/a" rel="nofollow noopener">the register</a>' in page
    assert "<pre " in page
    assert "outside the article" in page
    assert "No licence is known" in page


def test_with_a_licence_nothing_warns(editor, people):
    licence = '<a href="https://creativecommons.org/licenses/by/4.0/">CC</a></body>'
    raw = importing.read_file(HTML.replace("</body>", licence).encode(), "a.html")
    page = editor.get(f"/articles/import/{importing.keep_draft(raw, name='a', by=people.editor).pk}/").content.decode()
    assert "No licence is known" not in page
    assert 'value="CC BY 4.0"' in page


def test_putting_back_keeps_what_was_typed(editor, draft):
    [home] = [gone for gone in importing.incoming_of(draft).removed if gone.text == "Home"]
    sent = front(act="put-back", back=home.key, title="A better title")
    page = editor.post(f"/articles/import/{draft.pk}/", sent).content.decode()
    assert 'value="A better title"' in page
    assert "Home" in page[page.index("as-it-reads") :]
    page = editor.post(f"/articles/import/{draft.pk}/", front(act="put-back")).content.decode()
    assert "Home" not in page[page.index("as-it-reads") :]


def test_all_heads_of_a_long_file_are_put_back_in_one_step(editor, people):
    data = pdf_of_lines([f"{ONE[:70]} {n} more." for n in range(90)], head="The Quarterly", foot="{n}")
    draft = importing.keep_draft(importing.read_file(data, "a.pdf"), name="a.pdf", by=people.editor)
    heads = [gone for gone in importing.incoming_of(draft).removed if gone.reason == "running-head"]
    editor.post(f"/articles/import/{draft.pk}/", front(act="put-back", back=f"all:{heads[0].key}"))
    draft.refresh_from_db()
    assert set(draft.kept) == {gone.key for gone in heads}
    assert len(heads) == 3


# --- publishing it --------------------------------------------------------------------------------


def test_publishing_makes_the_article_with_what_the_editor_said(editor, draft):
    sent = front(act="publish", published="2024-05-01", licence="CC BY 4.0", source_url="https://example.org/l")
    response = editor.post(f"/articles/import/{draft.pk}/", sent)
    assert response.headers["Location"] == "/articles/letters/mentions/"
    article = Article.objects.get(slug="letters")
    assert (article.authors, str(article.published)) == (["Ann Clerk", "Bo Scribe"], "2024-05-01")
    assert article.current.created_by.username == "editor"
    assert Draft.objects.count() == 0
    assert "The letters" in editor.get("/").content.decode()


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"title": ""}, "required"),
        ({"slug": "import"}, "taken"),
        ({"slug": "civil-diplomacy"}, "taken"),
        ({"language": "English please"}, "tag like en"),
        ({"source_url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_published(article, editor, draft, changes, sentence):
    before = Article.objects.count()
    response = editor.post(f"/articles/import/{draft.pk}/", front(act="publish", summary="My summary") | changes)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "My summary" in response.content.decode()
    assert (Article.objects.count(), Draft.objects.count()) == (before, 1)


def test_the_same_source_again_is_offered_as_a_new_revision(editor, people):
    article = publish(f"# The letters\n\n{ONE}", source_url="https://example.org/l").article
    text = f"---\nsource: https://example.org/l\n---\n\n# The letters\n\n{ONE} More."
    draft = importing.keep_draft(importing.read_file(text.encode(), "a.md"), name="a.md", by=people.editor)
    page = editor.get(f"/articles/import/{draft.pk}/").content.decode()
    assert f'<option value="{article.pk}" selected>' in page
    editor.post(f"/articles/import/{draft.pk}/", front(act="publish", revision_of=article.pk, slug=""))
    article.refresh_from_db()
    assert article.current.number == 2


def test_putting_away_leaves_nothing(editor, draft):
    editor.post(f"/articles/import/{draft.pk}/", {"act": "discard"})
    assert Draft.objects.count() == 0


def test_every_kind_is_shown_on_the_reading_page_with_its_text_unchanged(client, editor, draft):
    editor.post(f"/articles/import/{draft.pk}/", front(act="publish"))
    page = client.get("/articles/letters/").content.decode()
    for paragraph in Article.objects.get(slug="letters").current.paragraphs.all():
        assert text_at(page, paragraph.start) == paragraph.text
    assert 'class="para table-row header table"' in page


def text_at(page, start):
    """The text content of the element whose data-start is `start`."""
    from lxml.html import fromstring

    [element] = fromstring(page).xpath(f'//*[contains(@class, "p") and @data-start="{start}" and @data-number]')
    return element.text_content()


# --- names ----------------------------------------------------------------------------------------


@pytest.fixture
def named(article):
    return publish(NAMED).article


def post(editor, named, act, *places):
    return editor.post(
        f"/articles/{named.slug}/mentions/",
        {"revision": named.current.number, "act": act, "place": places},
        follow=True,
    ).content.decode()


def group_of(named, words):
    return next(group for group in linking.proposals(named) if group.words == words)


def test_names_are_shown_with_their_places_and_doubts(editor, named):
    page = editor.get(f"/articles/{named.slug}/mentions/").content.decode()
    assert '<mark class="r">Hua Guofeng</mark>' in page
    assert "/cards/hua-guofeng/" in page


def test_what_is_ticked_is_linked(editor, named):
    group = group_of(named, "Hua Guofeng")
    assert "1 name linked." in post(editor, named, f"accept:{group.name}", group.places[1].name)
    assert [m.start for m in named.current.mentions.all()] == [group.places[1].span.start]


def test_declined_words_are_not_asked_again(editor, named):
    page = post(editor, named, f"decline:{group_of(named, 'Hua Guofeng').name}")
    assert "Hua Guofeng" not in page.split("<ul")[1] if "<ul" in page else True
    assert named.current.mentions.count() == 0
    assert "Hua Guofeng" not in {group.words for group in linking.proposals(named)}


def test_all_sure_ones_are_linked_in_one_step(editor, named, client):
    post(editor, named, "all")
    assert all(group.doubts for group in linking.proposals(named))
    assert 'data-card="hua-guofeng">Hua Guofeng</a>' in client.get(named.get_absolute_url()).content.decode()


def test_a_decision_on_a_former_revision_changes_nothing(editor, named):
    page = editor.post(f"/articles/{named.slug}/mentions/", {"revision": 9, "act": "all"}, follow=True).content.decode()
    assert "Another revision was published" in page
    assert named.current.mentions.count() == 0
