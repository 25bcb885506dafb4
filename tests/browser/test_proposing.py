"""A reader proposes, a moderator decides, an editor puts back: by keyboard alone; the pages by the rules of WCAG."""

import re

from playwright.sync_api import expect

from reader.models import Card, Proposal
from reader.operations import accepting
from tests.browser.conftest import NARROW
from tests.browser.keys import enter, fill

WORDS = "expand its contacts"  # no card is named so


def test_a_card_is_corrected_by_a_reader_and_put_back_by_an_editor(visit, reading_room, people):
    reader = visit().log_in(people.author).read(reading_room).page
    reader.locator(".text .p a.mention[data-card=joseph-stilwell]").first.focus()
    reader.keyboard.press("Enter")
    expect(reader.locator("civ-card")).to_be_focused()
    enter(reader, "link", "Suggest a correction")
    expect(reader.get_by_role("heading", name="Suggest a correction")).to_be_visible()
    was = reader.get_by_label("Role").input_value()
    fill(reader, "Role", "General of the Burma road")
    fill(reader, "Publication", "Annals of the Bureau")
    fill(reader, "Address", "https://annals.example/7")
    enter(reader, "button", "Suggest it")
    expect(reader.locator("#says")).to_contain_text("It waits for a moderator")
    proposal = Proposal.objects.get()

    moderator = visit().log_in(people.moderator, then="/moderation/").page
    moderator.keyboard.press("j")
    expect(moderator.locator(f"#item-{proposal.uid}")).to_be_focused()
    moderator.keyboard.press("a")
    expect(moderator.locator("#says")).to_contain_text("Accepted.")

    editor = visit().log_in(people.editor, then="/cards/joseph-stilwell/").page
    expect(editor.locator(".role")).to_have_text("General of the Burma road")
    expect(editor.locator(".credits")).to_contain_text("With a correction by Wen Author.")
    expect(editor.locator(".source-list")).to_contain_text("Annals of the Bureau")
    enter(editor, "link", "History")
    expect(editor.get_by_role("heading", name="History")).to_be_visible()
    enter(editor, "link", "Put version 1 back")
    expect(editor.get_by_label("Why")).to_be_visible()
    fill(editor, "Why", "The road was another's.")
    enter(editor, "button", "Put it back")
    expect(editor.locator("#says")).to_contain_text("Put back.")
    assert Card.objects.get(slug="joseph-stilwell").role == was


def test_words_of_the_text_become_a_card_that_opens_over_them(visit, reading_room, people):
    visitor = visit().log_in(people.author).read(reading_room)
    page = visitor.page
    visitor.select(WORDS)
    page.locator("civ-toolbar [data-act=card]").press("Enter")
    expect(page.locator(".passage mark")).to_have_text(WORDS)
    enter(page, "link", "There is no card yet: suggest one")
    expect(page.get_by_role("heading", name="Suggest a card")).to_be_visible()
    expect(page.locator(".passage mark")).to_have_text(WORDS)
    fill(page, "Name", "Widening of contacts")
    page.get_by_label("Kind").select_option("concept")
    fill(page, "Role", "An aim of the initiative")
    enter(page, "button", "Suggest it")
    expect(page.locator("#says")).to_contain_text("It waits for a moderator")
    assert visit().read(reading_room).page.locator(".text a.mention", has_text=WORDS).count() == 0

    accepting.accept(Proposal.objects.get(), number=1, by=people.moderator)
    page = visit().read(reading_room).page
    page.locator(".text a.mention", has_text=WORDS).press("Enter")
    expect(page.get_by_role("dialog", name="Widening of contacts")).to_contain_text("An aim of the initiative")


def test_words_that_speak_of_a_card_there_is_open_it(visit, reading_room, people):
    visitor = visit(touch=True).log_in(people.author).read(reading_room)
    page = visitor.page
    visitor.select(WORDS)
    box = page.locator("civ-toolbar").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
    page.locator("civ-toolbar [data-act=card]").tap()
    page.get_by_label("Card", exact=True).fill("Joseph Stilwell")
    page.get_by_role("button", name="It is this card").tap()
    expect(page.locator("#says")).to_contain_text("It waits for a moderator")
    accepting.accept(Proposal.objects.get(), number=1, by=people.moderator)
    page = visitor.read(reading_room).page
    page.locator(".text a.mention", has_text=WORDS).tap()
    expect(page.get_by_role("dialog", name=re.compile("Joseph Stilwell"))).to_be_visible()
