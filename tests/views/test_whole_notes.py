"""Notes on a text as a whole: written through the same form and moderated as others; they have no words to lie on."""

import pytest

from reader.models import Annotation
from tests.make import OLD_WORDS, approved, make_group, make_note, note_in_state
from tests.people import PASSWORD

READING, NOTES, ANNOTATE = "/articles/letters/", "/articles/letters/notes/", "/articles/letters/annotate/"
TYPED = "A review: thin on sources."
NONE_YET, NONE_ON_WORDS = "No notes yet. Select some words", "No notes on single words yet."


def form_for(article, **changes) -> dict:
    """What the composer sends for the whole text."""
    form = {"whole": "True", "revision": article.current.number, "body": TYPED, "tags": "", "motivation": "commenting"}
    return form | {"visibility": "public"} | changes


def written() -> Annotation:
    return Annotation.objects.get(latest__body=TYPED)


def test_the_reading_page_leads_to_a_form_that_makes_a_note_on_the_whole_text(letters, browser_of, people):
    author = browser_of("author")
    assert f'href="{ANNOTATE}?whole=1"' in author.get(READING).text
    form = author.get(f"{ANNOTATE}?whole=1").text
    assert '<input type="hidden" name="whole" value="True"' in form and "On the whole text" in form
    answer = author.post(ANNOTATE, form_for(letters), follow=True)
    note = written()
    assert note.is_on_whole_text and not note.placements.exists() and note.latest.status == "pending"
    assert "It waits for a moderator" in answer.text and "On the whole text" in answer.text
    queue = browser_of("moderator").get("/moderation/").text
    assert TYPED in queue and "On the whole text" in queue


@pytest.mark.parametrize(
    "changes, said",
    [
        ({"body": "  "}, "Write a note first"),
        ({"revision": ""}, "Select the words again"),
        ({"whole": ""}, "Select the words again"),
        ({"motivation": "shouting"}, "Select a valid choice"),
        ({"visibility": "group:nowhere"}, "Select a valid choice"),
    ],
)
def test_a_refusal_keeps_the_words_and_that_they_are_on_the_whole(letters, people, browser_of, changes, said):
    answer = browser_of("author").post(ANNOTATE, form_for(letters, **changes))
    assert answer.status_code == 422 and said in answer.text
    assert changes.get("body", TYPED) in answer.text
    assert ("On the whole text" in answer.text) == ("whole" not in changes)
    assert not Annotation.objects.filter(author=people.author).exists()


def test_hostile_words_are_shown_as_words(letters, browser_of):
    trusted = browser_of("trusted")
    trusted.post(ANNOTATE, form_for(letters, body=f"{TYPED}<script>alert(1)</script>"))
    page = trusted.get(READING).text
    assert TYPED in page and "<script>alert(1)" not in page


def test_what_somebody_typed_before_the_log_in_is_there_after_it(letters, client, people):
    log_in = client.post(ANNOTATE, form_for(letters))["Location"]
    client.post(log_in, {"login": people.author.username, "password": PASSWORD})
    again = client.get(ANNOTATE).text
    assert TYPED in again and '<input type="hidden" name="whole" value="True"' in again


@pytest.mark.parametrize(
    "state, on_the_reading_page, among_all_notes",
    [
        ("private", "", "a"),
        ("pending", "", "am"),
        ("approved", "nam", "nam"),
        ("rejected", "", "am"),
        ("spam", "", ""),
        ("withdrawn", "", ""),
    ],
)
def test_it_is_seen_by_those_who_may_see_it(
    letters, people, client, browser_of, state, on_the_reading_page, among_all_notes
):
    note_in_state(state, letters, people, span=None)
    visitors = {"n": client, "a": browser_of("author"), "m": browser_of("moderator")}
    seen = {path: [who for who in visitors if OLD_WORDS in visitors[who].get(path).text] for path in (READING, NOTES)}
    assert seen == {READING: list(on_the_reading_page), NOTES: list(among_all_notes)}


@pytest.mark.parametrize(
    "there, said", [([], NONE_YET), (["whole"], NONE_ON_WORDS), (["whole", "words"], ""), (["words"], "")]
)
def test_the_margin_says_truly_what_there_is(letters, people, client, there, said):
    for on in there:
        more = {"span": None} if on == "whole" else {}
        approved(make_note(letters, author=people.author, **more), by=people.moderator)
    page = client.get(READING).text
    assert [words for words in (NONE_YET, NONE_ON_WORDS) if words in page] == ([said] if said else [])
    assert f"{len(there)} note" in " ".join(page.split())


def test_they_are_counted_beyond_those_the_page_carries(letters, people, client):
    for _n in range(21):
        approved(make_note(letters, author=people.author, span=None), by=people.moderator)
    page = client.get(READING).text
    assert page.count('id="note-') == 20 and "21 notes" in page and "All of them" in page


def test_a_group_finds_its_own_among_its_notes_on_the_text(letters, people, browser_of):
    group = make_group(people)
    make_note(letters, author=people.author, span=None, body=OLD_WORDS, group=group)
    make_note(letters, author=people.author, span=None, body="For me alone.", visibility="private")
    of_group = browser_of("author").get(NOTES, {"group": group.uid}).text
    assert OLD_WORDS in of_group and "For me alone." not in of_group
    assert browser_of("stranger").get(NOTES, {"group": group.uid}).status_code == 404
