"""Whole journeys in a browser that runs no script: every act has a link or a form under it."""

import pytest
from playwright.sync_api import expect

from reader.models import Annotation, Proposal, ReadingGroup
from tests.browser.conftest import NARROW, Visitor
from tests.make import approved, make_note
from tests.people import PASSWORD

NUMBER = "getComputedStyle(document.querySelector('.notes .note:target > header'), '::before').content"


@pytest.fixture
def visit_plainly(visit):
    """Like `visit`, without scripts."""
    return lambda **options: visit(java_script_enabled=False, **options)


def press(visitor: Visitor, name: str, role: str = "button", nth: int = 0) -> None:
    visitor.page.locator("main").get_by_role(role, name=name).nth(nth).click()


def follow(visitor: Visitor, name: str, nth: int = 0) -> None:
    press(visitor, name, role="link", nth=nth)


def said(visitor: Visitor):
    return expect(visitor.page.locator("#says"))


def main(visitor: Visitor):
    return expect(visitor.page.locator("main"))


def test_reading(visit_plainly, reading_room):
    reader = visit_plainly(size=NARROW).go("/")
    follow(reader, reading_room.title)
    page = reader.page
    number = page.locator(".noteref").first
    expect(number).to_be_visible()
    page.goto(f"{page.url.split('#')[0]}{number.get_attribute('href')}")  # as pressing it does, wherever it lies
    expect(page.locator(".notes .note:target")).to_be_visible()
    assert page.evaluate(NUMBER) == '"1"'
    page.locator(".notes .note:target").get_by_role("link", name="Back to the words").click()
    expect(page.locator(".noteref:target")).to_be_in_viewport()
    follow(reader, "notes on paragraph 3")
    main(reader).to_contain_text("Only those on one passage.")
    page.go_back()
    page.locator("a.mention[data-card=joseph-stilwell]").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joseph Stilwell")
    follow(reader, "John Easterbrook")
    expect(page.get_by_role("heading", level=1)).to_have_text("John Easterbrook")
    page.locator(".menu summary").click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Library").click()
    follow(reader, "Timeline")
    expect(page.locator(".events li").first).to_be_visible()


def test_writing_from_signing_up_to_withdrawing(visit_plainly, reading_room):
    writer = visit_plainly().go(f"{reading_room.get_absolute_url()}p3/")
    follow(writer, "Add a note")
    page = writer.page
    page.locator("main").get_by_role("link", name="Sign up").click()
    page.fill("[name=username]", "nora")
    page.fill("[name=password1]", PASSWORD)
    press(writer, "Sign up")
    main(writer).to_contain_text("Which words is your note about?")
    follow(writer, "Choose words in it")
    page.get_by_label("From").select_option(index=1)
    page.get_by_label("to", exact=True).select_option(index=2)
    press(writer, "Write the note")
    writer.expects_failures = True  # the browser complains of the status 422
    press(writer, "Save")  # without a word
    main(writer).to_contain_text("Write a note first")
    page.get_by_label("Your note").fill("Who took part?")
    press(writer, "Save")
    said(writer).to_contain_text("It waits for a moderator")
    note = Annotation.objects.get(author__username="nora")
    assert note.exact and note.latest.body == "Who took part?"

    follow(writer, "Edit")
    page.get_by_label("Your note").fill("Who took part in it?")
    press(writer, "Save")
    main(writer).to_contain_text("Who took part in it?")
    follow(writer, "2 wordings")
    main(writer).to_contain_text("Who took part?")
    follow(writer, "Back to the note")
    follow(writer, "Withdraw")
    press(writer, "Withdraw")
    said(writer).to_contain_text("Withdrawn.")
    press(writer, "Restore")
    said(writer).to_contain_text("It waits for a moderator")


def test_a_note_on_the_whole_text(visit_plainly, reading_room, people):
    writer = visit_plainly(size=NARROW).log_in(people.trusted, then=reading_room.get_absolute_url())
    follow(writer, "Write a note on the whole text")
    writer.page.get_by_label("Your note").fill("A useful overview.")
    press(writer, "Save")
    said(writer).to_contain_text("Everyone can see it.")
    reader = visit_plainly().go(reading_room.get_absolute_url())
    expect(reader.page.locator("#whole-notes")).to_contain_text("A useful overview.")


def test_answering_flagging_and_following(visit_plainly, reading_room, people):
    note = approved(make_note(reading_room, on="spy balloon incident", author=people.author), by=people.moderator)
    reader = visit_plainly().log_in(people.stranger, then=note.get_absolute_url())
    reader.page.get_by_label("Your note").fill("So it was.")
    press(reader, "Reply")
    said(reader).to_contain_text("It waits for a moderator")
    reader.go(note.get_absolute_url())
    follow(reader, "Flag")
    reader.page.get_by_label("misleading, without a source").check()
    reader.page.get_by_label("In your words").fill("Says who?")
    press(reader, "Send")
    said(reader).to_contain_text("Thank you")
    reader.go(reading_room.get_absolute_url())
    press(reader, "Follow this article")
    reader.go("/me/notifications/")
    main(reader).to_contain_text(reading_room.title)
    press(reader, "Stop following")
    main(reader).not_to_contain_text(reading_room.title)


def test_moderating(visit_plainly, reading_room, people):
    first = make_note(reading_room, on="spy balloon incident", author=people.author, body="A first thought.")
    make_note(reading_room, on="Sino-US relations", author=people.stranger, body="A second thought.")
    moderator = visit_plainly(size=NARROW).log_in(people.moderator, then="/moderation/")
    main(moderator).to_contain_text("2 contributions wait")
    press(moderator, "Approve", nth=0)
    main(moderator).to_contain_text("1 contribution waits")
    main(moderator).not_to_contain_text("A first thought.")
    press(moderator, "Take it back")
    main(moderator).to_contain_text("2 contributions wait")
    item = moderator.page.locator(f"#item-{first.uid}")
    item.get_by_text("Reject, or ask for a revision").click()
    item.get_by_label("Reason").fill("Please name a source.")
    item.get_by_role("button", name="Reject").click()
    main(moderator).to_contain_text("1 contribution waits")
    author = visit_plainly().log_in(people.author, then=first.get_absolute_url())
    main(author).to_contain_text("Please name a source.")
    follow(author, "Answer the rejection")
    author.page.get_by_label("Your answer").fill("It is in the text itself.")
    press(author, "Send the answer")
    moderator.go("/moderation/log/")
    main(moderator).to_contain_text("rejection answered by its author")


def test_a_reading_group(visit_plainly, reading_room, people):
    owner = visit_plainly().log_in(people.trusted, then="/groups/")
    follow(owner, "Start a group")
    owner.page.get_by_label("Name").fill("Coast road circle")
    owner.page.get_by_label("Who has the link may join").check()
    press(owner, "Start it")
    link = owner.page.locator(".address").inner_text()
    member = visit_plainly(size=NARROW)
    member.page.goto(link)
    member.fill_log_in(people.author)
    press(member, "Join")
    said(member).to_contain_text("You are in the group.")
    member.go(f"{reading_room.get_absolute_url()}annotate/?paragraph=2")
    follow(member, "Note on this sentence")
    member.page.get_by_label("Your note").fill("For us alone.")
    member.page.get_by_label("Coast road circle").check()
    press(member, "Save")
    said(member).to_contain_text("and nobody else")
    owner.go(ReadingGroup.objects.get().get_absolute_url())
    follow(owner, "Take it down")
    owner.page.get_by_label("Reason").fill("Not what we read.")
    press(owner, "Take it down")
    main(owner).to_contain_text("not accepted")


def test_suggesting_taking_away_and_leaving(visit_plainly, reading_room, people):
    reader = visit_plainly().log_in(people.author, then="/cards/")
    page = reader.page
    follow(reader, "Suggest a card")
    page.get_by_label("Name", exact=True).fill("Ping-pong diplomacy")
    page.get_by_label("Kind").select_option("concept")
    page.get_by_label("Publication", exact=True).fill("A history of the game")
    press(reader, "Suggest it")
    main(reader).to_contain_text("It waits for a moderator")
    assert Proposal.objects.get().about == "Ping-pong diplomacy"
    moderator = visit_plainly().log_in(people.moderator, then="/moderation/")
    press(moderator, "Accept")
    moderator.go("/cards/")
    follow(moderator, "Ping-pong diplomacy")
    main(moderator).to_contain_text("Proposed by Wen Author.")

    reader.go("/me/export/")
    with page.expect_download() as taken:
        follow(reader, "Take it away")
    assert taken.value.suggested_filename == "author.json"
    reader.go("/me/")
    follow(reader, "Close the account")
    page.get_by_label("Erase my notes").check()
    page.get_by_label("Your password").fill(PASSWORD)
    press(reader, "Close it in a week")
    main(reader).to_contain_text("Your account will be closed on")
    press(reader, "Stay after all")
    main(reader).not_to_contain_text("Your account will be closed on")
