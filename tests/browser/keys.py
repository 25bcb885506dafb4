"""Hands without a mouse: from place to place with Tab, and what a page owes them."""

from playwright.sync_api import Page, expect


def keyed(page: Page, role: str, name: str):
    """Go on with Tab to a link, button or field, as somebody does who has no mouse."""
    wanted = page.get_by_role(role, name=name, exact=True)
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.includes(document.activeElement)"):
            return wanted
    raise AssertionError(f"Tab does not come to the {role} «{name}»")


def fill(page: Page, name: str, words: str) -> None:
    keyed(page, "textbox", name)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def enter(page: Page, role: str, name: str) -> None:
    """Go on to what leads to another page, and to that."""
    keyed(page, role, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def told(page: Page, words: str) -> None:
    """What happened is said once, and the focus stands there."""
    said = page.locator("#says > p")
    expect(said).to_be_focused()
    expect(said).to_contain_text(words)
    assert page.get_by_text(words).count() == 1
