"""What a page costs the database: a number that is written down, and the same however many notes there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.formats import w3c
from reader.models import Annotation, Card
from reader.operations import annotating
from reader.views import wordings
from tests.make import SLUG, fresh, make_note, note_in_state

ON = "mere flamboyant actions to burnish Xi's personal image"
MORE_NOTES = 120  # more than any page shows at once

# Most queries of a page once it is warm: for somebody not logged in, for a member, for a moderator. Two of a
# member's are the session and the account, one is how much news is unread, and one on what can be followed is whether
# they follow it (a note: its thread, its author); a moderator's menu adds how many notes wait.
WHO = ("anonymous", "author", "moderator")
COSTS = {
    "/articles/civil-diplomacy/": (1, 5, 6),
    "/articles/civil-diplomacy/text": (1, 1, 1),
    "/articles/civil-diplomacy/notes/": (8, 11, 12),
    "/articles/civil-diplomacy/notes/?paragraph=1": (7, 10, 11),
    "/articles/civil-diplomacy/notes/?at=740": (6, 9, 10),
    "/articles/civil-diplomacy/mine": (1, 5, 5),
    "/articles/civil-diplomacy/p1/": (8, 12, 13),
    "/articles/civil-diplomacy/timeline/": (3, 6, 7),
    "/articles/civil-diplomacy/annotate/?paragraph=1": (1, 5, 6),
    "/articles/civil-diplomacy/annotate/?start=729&end=783": (1, 5, 6),
    "/": (1, 4, 5),
    "/cards/": (1, 4, 5),
    "/cards/xi-jinping/": (11, 15, 16),
    "/cards/xi-jinping/history/": (7, 10, 11),
    "/cards/xi-jinping/correct/": (0, 10, 11),
    "/cards/suggest/": (0, 3, 4),
    "/me/proposals/": (0, 5, 6),
    "/tags/name/": (7, 11, 12),
    "/tags/complete?q=na": (1, 3, 3),
    "/notes/{uid}/": (11, 16, 17),
    "/notes/{uid}/state": (2, 4, 4),
    "/notes/{uid}/reply/": (0, 6, 7),
    "/me/": (0, 6, 5),  # one of a new person: whether trust was taken back
    "/me/notes/": (0, 10, 10),
    "/me/standing/": (0, 10, 8),
    "/moderation/": (0, 3, 18),  # five of them count what waits by reason, article and person, and what was not seen
    "/help/": (0, 3, 4),
    "/healthz": (1, 1, 1),
}
CASES = [(path, who, most) for path, row in COSTS.items() for who, most in zip(WHO, row, strict=True)]


@pytest.fixture
def note(article, people):
    """A note with everything a note can have, in a thread."""
    note = note_in_state("approved", article, people, on=ON)
    note.cards.add(Card.objects.get(slug="xi-jinping"))
    annotating.reply(parent=note, author=people.trusted, body="Yes.")
    make_note(article, author=people.author, on=ON, tags=["name"])
    return note


@pytest.fixture
def cost(note, browser_of):
    """`cost(path, who)`: the queries that the warm page asks."""
    clients = {}

    def measure(path: str, who: str) -> list[str]:
        client = clients.setdefault(who, browser_of(who))
        path = path.format(uid=note.uid)
        assert client.get(path).status_code in {200, 302, 404}, path
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return [query["sql"] for query in asked]

    return measure


def test_no_page_asks_more_than_it_is_known_to_need(cost):
    asked = {(path, who): cost(path, who) for path, who, _ in CASES}
    over = {(path, who): asked[path, who] for path, who, most in CASES if len(asked[path, who]) > most}
    assert over == {}


def test_the_reading_page_keeps_its_promise():
    assert COSTS[f"/articles/{SLUG}/"][0] <= 3
    assert max(COSTS[f"/articles/{SLUG}/"]) <= 12


def test_many_more_notes_add_no_query_to_any_page(cost, article, people):
    counted = {(path, who): len(cost(path, who)) for path, who, _ in CASES}
    for number in range(MORE_NOTES):
        author = people.author if number % 4 == 0 else people.trusted
        make_note(article, author=author, on=ON, body=f"Thought {number}.", tags=["name"])
    now = {(path, who): len(cost(path, who)) for path, who, _ in CASES}
    assert now == counted


def test_the_first_visit_after_a_change_costs_a_fixed_number_too(article, people, client):
    def first_visit() -> int:
        make_note(article, author=people.trusted, on=ON)
        with CaptureQueriesContext(connection) as asked:
            client.get(article.get_absolute_url())
        return len(asked)

    costs = [first_visit() for _ in range(5)]
    assert set(costs) == {costs[0]}
    assert costs[0] <= 13


def test_an_unchanged_page_costs_one_query(article, client, django_assert_num_queries):
    tag = client.get(article.get_absolute_url())["ETag"]
    with django_assert_num_queries(1):
        client.get(article.get_absolute_url(), headers={"If-None-Match": tag})


def test_a_thread_of_forty_costs_what_a_thread_of_one_costs(cost, note, people):
    before = len(cost("/notes/{uid}/", "author"))
    parent = fresh(note)
    for number in range(40):
        parent = annotating.reply(parent=parent, author=people.trusted, body=f"Reply {number}.")
    assert len(cost("/notes/{uid}/", "author")) == before


def test_few_notes_among_very_many_are_found_by_themselves(letters, people):
    """Never by going through all that lies in a revision, which a million notes made a matter of seconds."""
    notes = list(Annotation.objects.filter(pk__in=[make_note(letters, author=people.trusted).pk for _ in range(20)]))
    with CaptureQueriesContext(connection) as asked:
        w3c.Shelf(notes)
        wordings.tell_changes(notes)
        wordings.tell_changes(notes, letters.current)
    places = [each["sql"] for each in asked if '"reader_placement"."annotation_id" IN' in each["sql"]]
    assert len(places) == 3
    for sql in places:
        with connection.cursor() as cursor:
            cursor.execute(connection.ops.explain_query_prefix() + " " + sql)
            assert "placement_by_place" not in str(cursor.fetchall())
