"""What people were told by the server during a rush: what it accepted, what it refused, what it showed to whom."""

import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

WORD = re.compile(r"(?:word|mark)(\d{6})")  # each wording holds word000001 of its own, and a tag mark000001


@dataclass(frozen=True)
class Act:
    """Something that the server answered with success."""

    by: str
    what: str
    uid: str
    words: str = ""  # the number that the new wording holds
    answered: float = 0.0


@dataclass(frozen=True)
class Batch:
    """A decision on several notes, of which so many were decided."""

    by: str
    what: str
    done: int


@dataclass(frozen=True)
class Seen:
    """Wordings that an answer showed to somebody who had no part in them."""

    door: str
    words: frozenset[str]
    asked: float
    answered: float


@dataclass
class Ledger:
    """Shared by all threads of a rush."""

    acts: list[Act] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)  # uids, as they come to be known
    public: list[str] = field(default_factory=list)  # of those that appeared at once
    undoable: list[str] = field(default_factory=list)
    private: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    last_number: int = 0
    revisions: int = 1  # of the text that is revised, as far as its editor knows

    def new_words(self) -> str:
        """A number that no other wording has."""
        with self.lock:
            self.last_number += 1
            return f"{self.last_number:06}"

    def accepted(self, by: str, what: str, uid: str, words: str = "") -> None:
        self.acts.append(Act(by, what, uid, words, time.time()))

    def answer(self, door: str, status: int, body: str) -> None:
        """Every answer is counted; one that says the server failed is kept."""
        with self.lock:
            self.statuses[f"{status}"] += 1
        if status >= 500:
            self.broken.append(f"{door}: {status}")
