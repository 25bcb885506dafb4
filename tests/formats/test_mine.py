"""Everything the site keeps of a person, as one file: complete, theirs alone, and nothing that opens anything."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.formats import mine
from reader.models import Member
from reader.operations import (
    annotating,
    flagging,
    following,
    leaving,
    moderating,
    standing,
    telling,
    tokens,
    turns,
)
from tests.make import fresh, make_note, note_in_state
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(letters, people):
    """The author, of whom everything is kept that can be; and somebody else's affairs beside it."""
    member, others = people.author, make_note(letters, author=people.trusted, body="Another's words.")
    member.email = "wen@example.org"
    member.save()
    member.emailaddress_set.create(email=member.email, verified=True, primary=True)
    member.socialaccount_set.create(provider="orcid", uid="0000-0002-1694-233X")
    Client(headers={"User-Agent": "Wen's browser"}).post("/accounts/login/", {"login": "author", "password": PASSWORD})
    Authenticator.objects.create(user=member, type="totp", data={"secret": "TOTPSECRET"})
    value = tokens.make_personal(member=member, name="Wen's program", scope="read")
    following.follow(member, following.target_of("thread", others.uid, person=member))
    telling.choose(member, {"followed": "weekly"})
    flagging.flag(fresh(others), by=member, reason="wrong", comment="No source.")
    standing.sanction(member, kind="warning", reason="Too loud.", by=people.moderator)
    rejected = note_in_state("rejected", letters, people)
    turns.appeal(fresh(rejected).latest, by=member, words="It is about the text.")
    moderating.approve(fresh(rejected).latest, by=people.second_moderator)
    annotating.edit(fresh(rejected), by=member, body="New wording.", tags=["coast"])
    flagging.flag(fresh(rejected), by=people.stranger, reason="rude", comment="Said in confidence.")
    leaving.ask(member, keeps_notes=True)
    return member, [value, member.api_tokens.get().digest, "TOTPSECRET", member.password]


@pytest.mark.usefixtures("busy")
def test_all_that_is_kept_of_a_person_is_in_one_file(browser_of):
    answer = browser_of("author").get("/me/export/all.json")
    assert answer["Content-Disposition"] == 'attachment; filename="author.json"'
    whole = json.loads(answer.getvalue())
    assert set(whole) == {"site", *mine.PARTS}
    expected = {
        "person": {"username": "author", "email": "wen@example.org", "display_name": "Wen Author"},
        "email_addresses": {"email": "wen@example.org", "verified": True},
        "accounts_elsewhere": {"provider": "orcid", "uid": "0000-0002-1694-233X"},
        "second_steps": {"type": "totp"},
        "sessions": {"user_agent": "Wen's browser"},
        "tokens": {"name": "Wen's program", "scope": "read"},
        "ways_of_being_told": {"kind": "followed", "delivery": "weekly"},
        "flags": {"reason": "wrong", "comment": "No source.", "outcome": ""},
        "sanctions": {"kind": "warning", "reason": "Too loud."},
        "closing": {"keeps_notes": True},
        "wordings": {"appeal": "It is about the text.", "status": "approved"},
    }
    for part, fields in expected.items():
        assert any(fields.items() <= row.items() for row in whole[part]), part
    assert {row["kind"] for row in whole["notifications"]} >= {"standing"}
    assert {row["verb"] for row in whole["acts"]} >= {"submitted", "appealed", "approved", "warned", "flagged"}
    assert [row["body"] for row in whole["wordings"]][-1] == "New wording."
    assert whole["notes"][0]["type"] == "Annotation"
    assert whole["follows"][0]["thread__uid"]


def test_what_opens_something_and_what_others_said_is_not_in_it(busy):
    member, secrets = busy
    whole = "".join(mine.export(Member.objects.get(pk=member.pk)))
    for words in [*secrets, "Another's words.", "Said in confidence.", "rude", "Mo Moderator", "Sam Stranger"]:
        assert words not in whole


def test_somebody_new_has_a_file_too(people, browser_of):
    assert "/me/export/all.json" in browser_of("stranger").get("/me/export/").text
    whole = json.loads(browser_of("stranger").get("/me/export/all.json").getvalue())
    assert whole["person"][0]["username"] == "stranger"
    assert whole["notes"] == whole["acts"] == []


def test_no_model_that_refers_to_a_member_is_left_out(busy):
    with CaptureQueriesContext(connection) as asked:
        list(mine.export(busy[0]))
    read = {found[1] for query in asked if (found := re.search(r'FROM "(\w+)"', query["sql"]))}
    refer = [m for m in apps.get_models() if any(f.related_model is Member for f in m._meta.concrete_fields)]
    left_out = [model.__name__ for model in refer if model._meta.db_table not in read]
    assert left_out == ["LogEntry"]  # what was done in the admin is the record of the site


def test_it_is_made_in_as_many_questions_for_one_note_as_for_many(letters, people, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(60) as counted:
            list(mine.export(people.trusted))
        return len(counted)

    make_note(letters, author=people.trusted, tags=["a"])
    one = queries()
    for number in range(5):
        make_note(letters, author=people.trusted, body=f"Note {number}.", tags=["a"])
    assert queries() == one


def test_it_is_for_its_owner(client, db):
    assert client.get("/me/export/all.json").status_code == 302
