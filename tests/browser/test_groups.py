"""A reading group from its beginning: somebody starts it, another joins by the link, and a stranger sees nothing."""

import re

import pytest
from playwright.sync_api import expect

from reader.models import Annotation, ReadingGroup
from tests.browser.conftest import NARROW
from tests.make import make_group, make_note

WORDS = "expand its contacts"


def test_owner_member_and_stranger(visit, reading_room, people):
    owner = visit().log_in(people.trusted, then="/groups/")
    owner.page.get_by_role("link", name="Start a group").click()
    owner.page.get_by_label("Name").fill("Coast road circle")
    owner.page.get_by_label("Who has the link may join").check()
    owner.page.get_by_role("button", name="Start it").click()
    link = owner.page.locator(".address").inner_text()

    member = visit()
    member.page.goto(link)  # not logged in: asked to, and brought back
    member.fill_log_in(people.author)
    expect(member.page.get_by_role("heading", name="Coast road circle")).to_be_visible()
    member.page.get_by_role("button", name="Join").click()
    expect(member.page.locator("#says")).to_contain_text("You are in the group.")

    member.read(reading_room)
    member.select(WORDS)
    member.selection_toolbar("Note").click()
    member.page.get_by_label("Your note").fill("For us alone.")
    member.page.get_by_label("Coast road circle").check()
    member.page.get_by_role("button", name="Save").click()
    expect(member.status).to_contain_text("The members of “Coast road circle” can see it, and nobody else.")
    note = Annotation.objects.get(author=people.author)
    assert note.group == ReadingGroup.objects.get()

    owner.read(reading_room)
    assert owner.wait_painted("groups", 1) == [WORDS]
    owner.click_painted("groups")
    expect(owner.page.locator("civ-sheet .note")).to_contain_text("For us alone.")
    expect(owner.page.locator("civ-sheet .of-group")).to_contain_text("Coast road circle")

    stranger = visit().log_in(people.stranger).read(reading_room)
    expect(stranger.page.get_by_label("My groups’ notes")).to_be_hidden()
    assert stranger.painted("groups") == []
    stranger.go(f"/articles/{reading_room.slug}/notes/")
    expect(stranger.page.locator("main")).not_to_contain_text("For us alone.")
    stranger.expects_failures = True
    stranger.go(note.get_absolute_url())
    expect(stranger.page.locator("main")).not_to_contain_text(re.compile("For us alone|Coast road"))


def test_a_highlight_goes_to_the_group_that_was_chosen_last(visit, reading_room, people):
    group = make_group(people)
    member = visit(size=NARROW).log_in(people.member).read(reading_room)
    member.wait_painted("mine", 0)
    member.select(WORDS)
    chosen = member.page.locator("civ-toolbar .who")
    expect(chosen).to_contain_text("only me")
    chosen.click()
    expect(chosen).to_contain_text("Coast road circle")
    member.selection_toolbar("Highlight").click()
    expect(member.status).to_contain_text("Saved. The members of")
    assert Annotation.objects.get(author=people.member).group == group
    assert member.wait_painted("groups", 1) == [WORDS]
    member.page.reload()
    assert member.wait_painted("groups", 1) == [WORDS]


def test_the_layer_of_groups_is_switched_off(visit, reading_room, people):
    make_note(reading_room, author=people.author, on=WORDS, group=make_group(people))
    member = visit().log_in(people.member).read(reading_room)
    assert member.wait_painted("groups", 1) == [WORDS]
    member.page.get_by_label("My groups’ notes").uncheck()
    assert member.wait_painted("groups", 0) == []


@pytest.fixture
def written(reading_room, people) -> Annotation:
    return make_note(reading_room, author=people.author, on=WORDS, body="For us.", group=make_group(people))
