"""Reading groups through the Hypothesis API: what is written in one is its members' alone."""

import pytest

from reader.models import Annotation, ReadingGroup, Status, Visibility
from reader.operations import annotating
from reader.operations import groups as acts
from tests.api.programs import HOST, Program, sent_note
from tests.make import OLD_WORDS, fresh, group_note_in_state, make_group, make_note
from tests.views.test_permissions import rows_of

# n nobody, l a stranger, m a site moderator, x somebody who was put out, a the author, g a member, o the owner
CAST = {"anonymous": "n", "stranger": "l", "moderator": "m", "former": "x", "author": "a", "member": "g", "owner": "o"}
TABLE = """
                    | in the group | waits | declined | withdrawn
search              | ago          | ao    | ao       | -
search by text      | ago          | ao    | ao       | -
search by tag       | ago          | ao    | ao       | -
search in the group | ago          | ao    | ao       | -
search in public    | -            | -     | -        | -
notes of the group  | ago          | ao    | ao       | -
one note            | ago          | ao    | ao       | -
bulk                | ago          | ao    | ao       | -
"""
PATHS = {
    "search": f"search?uri={HOST}/articles/letters/",
    "search by text": "search?text=kingfisher",
    "search by tag": "search?tag=kingfisher",
    "search in the group": "search?group={group}",
    "search in public": f"search?group=__world__&uri={HOST}/articles/letters/",
    "notes of the group": "groups/{group}/annotations",
    "one note": "annotations/{uid}",
}


def program_of(people, name: str) -> Program:
    return Program(None if name == "anonymous" else people[name])


@pytest.mark.parametrize("where, state, who", rows_of(TABLE), ids=[f"{d}, {s}" for d, s, _ in rows_of(TABLE)])
def test_who_finds_the_words_of_a_group_note(letters, people, where, state, who):
    note = group_note_in_state(state, letters, people)
    seen = set()
    for name in CAST:
        program = program_of(people, name)
        if where == "bulk":
            answer = program.ask("POST", "bulk/annotation", {"filter": {"limit": 1000}})
            found = b"".join(answer.streaming_content).decode() if answer.streaming else ""
        else:
            found = program.ask("GET", PATHS[where].format(uid=note.uid, group=note.group.uid)).content.decode()
        seen |= {name} if OLD_WORDS in found else set()
    assert seen == {name for name, letter in CAST.items() if letter in who}


@pytest.mark.parametrize("act, who", [
    ("hide", "o"), ("unhide", "o"), ("moderate", "o"), ("flag", "go"), ("reply", "ago"), ("change", "a"),
    ("delete", "a"),
])  # fmt: skip
def test_who_may_do_what_in_a_group(letters, people, act, who):
    note = group_note_in_state("in the group", letters, people)
    method, path, body = {
        "hide": ("PUT", "/hide", None),
        "unhide": ("DELETE", "/hide", None),
        "flag": ("PUT", "/flag", None),
        "moderate": ("PATCH", "/moderation", {"moderation_status": "APPROVED"}),
        "change": ("PATCH", "", {"text": "So."}),
        "delete": ("DELETE", "", None),
        "reply": ("POST", "", sent_note("", "Reply.", references=[note.uid])),
    }[act]
    where = "annotations" if act == "reply" else f"annotations/{note.uid}{path}"
    statuses = {name: program_of(people, name).ask(method, where, body).status_code for name in sorted(CAST)}
    refused = {name: status for name, status in statuses.items() if status >= 300}
    assert set(refused) == {name for name, letter in CAST.items() if letter not in who}
    assert {refused[name] for name in refused if CAST[name] in "lmx"} == {404}


def test_a_group_is_known_to_its_members_alone(people):
    group = make_group(people)
    listed = {name: {each["id"] for each in program_of(people, name).get("groups")[1]} for name in CAST}
    assert {name for name in CAST if group.uid in listed[name]} == {"author", "member", "owner"}
    assert all("__world__" in ids for ids in listed.values())
    for name in CAST:
        program, known = program_of(people, name), group.uid in listed[name]
        assert [each["id"] for each in program.get("profile/groups")[1]] == ([group.uid] if known else [])
        assert program.get(f"groups/{group.uid}")[0] == (200 if known else 404)
        assert (group.name in str(program.get("profile")[1]["groups"])) == known
        assert program.get(f"groups/{group.uid}/members")[0] == (200 if known else 401 if name == "anonymous" else 404)
    assert program_of(people, "member").get(f"groups/group:{group.uid}@localhost")[1]["type"] == "private"


def test_writing_for_a_group(letters, people):
    group = make_group(people)
    body = sent_note("year was out", group=group.uid, permissions={"read": [f"group:{group.uid}"]})
    status, made = Program(people.member).send("POST", "annotations", body)
    assert (status, made["group"]) == (200, group.uid)
    assert made["permissions"]["read"] == [f"group:{group.uid}"] and made["moderation_status"] == "APPROVED"
    assert Annotation.objects.get(uid=made["id"]).group == group
    _, reply = Program(people.owner).send("POST", "annotations", sent_note("", "Yes.", references=[made["id"]]))
    assert reply["group"] == group.uid
    assert len(Program(people.author).rows(f"group={group.uid}&group=__world__&uri={HOST}/articles/letters/")) == 2


def test_ones_own_note_is_of_no_group(letters, people):
    group = make_group(people)
    body = sent_note("year was out", group=group.uid, permissions={"read": ["acct:member@localhost"]})
    _, made = Program(people.member).send("POST", "annotations", body)
    assert (made["group"], made["permissions"]["read"]) == ("__world__", ["acct:member@localhost"])
    assert Annotation.objects.get(uid=made["id"]).visibility == Visibility.PRIVATE


@pytest.mark.parametrize("who", ["stranger", "former", "moderator"])
def test_nobody_outside_writes_for_a_group_or_learns_that_it_is_there(letters, people, who):
    group, answers = make_group(people), []
    for uid in (group.uid, "AAAAAAAAAAAAAAAAAAAAAA"):
        body = sent_note("year was out", group=uid, permissions={"read": [f"group:{uid}"]})
        answers.append(Program(people[who]).send("POST", "annotations", body))
    assert answers[0] == answers[1] and answers[0][0] == 400


def test_no_update_moves_a_note_to_another_group(letters, people):
    note = make_note(letters, author=people.author, group=make_group(people))
    author = Program(people.author)
    whole = author.get(f"annotations/{note.uid}")[1]
    assert author.send("PATCH", f"annotations/{note.uid}", whole | {"group": "__world__", "text": "New."})[0] == 200
    for read in (["group:__world__"], ["acct:author@localhost"]):
        assert author.send("PATCH", f"annotations/{note.uid}", {"permissions": {"read": read}})[0] == 409
    assert fresh(note).group == note.group and fresh(note).latest.body == "New."


def test_the_owner_decides_in_the_group(letters, people):
    note = group_note_in_state("waits", letters, people)
    owner = Program(people.owner)
    _, page = owner.get(f"groups/{note.group.uid}/annotations?moderation_status=PENDING")
    assert page["meta"]["page"]["total"] == 1 and page["data"][0]["actions"] == ["moderate"]
    assert Program(people.author).get(f"annotations/{note.uid}")[1]["actions"] == []
    status, made = owner.send("PATCH", f"annotations/{note.uid}/moderation", {"moderation_status": "APPROVED"})
    assert (status, made["moderation_status"]) == (200, "APPROVED")
    assert Program(people.member).get(f"annotations/{note.uid}")[0] == 200
    assert fresh(note).latest.status == Status.APPROVED


def test_the_notes_of_a_group_page_by_page(letters, people):
    group = make_group(people)
    made = [make_note(letters, author=people.member, body=f"{n}", group=group).uid for n in range(3)]
    make_note(letters, author=people.trusted, body="For all.")
    member, seen, after = Program(people.member), [], ""
    while data := member.get(f"groups/{group.uid}/annotations?page[size]=2{after}")[1]["data"]:
        seen += [row["id"] for row in data]
        after = f"&page[after]={data[-1]['created'].replace('+', '%2B')}"
    assert seen == made[::-1]
    assert member.get(f"groups/{group.uid}/annotations?page[size]=101")[0] == 400


def test_who_is_in_a_group(people):
    group = make_group(people)
    member = Program(people.member)
    everybody = member.get(f"groups/{group.uid}/members")[1]
    assert [(each["username"], each["roles"]) for each in everybody] == [
        ("owner", ["owner"]), ("author", ["member"]), ("member", ["member"]),
    ]  # fmt: skip
    assert [each["actions"] for each in everybody] == [[], [], ["delete"]]
    page = member.get(f"groups/{group.uid}/members?page[number]=2&page[size]=2")[1]
    assert page["meta"]["page"]["total"] == 3 and [each["username"] for each in page["data"]] == ["member"]
    assert member.get(f"groups/{group.uid}/members/me")[1]["userid"] == "acct:member@localhost"
    assert member.get(f"groups/{group.uid}/members/acct:owner@localhost")[1]["roles"] == ["owner"]
    for user in ("acct:stranger@localhost", "nobody", "acct:owner@elsewhere.example"):
        assert member.get(f"groups/{group.uid}/members/{user}")[0] == 404


def test_leaving_and_putting_out(letters, people):
    group = make_group(people)
    member, owner, path = Program(people.member), Program(people.owner), f"groups/{group.uid}/members"
    assert member.send("DELETE", f"{path}/acct:author@localhost")[0] == 404
    assert owner.send("DELETE", f"{path}/me")[0] == 409
    assert owner.send("DELETE", f"{path}/acct:author@localhost") == (204, None)
    assert member.send("DELETE", f"{path}/me") == (204, None)
    assert member.get("profile/groups")[1] == [] and member.send("DELETE", f"{path}/me")[0] == 404
    assert owner.send("DELETE", f"{path}/me")[0] == 204  # alone, so the group is closed
    assert ReadingGroup.objects.get().closed


def test_starting_and_renaming_a_group(people):
    author = Program(people.author)
    status, made = author.send("POST", "groups", {"name": " Tea  circle ", "description": "On Tuesdays."})
    assert (status, made["name"], made["type"]) == (200, "Tea circle", "private")
    status, changed = author.send("PATCH", f"groups/{made['id']}", {"name": "Coffee circle"})
    assert (status, changed["name"]) == (200, "Coffee circle")
    assert ReadingGroup.objects.get().description == "On Tuesdays."
    for body in ({}, {"name": "ab"}, {"name": "x" * 26}, {"name": "    "}, {"name": "Open one", "type": "open"}):
        assert author.send("POST", "groups", body)[0] == 400
    assert Program().send("POST", "groups", {"name": "Nobody's"})[0] == 401


def test_a_member_does_not_rename_a_group(people):
    group = make_group(people)
    assert Program(people.member).send("PATCH", f"groups/{group.uid}", {"name": "Mine now"})[0] == 404


def test_a_note_given_to_everyone_leaves_its_group(letters, people):
    group = make_group(people)
    note = make_note(letters, author=people.trusted, body="Once ours.", visibility=Visibility.PRIVATE)
    annotating.edit(note, by=people.trusted, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    assert Program(people.member).rows(f"group={group.uid}") == []
    assert Program().rows(f"group=__world__&uri={HOST}/articles/letters/")[0]["text"] == "For all."


def test_lists_sort_by_group(letters, people):
    group = make_group(people)
    make_note(letters, author=people.member, group=group)
    make_note(letters, author=people.trusted)
    path = f"uri={HOST}/articles/letters/&sort=group&order=asc"
    order = [row["group"] for row in Program(people.member).rows(path)]
    assert order == sorted(order) and len(order) == 2
    assert len(Program(people.member).rows(f"{path}&search_after={order[0]}")) == 1


def test_the_invitation_a_client_copies_is_the_link_for_whom_it_is_given_to(people, client):
    group = make_group(people)
    acts.change(group, name=group.name, description="", is_open=True, notes_wait=False)
    group.refresh_from_db()
    addresses = {who: _address_of_group(people[who]) for who in ("owner", "member")}
    page, join = f"{HOST}/groups/{group.uid}/", f"{HOST}/groups/join/{group.join_token}/"
    assert addresses == {"owner": join, "member": page}  # who may hand the link out is the owner alone
    client.force_login(people.stranger)
    assert client.get(join.removeprefix(HOST)).status_code == 200
    client.force_login(people.owner)
    assert client.get(join.removeprefix(HOST)).url == page.removeprefix(HOST)


def _address_of_group(person) -> str:
    listed = Program(person).get("profile/groups")[1]
    return listed[0]["links"]["html"]
