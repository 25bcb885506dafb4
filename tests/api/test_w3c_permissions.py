"""Who reads and writes which annotations by the Web Annotation Protocol."""

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from reader.models import Annotation, AnnotationVersion, ApiToken
from reader.models.tokens import token_digest
from reader.operations import annotating
from tests.api.annotations import ALL, OA, ONE_TEXT, annotation_on, iri, path, send
from tests.make import NEW_WORDS, OLD_WORDS, approved, group_note_in_state, make_group, make_note, note_in_state

pytestmark = pytest.mark.django_db


STATES = ["private", "pending", "hidden", "rejected", "spam", "withdrawn"]
WHO_SEES = {  # who gets the note by its address: - nobody, a the author, m a moderator
    "private": "a", "pending": "am", "hidden": "am", "rejected": "am", "spam": "am", "withdrawn": "-",
}  # fmt: skip
WHO_LISTS = WHO_SEES | {"spam": "-"}


@pytest.mark.parametrize("who", ["anonymous", "stranger", "trusted", "editor", "author", "moderator"])
@pytest.mark.parametrize("state", STATES)
def test_what_is_not_public_is_seen_by_those_only_who_may(browser_of, letters, people, state, who):
    note = note_in_state(state, letters, people)
    letter = {"author": "a", "moderator": "m"}.get(who, "-")
    answer = browser_of(who).get(path(note))
    assert (answer.status_code == 200) == (letter in WHO_SEES[state] and letter != "-")
    assert (OLD_WORDS in answer.content.decode()) == (answer.status_code == 200)
    for address in (ALL, ONE_TEXT, ONE_TEXT + "?after="):
        for headers in ({}, {"Prefer": f'return=representation;include="{OA}PreferContainedIRIs"'}):
            shown = browser_of(who).get(address, headers=headers).content.decode()
            assert (iri(note) in shown) == (letter in WHO_LISTS[state] and letter != "-")


@pytest.mark.parametrize("who", ["anonymous", "stranger", "moderator", "former", "member", "owner", "author"])
def test_what_is_for_a_group_is_given_to_its_members(browser_of, letters, people, who):
    note = group_note_in_state("in the group", letters, people)
    sees, client = who in {"member", "owner", "author"}, browser_of(who)
    assert client.get(path(note)).status_code == (200 if sees else 404)
    given = client.get(ONE_TEXT)
    assert (iri(note) in given.content.decode()) == sees and given.json()["total"] == int(sees)
    assert given["Cache-Control"] == "private, no-cache" and "Authorization" in given["Vary"]
    if sees:
        audience = client.get(path(note)).json()["audience"]
        assert audience["id"].endswith(note.group.get_absolute_url())


@pytest.mark.parametrize("form", [str, lambda address: {"id": address, "type": "schema:Audience"}])
def test_who_posts_for_a_group_names_it_as_the_audience(browser_of, letters, people, form):
    group = make_group(people)
    address = f"{settings.SITE_URL}{group.get_absolute_url()}"
    for who, kept in (("member", group), ("stranger", None)):
        answer = send(browser_of(who), "POST", ALL, annotation_on(audience=form(address)))
        note = Annotation.objects.get(uid=answer["Location"].rsplit("/", 1)[1])
        assert (note.group, note.visibility) == (kept, "group" if kept else "private")


@pytest.mark.parametrize("who, words", [("anonymous", OLD_WORDS), ("stranger", OLD_WORDS), ("author", NEW_WORDS)])
def test_while_an_edit_waits_the_approved_words_stay(browser_of, letters, people, who, words):
    note = note_in_state("edit waits", letters, people)
    given = browser_of(who).get(path(note)).json()
    assert words in json.dumps(given["body"])
    assert ("schema:creativeWorkStatus" in given) == (who == "author")


def test_counts_and_dates_do_not_give_away_what_waits(client, public, people, letters):
    before = client.get(ONE_TEXT).json()
    make_note(letters, author=people.author, body="Waiting.")
    annotating.edit(public, by=people.author, body="A waiting edit.", tags=[])
    assert client.get(ONE_TEXT).json() == before


@pytest.mark.parametrize("who", ["author", "anonymous"])
def test_a_later_wording_moves_the_date_for_those_alone_who_see_it(browser_of, letters, people, public, who):
    waiting = annotating.edit(public, by=people.author, body="A waiting edit.", tags=[])
    for version, day in ((public.published, 1), (waiting, 9)):
        AnnotationVersion.objects.filter(pk=version.pk).update(created=datetime(2031, 2, day, tzinfo=UTC))
    date = "2031-02-09T00:00:00Z" if who == "author" else "2031-02-01T00:00:00Z"
    client = browser_of(who)
    assert [client.get(address).json()["modified"] for address in (path(public), ALL, ONE_TEXT)] == [date] * 3


def test_a_note_of_a_group_that_is_opened_to_everyone_names_the_group_no_more(browser_of, client, letters, people):
    address = f"{settings.SITE_URL}{make_group(people).get_absolute_url()}"
    author = browser_of("member")
    send(author, "POST", ALL, annotation_on(audience=address))
    note = path(letters.annotations.get())
    opened = author.get(note).json() | {"schema:creativeWorkStatus": "public"}
    assert send(author, "PUT", note, opened, **{"If-Match": "*"}).status_code == 200
    approved(letters.annotations.get(), by=people.moderator)
    assert client.get(note).status_code == 200 and "/groups/" not in client.get(note).text


# --- writing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("method, address", [("POST", ALL), ("PUT", "note"), ("DELETE", "note")])
def test_who_is_not_known_is_asked_to_say_who_they_are(client, public, method, address):
    answer = send(client, method, path(public) if address == "note" else address, annotation_on(), **{"If-Match": "*"})
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_its_author_changes_a_note_and_what_is_unseen_is_not_there(browser_of, letters, people, public, method):
    assert send(browser_of("stranger"), method, path(public), annotation_on(), **{"If-Match": "*"}).status_code == 403
    waiting = make_note(letters, author=people.author, body="Waiting.")
    assert send(browser_of("stranger"), method, path(waiting), annotation_on(), **{"If-Match": "*"}).status_code == 404


def test_a_session_needs_the_csrf_token(people, letters):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.trusted, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, "POST", ALL, annotation_on()).status_code == 403
    assert not letters.annotations.exists()


@pytest.mark.parametrize("scope, status", [("write", 201), ("read", 403)])
def test_a_token_writes_without_a_session_when_it_may(client, people, letters, scope, status):
    ApiToken.objects.create(member=people.trusted, name="t", scope=scope, digest=token_digest("secret"))
    client = Client(enforce_csrf_checks=True)
    bearer = {"Authorization": "Bearer secret"}
    assert send(client, "POST", ALL, annotation_on(), **bearer).status_code == status
    assert send(client, "POST", ALL, annotation_on(), Authorization="Bearer wrong").status_code == 401
