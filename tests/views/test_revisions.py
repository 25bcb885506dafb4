"""The history of a text: every wording stays readable with its notes, and says that it is not the one of now."""

import html
import re

import pytest
from django.core.cache import cache

from reader.models import Visibility
from reader.operations import annotating, revising
from reader.operations.wording import source_of
from tests.make import approved, make_note

HERE = "/articles/letters/"


def body(page) -> str:
    return page.content.decode()


def text_of(page) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body(page))))


def revise(article, people, change, reason="A better word."):
    return revising.revise(article, source=change(source_of(article.current)), by=people.editor, reason=reason)


@pytest.fixture
def note(letters, people):
    return approved(make_note(letters, author=people.author, on="coast road", body="Which road?"), by=people.moderator)


@pytest.fixture
def reworded(letters, people, note):
    """The note's words were changed a little, and the first paragraph was taken out."""
    revise(letters, people, lambda s: s.replace("by the coast road", "by the coastal road").split("\n\n", 1)[1])
    return note


@pytest.fixture
def gone(letters, people, note):
    """The paragraph of the note was taken out."""
    revise(letters, people, lambda s: s.split("\n\n")[0] + "\n\n" + s.split("\n\n")[2])
    return note


# --- the list -----------------------------------------------------------------------------------


def test_the_list_says_who_when_and_why(letters, people, reworded, client):
    page = client.get(f"{HERE}revisions/")
    assert "A better word." in text_of(page) and "Ed Editor" in text_of(page)
    assert f"{HERE}revisions/1/" in body(page) and f"{HERE}compare/1..2/" in body(page)
    assert "/publish/" not in body(page)


def test_an_editor_can_publish_again_from_the_list(letters, people, reworded, browser_of):
    page = body(browser_of("editor").get(f"{HERE}revisions/"))
    assert f"{HERE}revisions/1/publish/" in page and f"{HERE}revisions/2/publish/" not in page


def test_the_article_leads_to_its_history_once_there_is_one(letters, people, client):
    assert f"{HERE}revisions/" not in body(client.get(HERE))
    revise(letters, people, lambda s: s + "\n\nMore.")
    assert f"{HERE}revisions/" in body(client.get(HERE))


def test_the_list_costs_the_same_for_two_revisions_or_six(letters, people, client, django_assert_num_queries):
    for number in range(5):
        revise(letters, people, lambda s: s + "\n\nMore.")
        if number in (0, 4):
            with django_assert_num_queries(2):
                client.get(f"{HERE}revisions/")


# --- a wording of then --------------------------------------------------------------------------


def test_an_old_wording_stays_with_its_notes(letters, people, reworded, client):
    page = client.get(f"{HERE}revisions/1/")
    assert page.status_code == 200
    assert "coast road" in text_of(page) and "coastal" not in text_of(page)
    assert "not the wording of now" in text_of(page)
    assert "Which road?" in text_of(page)
    assert re.search(r"<mark[^>]*>coast road</mark>", body(page))
    assert f'<a href="{HERE}">' in body(page)


def test_the_current_number_leads_to_the_article(letters, client):
    assert client.get(f"{HERE}revisions/1/").headers["Location"] == HERE
    assert client.get(f"{HERE}revisions/2/").status_code == 404


def test_of_then_only_what_is_public_today_is_shown(letters, people, client, note):
    make_note(letters, author=people.author, body="Mine alone.", visibility=Visibility.PRIVATE)
    make_note(letters, author=people.stranger, body="It waits.")
    revise(letters, people, lambda s: s + "\n\nMore.")
    page = text_of(client.get(f"{HERE}revisions/1/"))
    assert "Which road?" in page and "Mine alone." not in page and "It waits." not in page
    annotating.withdraw(note, by=people.author)
    assert "Which road?" not in text_of(client.get(f"{HERE}revisions/1/"))


# --- comparing ----------------------------------------------------------------------------------


def test_two_wordings_word_by_word(letters, people, reworded, client):
    page = client.get(f"{HERE}compare/1..2/")
    assert re.search(r"<del[^>]*>.*?coast.*?</del>", body(page))
    assert re.search(r"<ins[^>]*>.*?coastal.*?</ins>", body(page))
    assert "[taken out: coast ]" in re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", body(page)))).replace(
        "coast]", "coast ]"
    )
    assert client.get(f"{HERE}compare/2..1/").status_code == 200
    assert client.get(f"{HERE}compare/1..1/").status_code == 200
    assert client.get(f"{HERE}compare/1..3/").status_code == 404


def test_a_moved_paragraph_is_called_moved(letters, people, client):
    revise(letters, people, lambda s: "\n\n".join(reversed(s.strip().split("\n\n"))))
    page = text_of(client.get(f"{HERE}compare/1..2/"))
    assert "Moved from here:" in page and "Moved here:" in page


def test_the_form_leads_to_the_comparison(letters, people, reworded, client):
    assert client.get(f"{HERE}compare/?from=1&to=2").headers["Location"] == f"{HERE}compare/1..2/"
    assert client.get(f"{HERE}compare/?from=x&to=2").status_code == 404


# --- a paragraph of then ------------------------------------------------------------------------


def test_a_cited_wording_says_what_it_is_now(letters, people, reworded, client):
    page = client.get(f"{HERE}p2/?revision=1")
    assert "Paragraph 2 of revision 1" in text_of(page) and "by the coast road" in text_of(page)
    assert f'href="{HERE}#p1"' in body(page)
    assert re.search(r"<ins[^>]*>.*?coastal.*?</ins>", body(page))
    assert "It is gone" in text_of(client.get(f"{HERE}p1/?revision=1"))


def test_a_cited_paragraph_that_only_moved_is_the_same(letters, people, reworded, client):
    page = text_of(client.get(f"{HERE}p3/?revision=1"))
    assert "The same words stand in paragraph 2." in page


def test_a_split_paragraph_is_found_in_its_parts(letters, people, client):
    revise(letters, people, lambda s: s.replace("answer. They", "answer.\n\nThey"))
    page = client.get(f"{HERE}p1/?revision=1")
    assert "2 paragraphs now" in text_of(page)
    assert f'href="{HERE}#p1"' in body(page) and f'href="{HERE}#p2"' in body(page)


def test_the_wording_of_now_is_the_paragraph_itself(letters, client):
    assert client.get(f"{HERE}p2/?revision=1").templates[0].name == "reader/paragraph.html"
    assert f"{HERE}p2/?revision=1" in body(client.get(f"{HERE}p2/"))


@pytest.mark.parametrize("asked", ["2", "x", "", "-1", "9" * 30])
def test_a_revision_that_never_was(letters, client, asked):
    assert client.get(f"{HERE}p2/", {"revision": asked}).status_code == 404


# --- what readers are told ----------------------------------------------------------------------


@pytest.mark.parametrize("path", [HERE, f"{HERE}notes/", f"{HERE}p1/", "/notes/{uid}/"])
def test_a_note_on_other_words_says_so(reworded, client, path):
    page = client.get(path.format(uid=reworded.uid))
    assert "The wording changed since this note was written" in text_of(page)
    assert "Then: coast road" in text_of(page).replace(" ", " ")
    assert "Now: coastal road" in text_of(page)


@pytest.mark.parametrize("path", [HERE, f"{HERE}notes/", "/notes/{uid}/"])
def test_a_note_without_words_is_listed_with_them(gone, client, path):
    page = client.get(path.format(uid=gone.uid))
    assert "The words of this note are no longer in the text" in text_of(page)
    assert "Then: coast road" in text_of(page)
    assert "Which road?" in text_of(page)
    assert f"{HERE}revisions/1/" in body(page)
    assert "/place/" not in body(page)


@pytest.mark.parametrize("who", ["author", "editor"])
def test_who_can_place_it_again_is_offered_to(gone, browser_of, who):
    assert f"/notes/{gone.uid}/place/" in body(browser_of(who).get(f"{HERE}notes/"))


def test_lost_notes_are_shown_to_whom_they_were_shown_before(letters, people, browser_of):
    make_note(letters, author=people.author, body="Mine alone.", visibility=Visibility.PRIVATE)
    make_note(letters, author=people.author, on="coast road", body="It waits.")
    revise(letters, people, lambda s: s.split("\n\n")[0])
    for who, seen in (("anonymous", set()), ("stranger", set()), ("editor", set()), ("moderator", {"It waits."}),
                      ("author", {"It waits.", "Mine alone."})):  # fmt: skip
        page = text_of(browser_of(who).get(f"{HERE}notes/"))
        assert {words for words in ("It waits.", "Mine alone.") if words in page} == seen, who
        assert "Notes whose words are gone" not in text_of(browser_of(who).get(HERE))


def test_their_author_reads_it_among_their_own_notes(gone, browser_of):
    page = browser_of("author").get("/me/notes/")
    assert "The words of this note are no longer in the text" in text_of(page)
    assert f"/notes/{gone.uid}/place/" in body(page)


def test_straight_quotes_are_no_other_wording(people, client):
    from tests.make import make_article

    article = make_article("He said “we shall see” and left.", slug="quotes")
    approved(make_note(article, author=people.author, on="“we shall see”"), by=people.moderator)
    revise(article, people, lambda s: s.replace("“", '"').replace("”", '"'))
    assert "The wording changed" not in text_of(client.get("/articles/quotes/"))


# --- what it costs ------------------------------------------------------------------------------

PATHS = {"article": HERE, "notes": f"{HERE}notes/", "then": f"{HERE}revisions/1/", "compare": f"{HERE}compare/1..2/"}


@pytest.mark.parametrize("name", PATHS)
def test_notes_do_not_add_queries(letters, people, client, name, django_assert_max_num_queries):
    """Three notes or thirty, changed, lost and in their place: the same number of statements."""
    counts = []
    for more in (1, 9):
        for _ in range(more):
            for words in ("envoys", "coast road", "café owner"):
                first = letters.revisions.get(number=1)
                at = first.text.index(words)
                span = revising.Span(at, at + len(words))
                annotating.annotate(revision=first, span=span, author=people.trusted, body="A note.")
        if letters.revisions.count() == 1:
            revise(letters, people, lambda s: "\n\n".join(s.replace("coast road", "coastal road").split("\n\n")[1:]))
        cache.clear()
        with django_assert_max_num_queries(16) as counted:
            assert client.get(PATHS[name]).status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]
