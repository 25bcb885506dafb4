"""Passkeys with a key that the browser pretends to have; and the pages of accounts by the rules of WCAG 2.2."""

from playwright.sync_api import expect

from tests.browser.test_accessibility import violations
from tests.people import PASSWORD

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def with_key(visitor) -> str:
    """Give the browser a key; its name there."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    visitor.keys = session
    return session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def be_sure(visitor, then: str) -> None:
    """Give the password once more, as changing keys asks."""
    visitor.go(f"/accounts/reauthenticate/?next={then}")
    visitor.page.fill("[name=password]", PASSWORD)
    visitor.page.press("[name=password]", "Enter")
    visitor.page.wait_for_url(f"**{then}")


def log_out(visitor) -> None:
    visitor.page.locator("#log-out button").click()
    expect(visitor.page.locator("a.in")).to_be_visible()


def add_passkey(visitor, member) -> None:
    visitor.log_in(member)
    be_sure(visitor, "/accounts/2fa/webauthn/add/")
    visitor.page.get_by_label("Name").fill("My laptop")
    visitor.page.get_by_label("A passkey").check()
    visitor.page.get_by_role("button", name="Add", exact=True).click()
    visitor.page.wait_for_url("**/recovery-codes/")


def test_a_passkey_opens_the_account_alone_and_as_a_second_step(visit, reading_room, people):
    visitor = visit()
    page = visitor.page
    with_key(visitor)
    add_passkey(visitor, people.author)
    expect(visitor.go("/accounts/2fa/webauthn/").page.get_by_text("My laptop").first).to_be_visible()
    log_out(visitor)
    visitor.go("/accounts/login/").page.get_by_role("button", name="With a passkey").click()
    expect(page.locator(".who")).to_have_text("Wen Author")
    log_out(visitor)
    visitor.go("/accounts/login/").page.fill("[name=login]", "author")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/2fa/authenticate/")
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.locator(".who")).to_have_text("Wen Author")


def test_a_key_that_is_not_known_opens_nothing_and_the_page_says_so(visit, reading_room, people):
    visitor = visit()
    key = with_key(visitor)
    add_passkey(visitor, people.author)
    log_out(visitor)
    visitor.keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    with_key(visitor)
    visitor.go("/accounts/login/").page.get_by_role("button", name="With a passkey").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("The key was not used")
    expect(visitor.page.locator("a.in")).to_be_visible()
