"""Pages of reading groups: who reaches them, what they say, writing for a group and running one."""

import json

import pytest
from django.test import Client

from reader.formats.w3c_reading import annotations_in, read_annotation
from reader.models import Annotation, Flag, Invitation, ModerationEvent, ReadingGroup, Status
from reader.operations import annotating, flagging, groups, moderating
from reader.operations.bringing_back import bring_in
from tests.make import OLD_WORDS, fresh, group_note_in_state, make_group, make_note, span_of
from tests.pages import read

CAST = ["anonymous", "stranger", "moderator", "editor", "former", "member", "owner"]


@pytest.fixture
def group(people) -> ReadingGroup:
    return make_group(people)


# --- who reaches what ---------------------------------------------------------------------------------

WHO = {
    "": {"member", "owner"},
    "members/": {"member", "owner"},
    "leave/": {"member", "owner"},
    "settings/": {"owner"},
    "close/": {"owner"},
    "log/": {"owner"},
    "remove/author/": {"owner"},
    "hand-over/author/": {"owner"},
    "notes/{uid}/": {"owner"},
}


@pytest.mark.parametrize("page", WHO)
def test_for_who_is_not_in_it_there_is_no_group(letters, people, group, browser_of, page):
    note = make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    path = f"/groups/{group.uid}/{page.format(uid=note.uid)}"
    answers = {name: browser_of(name).get(path) for name in CAST}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == WHO[page]
    assert answers["anonymous"].status_code == 302
    others = set(CAST) - WHO[page] - {"anonymous"}
    assert {answers[name].status_code for name in others} == {404}
    assert not any(group.name in answers[name].text for name in others)


ACTS = {
    "invite/": {"username": "stranger"},
    "link/": {},
    "close/": {},
    "remove/author/": {},
    "hand-over/author/": {},
    "settings/": {"name": "Taken over"},
    "notes/{uid}/": {"decision": "take-down", "version": "1", "reason": "Mine."},
}


@pytest.mark.parametrize("who", ["stranger", "moderator", "former", "member"])
def test_nobody_but_its_owner_runs_it(letters, people, group, browser_of, who):
    note = make_note(letters, author=people.author, group=group)
    before = ReadingGroup.objects.values().get()
    browser = browser_of(who)
    codes = {
        browser.post(f"/groups/{group.uid}/{act.format(uid=note.uid)}", sent).status_code for act, sent in ACTS.items()
    }
    assert codes == {404}
    assert ReadingGroup.objects.values().get() == before
    assert (group.memberships.count(), fresh(note).published is not None) == (3, True)


# --- coming in ----------------------------------------------------------------------------------------


def test_a_group_is_started_and_somebody_invited(people, browser_of):
    owner = browser_of("author")
    assert "You are in no group yet" in owner.get("/groups/").text
    refused = owner.post("/groups/start/", {"name": "  ", "description": "Letters."})
    assert (refused.status_code, "Letters." in refused.text) == (422, True)
    owner.post("/groups/start/", {"name": " Coast   road ", "description": "Letters."})
    group = ReadingGroup.objects.get()
    assert (group.name, group.owner, group.is_open) == ("Coast road", people.author, False)
    nobody = owner.post(f"/groups/{group.uid}/invite/", {"username": "nobody"})
    assert (nobody.status_code, "no member with this user name" in nobody.text) == (422, True)
    owner.post(f"/groups/{group.uid}/invite/", {"username": "@stranger"})
    guest = browser_of("stranger")
    assert "Coast road" in guest.get("/groups/").text
    assert "Coast road" in guest.get("/me/notifications/").text
    guest.post(f"/groups/invitations/{group.uid}/", {"answer": "accept"})
    assert guest.get(f"/groups/{group.uid}/").status_code == 200
    assert guest.post(f"/groups/invitations/{group.uid}/", {"answer": "accept"}).status_code == 404


def test_an_invitation_is_declined_or_taken_back(people, group, browser_of):
    owner, guest = browser_of("owner"), browser_of("stranger")
    owner.post(f"/groups/{group.uid}/invite/", {"username": "stranger"})
    guest.post(f"/groups/invitations/{group.uid}/", {"answer": "decline"})
    owner.post(f"/groups/{group.uid}/invite/", {"username": "editor"})
    assert "Ed Editor" in owner.get(f"/groups/{group.uid}/members/").text
    owner.post(f"/groups/{group.uid}/invite/", {"take-back": "editor"})
    assert not Invitation.objects.exists()
    assert group.memberships.count() == 3


def test_the_link_shows_what_one_would_join_and_joins_when_asked(people, group, browser_of):
    path = f"/groups/join/{group.join_token}/"
    asked_in = browser_of("anonymous").get(path)
    assert asked_in["Location"] == f"/accounts/login/?next={path}"
    guest = browser_of("stranger")
    page = guest.get(path)
    assert ("Coast road circle" in page.text, "Olu Owner" in page.text) == (True, True)
    assert not group.memberships.filter(member=people.stranger).exists()  # looking is not joining
    assert guest.post(path)["Location"] == f"/groups/{group.uid}/"
    assert guest.get(path)["Location"] == f"/groups/{group.uid}/"
    groups.renew_link(group)
    assert browser_of("editor").get(path).status_code == 404


def test_leaving_removing_handing_over_and_closing_ask_first(people, group, browser_of):
    owner = browser_of("owner")
    assert "hand it over" in owner.get(f"/groups/{group.uid}/leave/").text
    owner.post(f"/groups/{group.uid}/leave/")
    assert group.memberships.filter(member=people.owner).exists()
    owner.get(f"/groups/{group.uid}/remove/member/")
    assert group.memberships.filter(member=people.member).exists()
    owner.post(f"/groups/{group.uid}/remove/member/")
    assert not group.memberships.filter(member=people.member).exists()
    owner.post(f"/groups/{group.uid}/hand-over/author/")
    assert owner.get(f"/groups/{group.uid}/settings/").status_code == 404
    browser_of("author").post(f"/groups/{group.uid}/close/")
    assert owner.get(f"/groups/{group.uid}/").status_code == 404


# --- writing ------------------------------------------------------------------------------------------


def sent(letters, **more) -> dict:
    span = span_of(letters, "second letter")
    return {
        "start": span.start, "end": span.end, "revision": 1, "exact": "second letter", "body": "Ours.", "tags": "",
        "motivation": "commenting",
    } | more  # fmt: skip


def choices_in(page) -> list[str]:
    return [e.attrs["value"] for e in read(page).all("input") if e.attrs.get("name") == "visibility"]


def test_the_composer_offers_only_me_my_groups_and_everyone(letters, people, group, browser_of):
    span = span_of(letters, "second letter")
    path = f"/articles/letters/annotate/?start={span.start}&end={span.end}"
    seen = {name: choices_in(browser_of(name).get(path)) for name in ("author", "former")}
    assert seen == {"author": ["private", f"group:{group.uid}", "public"], "former": ["private", "public"]}


def test_a_note_is_written_for_a_group(letters, people, group, browser_of):
    audience = f"group:{group.uid}"
    answer = browser_of("author").post("/articles/letters/annotate/", sent(letters, visibility=audience), follow=True)
    note = Annotation.objects.get(article=letters)
    assert (note.group, note.published) == (group, note.latest)
    assert "The members of “Coast road circle” can see it" in answer.text.replace("&quot;", '"')
    refused = browser_of("former").post("/articles/letters/annotate/", sent(letters, visibility=audience))
    assert (refused.status_code, "Ours." in refused.text) == (422, True)
    assert Annotation.objects.filter(article=letters).count() == 1


def test_many_groups_are_offered_in_a_list(letters, people, group, browser_of):
    for number in range(5):
        groups.start(owner=people.author, name=f"Group {number}")
    span = span_of(letters, "second letter")
    page = browser_of("author").get(f"/articles/letters/annotate/?start={span.start}&end={span.end}")
    assert len([o for s in read(page).all("select") if s.attrs["name"] == "visibility" for o in s.all("option")]) == 8


def test_its_author_gives_a_note_to_the_group_and_then_to_everyone(letters, people, group, browser_of):
    author = browser_of("author")
    note = make_note(letters, author=people.author, visibility="private")
    path = f"/notes/{note.uid}/edit/"
    assert choices_in(author.get(path)) == ["private", f"group:{group.uid}", "public"]
    author.post(path, {"body": "Ours.", "tags": "", "visibility": f"group:{group.uid}"})
    assert fresh(note).group == group
    assert choices_in(author.get(path)) == [f"group:{group.uid}", "public"]
    author.post(path, {"body": "For all.", "tags": "", "visibility": "public"})
    assert (fresh(note).visibility, fresh(note).latest.status) == ("public", Status.PENDING)
    assert choices_in(author.get(path)) == []


# --- reading ------------------------------------------------------------------------------------------


def test_the_reading_page_learns_of_group_notes_afterwards(letters, people, group, browser_of):
    note = make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    found = browser_of("member").get("/articles/letters/mine").json()
    assert [(row["uid"], row["state"]) for row in found["notes"]] == [(note.uid, "group")]
    assert found["groups"] == [{"audience": f"group:{group.uid}", "name": "Coast road circle"}]
    assert browser_of("stranger").get("/articles/letters/mine").json() == {"notes": [], "groups": []}
    assert "Coast road circle" in browser_of("member").get("/articles/letters/notes/").text  # for whom it is


def test_what_is_mine_costs_a_304_until_it_changes_for_me(letters, people, group, browser_of):
    readers = {who: browser_of(who) for who in ("member", "stranger", "owner")}

    def asked(path: str, tags: dict[str, str]) -> dict[str, int]:
        statuses = {}
        for who, reader in readers.items():
            answer = reader.get(path, headers={"If-None-Match": tags.get(who, "")})
            statuses[who], tags[who] = answer.status_code, answer.get("ETag", "")
        return statuses

    path, tags = "/articles/letters/mine", {}
    assert asked(path, tags) == {"member": 200, "stranger": 200, "owner": 200}
    assert asked(path, tags) == {"member": 304, "stranger": 304, "owner": 304}
    note = make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    assert asked(path, tags) == {"member": 200, "stranger": 304, "owner": 200}
    make_note(letters, author=people.author, visibility="private")
    make_note(letters, author=people.author)  # waits for a moderator
    assert asked(path, tags) == {"member": 304, "stranger": 304, "owner": 304}
    path, tags = f"/notes/{note.uid}/state", {}
    assert asked(path, tags) == {"member": 200, "stranger": 404, "owner": 200}
    annotating.reply(parent=note, author=people.author, body="And now?")
    assert asked(path, tags) == {"member": 200, "stranger": 404, "owner": 200}
    groups.change(group, name=group.name, description="", is_open=False, notes_wait=True)
    assert asked(path, tags) == {"member": 304, "stranger": 404, "owner": 304}
    annotating.edit(fresh(note), by=people.author, body="Other words.", tags=[])
    assert asked(path, tags) == {"member": 304, "stranger": 404, "owner": 200}  # it waits for the owner


def test_notes_of_an_article_can_be_narrowed_to_a_group(letters, people, group, browser_of):
    make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    make_note(letters, author=people.author, body="Mine alone.", visibility="private")
    page = browser_of("author").get(f"/articles/letters/notes/?group={group.uid}").text
    assert (OLD_WORDS in page, "Mine alone." in page) == (True, False)
    assert browser_of("stranger").get(f"/articles/letters/notes/?group={group.uid}").status_code == 404


def test_the_page_of_a_group_lists_its_notes_text_by_text(letters, people, group, browser_of):
    make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    page = browser_of("member").get(f"/groups/{group.uid}/").text
    assert (OLD_WORDS in page, "Letters to the capital" in page, "A. Clerk" in page) == (True, True, True)


@pytest.mark.parametrize("path", ["/groups/", "/groups/{uid}/", "/articles/letters/notes/", "/articles/letters/mine"])
def test_more_groups_and_notes_add_no_queries(
    letters, people, group, browser_of, django_assert_num_queries, django_assert_max_num_queries, path
):
    def write(*numbers):
        for number in numbers:
            other = groups.start(owner=people.author, name=f"Group {number}")
            groups.invite(other, people.member, by=people.author)
            groups.accept(other, by=people.member)
            make_note(letters, author=people.author, group=group)
            make_note(letters, author=people.author, group=other)

    browser, path = browser_of("member"), path.format(uid=group.uid)
    write(1, 2)
    browser.get(path)
    with django_assert_max_num_queries(30) as few:
        browser.get(path)
    write(*range(3, 11))
    with django_assert_num_queries(len(few)):
        browser.get(path)


def test_an_export_says_for_which_group_a_note_is_and_leads_back_into_it(letters, people, group, browser_of):
    make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    member, author = browser_of("member"), browser_of("author")
    text = {e: member.get(f"/articles/letters/export.{e}").getvalue().decode() for e in ("md", "csv", "jsonld")}
    assert ("for the group Coast road circle" in text["md"], ",group," in text["csv"]) == (True, True)
    described = annotations_in(json.loads(text["jsonld"]))[0]
    assert described["audience"]["schema:name"] == "Coast road circle"
    assert described["schema:creativeWorkStatus"] == "group"
    mine = [
        read_annotation(each) for each in annotations_in(json.loads(author.get("/me/export/all.jsonld").getvalue()))
    ]
    into_group = bring_in(mine, author=people.owner).made[0]
    alone = bring_in(mine, author=people.stranger).made[0]
    assert (into_group.group, alone.visibility) == (group, "private")  # never wider than it was


# --- looking after it ---------------------------------------------------------------------------------


def test_the_owner_decides_on_what_waits(letters, people, browser_of):
    note = group_note_in_state("waits", letters, people)
    owner = browser_of("owner")
    page = owner.get(f"/groups/{note.group.uid}/").text
    assert "waits for you" in page and "waiting for the owner of the group" in page and "a moderator" not in page
    wordings = browser_of("author").get(f"{note.get_absolute_url()}history/").text
    assert "waiting for the owner of the group" in wordings and "a moderator" not in wordings
    path = f"/groups/{note.group.uid}/notes/{note.uid}/"
    refused = owner.post(path, {"decision": "reject", "version": "1", "reason": ""})
    assert (refused.status_code, fresh(note).latest.status) == (422, Status.PENDING)
    owner.post(path, {"decision": "approve", "version": "1"})
    assert OLD_WORDS in browser_of("member").get(f"/groups/{note.group.uid}/").text
    stale = owner.post(path, {"decision": "reject", "version": "1", "reason": "Late."})
    assert (stale.status_code, fresh(note).published is not None) == (422, True)


def test_a_flag_reaches_the_owner_who_keeps_the_note_or_takes_it_down(letters, people, group, browser_of):
    note = make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    member, owner = browser_of("member"), browser_of("owner")
    assert "owner of the group looks at it" in member.get(f"/notes/{note.uid}/flag/").text
    member.post(f"/notes/{note.uid}/flag/", {"reason": "rude", "comment": "Unkind."})
    path = f"/groups/{group.uid}/notes/{note.uid}/"
    assert "Unkind." in owner.get(path).text
    owner.post(path, {"decision": "take-down", "version": "1", "reason": "Be kind."})
    assert "Be kind." in browser_of("author").get(f"/notes/{note.uid}/").text
    assert "Be kind." in owner.get(f"/groups/{group.uid}/log/").text
    assert Flag.objects.get().outcome == Flag.Outcome.UPHELD


def test_moderators_of_the_site_meet_nothing_of_it(letters, people, group, browser_of):
    moderator = browser_of("moderator")
    pages = [
        "/moderation/",
        "/moderation/log/",
        "/moderation/numbers/",
        "/moderation/people/author/",
        "/moderation/log/?export=csv",
    ]
    note = make_note(letters, author=people.author, body=OLD_WORDS, group=group)
    flagging.flag(note, by=people.member, reason="rude", comment="Unkind.")
    moderating.take_down(note, by=people.owner, reason="Be kind.")
    event = ModerationEvent.objects.filter(group_uid=group.uid, verb="rejected").get()
    for path in pages:
        answer = moderator.get(path)
        text = answer.getvalue().decode() if answer.streaming else answer.text
        assert not any(word in text for word in (OLD_WORDS, "Unkind.", "Be kind.", group.name, note.uid)), path
    assert moderator.post(f"/moderation/undo/{event.pk}/").status_code == 404
    sent = {"decision": "approve", "version": "1"}
    assert moderator.post(f"/moderation/{note.uid}/", sent).status_code == 404


def test_an_author_answers_the_owner_once(letters, people, browser_of):
    note = group_note_in_state("declined", letters, people)
    browser_of("author").post(f"/notes/{note.uid}/appeal/", {"words": "It is about the letter."})
    page = browser_of("owner").get(f"/groups/{note.group.uid}/notes/{note.uid}/").text
    assert "It is about the letter." in page
    moderating.approve(fresh(note).latest, by=people.owner)  # the same person decides: there is no other
    assert fresh(note).published is not None


def test_hostile_names_are_shown_as_they_are(people, browser_of):
    browser = browser_of("author")
    browser.post("/groups/start/", {"name": "<script>x</script>", "description": "<img src=x>", "is_open": "on"})
    group = ReadingGroup.objects.get()
    for path in (
        "/groups/",
        f"/groups/{group.uid}/",
        f"/groups/join/{group.join_token}/",
        f"/groups/{group.uid}/members/",
    ):
        text = (browser_of("stranger") if "join" in path else browser).get(path).text
        assert ("<script>x" in text, "<img src=x" in text) == (False, False)
    assert browser.post("/groups/start/", {"name": "x" * 81}).status_code == 422


def test_logged_out_people_are_asked_to_log_in(group):
    paths = ["/groups/", "/groups/start/", f"/groups/{group.uid}/"]
    assert {Client().get(path).status_code for path in paths} == {302}
