"""Those who decide, often on the same note at the same moment; and an editor who revises a text meanwhile."""

import random
import re
from dataclasses import dataclass

from tests.rush.ledger import Batch, Ledger
from tests.rush.site import REVISED, Account, sentence
from tests.rush.visiting import Visitor

ITEM = re.compile(r'<article class="item" id="item-([-\w]+)"(.*?)</article>', re.DOTALL)
VERSION = re.compile(r'name="version" value="(\d+)"')
UNDO = re.compile(r"/moderation/undo/(\d+)/")
DECISIONS = {
    "approve": "approved", "trust": "approved", "edit": "edited", "reject": "rejected", "return": "returned",
    "spam": "spam", "keep": "flag-closed", "take-down": "rejected",
}  # fmt: skip
WAITING = ["approve", "trust", "edit", "reject", "return", "spam", "claim", "api"]
OFTEN = [40, 3, 10, 16, 8, 4, 9, 10]
AT_A_TIME = 4  # from the head of the queue, which is the same for all of them
REASON = "Not about the text."


@dataclass(frozen=True)
class Item:
    """One line of the queue."""

    uid: str
    version: str
    waits: bool


class Moderator:
    """Reads the queue and decides on what stands first in it."""

    def __init__(self, port: int, ledger: Ledger, account: Account, seed: int):
        self.visitor, self.ledger, self.account = Visitor(port, ledger, account), ledger, account
        self.chance = random.Random(f"{seed} {account.name}")

    def round(self) -> None:
        """A look at the queue, some decisions, sometimes one for many or one taken back."""
        queue = self.visitor.get("/moderation/")
        items = [_item(uid, html) for uid, html in ITEM.findall(queue.body)]
        self.ledger.undoable.extend(UNDO.findall(queue.body))
        for item in items[:AT_A_TIME]:
            self._decide(item)
        waiting = [item for item in items[AT_A_TIME:] if item.waits]
        if waiting and self.chance.random() < 0.4:
            self._decide_on_many(waiting[:3])
        if self.ledger.undoable and self.chance.random() < 0.5:
            self._take_back(self.chance.choice(self.ledger.undoable[-6:]))

    def _decide(self, item: Item) -> None:
        decision = self.chance.choices(WAITING, OFTEN)[0] if item.waits else self.chance.choice(["keep", "take-down"])
        if decision == "claim":
            self.visitor.post(f"/moderation/{item.uid}/claim/")
        elif decision == "api":
            self._decide_by_api(item)
        else:
            words = self.ledger.new_words() if decision == "edit" else ""
            answer = self.visitor.post(
                f"/moderation/{item.uid}/", decision=decision, version=item.version, reason=REASON,
                body=f"Better: word{words}.", tags=f"mark{words}",
            )  # fmt: skip
            if answer.success():
                self._decided(DECISIONS[decision], item.uid, words)

    def _decide_by_api(self, item: Item) -> None:
        """Programs say how a note shall stand: nothing may be left to do, or something has to be taken back first."""
        method = self.chance.choice(["PUT", "DELETE"])
        if self.visitor.program(method, f"/api/annotations/{item.uid}/hide").status == 204:
            self._decided("settled", item.uid)

    def _decide_on_many(self, items: list[Item]) -> None:
        decision = self.chance.choice(["approve", "reject", "return"])
        ticked = [f"{item.uid}:{item.version}" for item in items]
        answer = self.visitor.post("/moderation/batch/", decision=decision, reason=REASON, item=ticked)
        for level, words in answer.said:
            if level == "success":
                done = int(re.sub(r"\D", "", words))
                self.ledger.batches.append(Batch(self.account.name, DECISIONS[decision], done))

    def _take_back(self, event: str) -> None:
        if self.visitor.post(f"/moderation/undo/{event}/").success("Taken back"):
            self._decided("undone", event)

    def _decided(self, what: str, uid: str, words: str = "") -> None:
        self.ledger.accepted(self.account.name, what, uid, words)


def _item(uid: str, html: str) -> Item:
    found = VERSION.search(html)
    assert found, "an item of the queue says which wording it shows"
    return Item(uid, found[1], 'value="approve"' in html)


class Editor:
    """Publishes one wording after the other: sentences are taken out and come back, others are reworded."""

    def __init__(self, port: int, ledger: Ledger, account: Account):
        self.visitor, self.ledger = Visitor(port, ledger, account), ledger
        self.source = ""

    def revise(self, number: int) -> None:
        """One revision more, made from the text as it was first."""
        if not self.source:
            self.source = self.visitor.get(f"/articles/{REVISED}/text").body
        gone, reworded = sentence(2, number * 5 % 24), sentence(2, (number * 7 + 3) % 24)
        source = self.source.replace(gone, "").replace(reworded, reworded.replace(" ", " newly ", 1))
        answer = self.visitor.post(
            f"/articles/{REVISED}/edit/", step="publish", base=self.ledger.revisions, reason=f"The {number}th try.",
            source=f"{sentence(3, number)}\n\n{source}",
        )  # fmt: skip
        if answer.success():
            self.ledger.revisions += 1
        else:
            self.ledger.broken.append(f"The editor could not publish: {answer.status} {answer.said}")
