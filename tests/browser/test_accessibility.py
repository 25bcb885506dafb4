"""The rules of WCAG 2.2 A and AA that a program can check, on the reading page and all that opens over it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYWHERE = pytest.mark.parametrize(
    "look",
    [
        pytest.param({"size": WIDE, "color_scheme": "light"}, id="wide-light"),
        pytest.param({"size": WIDE, "color_scheme": "dark"}, id="wide-dark"),
        pytest.param({"size": {"width": 768, "height": 1000}, "color_scheme": "light"}, id="middle-light"),
        pytest.param({"size": NARROW, "color_scheme": "dark"}, id="narrow-dark"),
    ],
)


def violations(page, only: str = "") -> list[str]:
    found = Axe().run(page, context=only or None, options={"runOnly": RULES}).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


@EVERYWHERE
def test_the_reading_page(visit, reading_room, look):
    assert violations(visit(**look).read(reading_room).page) == []


@EVERYWHERE
def test_what_opens_over_the_text(visit, reading_room, people, look):
    visitor = visit(**look).log_in(people.author).read(reading_room)
    page = visitor.page
    page.locator("a.mention[data-card=joseph-stilwell]").first.click()
    expect(page.locator("civ-card")).to_be_visible()
    page.locator("civ-card summary").click()
    assert violations(page, "civ-card") == []
    page.keyboard.press("Escape")
    page.locator("a.xref").first.click()
    expect(page.locator("civ-reference")).to_be_visible()
    assert violations(page, "civ-reference") == []
    page.keyboard.press("Escape")
    page.locator("mark", has_text="the trip").first.click()
    expect(page.locator(".note.lit, civ-sheet .note").first).to_be_visible()
    assert violations(page) == []


@EVERYWHERE
def test_what_writing_needs(visit, reading_room, people, look):
    visitor = visit(**look).log_in(people.author).read(reading_room)
    visitor.select("have been attempting")
    assert violations(visitor.page) == []
    visitor.selection_toolbar("Note").click()
    visitor.page.get_by_label("Your note").fill("A **thought**.")
    visitor.page.get_by_role("button", name="Preview").click()
    expect(visitor.page.locator("[data-preview-shown] strong")).to_be_visible()
    assert violations(visitor.page, "civ-composer") == []
    visitor.page.get_by_role("button", name="Save").click()
    expect(visitor.status).to_contain_text("Saved.")
    assert violations(visitor.page, "[data-status]") == []
