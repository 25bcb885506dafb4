"""What every reader of a format gives, and what is made of it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from reader.formats.markdown_writing import write
from reader.text.lines import Line
from reader.text.structure import Block, Found, Removed


class Unreadable(Exception):
    """The file cannot be brought in. `code` names the reason (reader.operations.importing has the sentences)."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(f"{code} {values}" if values else code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Front:
    """What a file says of itself; empty where it says nothing. `published` is an ISO date."""

    title: str = ""
    authors: tuple[str, ...] = ()
    author_bio: str = ""
    publisher: str = ""
    published: str = ""
    source_url: str = ""
    licence: str = ""
    licence_name: str = ""
    licence_url: str = ""
    language: str = ""
    summary: str = ""
    issn: str = ""
    copyright_holder: str = ""

    def over(self, other: "Front") -> "Front":
        """This, with what `other` says where this says nothing."""
        return replace(other, **{name: value for name, value in asdict(self).items() if value})


@dataclass(frozen=True, slots=True)
class Raw:
    """What a reader of a format found: lines still to be joined to paragraphs, or blocks. One of the two is empty."""

    format: str
    front: Front = field(default_factory=Front)
    lines: tuple[Line, ...] = ()
    blocks: tuple[Found, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, value: dict[str, Any]) -> "Raw":
        """The same again."""
        front = Front(**value["front"] | {"authors": tuple(value["front"]["authors"])})
        lines = (Line(**line | {"markup": _marks(line["markup"])}) for line in value["lines"])
        return cls(format=value["format"], front=front, lines=tuple(lines), blocks=tuple(_found(value["blocks"])))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text as it will be kept, with what was taken out of it on the way."""

    front: Front
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]

    @property
    def source(self) -> str:
        """The Markdown its editors will correct it in: reading that gives the same blocks."""
        return write(self.blocks)

    @property
    def title(self) -> str:
        return self.front.title

    @property
    def authors(self) -> tuple[str, ...]:
        return self.front.authors

    @property
    def language(self) -> str:
        return self.front.language


def _found(rows: Iterable[dict[str, Any]]) -> Iterable[Found]:
    for row in rows:
        block = Block(**row["block"] | {"markup": _marks(row["block"]["markup"])})
        yield Found(**row | {"block": block})


def _marks(rows: Iterable[Any]) -> tuple[tuple[int, int, str, str], ...]:
    return tuple((start, end, kind, value) for start, end, kind, value in rows)
