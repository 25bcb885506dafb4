"""Feeds: approved public notes only, entries that keep their names, a 304 for who has it."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from reader.operations import annotating
from tests.make import NEW_WORDS, OLD_WORDS, approved, make_note, note_in_state

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feeds/notes/", "/feeds/articles/letters/"]

pytestmark = pytest.mark.django_db


def feed(client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314 (we wrote it)


@pytest.mark.parametrize("path", [*FEEDS, "/feeds/tags/kingfisher/"])
@pytest.mark.parametrize("state", ["private", "pending", "rejected", "spam", "withdrawn"])
def test_what_is_not_public_is_in_no_feed(browser_of, letters, people, state, path):
    note = note_in_state(state, letters, people)
    for who in ("anonymous", "author", "moderator"):
        answer = browser_of(who).get(path)
        assert OLD_WORDS not in answer.content.decode() and note.uid not in answer.content.decode()
        assert answer.status_code == (404 if "tags" in path else 200)
        assert browser_of(who).get(f"/feeds/threads/{note.uid}/").status_code == 404


def test_a_waiting_edit_is_not_in_them(client, letters, people):
    note = note_in_state("edit waits", letters, people)
    for path in [*FEEDS, "/feeds/tags/kingfisher/", f"/feeds/threads/{note.uid}/"]:
        given = client.get(path).content.decode()
        assert OLD_WORDS in given and NEW_WORDS not in given
    assert client.get("/feeds/tags/copper/").status_code == 404


def test_entries_have_what_atom_asks_for(client, letters, people):
    note = approved(make_note(letters, author=people.author, body="A *thought* & more."), by=people.moderator)
    root = feed(client, "/feeds/articles/letters/")
    entry = root.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == f"{settings.SITE_URL}/annotations/{note.uid}"
    assert "<em>thought</em> &amp; more." in entry.find(f"{ATOM}content").text
    assert "A. Clerk" in entry.find(f"{ATOM}content").text  # whose the quoted words are
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "Wen Author" and entry.find(f"{ATOM}updated").text
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == root.find(f"{ATOM}id").text == f"{settings.SITE_URL}/feeds/articles/letters/"


def test_signs_that_xml_cannot_hold_break_no_feed(client, letters, people):
    people.trusted.display_name = "Tara\x08"
    people.trusted.save()
    note = make_note(letters, author=people.trusted, body="A \x08 bell \x1b rings \ufffe.", tags=["be\x08ll"])
    for path in [*FEEDS, "/feeds/people/trusted/", f"/feeds/threads/{note.uid}/"]:
        entry = feed(client, path).find(f"{ATOM}entry")
        assert entry.find(f"{ATOM}title").text == "A \ufffd bell \ufffd rings \ufffd."
        assert entry.find(f"{ATOM}category").get("term") == "be\ufffdll"
    answer = client.get(f"/oembed?format=xml&url={settings.SITE_URL}/notes/{note.uid}/")
    assert "bell" in ElementTree.fromstring(answer.content).find("title").text  # noqa: S314 (we wrote it)


def test_an_entry_keeps_its_name_and_is_dated_anew(client, letters, people):
    note = make_note(letters, author=people.editor)
    before = feed(client, "/feeds/notes/").find(f"{ATOM}entry")
    annotating.edit(note, by=people.editor, body="Another thought.", tags=[])
    after = feed(client, "/feeds/notes/").find(f"{ATOM}entry")
    assert before.find(f"{ATOM}id").text == after.find(f"{ATOM}id").text
    assert before.find(f"{ATOM}updated").text < after.find(f"{ATOM}updated").text


def test_an_entry_is_dated_by_the_decision_that_made_it_public(client, letters, people):
    note = make_note(letters, author=people.author)
    note.versions.update(created=timezone.now() - timedelta(days=3))
    version = approved(note, by=people.moderator).published
    updated = feed(client, "/feeds/articles/letters/").find(f"{ATOM}entry/{ATOM}updated").text
    assert datetime.fromisoformat(updated) == version.decided


def test_a_thread_has_its_answers(client, letters, people):
    note = make_note(letters, author=people.editor)
    annotating.reply(parent=note, author=people.editor, body="An answer.")
    annotating.reply(parent=note, author=people.author, body="A waiting answer.")
    assert len(feed(client, f"/feeds/threads/{note.uid}/").findall(f"{ATOM}entry")) == 2


def test_a_person_has_what_they_made_public(browser_of, letters, people):
    for state in ("private", "pending", "rejected", "withdrawn"):
        note_in_state(state, letters, people)
    assert browser_of("author").get("/feeds/people/author/").status_code == 404
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    make_note(letters, author=people.editor)
    root = feed(browser_of("anonymous"), "/feeds/people/author/")
    assert [e.find(f"{ATOM}id").text[-22:] for e in root.findall(f"{ATOM}entry")] == [note.uid]
    assert browser_of("anonymous").get("/feeds/people/nobody/").status_code == 404


@pytest.mark.parametrize("hub", ["", "https://hub.example/"])
def test_subscribers_are_led_to_the_feed_and_its_hub(client, letters, settings, hub):
    settings.WEBSUB_HUB = hub
    answer = client.get("/feeds/notes/")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 (we wrote it)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    expected = {"self": f"{settings.SITE_URL}/feeds/notes/"} | ({"hub": hub} if hub else {})
    assert {rel: links.get(rel) for rel in expected} == expected and ("hub" in links) == bool(hub)
    assert all(f'<{address}>; rel="{rel}"' in answer["Link"] for rel, address in expected.items())


def test_links_in_a_note_lead_to_the_same_places_from_a_feed(client, letters, people):
    make_note(
        letters, author=people.editor, body="[here](/cards/) [there](https://x.example/?a=1&b=2) [no](http://[::1)"
    )
    content = feed(client, "/feeds/notes/").find(f"{ATOM}entry/{ATOM}content").text
    assert f'href="{settings.SITE_URL}/cards/"' in content and 'href="https://x.example/?a=1&amp;b=2"' in content
    assert "<a rel" not in content and " no" in content


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("count", [0, 1])
def test_who_has_it_is_told_so(client, letters, people, path, count):
    for _ in range(count):
        make_note(letters, author=people.editor)
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    make_note(letters, author=people.author)  # waits
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    make_note(letters, author=people.editor)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_pages_lead_to_their_feeds(client, letters, people):
    note = make_note(letters, author=people.editor, tags=["kingfisher"])
    pages = {
        "/": "/feeds/notes/", "/articles/letters/": "/feeds/articles/letters/",
        "/people/editor/": "/feeds/people/editor/",
        "/tags/kingfisher/": "/feeds/tags/kingfisher/", f"/notes/{note.uid}/": f"/feeds/threads/{note.uid}/",
    }  # fmt: skip
    for page, path in pages.items():
        found = re.search(r'type="application/atom\+xml"[^>]*href="([^"]+)"', client.get(page).content.decode())
        assert found and found[1] == path and client.get(path).status_code == 200
