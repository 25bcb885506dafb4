"""What journeys in a real browser need: the site being served, a browser, and eyes for what goes wrong unseen."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from reader.models import Article, Member
from tests.make import load_real_article
from tests.people import PASSWORD

# Playwright runs an event loop in this thread, which Django takes for a view that must not touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 800}
HERE = Path(__file__).parent
PATIENCE = 15_000  # milliseconds: only what fails waits so long, and a machine may be busy with other tests
expect.set_options(timeout=PATIENCE)
KEPT = sqlite3.connect(":memory:")


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """The system's browser; where there is none, the one Playwright brought."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return {"args": QUIET, **({"executable_path": found} if found else {})}


@pytest.fixture
def reading_room(transactional_db, live_server, settings) -> Article:
    """The annotated article on a site that is being served."""
    settings.SITE_URL = live_server.url
    _load_article()
    return Article.objects.get()


def _load_article() -> None:
    """Loading takes a second: on SQLite the first journey keeps the tables, and each later one gets them back."""
    assert not Member.objects.exclude(username="editors").exists(), (
        "what was made before reading_room would be gone: name it first"
    )
    if connection.vendor != "sqlite":
        load_real_article()
    elif KEPT.execute("PRAGMA page_count").fetchone() == (0,):
        load_real_article()
        connection.connection.backup(KEPT)
    else:
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
            KEPT.backup(file)
        ContentType.objects.clear_cache()  # they had other numbers in between


class Visitor:
    """A person before a browser window, who notices every complaint the browser makes."""

    def __init__(self, page: Page, site: str):
        self.page, self.site = page, site
        self.complaints: list[str] = []
        self.expects_failures = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{error.stack}"))
        page.set_default_timeout(PATIENCE)
        page.set_default_navigation_timeout(30_000)  # a first page is slow where other work goes on

    def _console(self, message) -> None:
        network = not message.text or message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not (network and self.expects_failures):
            self.complaints.append(message.text)

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.site + path)
        return self

    def read(self, article: Article) -> "Visitor":
        """Open the reading page and wait until its scripts have set it up."""
        self.go(article.get_absolute_url())
        self.page.locator("[data-layers]:not([hidden])").wait_for(state="attached")
        return self

    def log_in(self, member, then: str = "/") -> "Visitor":
        """Come in with a session, as after the form, which takes a second."""
        client = Client()
        client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": session.key, "value": session.value, "url": self.site}])
        return self.go(then)

    def fill_log_in(self, member) -> None:
        self.page.fill("[name=login]", member.username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/" not in url)

    def select(self, words: str, until: str = "") -> None:
        """Select from the first place of `words` to its end, or to the end of `until`, as dragging does."""
        self.page.evaluate(SELECT, [words, until or words])
        self.page.locator("civ-toolbar").wait_for(state="visible")

    def selection_toolbar(self, name: str):
        return self.page.locator("civ-toolbar").get_by_role("button", name=name, exact=True)

    @property
    def status(self):
        return self.page.locator("[data-status]")

    def painted(self, name: str) -> list[str]:
        """The words painted by a custom highlight, in order."""
        return self.page.evaluate("name => [...(CSS.highlights.get(name) ?? [])].map(String)", name)

    def wait_painted(self, name: str, ranges: int) -> list[str]:
        """Like painted(), once there are that many ranges. (The page forbids what wait_for_function does.)"""
        self.page.evaluate(WAIT_PAINTED, [name, ranges])
        return self.painted(name)

    def click_painted(self, name: str) -> None:
        """Click into the first words painted by a custom highlight."""
        x, y = self.page.evaluate(PLACE_PAINTED, name)
        self.page.mouse.click(x, y)


PLACE_PAINTED = """(name) => {
  const range = [...CSS.highlights.get(name)][0];
  range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, top, width, height } = range.getClientRects()[0];
  return [left + width / 2, top + height / 2];
}"""
WAIT_PAINTED = """async ([name, ranges]) => {
  for (let frames = 0; frames < 400 && CSS.highlights.get(name)?.size !== ranges; frames++)
    await new Promise(requestAnimationFrame);
}"""
SELECT = """([from, to]) => {
  const find = (words) => {
    for (const p of document.querySelectorAll(".text .p")) {
      const at = p.textContent.indexOf(words);
      if (at < 0) continue;
      const point = (offset) => {
        const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          if (offset <= walker.currentNode.length) return [walker.currentNode, offset];
          offset -= walker.currentNode.length;
        }
      };
      return { element: p, start: point(at), end: point(at + words.length) };
    }
  };
  const first = find(from), last = find(to), range = document.createRange();
  first.element.scrollIntoView({ block: "center", behavior: "instant" });
  range.setStart(...first.start);
  range.setEnd(...last.end);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def visit(browser, live_server) -> Callable[..., Visitor]:
    """`visit(touch=True)` opens a window of its own; afterwards none of them may have complained."""
    opened: list[Visitor] = []

    def open_window(size=WIDE, **options) -> Visitor:
        if options.pop("touch", False):
            size, options = NARROW, options | {"has_touch": True, "is_mobile": True}
        context = browser.new_context(viewport=size, **options)
        opened.append(Visitor(context.new_page(), live_server.url))
        return opened[-1]

    yield open_window
    complaints = [line for visitor in opened for line in visitor.complaints]
    for visitor in opened:
        visitor.page.context.close()
    assert complaints == []
