"""The unmodified Hypothesis client from npm, served with our pages, against our server.

Its package is fetched once by npm into var/ and checked against the digest that is pinned.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from playwright.sync_api import Frame, TimeoutError, expect

from reader.models import Annotation, ApiToken, Flag, Status, Visibility
from reader.operations import groups as acts
from reader.operations import moderating, revising
from tests import hypothesis_package
from tests.make import LETTERS, approved, fresh, make_article, make_group, make_note, span_of
from tests.people import PASSWORD

SELECT = """([from, to]) => {
  const text = document.querySelector(".text"), walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const start = text.textContent.indexOf(from), end = text.textContent.indexOf(to) + to.length;
  const range = document.createRange();
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
    const after = at + walker.currentNode.length, node = walker.currentNode;
    if (at <= start && start < after) range.setStart(node, start - at);
    if (at < end && end <= after) range.setEnd(node, end - at);
  }
  range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.body.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
}"""
ITS_OWN = ("ThreadList could not measure thread",)  # the client says so of itself, anywhere


@pytest.fixture(scope="session")
def package() -> Path:
    """The client's npm package, as published. `make test` leaves these journeys out, loudly, where it cannot be had."""
    found = hypothesis_package.package()
    assert found, hypothesis_package.LACKS
    return found


@pytest.fixture
def letters(transactional_db, live_server, settings, tmp_path, package):
    """A small article that an editor has opened to the sidebar, on a site that has the client."""
    settings.VAR_DIR, settings.SITE_URL = tmp_path, live_server.url
    call_command("get_hypothesis_client", source=str(package))
    article = make_article()
    article.hypothesis_sidebar = True
    article.save()
    return article


@pytest.fixture
def elsewhere(letters, live_server, settings, tmp_path) -> Iterator[str]:
    """The letters on a site of its own, where they first appeared, with a client as an extension brings it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        letters.source_url, settings.HYPOTHESIS_ORIGINS = f"{origin}/letters.html", [origin]
        letters.save()
        client = {"assetRoot": f"{live_server.url}/client/", "sidebarAppUrl": f"{origin}/sidebar.html"}
        app = {
            "assetRoot": client["assetRoot"], "apiUrl": f"{live_server.url}/api/", "authDomain": "localhost",
            "oauthClientId": "hypothesis-client", "rpcAllowedOrigins": [origin],
        }  # fmt: skip
        text = "".join(f"<p>{escape(words)}</p>" for words in LETTERS)
        _embed(folder / "letters.html", client, f'<div class="text">{text}</div>')
        _embed(folder / "sidebar.html", app, "<hypothesis-app></hypothesis-app>")
        Thread(target=server.serve_forever, daemon=True).start()
        yield origin
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args) -> None:
        pass


def _embed(path: Path, config: dict, body: str) -> None:
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Letters</title><link rel="icon" href="data:,">'
        f'<body>{body}<script type="application/json" class="js-hypothesis-config">{json.dumps(config)}</script>'
        f'<script src="{config["assetRoot"]}build/boot.js"></script></body></html>'
    )


def eventually(ask):
    """What `ask` gives once it can: the server may not have been asked yet."""
    for _ in range(100):
        try:
            return ask()
        except ObjectDoesNotExist:
            time.sleep(0.05)
    return ask()


class Sidebar:
    """Somebody reading with the client's sidebar."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page
        self.page.locator("hypothesis-sidebar").wait_for(state="attached")
        self.frame.get_by_role("tab", name="Annotations").wait_for(state="attached", timeout=20_000)

    @property
    def frame(self) -> Frame:
        for _ in range(200):
            found = next((f for f in self.page.frames if "/sidebar" in f.url), None)
            if found:
                return found
            self.page.wait_for_timeout(50)
        raise AssertionError("The sidebar's frame did not come.")

    def open(self) -> "Sidebar":
        self.page.get_by_role("button", name="Annotation sidebar").click()
        return self

    def choose(self, words: str, act: str, until: str = "") -> None:
        """Select words in the text and press a button of the client's toolbar."""
        self.page.evaluate(SELECT, [words, until or words])
        self.page.get_by_role("button", name=re.compile(f"^{act}")).click()

    def write(self, text: str, button: str) -> None:
        self.frame.get_by_role("textbox", name="Enter comment").or_(self.frame.locator("textarea")).first.fill(text)
        self.frame.get_by_role("button", name=button).first.click()

    def begin_page_note(self) -> None:
        """Press until the form is there: the client drops what is pressed before its parts have found each other."""
        form = self.frame.locator("textarea").first
        for _ in range(20):
            self.page.get_by_role("button", name="New page note").click()
            with suppress(TimeoutError):
                return form.wait_for(timeout=1000)
        raise AssertionError("No form for a page note came.")

    def card(self, text: str):
        return self.frame.locator("article", has_text=text).last

    def highlights(self) -> list[str]:
        return self.page.locator("hypothesis-highlight").all_inner_texts()


@pytest.fixture
def beside(visit, letters):
    """`beside(person)` opens the letters with the sidebar; at the end its own remarks are not held against us.

    With `address` it is a page elsewhere that embeds the client.
    """
    opened = []

    def open_for(member=None, address: str = "") -> Sidebar:
        visitor, path = visit(), f"{letters.get_absolute_url()}hypothesis/"
        if address:
            visitor.page.goto(address)
        else:
            visitor.log_in(member, then=path) if member else visitor.go(path)
        opened.append(Sidebar(visitor))
        return opened[-1]

    yield open_for
    for sidebar in opened:
        heard = sidebar.visitor.complaints
        heard[:] = [line for line in heard if not line.startswith(ITS_OWN)]


def test_every_note_is_anchored_on_its_words(beside, letters, people):
    for words in ("envoys wrote", "🙂 went by the coast road; 𠮷田", "禮部尚書", "שלום, copied"):
        approved(make_note(letters, author=people.author, on=words, body=f"On {words}."), by=people.moderator)
    across = "<in June>.\n\nThe second letter"
    approved(make_note(letters, author=people.author, on=across, body="Across."), by=people.moderator)
    sidebar = beside()
    expect(sidebar.page.locator("hypothesis-highlight").first).to_be_attached()
    expect(sidebar.frame.get_by_role("tab", name="Annotations")).to_contain_text("5")
    painted = "".join(sidebar.highlights())
    for words in ("envoys wrote", "🙂 went by the coast road; 𠮷田", "禮部尚書", "שלום, copied", "<in June>."):
        assert words in painted
    assert sidebar.frame.get_by_role("tab", name="Unanchored").count() == 0


def test_writing_editing_answering_deleting(beside, letters, people):
    sidebar = beside(people.author)
    sidebar.choose("𠮷田 carried it", "Annotate")
    sidebar.write("By hand?", "Post to Public")
    card = sidebar.card("By hand?")
    expect(card).to_contain_text("Pending")  # how the client shows what waits
    note = eventually(lambda: Annotation.objects.get(author=people.author))
    assert (note.start, note.end) == (
        span_of(letters, "𠮷田 carried it").start,
        span_of(letters, "𠮷田 carried it").end,
    )
    assert (note.latest.body, note.latest.status) == ("By hand?", Status.PENDING)

    card.get_by_role("button", name="Edit").click()
    sidebar.write("By hand, or by cart?", "Post to Public")
    expect(sidebar.card("or by cart?")).to_be_visible()
    assert eventually(lambda: note.versions.get(number=2)).body == "By hand, or by cart?"

    sidebar.card("or by cart?").get_by_role("button", name="Reply").click()
    sidebar.write("By cart.", "Post to Public")
    expect(sidebar.frame.get_by_text("By cart.")).to_be_visible()
    assert eventually(lambda: Annotation.objects.get(parent=note).latest.body) == "By cart."

    sidebar.page.reload()
    sidebar.open()
    expect(sidebar.card("or by cart?")).to_be_visible()
    sidebar.card("or by cart?").get_by_role("button", name="Delete").first.click()
    sidebar.frame.get_by_role("button", name="Delete", exact=True).last.click()
    expect(sidebar.frame.get_by_text("or by cart?")).to_have_count(0)
    eventually(lambda: note.versions.get(status=Status.WITHDRAWN))


def test_what_is_being_written_stands_in_its_place(beside, letters, people):
    for words in ("coast road", "copied both"):
        approved(make_note(letters, author=people.author, on=words, body=f"On {words}."), by=people.moderator)
    sidebar = beside(people.trusted)
    sidebar.choose("wrote again", "Annotate")
    expect(sidebar.frame.locator("article").first.locator("textarea")).to_be_visible()
    with sidebar.page.expect_response(lambda answer: answer.request.method == "POST") as kept:
        sidebar.write("Twice.", "Post to Public")
    sent, given = kept.value.request.post_data_json, kept.value.json()
    assert _position(sent) == _position(given)  # counted by the client, and by us
    expect(sidebar.frame.locator("article").first).to_contain_text("Twice.")


def _position(note: dict) -> dict:
    return next(each for each in note["target"][0]["selector"] if each["type"] == "TextPositionSelector")


def test_a_highlight_is_ones_own_and_stays(beside, letters, people):
    sidebar = beside(people.author)
    sidebar.choose("In spring", "Highlight")
    expect(sidebar.page.locator("hypothesis-highlight", has_text="In spring")).to_be_attached()
    note = eventually(lambda: Annotation.objects.get(article=letters))
    assert (note.visibility, note.motivation, note.exact) == (Visibility.PRIVATE, "highlighting", "In spring")


def test_a_selection_over_paragraphs_lies_where_it_was_made(beside, letters, people):
    sidebar = beside(people.trusted)
    sidebar.choose("<in June>.", "Annotate", until="The second letter 🙂")
    sidebar.write("Both.", "Post to Public")
    expect(sidebar.card("Both.")).to_be_visible()
    assert eventually(lambda: Annotation.objects.get(article=letters)).exact == "<in June>.\n\nThe second letter 🙂"


def test_a_page_note_is_on_the_whole_text(beside, letters, people):
    sidebar = beside(people.trusted)
    sidebar.begin_page_note()
    sidebar.write("Read this first.", "Post to Public")
    expect(sidebar.card("Read this first.")).to_be_visible()
    assert eventually(lambda: Annotation.objects.get(article=letters)).is_on_whole_text
    sidebar.page.reload()
    sidebar.open()
    expect(sidebar.frame.get_by_role("tab", name="Page Notes")).to_contain_text("1")


def test_writing_for_a_group_and_for_oneself(beside, letters, people):
    group = make_group(people)
    sidebar = beside(people.member).open()
    sidebar.frame.get_by_role("button", name="Select group").click()
    sidebar.frame.get_by_role("menuitemradio", name=group.name).click()
    sidebar.choose("coast road", "Annotate")
    sidebar.write("Among us.", f"Post to {group.name}")
    expect(sidebar.card("Among us.")).to_be_visible()
    assert eventually(lambda: Annotation.objects.get(article=letters)).group == group

    sidebar.choose("In spring", "Annotate")
    sidebar.frame.locator("textarea").first.fill("To myself.")
    sidebar.frame.get_by_role("button", name="Change annotation sharing setting").click()
    sidebar.frame.get_by_role("menuitemradio", name="Only Me").click()
    sidebar.frame.get_by_role("button", name="Post to Only Me").click()
    expect(sidebar.card("To myself.")).to_be_visible()
    assert eventually(lambda: Annotation.objects.get(exact="In spring")).is_private

    nobody = beside().open()
    expect(nobody.frame.get_by_role("tab", name="Annotations")).to_be_visible()
    assert nobody.frame.get_by_text("Among us.").count() == nobody.frame.get_by_text("To myself.").count() == 0


def test_a_link_to_a_note_opens_it(visit, letters, people):
    note = approved(make_note(letters, author=people.author, body="Linked."), by=people.moderator)
    make_note(letters, author=people.trusted, body="Another.", on="coast road")
    visitor = visit().go(f"{letters.get_absolute_url()}hypothesis/#annotations:{note.uid}")
    frame = visitor.page.frame_locator("hypothesis-sidebar iframe")
    expect(frame.locator("article", has_text="Linked.")).to_be_visible(timeout=20_000)
    assert frame.get_by_text("Another.").count() == 0
    visitor.complaints[:] = [line for line in visitor.complaints if not line.startswith(ITS_OWN)]


def test_reporting_to_moderators_and_their_decision(beside, letters, people):
    approved(make_note(letters, author=people.author, body="Questionable."), by=people.moderator)
    waits = make_note(letters, author=people.author, on="coast road", body="This waits.")
    stranger = beside(people.stranger).open()
    stranger.card("Questionable.").get_by_role("button", name="Report this annotation").click()
    expect(stranger.card("Questionable.").get_by_role("button", name="has been reported")).to_be_visible()
    assert eventually(Flag.objects.get).by == people.stranger
    assert stranger.frame.get_by_text("This waits.").count() == 0

    moderator = beside(people.moderator).open()
    moderator.card("This waits.").get_by_role("combobox").click()
    moderator.frame.get_by_role("option", name="Approve").click()
    expect(moderator.card("This waits.").get_by_role("combobox")).to_contain_text("Approved")
    decided = eventually(lambda: fresh(waits))
    assert decided.published == decided.latest

    moderator.card("This waits.").get_by_role("combobox").click()
    moderator.frame.get_by_role("option", name="Declined").click()
    expect(moderator.card("This waits.").get_by_role("combobox")).to_contain_text("Declined")
    assert eventually(lambda: fresh(waits)).published is None


def test_what_became_of_ones_notes_is_shown(beside, letters, people):
    declined = make_note(letters, author=people.author, on="coast road", body="Buy this.")
    moderating.reject(declined.latest, by=people.moderator, reason="Not about the text.")
    words = LETTERS[0].removesuffix(" They wrote again <in June>.")
    approved(make_note(letters, author=people.author, on=words, body="Which envoys?"), by=people.moderator)
    revising.revise(letters, source="\n\n".join(LETTERS[1:]), by=people.editor, reason="The first letter was forged.")
    sidebar = beside(people.author).open()
    expect(sidebar.card("Buy this.")).to_contain_text("Declined")
    sidebar.frame.get_by_role("tab", name="Unanchored").click()
    expect(sidebar.card("Which envoys?")).to_be_visible()


def test_a_refusal_is_shown_and_the_words_are_kept(beside, letters, people):
    sidebar = beside(people.author)
    sidebar.visitor.expects_failures = True
    sidebar.choose("wrote", "Annotate")
    ApiToken.objects.all().delete()
    sidebar.write("Typed with care.", "Post to Public")
    expect(sidebar.frame.get_by_text("Saving annotation failed")).to_be_visible()
    expect(sidebar.frame.locator("textarea").first).to_have_value("Typed with care.")


def test_nobody_is_asked_to_log_in_and_comes_back(beside, letters, people):
    sidebar = beside().open()
    sidebar.frame.get_by_role("button", name="Log in").first.click()
    sidebar.page.wait_for_url("**/accounts/login/**")
    sidebar.visitor.fill_log_in(people.author)
    assert sidebar.page.url.endswith("/articles/letters/hypothesis/")
    sidebar.frame.get_by_role("button", name="Wen Author").wait_for(state="attached")


def test_a_client_elsewhere_logs_in_by_a_window_and_stays_logged_in(beside, elsewhere, letters, people):
    make_note(letters, author=people.trusted, on="café owner", body="Seen by everyone.")
    sidebar = beside(address=f"{elsewhere}/letters.html").open()
    expect(sidebar.card("Seen by everyone.")).to_be_visible()
    with sidebar.page.expect_popup() as popup:
        sidebar.frame.get_by_role("button", name="Log in").first.click()
    popup.value.fill("[name=login]", people.author.username)
    popup.value.fill("[name=password]", PASSWORD)
    popup.value.press("[name=password]", "Enter")
    expect(popup.value.get_by_text(f"Shall the program at {elsewhere}")).to_be_visible()
    popup.value.get_by_role("button", name="Allow").click()
    expect(sidebar.frame.get_by_role("button", name=people.author.name)).to_be_visible()
    sidebar.choose("carried it", "Annotate")
    sidebar.write("From elsewhere.", "Post to Public")
    expect(sidebar.card("From elsewhere.")).to_contain_text("Pending")
    assert eventually(lambda: Annotation.objects.get(author=people.author)).exact == "carried it"

    first = eventually(lambda: ApiToken.objects.get(member=people.author)).digest
    sidebar.frame.evaluate(RUN_OUT)  # an hour later
    sidebar.page.reload()
    sidebar.open()
    expect(sidebar.card("From elsewhere.")).to_be_visible()
    assert ApiToken.objects.get(member=people.author).digest != first

    sidebar.frame.get_by_role("button", name=people.author.name).click()
    sidebar.frame.get_by_role("menuitem", name="Log out").click()
    expect(sidebar.frame.get_by_role("button", name="Log in")).to_be_visible()
    expect(sidebar.frame.get_by_text("From elsewhere.")).to_have_count(0)
    eventually(lambda: _gone(ApiToken.objects.filter(member=people.author)))


RUN_OUT = """() => Object.keys(localStorage).filter((key) => key.endsWith(".token")).forEach((key) => {
  localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), expiresAt: Date.now() - 1000 });
})"""


def test_a_card_leads_to_its_person_tag_and_note_and_gives_its_link(beside, letters, people):
    note = make_note(letters, author=people.trusted, body="Read *this*: $$x^2$$", tags=["coast"])
    sidebar = beside(people.author).open()
    card = sidebar.card("Read this:")
    expect(card.locator(".katex").first).to_be_visible()
    for page in ("people", "tags"):
        address = card.locator(f"a[href*='/client/{page}/']").get_attribute("href")
        assert sidebar.page.context.request.get(address).ok
    card.get_by_role("button", name="Share").click()
    link = card.get_by_role("textbox").input_value()
    assert link.endswith(f"/articles/letters/#note-{note.uid}")
    sidebar.page.goto(link)
    expect(sidebar.page.locator(f"#note-{note.uid}")).to_be_visible()


def test_an_invitation_is_copied_and_a_group_left(beside, letters, people):
    group = make_group(people)
    acts.change(group, name=group.name, description="", is_open=True, notes_wait=False)
    group.refresh_from_db()
    for who, item in ((people.owner, "View group activity"), (people.member, "Leave group")):
        sidebar = beside(who).open()
        sidebar.frame.get_by_role("button", name="Select group").click()
        sidebar.frame.get_by_test_id("submenu-toggle").last.click()
        way = sidebar.frame.get_by_role("menuitem", name=item)
        if who == people.owner:
            assert way.get_attribute("href").endswith(f"/groups/join/{group.join_token}/")
        else:
            way.click()
            sidebar.frame.get_by_role("button", name="Leave").last.click()
            eventually(lambda: _gone(group.memberships.filter(member=people.member)))


def _gone(rows) -> None:
    if rows.exists():
        raise ObjectDoesNotExist
