"""The public notes of an article, shown by two lines in a page of another site."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.make import approved, make_note


@pytest.fixture
def elsewhere(page, live_server) -> Iterator:
    """Opens a page of another origin that shows the notes of an article."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            # The strictest policy under which it works: docs/api.md says these two.
            self.send_header("Content-Security-Policy", f"default-src 'none'; {needed(live_server.url)}")
            self.end_headers()
            self.wfile.write(host_page(live_server.url, self.path.strip("/")).encode())

        def log_message(self, *_said):
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    Thread(target=server.serve_forever, daemon=True).start()
    yield lambda slug: opened(page, f"http://127.0.0.1:{server.server_port}/{slug}")
    server.shutdown()
    server.server_close()


def needed(site: str) -> str:
    """What the policy of a page must allow."""
    return f"script-src {site}; connect-src {site}"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def host_page(site: str, slug: str) -> str:
    return (
        f'<!doctype html><title>Elsewhere</title><script src="{site}/embed.js" async></script>'
        f'<civdip-notes article="{site}/articles/{slug}/"></civdip-notes>'
    )


def test_public_notes_are_shown_with_their_words_and_whose_text_it_is(elsewhere, reading_room):
    page = elsewhere(reading_room.slug)
    notes = page.locator("civdip-notes")
    expect(notes.locator("li")).to_have_count(35)
    expect(notes.locator("blockquote").first).to_have_text("lifted its strict COVID-19 policy in December 2022")
    expect(notes.locator(".origin")).to_contain_text("Liye Hong")
    assert notes.locator("li").first.evaluate("e => getComputedStyle(e).borderInlineStartWidth") == "2px"
    expect(notes.locator(".origin a").last).to_have_attribute("href", "https://creativecommons.org/licenses/by-nc/4.0/")


def test_what_waits_is_not_shown_and_nothing_in_a_note_acts(elsewhere, reading_room, people):
    make_note(reading_room, author=people.author, on="surge", body="A kingfisher lamp that waits.")
    hostile = '<img src=x onerror="document.title=1"> [words](javascript:alert) <script>document.title=2</script>'
    approved(make_note(reading_room, author=people.stranger, on="surge", body=hostile), by=people.moderator)
    page = elsewhere(reading_room.slug)
    notes = page.locator("civdip-notes")
    expect(notes.locator("li")).to_have_count(36)
    expect(notes).not_to_contain_text("kingfisher")
    assert notes.locator("img, script").count() == 0
    assert page.title() == "Elsewhere"
    acting = {"format": "text/html", "value": '<p><a href="javascript:document.title=3">words</a><img src=x></p>'}
    answer = {"label": "T", "first": {"items": [{"id": "https://a.example/annotations/x", "body": acting}]}}
    page.route(
        "**/annotations/", lambda route: route.fulfill(json=answer, headers={"Access-Control-Allow-Origin": "*"})
    )
    page.reload()  # even of a site that does not clean what it sends
    expect(notes.locator("li")).to_have_text("words")
    assert notes.locator("li [href], img").count() == 0


def test_an_article_that_is_not_there_is_said_to_be(elsewhere, reading_room):
    page = elsewhere("no-such-text")
    expect(page.locator("civdip-notes")).to_contain_text("cannot be loaded")
