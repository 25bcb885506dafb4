"""Annotations that are changed and withdrawn: sections 5.3 and 5.4 of the Web Annotation Protocol."""

import pytest

from reader.models import Annotation
from reader.operations import annotating
from tests.api.annotations import ALL, ONE_TEXT, SOURCE, annotation_on, iri, path, send
from tests.make import fresh, make_note

pytestmark = pytest.mark.django_db


def given_back(client, note, body: str) -> dict:
    """What a client does that edits: gets the annotation, changes its words, sends all of it back."""
    given = client.get(path(note)).json()
    given["body"] = [b | {"value": body} if b.get("format") == "text/markdown" else b for b in given["body"]]
    return given


def test_put_keeps_a_new_wording(browser_of, public):
    author = browser_of("author")
    tag = author.get(path(public))["ETag"]
    answer = send(author, "PUT", path(public), given_back(author, public, "He is a clerk."), **{"If-Match": tag})
    assert answer.status_code == 200 and answer["ETag"] != tag
    note = fresh(public)
    assert (note.latest.number, note.latest.body, note.latest.tag_names) == (2, "He is a clerk.", ["envoys", "C++"])
    assert note.published.body == "Who *is* he?"  # the edit of somebody new waits


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "match, status", [(None, 428), ('"old"', 412), ("W/now", 412), ("now", 0), ('"old", now', 0), ("*", 0)]
)
def test_a_change_names_what_it_changes(browser_of, public, method, match, status):
    author = browser_of("author")
    now = author.get(path(public))["ETag"]
    headers = {"If-Match": match.replace("now", now)} if match else {}
    answer = send(author, method, path(public), given_back(author, public, "Newer."), **headers)
    assert answer.status_code == (status or {"PUT": 200, "DELETE": 204}[method])
    assert (fresh(public).latest.number == 1) == (bool(status) or method == "DELETE")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "https://elsewhere.example/1"},
        {"target": f"{SOURCE}#p1"},
        {"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "spring"}}},
        {"target": "https://elsewhere.example/1"},
    ],
)
def test_put_does_not_move_a_note(browser_of, public, changes):
    author = browser_of("author")
    answer = send(author, "PUT", path(public), given_back(author, public, "x") | changes, **{"If-Match": "*"})
    assert answer.status_code == 409 and fresh(public).latest.number == 1


@pytest.mark.parametrize("name", ["canonical", "via"])
def test_a_name_elsewhere_is_set_once(browser_of, public, name):
    author, old, new = browser_of("author"), "https://elsewhere.example/1", "https://elsewhere.example/2"
    for value, status in ((old, 200), (old, 200), (new, 409)):
        given = given_back(author, public, "x") | {name: value}
        assert send(author, "PUT", path(public), given, **{"If-Match": "*"}).status_code == status
    without = {key: value for key, value in given_back(author, public, "y").items() if key != name}
    assert send(author, "PUT", path(public), without, **{"If-Match": "*"}).json()[name] == old


def test_another_motivation_counts_at_once(browser_of, client, public):
    author = browser_of("author")
    given = given_back(author, public, "Newer.") | {"motivation": "questioning"}
    before = client.get(ONE_TEXT)["ETag"]
    assert send(author, "PUT", path(public), given, **{"If-Match": "*"}).json()["motivation"] == "questioning"
    seen = client.get(path(public)).json()
    assert seen["motivation"] == "questioning" and "Newer." not in str(seen["body"])
    assert client.get(ONE_TEXT)["ETag"] != before


def test_the_same_place_may_be_named_in_another_way(browser_of, public, letters):
    author = browser_of("author")
    position = {"type": "TextPositionSelector", "start": public.start, "end": public.end}
    quote = {"type": "TextQuoteSelector", "exact": public.exact}
    for selector in (position, quote, {"type": "FragmentSelector", "value": "p2", "refinedBy": quote}):
        given = annotation_on(target={"source": SOURCE, "selector": selector})
        assert send(author, "PUT", path(public), given, **{"If-Match": "*"}).status_code == 200


def test_after_delete_it_is_gone_for_everyone(browser_of, client, public):
    author = browser_of("author")
    tag = author.get(path(public))["ETag"]
    assert send(author, "DELETE", path(public), "", **{"If-Match": tag}).status_code == 204
    for who in (client, author, browser_of("moderator")):
        assert who.get(path(public)).status_code == 410
    assert send(author, "DELETE", path(public), "", **{"If-Match": tag}).status_code == 410
    assert iri(public) not in client.get(ONE_TEXT).content.decode()


def test_a_withdrawn_note_that_never_was_public_was_never_there(browser_of, client, letters, people):
    note = make_note(letters, author=people.author, body="Waiting.")
    annotating.withdraw(note, by=people.author)
    assert client.get(path(note)).status_code == 404
    assert browser_of("author").get(path(note)).status_code == 410


def test_a_private_note_is_written_and_told_apart(browser_of, letters, people):
    author = browser_of("author")
    given = annotation_on(**{"schema:creativeWorkStatus": "private"})
    kept = send(author, "POST", ALL, given).json()
    assert kept["schema:creativeWorkStatus"] == "private"
    note = Annotation.objects.get(author=people.author)
    sent = given_back(author, note, "Still mine.")
    forgetful = {name: value for name, value in sent.items() if not name.startswith("schema:")}
    for given in (sent, forgetful):
        assert send(author, "PUT", path(note), given, **{"If-Match": "*"}).status_code == 200
        assert fresh(note).visibility == "private"
    opened = sent | {"schema:creativeWorkStatus": "public"}
    assert send(author, "PUT", path(note), opened, **{"If-Match": "*"}).status_code == 200
    assert fresh(note).visibility == "public"
