"""The limit on writing as each door tells it: the status, when to try again, and the typed text kept."""

import json

import pytest

from tests.api.programs import Program, sent_note
from tests.make import approved, make_note
from tests.pages import read

TYPED = "Words that took a while to write."


@pytest.fixture
def one_note(settings):
    settings.NOTES_IN_FIVE_MINUTES = 1


def form_on(letters, body):
    return {
        "start": 0, "end": 9, "revision": 1, "body": body, "motivation": "commenting", "visibility": "public",
        "exact": letters.current.text[:9],
    }  # fmt: skip


def test_the_page_says_when_to_try_again_and_keeps_the_text(letters, people, browser_of, one_note):
    author = browser_of("author")
    assert author.post("/articles/letters/annotate/", form_on(letters, "First.")).status_code == 302
    answer = author.post("/articles/letters/annotate/", form_on(letters, TYPED))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 300
    assert "Try again in 5 minutes" in read(answer).text
    assert TYPED in read(answer).text


@pytest.mark.parametrize("act", ["edit", "reply"])
def test_so_do_the_pages_of_one_note(letters, people, browser_of, one_note, act):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    answer = browser_of("author").post(f"/notes/{note.uid}/{act}/", {"body": TYPED})
    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert TYPED in read(answer).text


def test_the_api_says_it_in_its_own_shape(letters, people, one_note):
    program = Program(people.author)
    answers = [program.ask("POST", "annotations", sent_note("year was out", f"Number {n}.")) for n in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1]["Retry-After"]) > 60  # the limit on writing, not the one on requests
    assert "Try again in 5 minutes" in answers[1].json()["reason"]


def test_so_does_the_web_annotation_protocol(letters, people, browser_of, one_note):
    author, statuses = Program(people.author), []
    for n in range(2):
        sent = {
            "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "motivation": "commenting",
            "body": {"type": "TextualBody", "value": f"Number {n}.", "format": "text/markdown"},
            "target": {"source": "http://localhost:8000/articles/letters/",
                       "selector": {"type": "TextQuoteSelector", "exact": "year was out"}},
        }  # fmt: skip
        answer = author.client.post(
            "/articles/letters/annotations/", json.dumps(sent), content_type="application/ld+json",
            headers=author.headers,
        )  # fmt: skip
        statuses.append(answer.status_code)
    assert statuses == [201, 429]
    assert (answer.json()["code"], int(answer["Retry-After"]) > 60) == ("too_fast", True)


@pytest.mark.parametrize(("behind", "statuses"), [(1, [302, 429, 302]), (0, [302, 429, 429])])
def test_an_address_cannot_be_made_up(letters, people, browser_of, settings, behind, statuses):
    """Of X-Forwarded-For only what our own proxy wrote is believed: its last entry, and without a proxy none."""
    settings.NOTES_IN_FIVE_MINUTES_AN_ADDRESS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1, behind
    author = browser_of("author")
    forwarded = ["192.0.2.7", "198.51.100.1, 192.0.2.7", "192.0.2.7, 192.0.2.8"]
    answers = [
        author.post("/articles/letters/annotate/", form_on(letters, f"{given}."), headers={"X-Forwarded-For": given})
        for given in forwarded
    ]
    assert [answer.status_code for answer in answers] == statuses
