"""Those who only read, at every door: what they are shown is written down, to be judged when the trail is known."""

import random
import time

from tests.rush.ledger import WORD, Ledger, Seen
from tests.rush.site import QUIET, REVISED, Account
from tests.rush.visiting import Visitor

OF_ARTICLE = [
    "", "notes/", "notes/?paragraph=2", "p1/", "annotations/", "annotations/?after=", "annotations/?iris=1", "mine",
    "timeline/", "revisions/", "revisions/1/", "cite.bib", "schema.jsonld", *(f"export.{ending}" for ending in (
        "jsonld", "jsonl", "csv", "md", "html", "tei",
    )),
]  # fmt: skip
OF_SITE = [
    "/", "/annotations/", "/annotations/?after=", "/api/search?limit=200&_separate_replies=true",
    "/api/search?limit=200&order=asc&sort=created", "/feeds/notes/", f"/feeds/articles/{QUIET}/", "/sitemap.xml",
    "/tags/complete?q=mark", "/tags/shared-1/", "/feeds/tags/shared-1/", "/moderation/numbers/", "/embed.js",
    "/people/writer-000/", "/people/writer-001/",
]  # fmt: skip
OF_NOTE = [
    "/notes/{uid}/", "/notes/{uid}/history/", "/notes/{uid}/cite/", "/notes/{uid}/cite.json", "/annotations/{uid}",
    "/api/annotations/{uid}", "/feeds/threads/{uid}/", "/oembed?url=http%3A%2F%2Flocalhost%3A8000%2Fnotes%2F{uid}%2F",
]  # fmt: skip
OF_MEMBER = ["/me/", "/me/notes/", "/me/notifications/", "/me/export/all.jsonld", "/api/profile"]


class Reader:
    """Somebody not logged in, or a stranger who wrote nothing."""

    def __init__(self, port: int, ledger: Ledger, account: Account | None, seed: int):
        self.visitor, self.ledger = Visitor(port, ledger, account), ledger
        self.chance = random.Random(f"{seed} reader")
        self.doors = [f"/articles/{slug}/{rest}" for slug in (QUIET, REVISED) for rest in OF_ARTICLE] + OF_SITE
        self.doors += OF_NOTE * 4 + [f"/articles/{QUIET}/"] * 6 + (OF_MEMBER if account else [])
        self.chance.shuffle(self.doors)

    def round(self) -> None:
        """A few doors further."""
        for _ in range(5):
            self.doors.append(self.doors.pop(0))
            self._look(self.doors[-1])

    def _look(self, door: str) -> None:
        if "{uid}" in door:
            if not self.ledger.notes:
                return
            door = door.format(uid=self.chance.choice(self.ledger.notes[-60:]))
        asked = time.time()
        answer = self.visitor.get(door)
        words = frozenset(WORD.findall(answer.body))
        if words:
            self.ledger.seen.append(Seen(door, words, asked, time.time()))
