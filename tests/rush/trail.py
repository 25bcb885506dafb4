"""The trail told again: from its events alone, how every note must stand, and when each wording was public."""

from dataclasses import dataclass, field

from reader.models import ModerationEvent

Verb = ModerationEvent.Verb


@dataclass
class Shown:
    """A time in which everyone could read a wording: from the act that showed it to the act that took it away."""

    opened: float
    closed_by: ModerationEvent | None = None


@dataclass
class Story:
    """One note, as its events tell it. What they cannot have told in this order is a problem."""

    uid: str
    status: dict[int, str] = field(default_factory=dict)
    published: int | None = None
    open_flags: int = 0
    last_act: str = ""
    touches: int = 0  # changes that the public can see
    shown: dict[int, list[Shown]] = field(default_factory=dict)
    said_again: set[int] = field(default_factory=set)  # wordings that repeat an older one
    taken_down: dict[str, set[int]] = field(default_factory=dict)  # by act: what it took from the public
    closed_flags: dict[str, int] = field(default_factory=dict)  # by act: how many it closed
    problems: list[str] = field(default_factory=list)

    @property
    def latest(self) -> int:
        return max(self.status, default=0)

    @property
    def was_public(self) -> bool:
        return bool(self.shown)

    def tell(self, event: ModerationEvent) -> None:
        """The next event."""
        if event.verb in _TOLD:
            before = self.published
            _TOLD[event.verb](self, event)
            was_seen = before != self.published if event.verb == Verb.UNDONE else event.verb not in _UNSEEN
            self.touches += bool(before or self.published) and was_seen
            self._note_what_is_shown(event)
            if event.verb not in (Verb.FLAGGED, Verb.FLAG_CLOSED):
                self.last_act = event.verb

    def _expect(self, holds: bool, event: ModerationEvent) -> None:
        if not holds:
            self.problems.append(f"{self.uid}: {event.verb} of version {event.version} by {event.by_name}, at {self!r}")

    def _note_what_is_shown(self, event: ModerationEvent) -> None:
        now = {n for n, status in self.status.items() if status == "approved"} if self.published else set()
        for number, times in self.shown.items():
            if number not in now and times[-1].closed_by is None:
                times[-1].closed_by = event
        for number in now:
            times = self.shown.setdefault(number, [])
            if not times or times[-1].closed_by is not None:
                times.append(Shown(event.at.timestamp()))

    def _newest_approved(self) -> int | None:
        return max((n for n, status in self.status.items() if status == "approved"), default=None)

    def submitted(self, event: ModerationEvent) -> None:
        self._expect(event.version == self.latest + 1, event)
        self.status[event.version] = "pending"

    def appeared(self, event: ModerationEvent) -> None:
        self._expect(event.version == self.latest + 1, event)
        self.status[event.version] = "approved"
        self.published = event.version

    def decided(self, event: ModerationEvent) -> None:
        """Once: only what waits is decided."""
        self._expect(event.version == self.latest and self.status[self.latest] == "pending", event)
        self.status[event.version] = event.after
        if event.after == "approved":
            self.published = event.version

    def edited(self, event: ModerationEvent) -> None:
        self._expect(event.version == self.latest + 1 and self.status[self.latest] == "pending", event)
        self.status[self.latest] = "returned"
        self.appeared(event)

    def rejected(self, event: ModerationEvent) -> None:
        if event.before == "pending":
            self.decided(event)
            return
        self._expect(self.published is not None, event)
        self.taken_down[event.act] = {n for n, status in self.status.items() if status == "approved"}
        self.status |= dict.fromkeys(self.taken_down[event.act], "rejected")
        self.published = None

    def undone(self, event: ModerationEvent) -> None:
        """A decision, a change of words, a taking down, or a look: with the flags that were closed by it."""
        self.open_flags += self.closed_flags.pop(event.act, 0)
        if event.version is None:
            return
        if event.after == "approved":
            self._back_in_public(event)
            return
        decided = self.latest
        self._expect(event.version in {decided, decided + 1} and self.status[decided] == event.before, event)
        if event.version > decided:
            self.status[decided] = "returned"
            self.said_again.add(event.version)
        self.status[event.version] = "pending"
        if self.published == decided:
            self.published = self._newest_approved()

    def _back_in_public(self, event: ModerationEvent) -> None:
        taken = self.taken_down.pop(event.act, set())
        self._expect(self.published is None and event.version in taken, event)
        self.status |= dict.fromkeys(taken, "approved")
        self.published = event.version

    def hidden(self, event: ModerationEvent) -> None:
        """What was public waits, as the newest wording where that was declined; an edit waits on beside it."""
        self._expect(self.published is not None, event)
        newest = self.latest
        if self.status[newest] in {"rejected", "returned", "spam"}:
            newest += 1
            self.said_again.add(newest)
        for number in {self.published, newest} - {None}:
            self.status[number] = "pending"
        self.published = None

    def withdrawn(self, event: ModerationEvent) -> None:
        self._expect(self.status[self.latest] == event.before, event)
        self.status[self.latest] = "withdrawn"
        self.published = None

    def restored(self, event: ModerationEvent) -> None:
        self._expect(self.status[self.latest] == "withdrawn", event)
        self.status[self.latest] = event.after
        self.published = self._newest_approved()

    def answered(self, event: ModerationEvent) -> None:
        self._expect(event.version == self.latest and self.status[self.latest] == "rejected", event)
        self.status[self.latest] = "pending"

    def flagged(self, event: ModerationEvent) -> None:
        self._expect(self.published == event.version, event)
        self.open_flags += 1

    def flags_closed(self, event: ModerationEvent) -> None:
        self._expect(self.open_flags > 0, event)
        self.closed_flags[event.act] = self.open_flags
        self.open_flags = 0


_TOLD = {
    Verb.SUBMITTED: Story.submitted, Verb.PUBLISHED: Story.appeared, Verb.APPROVED: Story.decided,
    Verb.RETURNED: Story.decided, Verb.SPAM: Story.decided, Verb.REJECTED: Story.rejected, Verb.EDITED: Story.edited,
    Verb.UNDONE: Story.undone, Verb.HIDDEN: Story.hidden, Verb.WITHDRAWN: Story.withdrawn,
    Verb.RESTORED: Story.restored, Verb.APPEALED: Story.answered, Verb.FLAGGED: Story.flagged,
    Verb.FLAG_CLOSED: Story.flags_closed,
}  # fmt: skip
# A wording that comes to wait, or is declined, beside one that stays public.
_UNSEEN = {Verb.SUBMITTED, Verb.RETURNED, Verb.SPAM, Verb.APPEALED, Verb.FLAGGED, Verb.FLAG_CLOSED}


def stories() -> dict[str, Story]:
    """The story of every note, by uid. A note is held by each who changes it, so its events are in order."""
    told: dict[str, Story] = {}
    for event in ModerationEvent.objects.exclude(annotation_uid="").order_by("pk"):
        told.setdefault(event.annotation_uid, Story(event.annotation_uid)).tell(event)
    return told
