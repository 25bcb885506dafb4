"""Searching and reading through the Hypothesis API."""

import itertools
import json

import pytest
from django.db.models import F

from reader import access
from reader.models import Annotation
from reader.operations import annotating, members
from tests.api.programs import HOST, Program
from tests.make import approved, make_article, make_note, note_in_state

STATES = ["private", "pending", "approved", "rejected", "spam", "withdrawn", "edit waits"]


@pytest.fixture
def notes(letters, people):
    """Three public notes on two articles, and a reply."""
    make_article("Rain fell on the archive for nine days.", slug="rain")
    first = make_note(letters, author=people.trusted, on="envoys", body="Alpha beta.", tags=["Red", "café au lait"])
    second = make_note(letters, author=people.editor, on="second letter", body="Gamma.", tags=["red wine"])
    rain = letters._meta.model.objects.get(slug="rain")
    third = make_note(rain, author=people.trusted, on="archive", body="Delta beta.")
    reply = annotating.reply(parent=first, author=people.editor, body="Epsilon.")
    return {"first": first, "second": second, "third": third, "reply": reply}


SEARCHES = {
    "": "first second third reply",
    f"uri={HOST}/articles/letters/": "first second reply",
    "uri=http://127.0.0.1:9/articles/letters/hypothesis/": "first second reply",
    f"uri={HOST}/articles/letters/&uri={HOST}/articles/rain/": "first second third reply",
    f"url={HOST}/articles/rain": "third",
    f"uri={HOST}/articles/none/": "",
    "uri=urn:x-pdf:00": "",
    "uri=http://[": "",
    f"wildcard_uri={HOST}/articles/*": "first second third reply",
    f"wildcard_uri={HOST}/articles/ra_n/": "third",
    "wildcard_uri=urn:x-pdf:*": "",
    "uri.parts=rain": "third",
    "user=acct:trusted@localhost": "first third",
    "user=editor": "second reply",
    "user=acct:Trusted@LocalHost": "first third",
    "user=&uri=&tag=&any=": "first second third reply",
    "user=acct:trusted@elsewhere.example": "",
    "group=__world__": "first second third reply",
    "group=secret": "",
    "group=secret&group=__world__": "first second third reply",
    "tag=red": "first",
    "tags=red wine": "second",
    "tag=café au lait": "first",
    "tag=red&tag=café au lait": "first",
    "tag=wine": "",
    "text=BETA": "first third",
    "text=beta alpha": "first",
    "text=beta&text=delta": "third",
    'text="alpha beta"': "first",
    'text="beta alpha"': "",
    "quote=letter": "second",
    "any=wine": "second",
    "any=archive": "third",
    "any=epsilon": "reply",
    "any=café": "first",
    "references={first}": "reply",
    "references={second}": "",
    "id={second}": "second",
    "id={first}&id={reply}&id=none": "first reply",
    "id={first}&user=editor": "",
    "text=beta&user=trusted&quote=envoys": "first",
}


@pytest.mark.parametrize("query, expected", SEARCHES.items(), ids=SEARCHES)
def test_search_finds_what_all_conditions_hold_for(notes, query, expected):
    names = {note.uid: name for name, note in notes.items()}
    asked = query.format(**{name: note.uid for name, note in notes.items()})
    _, found = Program().get(f"search?limit=200&{asked}")
    here = [names[row["id"]] for row in found["rows"] if row["id"] in names]
    assert sorted(here) == sorted(expected.split())
    assert found["total"] == len(found["rows"])


def test_a_site_that_answers_to_every_name_does_not_take_every_site_for_itself(notes, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for site, total in (("https://elsewhere.example", 0), (settings.SITE_URL, 3)):
        assert Program().get(f"search?uri={site}/articles/letters/")[1]["total"] == total


def test_replies_apart(notes):
    _, found = Program().get(f"search?_separate_replies=true&uri={HOST}/articles/letters/")
    assert {row["id"] for row in found["rows"]} == {notes["first"].uid, notes["second"].uid}
    assert [row["id"] for row in found["replies"]] == [notes["reply"].uid]
    assert found["total"] == 2


@pytest.mark.parametrize("sort, order", list(itertools.product(["created", "updated", "id", "user"], ["asc", "desc"])))
def test_search_after_walks_through_all_of_them_once(letters, people, sort, order):
    authors = [people.trusted, people.editor, people.moderator]
    made = {make_note(letters, author=author, body=f"{n}").uid for n, author in enumerate(authors)}
    field = {"created": "created", "updated": "updated", "id": "id", "user": "user"}[sort]
    seen, after = [], ""
    while rows := Program().rows(f"uri={HOST}/articles/letters/&limit=1&sort={sort}&order={order}{after}"):
        seen.append(rows[0])
        after = f"&search_after={rows[0][field].replace('+', '%2B')}"
    assert {row["id"] for row in seen} == made and len(seen) == len(made)
    values = [row[field] for row in seen]
    assert values == sorted(values, reverse=order == "desc")


def test_offset_and_limit(letters, people):
    for n in range(5):
        make_note(letters, author=people.trusted, body=f"Number {n}.")
    _, found = Program().get(f"search?uri={HOST}/articles/letters/&sort=created&order=asc&offset=1&limit=2")
    assert [row["text"] for row in found["rows"]] == ["Number 1.", "Number 2."] and found["total"] == 5
    assert Program().get("search?limit=0")[1]["rows"] == []


@pytest.mark.parametrize("query", [
    "limit=201", "limit=-1", "limit=x", "offset=9801", "sort=colour", "order=up", "search_after=yesterday",
    "search_after=99999999999999999999", "sort=created&search_after=0001-01-01T00:00:00%2B23:59",
    "sort=created&search_after=9999-12-31T23:59:59-23:59", "text=%00", "tag=%00", "user=%00", "wildcard_uri=http://*/articles/",
    "wildcard_uri=*://localhost/articles/", "wildcard_uri=file://*",
])  # fmt: skip
def test_a_search_that_cannot_be_is_refused(db, query):
    status, answer = Program().get(f"search?{query}")
    assert status == 400 and answer["status"] == "failure"


def test_an_offset_means_nothing_after_search_after(notes):
    after = f"sort=created&order=asc&search_after={notes['first'].created.isoformat().replace('+', '%2B')}"
    assert Program().rows(f"{after}&offset=2") == Program().rows(after)


def test_a_time_for_search_after_may_be_milliseconds(notes):
    moment = notes["first"].created.timestamp() * 1000 - 1000
    assert len(Program().rows(f"sort=created&order=asc&limit=200&search_after={moment:.0f}")) >= 4
    assert Program().rows("sort=created&order=asc&search_after=2999-01-01") == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["anonymous", "stranger", "author", "moderator"])
def test_the_query_shows_what_the_rule_shows(letters, people, state, name):
    """`shown_field` repeats `shown_version` in SQL: for every state and person they must say the same."""
    from django.contrib.auth.models import AnonymousUser

    note = note_in_state(state, letters, people)
    person = AnonymousUser() if name == "anonymous" else people[name]
    asked = Annotation.objects.filter(pk=note.pk).annotate(shown=access.shown_field(person, "pk"))
    shown = access.shown_version(note, person)
    assert asked.values_list("shown", flat=True).get() == (shown.pk if shown else None)


def test_a_list_costs_the_same_for_one_note_and_two_hundred(letters, people, django_assert_max_num_queries):
    program = Program(people.moderator)
    path = f"search?limit=200&uri={HOST}/articles/letters/"

    def cost():
        with django_assert_max_num_queries(4) as queries:
            rows = program.rows(f"limit=200&uri={HOST}/articles/letters/")
        return len(rows), len(queries)

    top = make_note(letters, author=people.author, body="Top.")
    answer = annotating.reply(parent=top, author=people.moderator, body="Reply.")
    annotating.reply(parent=answer, author=people.author, body="Below.")
    program.get(path)  # the first one also notes that the token was used
    assert cost() == (3, 3)  # the token, the notes, the threads
    for n in range(66):
        note = make_note(letters, author=people.author, body=f"Note {n}.")
        answer = annotating.reply(parent=note, author=people.moderator, body="Reply.")
        annotating.reply(parent=answer, author=people.author, body="Below.")
    assert cost() == (200, 4)  # and how many there are in all


def test_nobodys_answers_are_made_once_and_are_nobody_elses(letters, people, django_assert_num_queries):
    note = approved(make_note(letters, author=people.author, body="Seen."), by=people.moderator)
    waits = make_note(letters, author=people.author, on="coast road", body="Waits.")
    own = make_note(letters, author=people.author, on="envoys", body="Own.", visibility="private")
    path = f"uri={HOST}/articles/letters/&sort=created&order=asc"

    def seen(member=None):
        return [row["text"] for row in Program(member).rows(path)]

    assert (seen(), seen(people.author), seen(people.moderator)) == (
        ["Seen."], ["Seen.", "Waits.", "Own."], ["Seen.", "Waits."],
    )  # fmt: skip
    nobody = Program()
    with django_assert_num_queries(1):
        assert nobody.rows(path)[0]["flagged"] is False
    assert Program().get(f"annotations/{note.uid}") == Program().get(f"annotations/{note.uid}")
    with django_assert_num_queries(1):
        assert nobody.get(f"annotations/{note.uid}")[0] == 200
    for hidden in (waits, own):
        assert [Program().get(f"annotations/{hidden.uid}")[0] for _time in range(2)] == [404, 404]
        assert Program(people.author).get(f"annotations/{hidden.uid}")[0] == 200
        assert Program().get(f"annotations/{hidden.uid}")[0] == 404
    approved(waits, by=people.moderator)
    assert seen() == ["Seen.", "Waits."]
    annotating.withdraw(note, by=people.author)
    assert seen() == ["Waits."] and Program().get(f"annotations/{note.uid}")[0] == 404
    members.introduce(people.author, display_name="Another Name", orcid="")
    assert Program().get(f"annotations/{waits.uid}")[1]["user_info"] == {"display_name": "Another Name"}


def test_bulk_reads_lines(notes, people):
    program = Program(people.stranger)
    response = program.ask("POST", "bulk/annotation", {"filter": {"limit": 3}})
    assert response["Content-Type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert len(rows) == 3 and rows == sorted(rows, key=lambda row: row["created"])
    dates = {"gt": "2000-01-01T00:00:00+00:00", "lte": "2999-01-01T00:00:00+00:00"}
    asked = {"filter": {"limit": 100, "audience": {"username": ["editor"]}, "created": dates, "updated": dates}}
    lines = b"".join(program.ask("POST", "bulk/annotation", asked).streaming_content).splitlines()
    assert {json.loads(line)["id"] for line in lines} == {notes["second"].uid, notes["reply"].uid}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_outside_of_the_years_is_refused(people, moment):
    asked = {"filter": {"limit": 3, "created": {"gt": moment, "lte": moment}}}
    assert Program(people.stranger).ask("POST", "bulk/annotation", asked).status_code == 400


def test_bulk_reads_more_than_one_batch(letters, people, monkeypatch):
    monkeypatch.setattr("reader.api.hypothesis.BULK_BATCH", 2)
    made = [make_note(letters, author=people.trusted, body=f"{n}").uid for n in range(5)]
    asked = {"filter": {"limit": 100, "audience": {"username": ["trusted"]}}}
    lines = b"".join(Program(people.stranger).ask("POST", "bulk/annotation", asked).streaming_content).splitlines()
    assert [json.loads(line)["id"] for line in lines] == made


def test_a_note_that_lost_its_words_keeps_its_quote(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    note.placements.update(state="lost", start=None, end=None)
    selector = Program().get(f"annotations/{note.uid}")[1]["target"][0]["selector"]
    assert selector == [
        {"type": "TextQuoteSelector", "exact": note.exact, "prefix": note.prefix, "suffix": note.suffix}
    ]


def test_the_same_note_as_a_web_annotation(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    response = Program().ask("GET", f"annotations/{note.uid}.jsonld")
    assert (response.status_code, response["Location"]) == (302, f"/annotations/{note.uid}")


def test_what_the_api_says_of_itself(db):
    root = Program().get("")[1]["links"]
    assert root["annotation"]["update"] == {
        "method": "PATCH", "url": "http://testserver/api/annotations/:id", "desc": "Change a note",
    }  # fmt: skip
    assert Program().client.get("/api").json()["links"] == root
    links = Program().get("links")[1]
    assert {"user", "search.tag", "groups.new", "account.settings", "signup", "oauth.authorize"} <= set(links)
    assert ":user" in links["user"] and ":tag" in links["search.tag"]


def test_who_is_logged_in(people, browser_of):
    assert Program().get("profile")[1]["userid"] is None
    mine = Program(people.author).get("profile")[1]
    assert (mine["userid"], mine["user_info"]) == ("acct:author@localhost", {"display_name": "Wen Author"})
    assert browser_of("author").get("/api/profile").json()["userid"] == "acct:author@localhost"
    assert Program().get("profile", Authorization="Bearer nonsense")[1]["userid"] is None


def test_what_a_client_does_is_taken_and_not_kept(people):
    for program in (Program(), Program(people.author)):
        answer = program.ask("POST", "analytics/events", {"event": "client.realtime.apply_updates"})
        assert (answer.status_code, answer.content) == (204, b"")


def test_preferences_are_kept(people):
    program = Program(people.author)
    wanted = {"preferences": {"show_sidebar_tutorial": False, "shortcuts_preferences": {"applyUpdates": "l"}, "x": 1}}
    assert program.send("PATCH", "profile", wanted)[0] == 200
    kept = program.get("profile")[1]["preferences"]
    assert kept == {"show_sidebar_tutorial": False, "shortcuts_preferences": {"applyUpdates": "l"}}


def test_groups(people):
    assert [group["id"] for group in Program().get("groups")[1]] == ["__world__"]
    assert Program().get("profile/groups")[1] == []
    assert Program(people.author).get("profile/groups")[1] == []  # «Public» is nobody's membership
    assert Program().get("groups/__world__")[1]["type"] == "open"
    assert Program().get("groups/other")[0] == 404


def test_every_note_of_the_edition_has_its_words(article):
    rows = Program().rows("limit=200")
    by_uid = {
        note.uid: article.current.text[note.start_now : note.end_now]
        for note in Annotation.objects.annotate(start_now=F("placements__start"), end_now=F("placements__end"))
    }
    assert len(rows) == 35
    for row in rows:
        assert row["target"][0]["selector"][-1]["exact"] == by_uid[row["id"]]
