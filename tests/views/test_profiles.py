"""What everyone may read of a member: what is public, the same for all, and nothing else."""

import pytest

from reader.models import Member
from reader.operations import annotating
from tests.make import NEW_WORDS, OLD_WORDS, approved, make_note, note_in_state
from tests.pages import read

EVERYONE = ["anonymous", "stranger", "trusted", "editor", "author", "moderator"]
STATES = ["private", "pending", "approved", "rejected", "spam", "withdrawn", "edit waits"]
PUBLIC = {"approved", "edit waits"}


@pytest.mark.parametrize("state", STATES)
def test_only_approved_words_stand_there_whoever_asks(letters, people, browser_of, state):
    note_in_state(state, letters, people)
    for name in EVERYONE:
        page = browser_of(name).get("/people/author/")
        assert page.status_code == (200 if state in PUBLIC or name == "author" else 404), name
        assert (OLD_WORDS in page.text) == (state in PUBLIC), name
        assert NEW_WORDS not in page.text


@pytest.mark.parametrize("state", sorted(set(STATES) - PUBLIC))
def test_a_member_without_public_notes_is_like_one_who_is_not_there(letters, people, client, state):
    note_in_state(state, letters, people)
    with_notes, nobody = client.get("/people/author/"), client.get("/people/no-such-person/")
    assert with_notes.status_code == nobody.status_code == 404
    assert with_notes.text.replace("author", "no-such-person") == nobody.text


def test_a_public_note_and_a_private_one(letters, people, browser_of):
    approved(make_note(letters, author=people.author, body="Said aloud."), by=people.moderator)
    make_note(letters, author=people.author, body="Kept quiet.", visibility="private")
    for name in EVERYONE:
        page = browser_of(name).get("/people/author/").text
        assert ("Said aloud." in page, "Kept quiet." in page) == (True, False), name


def test_the_name_and_the_orcid_stand_there(letters, people, client):
    note_in_state("approved", letters, people)
    page = read(client.get("/people/author/"))
    assert [h.text for h in page.all("h1")] == ["Wen Author"]
    assert "orcid.org" not in str([a.attrs["href"] for a in page.all("a")])
    Member.objects.filter(pk=people.author.pk).update(orcid="0000-0002-1825-0097")
    links = [a.attrs["href"] for a in read(client.get("/people/author/")).all("a")]
    assert "https://orcid.org/0000-0002-1825-0097" in links


def test_replies_are_among_them_and_others_notes_are_not(letters, people, client):
    note = note_in_state("approved", letters, people)
    annotating.reply(parent=note, author=people.trusted, body="Granite teapot.")
    assert "Granite teapot." not in client.get("/people/author/").text
    answers = client.get("/people/trusted/").text
    assert "Granite teapot." in answers and OLD_WORDS not in answers


def test_many_notes_come_in_pages(letters, people, client, settings):
    for number in range(60):
        make_note(letters, author=people.trusted, body=f"Thought {number}.")
    first, second = (read(client.get(f"/people/trusted/?page={n}")).all("article", "note") for n in (1, 2))
    assert len(first) + len(second) <= 60
    assert "Thought 59." in first[0].text
    assert not {n.attrs["id"] for n in first} & {n.attrs["id"] for n in second}


@pytest.mark.parametrize("state", STATES)
def test_the_name_beside_a_note_leads_there_where_the_note_is_public(letters, people, browser_of, state):
    note = note_in_state(state, letters, people)
    page = browser_of("author").get(f"/notes/{note.uid}/")
    assert ('href="/people/author/"' in page.text) == (state in PUBLIC)
    if state in PUBLIC:
        assert 'href="/people/author/"' in browser_of("anonymous").get("/articles/letters/").text


def test_the_page_costs_the_same_however_many_notes(letters, people, client, django_assert_max_num_queries):
    make_note(letters, author=people.trusted)
    with django_assert_max_num_queries(8):
        client.get("/people/trusted/")
    for _ in range(20):
        make_note(letters, author=people.trusted)
    with django_assert_max_num_queries(8):
        client.get("/people/trusted/")


def test_members_can_follow_them_from_there_and_not_themselves(letters, people, browser_of):
    note_in_state("approved", letters, people)
    asked = {name: browser_of(name).get("/people/author/").text for name in ("anonymous", "author", "stranger")}
    ways = {name: "/me/notifications/follow/person/author/" in page for name, page in asked.items()}
    assert ways == {"anonymous": False, "author": False, "stranger": True}


def test_only_reading_is_allowed(letters, people, client):
    note_in_state("approved", letters, people)
    assert client.post("/people/author/").status_code == 405
