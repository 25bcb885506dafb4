"""Moderating, answering, flagging, running a group, leaving: by keyboard alone, from the first key to the last."""

import pytest
from playwright.sync_api import expect

from reader.models import ApiToken, Leaving, Membership
from reader.operations import groups
from tests.browser.keys import enter, fill, keyed, told
from tests.make import approved, fresh, make_group, make_note
from tests.people import PASSWORD

WORDS = "spy balloon incident"


@pytest.fixture
def by_keys(visit):
    """A window in which somebody has logged in; what follows is done with its keys."""

    def begin(member, then: str):
        visitor = visit().log_in(member, then=then)
        visitor.expects_failures = True  # what is refused comes with status 422
        return visitor.page

    return begin


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_rejection_is_taken_back_answered_and_decided_by_the_other(by_keys, reading_room, people):
    notes = [make_note(reading_room, author=people.author, on=WORDS, body=f"Thought {n}.") for n in range(3)]
    first, second = (f"#item-{note.uid}" for note in notes[:2])
    page = by_keys(people.moderator, "/moderation/")
    said = page.locator("#says")
    press(page, "j", "r")
    page.keyboard.type("A source, please.")
    press(page, "Control+Enter")
    expect(page.locator(second)).to_be_focused()
    expect(said).to_have_text("Rejected. The author sees your reason.")
    press(page, "u")
    expect(page.locator(first)).to_be_focused()
    expect(said).to_have_text("Taken back.")

    press(page, "x", "j", "x")
    enter(page, "button", "Approve the ticked")
    told(page, "Decided on 2.")
    press(page, "u")
    told(page, "Taken back: 2.")
    press(page, "j", "r")
    page.keyboard.type("A source, please.")
    press(page, "Control+Enter")
    expect(page.locator(second)).to_be_focused()
    page.reload()
    enter(page, "button", "Take it back")
    expect(page.locator(first)).to_be_focused()
    expect(said).to_contain_text("Taken back.")
    press(page, "r")
    page.keyboard.type("A source, please.")
    press(page, "Control+Enter")
    expect(page.locator(second)).to_be_focused()

    writer = by_keys(people.author, notes[0].get_absolute_url())
    enter(writer, "link", "Answer the rejection")
    fill(writer, "Your answer", " ")
    enter(writer, "button", "Send the answer")
    expect(writer.get_by_label("Your answer")).to_be_focused()
    writer.keyboard.type("It is in the text itself.")
    enter(writer, "button", "Send the answer")
    told(writer, "Your answer is with the moderators")
    assert fresh(notes[0]).latest.status == "pending"

    page.reload()
    expect(page.locator(first)).to_contain_text("another moderator decides now")
    expect(page.locator(first).get_by_role("button", name="Approve")).to_have_count(0)
    other = by_keys(people.second_moderator, "/moderation/")
    said = other.locator("#says")
    press(other, "k", "c")
    expect(said).to_have_text("You are at work on it.")
    expect(other.locator(first)).to_be_focused()
    press(other, "c")
    expect(said).to_have_text("You have left it to the others.")
    press(other, "a")
    expect(said).to_contain_text("Approved")
    assert fresh(notes[0]).published


def test_an_owner_runs_a_group_and_gives_it_away(by_keys, reading_room, people):
    group = make_group(people)
    note = make_note(reading_room, author=people.author, on=WORDS, body="For us.", group=group)
    groups.change(group, name=group.name, description="", is_open=True, notes_wait=True)
    page = by_keys(people.owner, group.get_absolute_url())
    enter(page, "link", "Take it down")
    fill(page, "Reason, which the author reads", "Not what we read.")
    enter(page, "button", "Take it down")
    told(page, "Taken down.")

    writer = by_keys(people.author, note.get_absolute_url())
    enter(writer, "link", "Edit")
    fill(writer, "Your note", "For us, and what we read.")
    enter(writer, "button", "Save")
    told(writer, "Saved.")

    page.reload()
    enter(page, "link", "Look at it For us, and what we read.")
    enter(page, "button", "Approve")
    told(page, "Approved. The group can read it now.")
    assert fresh(note).published.body == "For us, and what we read."
    enter(page, "link", "3 members")
    fill(page, "User name", "nobody-here")
    enter(page, "button", "Invite")
    expect(page.get_by_label("User name")).to_be_focused()
    press(page, "Control+a")
    page.keyboard.type("stranger")
    enter(page, "button", "Invite")
    told(page, "Sam Stranger is invited and told.")
    enter(page, "button", "Take back Sam Stranger")
    told(page, "The invitation is taken back.")
    enter(page, "link", "Remove Wen Author")
    enter(page, "button", "Remove")
    told(page, "Wen Author is not in the group any more.")
    enter(page, "link", "Hand over to Mei Member")
    enter(page, "button", "Hand over")
    told(page, "Mei Member is the owner of the group now.")
    assert set(Membership.objects.values_list("member__username", flat=True)) == {"owner", "member"}


def test_a_flag_a_token_and_the_way_out(by_keys, reading_room, people):
    note = approved(make_note(reading_room, author=people.author, on=WORDS, body="Says who?"), by=people.moderator)
    page = by_keys(people.stranger, note.get_absolute_url())
    enter(page, "link", "Flag")
    keyed(page, "button", "Send")
    press(page, "Enter")
    first = page.get_by_role("radio").first
    expect(first).to_be_focused()
    press(page, "Space")
    fill(page, "In your words", "No source is given.")
    enter(page, "button", "Send")
    told(page, "Thank you. A moderator will look at it")

    moderator = by_keys(people.moderator, "/moderation/")
    press(moderator, "j", "a")
    expect(moderator.locator("#says")).to_have_text("Looked at: it stays as it is.")
    expect(moderator.locator(".item.done")).to_be_focused()
    page.reload()
    expect(page.locator(".waits")).to_contain_text("Outcome: the note stays")

    page.goto(page.url.split("/notes/")[0] + "/me/")
    enter(page, "link", "API tokens")
    fill(page, "Name", "Notes into Obsidian")
    enter(page, "button", "Make the token")
    told(page, "Copy the new token now.")
    assert page.locator(".new-token").inner_text().startswith("cdr_")
    enter(page, "button", "Revoke Notes into Obsidian")
    told(page, "«Notes into Obsidian» is revoked")
    assert not ApiToken.objects.exists()

    enter(page, "link", "Sam Stranger")
    enter(page, "link", "Close the account")
    keyed(page, "radio", "Erase my notes")
    press(page, "Space")
    fill(page, "Your password", "not the one")
    enter(page, "button", "Close it in a week")
    expect(page.get_by_label("Your password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    enter(page, "button", "Close it in a week")
    told(page, "Done. Until that day you can stay after all.")
    assert Leaving.objects.get().member == people.stranger
    enter(page, "button", "Stay after all")
    told(page, "Your account stays as it is.")
    assert not Leaving.objects.exists()
