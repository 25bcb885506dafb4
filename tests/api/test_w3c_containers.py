"""Containers and their pages: section 4 of the Web Annotation Protocol."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.api import containers
from tests.api.annotations import (
    ALL,
    ANNO,
    DESCRIPTIONS,
    IRIS,
    LD,
    LDP,
    MINIMAL,
    ONE_TEXT,
    iri,
    links,
    names,
    prefer,
    send,
    walk,
)
from tests.make import make_note

pytestmark = pytest.mark.django_db

OF_A_CONTAINER = {
    (f"{LDP}BasicContainer", "type"),
    ("http://www.w3.org/TR/annotation-protocol/", f"{LDP}constrainedBy"),
}


@pytest.mark.parametrize("address", [ALL, ONE_TEXT])
def test_headers_of_a_container(client, public, address):
    answer = client.get(address)
    assert answer["Content-Type"] == LD
    assert links(answer) >= OF_A_CONTAINER
    assert LD in answer["Accept-Post"] and "POST" in answer["Allow"]
    assert {"Accept", "Prefer"} <= {each.strip() for each in answer["Vary"].split(",")}
    assert answer["ETag"] and answer["Content-Location"] == settings.SITE_URL + address


@pytest.mark.parametrize(
    "method, headers, status",
    [
        ("OPTIONS", {}, 200),
        ("HEAD", {}, 200),
        ("GET", {"Accept": "image/png"}, 406),
        ("PATCH", {}, 405),
        ("POST", {}, 401),
    ],
)
def test_every_answer_of_a_container_says_what_it_is(client, public, method, headers, status):
    answer = send(client, method, ALL, "", **headers)
    assert answer.status_code == status and links(answer) >= OF_A_CONTAINER
    assert LD in answer["Accept-Post"] and "POST" in names(answer["Allow"])


def test_a_page_is_no_container(client, public):
    """Section 4.3: its address is made from the container's, but nothing is written there."""
    page = ONE_TEXT + "?after="
    for method, status in (("GET", 200), ("OPTIONS", 200), ("POST", 405)):
        answer = send(client, method, page, "{}")
        assert answer.status_code == status and names(answer["Allow"]) == {"GET", "HEAD", "OPTIONS"}
        assert not OF_A_CONTAINER & links(answer) and "Prefer" not in names(answer["Vary"])


def test_a_container_is_a_collection_of_this_text_alone(client, public, article):
    given = client.get(ONE_TEXT).json()
    assert given["@context"] == [ANNO, "http://www.w3.org/ns/ldp.jsonld"]
    assert given["type"] == ["BasicContainer", "AnnotationCollection"]
    assert given["id"] == settings.SITE_URL + ONE_TEXT and given["total"] == 1
    assert [each["id"] for each in given["first"]["items"]] == [iri(public)]
    assert client.get(ALL).json()["total"] == 1 + article.annotations.count()


def test_the_three_representations(client, public):
    minimal = prefer(client, MINIMAL)
    iris = prefer(client, IRIS)
    whole = prefer(client, DESCRIPTIONS)
    assert {a["Preference-Applied"] for a in (minimal, iris, whole)} == {"return=representation"}
    assert isinstance(minimal.json()["first"], str)
    assert iris.json()["first"]["items"] == [iri(public)]
    assert iris.json()["id"] == iris["Content-Location"] == f"{settings.SITE_URL}{ONE_TEXT}?iris=1"
    assert whole.json()["first"]["items"][0]["id"] == iri(public)
    assert whole.json() == client.get(ONE_TEXT).json()  # it is the representation without a preference too
    assert len({a["ETag"] for a in (minimal, iris, whole)}) == 3
    assert "Preference-Applied" not in client.get(ONE_TEXT)


@pytest.mark.parametrize(
    "wanted, items",
    [((MINIMAL, IRIS), str), ((MINIMAL, DESCRIPTIONS), dict), ((IRIS, MINIMAL, "https://other.example/"), str)],
)
def test_a_minimal_container_says_what_its_pages_hold(client, public, wanted, items):
    answer = prefer(client, *wanted)
    given = answer.json()
    assert given["id"] == answer["Content-Location"] and given["id"].endswith("?iris=1") == (items is str)
    assert isinstance(given["first"], str)
    page = walk(client, given["first"])[0]
    assert isinstance(page["items"][0], items) and page["partOf"]["id"] == given["id"]


@pytest.mark.parametrize("wanted", [(IRIS, DESCRIPTIONS), ("https://other.example/",), ()])
def test_preferences_that_decide_nothing_give_descriptions(client, public, wanted):
    assert prefer(client, *wanted).json() == client.get(ONE_TEXT).json()


def test_a_page_within_a_container_names_it_and_leaves_the_context_to_it(client, public):
    for given in (client.get(ONE_TEXT).json(), prefer(client, IRIS).json()):
        assert given["first"]["partOf"] == given["id"] and "@context" not in given["first"]


def test_an_empty_container_has_no_pages(client, letters):
    given = client.get(ONE_TEXT).json()
    assert given["total"] == 0 and "first" not in given and "last" not in given


@pytest.fixture
def many(letters, people, monkeypatch):
    """Seven notes on pages of three."""
    monkeypatch.setattr(containers, "A_PAGE", 3)
    return [make_note(letters, author=people.editor, body=f"Note {n}.") for n in range(7)]


def test_pages_lead_from_the_first_to_the_last_and_back(client, many):
    given = client.get(ONE_TEXT).json()
    pages = walk(client, given["first"]["id"])
    assert [[i["id"] for i in p["items"]] for p in pages] == [
        [iri(n) for n in many[:3]], [iri(n) for n in many[3:6]], [iri(many[6])],
    ]  # fmt: skip
    assert [p["startIndex"] for p in pages] == [0, 3, 6]
    assert {p["type"] for p in pages} == {"AnnotationPage"} and {p["partOf"]["total"] for p in pages} == {7}
    assert pages[0]["id"] == given["first"]["id"] and pages[-1]["id"] == given["last"]
    assert [p.get("prev") for p in pages] == [None, pages[0]["id"], pages[1]["id"]]
    assert pages[0]["@context"] == ANNO


def test_pages_count_what_only_their_reader_sees(browser_of, many, letters, people):
    """Private notes of one's own stand among everyone's; numbers are right however one comes to a page."""
    private = {make_note(letters, author=people.editor, body="Mine.", visibility="private").uid for _each in range(4)}
    for who, total in (("editor", 11), ("stranger", 7), ("anonymous", 7)):
        client = browser_of(who)
        pages = walk(client, client.get(ONE_TEXT).json()["first"]["id"])
        assert sum(len(page["items"]) for page in pages) == total == pages[0]["partOf"]["total"]
        assert [page["startIndex"] for page in pages] == list(range(0, total, 3))
        cache.clear()  # straight to a page, without those before it
        for page in reversed(pages):
            again = client.get(page["id"].removeprefix(settings.SITE_URL)).json()
            assert again["startIndex"] == page["startIndex"]
        assert (who == "editor") == any(uid in str(pages) for uid in private)


def test_who_walks_on_is_told_where_they_are_without_counting(client, many):
    first = client.get(ONE_TEXT).json()["first"]
    second = client.get(first["next"].removeprefix(settings.SITE_URL)).json()
    with CaptureQueriesContext(connection) as asked:
        client.get(second["next"].removeprefix(settings.SITE_URL))
    assert not [query["sql"] for query in asked if "COUNT(" in query["sql"]]


def test_pages_do_not_shift_while_notes_arrive(client, many, letters, people):
    first = client.get(ONE_TEXT).json()["first"]
    newer = make_note(letters, author=people.editor, body="While you read.")
    rest = walk(client, first["next"])
    seen = [i["id"] for p in [first, *rest] for i in p["items"]]
    assert seen == [iri(n) for n in [*many, newer]]


def test_pages_hold_iris_where_iris_were_preferred(client, many):
    given = prefer(client, IRIS).json()
    pages = walk(client, given["first"]["id"])
    assert [i for p in pages for i in p["items"]] == [iri(n) for n in many]


def test_a_page_after_nothing_known_is_not_there(client, many):
    answer = client.get(ONE_TEXT + "?after=nobody")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_page_costs_the_same_for_one_note_and_for_many(client, letters, people, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as counted:
            assert client.get(ONE_TEXT + "?after=").status_code == 200
        return len(counted)

    make_note(letters, author=people.editor)
    one = queries()
    for number in range(20):
        make_note(letters, author=people.editor, body=f"Note {number}.", tags=["a", "b"])
    assert queries() == one


# --- what waits -----------------------------------------------------------------------------------

STATES = ["private", "pending", "rejected", "spam", "withdrawn"]
WHO_SEES = {  # who gets the note by its address: - nobody, a the author, m a moderator
    "private": "a", "pending": "am", "rejected": "am", "spam": "am", "withdrawn": "-",
}  # fmt: skip
WHO_LISTS = WHO_SEES | {"spam": "-"}
