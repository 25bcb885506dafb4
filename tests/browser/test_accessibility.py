"""The rules of WCAG 2.2 A and AA that a program can check: on the reading page, all that opens over it, every page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from reader.models import Card, ReasonTemplate
from reader.operations import accepting, flagging, standing, tokens
from tests.browser.conftest import NARROW, WIDE
from tests.make import approved, make_group, make_note, note_in_state, proposed_card, proposed_correction

# «preload» would copy the sheets into the page, which its policy forbids; no rule of these needs it.
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "preload": False}
SMALLEST = {"width": 320, "height": 640}  # what is left of 1280 at 400 % (WCAG 1.4.10)
ARTICLE, CARD = "/articles/civil-diplomacy/", "/cards/joseph-stilwell/"
PAGES = {
    "": [
        "/", f"{ARTICLE}notes/", f"{ARTICLE}timeline/", f"{ARTICLE}p2/", f"{ARTICLE}revisions/",
        f"{ARTICLE}revisions/1/", f"{ARTICLE}compare/1..1/", f"{ARTICLE}export/", f"{ARTICLE}cite/", "/cards/",
        CARD, f"{CARD}history/", "/notes/{whole}/", "/notes/{approved}/", "/notes/{approved}/cite/",
        "/tags/kingfisher/", "/help/", "/people/author/", "/moderation/numbers/", "/accounts/login/",
        "/accounts/signup/", "/accounts/password/reset/", "/accounts/inactive/",
    ],
    "author": [
        f"{ARTICLE}annotate/?paragraph=2", f"{ARTICLE}annotate/?paragraph=2&sentence=1",
        f"{ARTICLE}annotate/?start=10&end=40", f"{ARTICLE}annotate/?whole=1",
        f"{ARTICLE}suggest/?start=10&end=40", "/cards/suggest/", f"{CARD}correct/", "/proposals/{returned}/",
        "/proposals/{returned}/revise/", "/cards/suggest/?article=civil-diplomacy&start=10&end=40&revision=1",
        "/notes/{rejected}/",
        "/notes/{rejected}/edit/", "/notes/{rejected}/appeal/", "/notes/{approved}/withdraw/",
        "/notes/{approved}/history/", "/notes/{whole}/reply/", "/notes/{whole}/flag/", "/me/", "/me/notes/",
        "/me/standing/", "/me/export/", "/me/import/", "/me/proposals/", "/me/notifications/",
        "/me/notifications/preferences/", "/me/leave/", "/me/tokens/", "/proposals/{proposal}/",
        "/proposals/{proposal}/revise/", "/proposals/{proposal}/withdraw/", "/accounts/logout/",
        "/accounts/password/change/", "/accounts/email/", "/accounts/2fa/", "/accounts/2fa/webauthn/",
        "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/",
        "/accounts/reauthenticate/", "/accounts/sessions/", "/accounts/3rdparty/",
    ],
    "owner": [
        "/groups/", "/groups/start/", "/groups/{group}/", "/groups/{group}/members/",
        "/groups/{group}/settings/", "/groups/{group}/log/", "/groups/{group}/leave/", "/groups/{group}/close/",
        "/groups/{group}/remove/member/", "/groups/{group}/hand-over/member/",
        "/groups/{group}/notes/{of_group}/",
    ],
    "stranger": ["/me/notes/", "/me/proposals/", "/me/notifications/", "/groups/", "/groups/join/{join}/"],
    "moderator": [
        "/moderation/", "/moderation/{pending}/", "/moderation/{edited}/", "/moderation/log/",
        "/moderation/people/author/", "/moderation/reasons/",
        "/moderation/proposals/{proposal}/", "/moderation/proposals/{proposal}/change/",
    ],
    "editor": [
        f"{ARTICLE}edit/", f"{ARTICLE}mentions/", "/articles/import/", "/notes/{approved}/place/",
        f"{CARD}history/1/put-back/",
    ],
}  # fmt: skip
LEVELS = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(({ tagName }) => +tagName[1])"
MOVING = """[document.documentElement, ...document.querySelectorAll("body, body *")].filter((element) => {
  const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
  return parseFloat(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
}).map(({ outerHTML }) => outerHTML.slice(0, 80))"""
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
    found = Axe().run(page, context=only or None, options=OPTIONS).response["violations"]
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found for node in v["nodes"]]


def levels_left_out(page) -> list[str]:
    """Headings that stand more than one level below the one before them."""
    levels = page.evaluate(LEVELS)
    return [f"h{here} after h{above}" for above, here in zip([0, *levels], levels, strict=False) if here > above + 1]


@EVERYWHERE
def test_the_reading_page(visit, reading_room, look):
    page = visit(reduced_motion="reduce", **look).read(reading_room).page
    assert violations(page) + levels_left_out(page) + page.evaluate(MOVING) == []


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


@pytest.fixture
def lived_in(reading_room, people) -> dict[str, str]:
    """The reading room after some weeks, and the names of what its addresses hold."""
    group = make_group(people)
    long_word = "https://annals.example/" + "a-word-without-an-end" * 9
    on = {"approved": "spy balloon", "rejected": "poignantly", "pending": "the Gates", "edit waits": "flamboyant"}
    notes = {state: note_in_state(state, reading_room, people, on=words) for state, words in on.items()}
    notes["whole"] = make_note(reading_room, author=people.trusted, span=None, body=f"See {long_word}")
    notes["of_group"] = make_note(reading_room, author=people.author, on="June 20", group=group)
    waiting = make_note(reading_room, author=people.stranger, on="Global Times", body=long_word)
    flagging.flag(notes["approved"], by=people.stranger, reason="wrong", comment="Says who?")
    stilwell = Card.objects.get(slug="joseph-stilwell")
    accepted = proposed_correction(stilwell, author=people.author, role="General")
    accepting.accept(accepted, number=1, by=people.moderator)
    proposal = proposed_card(author=people.author, name="Ping-pong", article=reading_room, on="poignantly")
    proposed_correction(stilwell, author=people.stranger, role="A general")
    returned = proposed_correction(stilwell, author=people.author, summary="Other words.")
    accepting.send_back(returned, number=1, by=people.moderator, reason="Which page?")
    standing.sanction(people.author, kind="warning", reason="Keep to the text.", by=people.moderator)
    tokens.make_personal(member=people.author, name="Script", scope="read")
    ReasonTemplate.objects.create(title="Source", words="Please name a source.")
    approved(waiting, by=people.moderator)
    uids = {name: note.uid for name, note in notes.items()} | {"edited": notes["edit waits"].uid}
    return uids | {
        "group": group.uid, "join": group.join_token, "proposal": proposal.uid, "returned": returned.uid,
    }  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_every_page_wide_and_light_then_small_and_dark(visit, lived_in, people, who):
    """Small, nothing reaches over the edge: nobody has to scroll both ways. Nothing moves where that is asked."""
    visitor = visit(size=WIDE, color_scheme="light", reduced_motion="reduce")
    if who:
        visitor.log_in(people[who])
    page, found = visitor.page, {}
    for path in PAGES[who]:
        status = page.goto(visitor.site + path.format(**lived_in)).status
        found[path] = [] if (status, page.locator("h1").count()) == (200, 1) else [f"{status}, or not one h1"]
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        found[path] += violations(page) + levels_left_out(page) + page.evaluate(MOVING)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(SMALLEST)
        found[path] += violations(page)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > SMALLEST["width"]:
            found[path].append(f"{width} wide")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(WIDE)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
