"""A person's browser, or their program: one request after the other, each over a connection of its own.

A connection that stays open may be closed by the server just when the next request is sent: then nobody knows whether
it was carried out.
"""

import html
import http.client
import json
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.rush.ledger import Ledger
from tests.rush.site import Account

FORM_TOKEN = "r" * 32
SAYS = re.compile(r'<div class="says"[^>]*>(.*?)</div>', re.DOTALL)
SAID = re.compile(r'<p class="(\w+)[^"]*">(.*?)</p>', re.DOTALL)
LONGEST = 120  # seconds for an answer


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: str
    path: str = ""

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def said(self) -> list[tuple[str, str]]:
        """(level, sentence) of what a page says at its head."""
        found = SAYS.search(self.body)
        return [(level, html.unescape(words)) for level, words in SAID.findall(found[1])] if found else []

    def success(self, beginning: str = "") -> bool:
        """True when the page says that it was done."""
        return any(level == "success" and words.startswith(beginning) for level, words in self.said)


class Visitor:
    """Somebody, or nobody in particular, who asks."""

    def __init__(self, port: int, ledger: Ledger, account: Account | None = None):
        self.port, self.ledger, self.account = port, ledger, account
        self.cookies = {"csrftoken": FORM_TOKEN} | ({"sessionid": account.session} if account else {})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, cookies=bool(self.account))

    def post(self, path: str, *, accept: str = "text/html", **fields) -> Answer:
        """Send a form; a page that leads on is followed, as a browser does."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept, "X-CSRFToken": FORM_TOKEN}
        answer = self._ask("POST", path, urlencode(fields, doseq=True), headers)
        if answer.status == 302:
            return self.get(_path(answer.headers["Location"]))
        return answer

    def program(self, method: str, path: str, given=None, **headers) -> Answer:
        """Ask with the token instead of the session."""
        own = {"Authorization": f"Bearer {self.account.token}"} if self.account else {}
        kind = "application/ld+json" if "annotations" in path and "/api/" not in path else "application/json"
        body = None if given is None else json.dumps(given)
        return self._ask(method, path, body, own | {"Content-Type": kind} | headers, cookies=False)

    def _ask(self, method: str, path: str, body: str | None = None, headers=None, *, cookies: bool = True) -> Answer:
        headers = dict(headers or {})
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        connection.request(method, path, body, headers | {"Connection": "close"})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read().decode(), path)
        connection.close()
        self.ledger.answer(f"{method} {path}", answer.status, answer.body)
        for line in response.headers.get_all("Set-Cookie") or []:
            self._keep(line)
        return answer

    def _keep(self, line: str) -> None:
        for name, morsel in SimpleCookie(line).items():
            if morsel.value and morsel["max-age"] != "0":
                self.cookies[name] = morsel.value
            else:
                self.cookies.pop(name, None)


def _path(location: str) -> str:
    split = urlsplit(location)
    return split.path + (f"?{split.query}" if split.query else "")
