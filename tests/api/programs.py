"""Requests as programs send them: JSON in, JSON out, a token or none."""

import itertools
import json

from django.test import Client

from reader.models import Member, Scope
from reader.operations import tokens

HOST = "http://localhost:8000"
_numbers = itertools.count()


def token_of(member: Member, scope: str = Scope.WRITE, name: str = "test") -> str:
    return tokens.make_personal(member=member, name=name, scope=scope)


class Program:
    """A program that asks as `member`, or as nobody. Answers are (status, JSON)."""

    def __init__(self, member: Member | None = None, scope: str = Scope.WRITE):
        self.client = Client(enforce_csrf_checks=True)
        name = f"test {next(_numbers)}"
        self.headers = {"Authorization": f"Bearer {token_of(member, scope, name)}"} if member else {}

    def ask(self, method: str, path: str, body=None, **headers):
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(
            method, f"/api/{path}", content.get("data", ""), content.get("content_type", "application/json"),
            headers=self.headers | headers,
        )  # fmt: skip

    def get(self, path: str, **headers):
        return self._both(self.ask("GET", path, **headers))

    def send(self, method: str, path: str, body=None, **headers):
        return self._both(self.ask(method, path, body, **headers))

    def rows(self, query: str = "") -> list[dict]:
        status, found = self.get(f"search?{query}")
        assert status == 200, found
        return found["rows"]

    def _both(self, response):
        return response.status_code, json.loads(response.content) if response.content else None


def sent_note(words: str, text: str = "A thought.", *, slug: str = "letters", private: bool = False, **more) -> dict:
    """What the client sends for a new note on `words`: its positions count the whole page, its quote does not."""
    selectors = [
        {"type": "RangeSelector", "startContainer": "/p[2]", "startOffset": 3, "endContainer": "/p[2]", "endOffset": 9},
        {"type": "TextPositionSelector", "start": 812, "end": 812 + len(words)},
        {"type": "TextQuoteSelector", "exact": words, "prefix": more.pop("prefix", ""), "suffix": ""},
    ]
    uri = f"{HOST}/articles/{slug}/"
    return {
        "uri": uri,
        "text": text,
        "tags": [],
        "group": "__world__",
        "permissions": {"read": ["acct:me@localhost" if private else "group:__world__"]},
        "target": [{"source": uri, "selector": selectors}],
        "document": {"title": "Letters to the capital", "link": [{"href": uri}]},
        "references": [],
        "user": "acct:somebody-else@localhost",
        "created": "1999-01-01T00:00:00+00:00",
    } | more
