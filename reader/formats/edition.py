"""An edition: a folder with a text in Markdown and, in YAML, its cards, notes, references, timeline and sources.

fixtures/civil-diplomacy/README.md describes the files. Nothing here touches the database.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reader.formats.checking import EditionError, Row, check_entries, require
from reader.text.normalise import is_storable, join, starts
from reader.text.selectors import Span, nth_place

# libyaml where it is there: the same rules, ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
STRONG = re.compile(r"\*\*(.+?)\*\*")


__all__ = ["Block", "Edition", "EditionError", "Row", "read_edition"]


@dataclass(frozen=True)
class Block:
    """One paragraph: its Markdown source, and its text with the emphasis taken out and kept beside it."""

    source: str
    text: str
    markup: list[list]
    kind: str

    def offset(self, source_offset: int) -> int:
        """Where a code point of the Markdown source stands in the text."""
        return len(STRONG.sub(r"\1", _closed(self.source, source_offset)))


@dataclass(frozen=True)
class Edition:
    """All of an edition, read and checked; positions are still those of the files."""

    front: dict[str, Any]
    source: str
    blocks: list[Block]
    cards: list[Row] = field(default_factory=list)
    annotations: list[Row] = field(default_factory=list)
    crossrefs: list[Row] = field(default_factory=list)
    timeline: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the revision it makes."""
        return join(block.text for block in self.blocks)

    def span(self, anchor: Row, where: str) -> Span:
        """The place of an anchor (paragraph, quote, occurrence, start, end) in `text`.

        Raises EditionError when the quote does not stand where the anchor says.
        """
        require(anchor, ["quote"], where)
        number = anchor.get("paragraph")
        if not isinstance(number, int) or not 1 <= number <= len(self.blocks):
            raise EditionError(f"{where}: there is no paragraph {number}.")
        block = self.blocks[number - 1]
        place = _quoted(block.source, anchor)
        if place is None:
            raise EditionError(f"{where}: «{anchor['quote']}» does not stand in paragraph {number}.")
        if (place.start, place.end) != (anchor.get("start"), anchor.get("end")):
            raise EditionError(f"{where}: «{anchor['quote']}» stands at {place.start}–{place.end}, not as written.")
        begin = starts([b.text for b in self.blocks])[number - 1]
        return Span(begin + block.offset(place.start), begin + block.offset(place.end))

    def field_span(self, anchor: Row, where: str) -> Span:
        """The place of a quote in a field of the front matter."""
        require(anchor, ["field", "quote"], where)
        value = str(self.front.get(anchor["field"], ""))
        place = _quoted(value, anchor)
        if place is None:
            raise EditionError(f"{where}: «{anchor['quote']}» does not stand in the field {anchor['field']}.")
        return place


def read_edition(folder: Path) -> Edition:
    """Read an edition from `folder`. Raises EditionError with a sentence when a file is missing or broken."""
    source = _read(folder / "article.md")
    front, body = _front_matter(source)
    names = ("cards", "annotations", "crossrefs", "timeline", "sources")
    parts = {name: _yaml(folder / f"{name}.yaml") for name in names}
    check_entries(parts)
    return Edition(front=front, source=source, blocks=_blocks(body, front.get("bio_paragraph")), **parts)


def _quoted(text: str, anchor: Row) -> Span | None:
    occurrence = anchor.get("occurrence") or 1
    return nth_place(text, str(anchor["quote"]), occurrence) if isinstance(occurrence, int) else None


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EditionError(f"{path.name} cannot be read: {error}.") from error
    if not is_storable(text):
        raise EditionError(f"{path.name} holds NUL, which no database keeps.")
    return text


def _yaml(path: Path) -> list[Row]:
    if not path.exists():
        return []
    try:
        rows = yaml.load(_read(path), Loader=LOADER) or []  # noqa: S506 (both loaders are safe ones)
    except yaml.YAMLError as error:
        raise EditionError(f"{path.name} is not YAML: {error}") from error
    if not isinstance(rows, list):
        raise EditionError(f"{path.name} must hold a list of entries.")
    return rows


def _front_matter(source: str) -> tuple[dict[str, Any], str]:
    parts = source.split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise EditionError("article.md must begin with front matter between two lines of ---.")
    try:
        front = yaml.load(parts[1], Loader=LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        raise EditionError(f"The front matter of article.md is not YAML: {error}") from error
    require(front, ["title"], "article.md, front matter")
    return front, parts[2]


def _blocks(body: str, note_on_author: int | None) -> list[Block]:
    pieces = [p for p in re.split(r"\n\s*\n", body.strip("\n")) if p != "---" and not p.startswith("#")]
    return [_block(p, "author-note" if n == note_on_author else "paragraph") for n, p in enumerate(pieces, 1)]


def _block(source: str, kind: str) -> Block:
    markup, taken = [], 0
    for match in STRONG.finditer(source):
        start = match.start() - taken
        markup.append([start, start + len(match[1]), "strong", ""])
        taken += 4
    return Block(source=source, text=STRONG.sub(r"\1", source), markup=markup, kind=kind)


def _closed(source: str, offset: int) -> str:
    """The source up to `offset`, without emphasis signs that are still open there."""
    head = source[:offset]
    return head.replace("**", "") if head.count("**") % 2 else head
