"""Who finds which note through which door of the Hypothesis API, and who may change it.

n  nobody logged in     l  a stranger, a trusted member, an editor     a  the author     m  a moderator
"""

import pytest

from reader.models import Scope, Status
from reader.operations import annotating
from tests.api.programs import HOST, Program, sent_note
from tests.make import NEW_WORDS, OLD_WORDS, fresh, group_note_in_state, make_note, note_in_state
from tests.views.test_permissions import CAST, GROUP_CAST, rows_of

TABLE = """
                | private | pending | hidden | approved | rejected | spam | withdrawn | edit: old | edit: new
search          | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
search by text  | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
search by any   | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
search by tag   | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
search by quote | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
search by user  | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
replies apart   | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
one note        | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
bulk            | a       | am      | am     | lam      | am       | -    | -         | l         | am
"""
PATHS = {
    "search": f"search?uri={HOST}/articles/letters/",
    "search by text": "search?text={word}",
    "search by any": "search?any={word}",
    "search by tag": "search?tag={tag}",
    "search by quote": "search?quote=letter",
    "search by user": "search?user=author",
    "replies apart": f"search?_separate_replies=true&uri={HOST}/articles/letters/",
    "one note": "annotations/{uid}",
}
CELLS = rows_of(TABLE)


def answer_at(program: Program, where: str, **names) -> str:
    if where == "bulk":
        response = program.ask("POST", "bulk/annotation", {"filter": {"limit": 1000}})
        parts = response.streaming_content if response.streaming else [response.content]
        return b"".join(parts).decode()
    return program.ask("GET", PATHS[where].format(**names)).content.decode()


@pytest.mark.parametrize("state", dict.fromkeys(state for _door, state, _who in CELLS))
def test_who_finds_the_words_of_a_note(letters, people, state):
    note = note_in_state("edit waits" if state.startswith("edit") else state, letters, people)
    words, tag = (NEW_WORDS, "copper") if state == "edit: new" else (OLD_WORDS, "kingfisher")
    rows = {where: who for where, column, who in CELLS if column == state}
    programs = programs_of(people, CAST)
    seen = {where: who_finds(programs, where, note, words, tag) for where in rows}
    assert seen == {where: {name for name, letter in CAST.items() if letter in who} for where, who in rows.items()}


def programs_of(people, cast) -> dict[str, Program]:
    return {name: Program(None if name == "anonymous" else people[name]) for name in cast}


def who_finds(programs: dict[str, Program], where: str, note, words: str, tag: str) -> set[str]:
    """Those whose answer at one door has the words of a note."""
    asked = {"uid": note.uid, "word": words.split()[0], "tag": tag}
    return {name for name, program in programs.items() if words in answer_at(program, where, **asked)}


# o is the owner of a reading group, g a member of it, x somebody who was put out of it; the author is a member.
IN_A_GROUP = """
                | in the group | waits | declined | withdrawn
search          | aog          | ao    | ao       | -
search by text  | aog          | ao    | ao       | -
search by any   | aog          | ao    | ao       | -
search by tag   | aog          | ao    | ao       | -
search by quote | aog          | ao    | ao       | -
search by user  | aog          | ao    | ao       | -
replies apart   | aog          | ao    | ao       | -
one note        | aog          | ao    | ao       | -
bulk            | aog          | ao    | ao       | -
"""


@pytest.mark.parametrize("state", dict.fromkeys(state for _door, state, _who in rows_of(IN_A_GROUP)))
def test_who_finds_the_words_of_a_group_note(letters, people, state):
    note = group_note_in_state(state, letters, people)
    rows = {where: who for where, column, who in rows_of(IN_A_GROUP) if column == state}
    programs = programs_of(people, GROUP_CAST)
    seen = {where: who_finds(programs, where, note, OLD_WORDS, "kingfisher") for where in rows}
    assert seen == {
        where: {name for name, letter in GROUP_CAST.items() if letter in who} for where, who in rows.items()
    }


ACTS = {
    "change": ("PATCH", "annotations/{uid}", {"text": "Mine now."}),
    "replace": ("PUT", "annotations/{uid}", {"text": "Mine now."}),
    "delete": ("DELETE", "annotations/{uid}", None),
    "hide": ("PUT", "annotations/{uid}/hide", None),
    "unhide": ("DELETE", "annotations/{uid}/hide", None),
    "moderate": ("PATCH", "annotations/{uid}/moderation", {"moderation_status": "APPROVED"}),
    "flag": ("PUT", "annotations/{uid}/flag", None),
    "reply": ("POST", "annotations", "reply"),
}
MAY = """
         | private | pending | approved | rejected | spam | withdrawn
change   | a       | a       | a        | a        | -    | -
replace  | a       | a       | a        | a        | -    | -
delete   | a       | a       | a        | a        | -    | -
hide     | -       | m       | m        | m        | -    | -
unhide   | -       | m       | m        | m        | -    | -
moderate | -       | m       | m        | m        | -    | -
flag     | -       | -       | lm       | -        | -    | -
reply    | a       | am      | lam      | am       | -    | -
"""


@pytest.mark.parametrize("act, state, who", rows_of(MAY), ids=[f"{act}, {state}" for act, state, _ in rows_of(MAY)])
def test_who_may_do_what(letters, people, act, state, who):
    method, path, body = ACTS[act]
    done, statuses = set(), {}
    for name in CAST:
        note = note_in_state(state, letters, people)
        sent = sent_note("", "Reply.", references=[note.uid]) if body == "reply" else body
        program = Program(None if name == "anonymous" else people[name])
        statuses[name] = program.ask(method, path.format(uid=note.uid), sent).status_code
        done |= {name} if statuses[name] < 300 else set()
    assert done == {name for name, letter in CAST.items() if letter in who}
    assert statuses["anonymous"] == 401
    assert set(statuses.values()) <= {200, 204, 401, 404, 409}
    if state == "private":
        assert statuses["stranger"] == statuses["moderator"] == 404


MAY_IN_A_GROUP = {"change": "a", "delete": "a", "moderate": "o", "hide": "o", "flag": "og", "reply": "aog"}


@pytest.mark.parametrize("act", MAY_IN_A_GROUP)
def test_who_may_do_what_with_a_group_note(letters, people, act):
    method, path, body = ACTS[act]
    note = group_note_in_state("in the group", letters, people)
    people.moderator.memberships.create(group=note.group)  # who is a member too decides on nothing in it
    done = set()
    for name in [*(set(GROUP_CAST) - {"author", "anonymous"}), "author"]:
        sent = sent_note("", "Reply.", references=[note.uid]) if body == "reply" else body
        status = Program(people[name]).ask(method, path.format(uid=note.uid), sent).status_code
        done |= {name} if status < 300 else set()
    allowed = {name for name, letter in GROUP_CAST.items() if letter in MAY_IN_A_GROUP[act]}
    assert done - {"moderator"} == allowed
    assert ("moderator" in done) == (act in {"flag", "reply"})


def test_a_reply_under_what_one_may_not_see_shows_nothing_of_it(letters, people):
    note = note_in_state("pending", letters, people)
    annotating.reply(parent=note, author=people.moderator, body="Granite teapot.")
    rows = Program().rows(f"uri={HOST}/articles/letters/")
    assert [row["text"] for row in rows] == ["Granite teapot."]
    assert OLD_WORDS not in str(rows)


def test_a_token_that_reads_does_not_write(letters, people):
    program = Program(people.author, Scope.READ)
    assert program.get("profile")[1]["userid"] == "acct:author@localhost"
    status, answer = program.send("POST", "annotations", sent_note("year was out"))
    assert status == 403 and "only reads" in answer["reason"]


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "bearer"])
def test_a_wrong_token_is_nobody(letters, people, header):
    program = Program()
    program.headers = {"Authorization": header}
    assert program.get("profile")[1]["userid"] is None
    answer = program.ask("POST", "annotations", sent_note("year was out"))
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_not_made_good_by_a_session(letters, people):
    program = Program()
    program.client.force_login(people.author, backend="django.contrib.auth.backends.ModelBackend")
    program.headers = {"Authorization": "Bearer nonsense"}
    assert program.get("profile")[1]["userid"] is None


def test_a_session_changes_something_only_with_the_csrf_token(letters, people):
    program = Program()
    program.client.force_login(people.author, backend="django.contrib.auth.backends.ModelBackend")
    assert program.get("profile")[1]["userid"] == "acct:author@localhost"
    body = sent_note("year was out")
    forged = {"X-Client-Id": "0" * 32, "Hypothesis-Client-Version": "1", "Origin": "http://testserver"}
    for headers in ({}, forged):
        status, answer = program.send("POST", "annotations", body, **headers)
        assert status == 403 and "X-CSRFToken" in answer["reason"]
    program.client.get("/accounts/password/change/")
    token = program.client.cookies["csrftoken"].value
    assert program.send("POST", "annotations", body, **{"X-CSRFToken": token})[0] == 200


def test_nobody_active_no_token(letters, people):
    program = Program(people.author)
    people.author.is_active = False
    people.author.save()
    assert program.get("profile")[1]["userid"] is None


def test_the_author_of_spam_is_not_told(letters, people):
    note = note_in_state("spam", letters, people)
    assert fresh(note).latest.status == Status.SPAM
    assert Program(people.author).rows("user=author") == []


def test_what_a_closed_account_wrote_has_no_name(letters, people):
    note = make_note(letters, author=people.trusted)
    people.trusted.delete()
    row = Program().get(f"annotations/{note.uid}")[1]
    assert (row["user"], row["user_info"]) == ("acct:(gone)@localhost", {"display_name": None})
