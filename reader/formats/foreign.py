"""A note as another program wrote it down, whatever that program's format: what every reader of a format returns."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reader.models import Motivation
from reader.models.annotations import MARKS
from reader.text.dates import in_utc
from reader.text.selectors import Span, TextQuote

# What a note on a text can be; only answers to notes are «replying».
MOTIVATIONS = set(Motivation.values) - {Motivation.REPLYING}

LONGEST_ADDRESS = 800
LONGEST = 2**31  # code points that a text can have


class Unreadable(ValueError):
    """What was given is not a note of this format; the message says what to look at."""


class NotKept(Unreadable):
    """A right note, but of a kind that is not kept here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One note from elsewhere. `position` counts code points, in the text or in the place that it is `within`.

    `group` is the uid of a reading group of this site; whoever brings the note in must be in it, else it is `private`.
    One on the `whole` text named no words; one whose words cannot be found is another thing. A place may also be what
    stands `between` two: from where one begins up to where the other does, or `through` that one. `more` is kept as it
    was said.
    """

    target: str
    id: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    motivation: str = "commenting"
    quote: TextQuote | None = None
    position: Span | None = None
    paragraph: int | None = None
    within: "Foreign | None" = None
    between: "tuple[Foreign, Foreign] | None" = None
    through: bool = False
    revision: int | None = None
    whole: bool = False
    reply_to: str = ""
    private: bool = False
    group: str = ""
    creator: str = ""
    created: datetime | None = None
    canonical: str = ""
    via: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What the note is known by where it comes from; empty when it has no name there."""
        return self.id or self.via


def a_motivation(names: Any, *, has_words: bool) -> str:
    """The first of `names` (a name, an IRI or a list) that is kept here, else what the note's words make it."""
    for name in names if isinstance(names, list) else [names]:
        known = str(name).rsplit("#", 1)[-1].removeprefix("oa:")
        if known in MOTIVATIONS and (has_words or known in MARKS):
            return known
    return "commenting" if has_words else "highlighting"


def a_moment(value: Any) -> datetime | None:
    """A date and time in ISO 8601, taken as UTC when it names no zone; None for anything else."""
    try:
        return in_utc(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return None


def a_span(start: Any, end: Any) -> Span | None:
    """A span of code points, or None when the two numbers are not one."""
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (start, end))
    return Span(start, end) if whole and 0 <= start < end < LONGEST else None


def some_tags(values: Any) -> tuple[str, ...]:
    """The names of a list, without empty ones."""
    return tuple(str(v).strip() for v in values if str(v).strip()) if isinstance(values, list) else ()
