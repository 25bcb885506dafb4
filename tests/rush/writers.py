"""Those who write: through the pages, with the Hypothesis API, and by the W3C protocol."""

import random
import threading
from urllib.parse import urlsplit

from django.conf import settings

from tests.rush.ledger import Ledger
from tests.rush.site import QUIET, REVISED, SENTENCES, Account, sentence
from tests.rush.visiting import Answer, Visitor

DOORS = ["page", "api", "w3c"]
HOT = 6  # so many of the first public notes get most of the flags
ACTS = ["note", "edit", "reply", "flag", "withdraw", "restore", "answer", "private"]
OFTEN = [20, 22, 20, 22, 10, 8, 6, 4]
ACTS_EACH = 4  # after the first note


class Writer:
    """One person with a plan of their own, the same in every rush."""

    def __init__(self, port: int, ledger: Ledger, account: Account, seed: int):
        self.account, self.ledger, self.port = account, ledger, port
        self.visitor = Visitor(port, ledger, account)
        self.chance = random.Random(f"{seed} {account.name}")
        self.own: list[str] = []
        self.flagged: set[str] = set()

    def live(self) -> None:
        """Everything this person does."""
        self.note()
        for act in self.chance.choices(ACTS, OFTEN, k=ACTS_EACH):
            getattr(self, act)()

    def note(self) -> None:
        self._write(private=False)

    def private(self) -> None:
        self._write(private=True)

    def _write(self, *, private: bool) -> None:
        words, door = self.ledger.new_words(), self.chance.choice(DOORS)
        slug = self.chance.choice([QUIET, QUIET, REVISED])
        exact = sentence(1 if slug == QUIET else 2, self.chance.randrange(SENTENCES))[:-1]
        answer = getattr(self, f"_note_by_{door}")(slug, exact, words, private)
        if answer.status not in (200, 201):
            return
        uid = _uid_of(answer, door)
        self.own.append(uid)
        self.ledger.accepted(self.account.name, "kept private" if private else "written", uid, words)
        if private:
            self.ledger.private.add(words)
        else:
            self.ledger.notes.append(uid)
            if self.account.is_trusted:
                self.ledger.public.append(uid)

    def _note_by_page(self, slug: str, exact: str, words: str, private: bool) -> Answer:
        text, number = self._text(slug)
        start = text.find(exact)
        if start < 0:  # an editor took the sentence out meanwhile
            exact, start = text[:20], 0
        return self.visitor.post(
            f"/articles/{slug}/annotate/", accept="application/json", start=start, end=start + len(exact),
            exact=exact, revision=number, motivation="commenting", body=_body(words), tags=", ".join(_tags(words)),
            visibility="private" if private else "public",
        )  # fmt: skip

    def _text(self, slug: str) -> tuple[str, int]:
        """The text with its number. One that is published between the two answers makes them differ: refused, 409."""
        number = self.ledger.revisions
        return self.visitor.get(f"/articles/{slug}/text").body, number if slug == REVISED else 1

    def _note_by_api(self, slug: str, exact: str, words: str, private: bool) -> Answer:
        uri = _address(f"/articles/{slug}/")
        selector = {"type": "TextQuoteSelector", "exact": exact, "prefix": "", "suffix": ""}
        sent = {
            "uri": uri, "group": "__world__", "text": _body(words), "tags": _tags(words),
            "target": [{"source": uri, "selector": [selector]}],
            "permissions": {"read": [f"acct:{self.account.name}@localhost" if private else "group:__world__"]},
        }  # fmt: skip
        return self.visitor.program("POST", "/api/annotations", sent)

    def _note_by_w3c(self, slug: str, exact: str, words: str, private: bool) -> Answer:
        selector = {"type": "TextQuoteSelector", "exact": exact}
        target = {"source": _address(f"/articles/{slug}/"), "selector": selector}
        status = {"schema:creativeWorkStatus": "private"} if private else {}
        return self.visitor.program("POST", f"/articles/{slug}/annotations/", _annotation(target, words) | status)

    def reply(self) -> None:
        if not self.ledger.notes:
            return
        parent, words = self.chance.choice(self.ledger.notes), self.ledger.new_words()
        door = self.chance.choice(DOORS)
        if door == "page":
            answer = self.visitor.post(f"/notes/{parent}/reply/", body=_body(words), tags=", ".join(_tags(words)))
            uid = _uid_on(answer) if answer.success() else ""
        elif door == "api":
            sent = {"uri": _address(f"/articles/{QUIET}/"), "references": [parent]}
            sent |= {"text": _body(words), "tags": _tags(words)}
            answer = self.visitor.program("POST", "/api/annotations", sent)
            uid = answer.json["id"] if answer.status == 200 else ""
        else:
            answer = self.visitor.program("POST", "/annotations/", _annotation(_iri(parent), words))
            uid = _uid_of(answer, door) if answer.status == 201 else ""
        if uid:
            self.own.append(uid)
            self.ledger.notes.append(uid)
            self.ledger.accepted(self.account.name, "written", uid, words)

    def edit(self) -> None:
        """Every third time with two windows at once."""
        if not self.own:
            return
        uid, doors = self.chance.choice(self.own), self.chance.choices(DOORS, k=2)
        self._at_once(*(lambda door=door: self._edit(uid, door) for door in doors[: self.chance.choice([1, 1, 2])]))

    def _edit(self, uid: str, door: str) -> None:
        words, visitor = self.ledger.new_words(), Visitor(self.port, self.ledger, self.account)
        if door == "page":
            answer = visitor.post(f"/notes/{uid}/edit/", body=_body(words), tags=", ".join(_tags(words)))
            done = answer.success()
        elif door == "api":
            sent = {"text": _body(words), "tags": _tags(words)}
            done = visitor.program("PATCH", f"/api/annotations/{uid}", sent).status == 200
        else:
            done = _put(visitor, uid, words)
        if done:
            self.ledger.accepted(self.account.name, "written", uid, words)

    def withdraw(self) -> None:
        """Impatient: twice at once."""
        if not self.own:
            return
        uid, doors = self.chance.choice(self.own), self.chance.choices(DOORS, k=2)
        self._at_once(*(lambda door=door: self._withdraw(uid, door) for door in doors))

    def _withdraw(self, uid: str, door: str) -> None:
        visitor = Visitor(self.port, self.ledger, self.account)
        if door == "page":
            done = visitor.post(f"/notes/{uid}/withdraw/").success("Withdrawn")
        elif door == "api":
            done = visitor.program("DELETE", f"/api/annotations/{uid}").status == 200
        else:
            now = visitor.program("GET", f"/annotations/{uid}")
            match = {"If-Match": now.headers["ETag"]} if now.status == 200 else {}
            done = visitor.program("DELETE", f"/annotations/{uid}", **match).status == 204
        if done:
            self.ledger.accepted(self.account.name, "withdrawn", uid)

    def restore(self) -> None:
        if self.own:
            uid = self.own[-1]
            self._withdraw(uid, "page")
            if self.visitor.post(f"/notes/{uid}/restore/").success():
                self.ledger.accepted(self.account.name, "restored", uid)

    def flag(self) -> None:
        """Most go to the same few notes, so that several flags come at once."""
        hot = self.ledger.public[:HOT] if self.chance.random() < 0.8 else self.ledger.notes
        open_to_me = [uid for uid in hot if uid not in self.flagged and uid not in self.own]
        if not open_to_me:
            return
        uid = self.chance.choice(open_to_me)
        self.flagged.add(uid)
        if self.chance.random() < 0.5:
            done = self.visitor.post(f"/notes/{uid}/flag/", reason="rude", comment="Look.").success("Thank you")
        else:
            done = self.visitor.program("PUT", f"/api/annotations/{uid}/flag").status == 204
        if done:
            self.ledger.accepted(self.account.name, "flagged", uid)

    def answer(self) -> None:
        """To a rejection, if one of the notes was rejected."""
        for uid in self.own:
            if self.visitor.post(f"/notes/{uid}/appeal/", words="It is about the text.").success("Your answer"):
                self.ledger.accepted(self.account.name, "answered", uid)

    def _at_once(self, *acts) -> None:
        threads = [threading.Thread(target=act) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _put(visitor: Visitor, uid: str, words: str) -> bool:
    """Change a note by the W3C protocol: read it, send it back with other words."""
    now = visitor.program("GET", f"/annotations/{uid}")
    if now.status != 200:
        return False
    sent = now.json | {"body": _annotation("", words)["body"]}
    return visitor.program("PUT", f"/annotations/{uid}", sent, **{"If-Match": now.headers["ETag"]}).status == 200


def _body(words: str) -> str:
    return f"A thought, word{words}, and what follows from it."


def _tags(words: str) -> list[str]:
    """One of its own and two of many, in either order and case: several people bring the same new ones at once."""
    number = int(words)
    shared = [f"shared {number // 8}", f"Shared {number // 8 + 1}"]
    return [f"mark{words}", *(shared if number % 2 else reversed(shared))]


def _annotation(target, words: str) -> dict:
    tags = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in _tags(words)]
    body = [{"type": "TextualBody", "value": _body(words), "format": "text/markdown"}, *tags]
    replying = {"motivation": "replying"} if isinstance(target, str) else {}
    return {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "body": body, "target": target} | (
        replying
    )


def _address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _iri(uid: str) -> str:
    return _address(f"/annotations/{uid}")


def _uid_of(answer: Answer, door: str) -> str:
    if door == "w3c":
        return urlsplit(answer.headers["Location"]).path.rpartition("/")[2]
    return answer.json["uid" if door == "page" else "id"]


def _uid_on(answer: Answer) -> str:
    """The note whose page this is."""
    return answer.path.strip("/").split("/")[1]
