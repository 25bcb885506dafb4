"""Context cards over the text: by click, by touch, by key, one from within another."""

import re

import pytest
from playwright.sync_api import expect

STILWELL, PILLSBURY, EASTERBROOK = "joseph-stilwell", "michael-pillsbury", "john-easterbrook"


def mention(page, slug: str):
    return page.locator(f".text .p a.mention[data-card={slug}]").first


def by_click(link):
    link.click()


def by_enter(link):
    link.focus()
    link.press("Enter")


def by_tap(link):
    link.tap()


@pytest.mark.parametrize(
    "slug, name, native", [(STILWELL, "Joseph Stilwell", "史迪威"), (PILLSBURY, "Pillsbury", "白邦瑞")]
)
@pytest.mark.parametrize("gesture, touch", [(by_click, False), (by_enter, False), (by_tap, True)])
def test_a_name_opens_its_card_with_sources(visit, reading_room, slug, name, native, gesture, touch):
    page = visit(touch=touch).read(reading_room).page
    gesture(mention(page, slug))
    card = page.get_by_role("dialog", name=re.compile(name))
    expect(card).to_contain_text(native)
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport(ratio=0.99)
    card.locator("summary").click()
    expect(card.locator(".sources a").first).to_be_visible()


def test_escape_walks_back_from_card_to_card_to_the_text(visit, reading_room):
    page = visit().read(reading_room).page
    mention(page, STILWELL).click()
    inner = page.locator("civ-card").get_by_role("link", name="John Easterbrook")
    inner.press("Enter")
    grandson = page.get_by_role("dialog", name="John Easterbrook")
    expect(grandson).to_be_focused()
    page.keyboard.press("Escape")
    expect(grandson).to_have_count(0)
    expect(inner).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("civ-card")).to_have_count(0)
    expect(mention(page, STILWELL)).to_be_focused()


def test_a_pointer_that_rests_sees_the_card_and_keeps_the_focus_where_it_was(visit, reading_room):
    page = visit().read(reading_room).page
    mention(page, STILWELL).hover()
    card = page.get_by_role("dialog", name="Joseph Stilwell")
    expect(card).to_be_visible()
    expect(card).not_to_be_focused()
    card.hover()
    page.locator("h1").hover()
    expect(card).to_have_count(0)


def test_a_pinned_card_stays_when_others_close(visit, reading_room):
    page = visit().read(reading_room).page
    mention(page, STILWELL).click()
    card = page.get_by_role("dialog", name="Joseph Stilwell")
    card.get_by_role("button", name="Pin").click()
    page.locator("h1").click()
    expect(card).to_be_visible()
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)


def test_tab_leaves_the_card_for_the_name_it_was_opened_from(visit, reading_room):
    page = visit().read(reading_room).page
    by_enter(mention(page, STILWELL))
    page.locator("civ-card").get_by_role("link", name="Suggest a correction").focus()  # the last one
    page.keyboard.press("Tab")
    expect(mention(page, STILWELL)).to_be_focused()


def test_the_link_leads_to_the_page_when_the_card_cannot_be_had(visit, reading_room):
    visitor = visit().read(reading_room)
    visitor.expects_failures = True

    def refuse_scripts(route):
        route.abort() if "hx-request" in route.request.headers else route.continue_()

    visitor.page.route("**/cards/**", refuse_scripts)
    mention(visitor.page, STILWELL).click()
    visitor.page.wait_for_url(f"**/cards/{STILWELL}/")


def test_cards_are_switched_off_and_stay_off(visit, reading_room):
    visitor = visit().read(reading_room)
    visitor.page.get_by_label("Cards", exact=True).uncheck()
    visitor.read(reading_room)
    expect(visitor.page.locator(".text .p a.mention[href]")).to_have_count(0)
    visitor.page.get_by_label("Cards", exact=True).check()
    mention(visitor.page, STILWELL).click()
    expect(visitor.page.locator("civ-card")).to_be_visible()


def test_notes_on_a_name_are_reached_from_its_card(visit, reading_room):
    page = visit(touch=True).read(reading_room).page
    mention(page, STILWELL).tap()
    page.locator("civ-card").get_by_role("button", name="Notes on these words").tap()
    expect(page.get_by_role("dialog", name="Notes on these words").locator(".note").first).to_be_visible()
    expect(page.locator("civ-card")).to_have_count(0)
