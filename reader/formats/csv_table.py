"""Notes as a table in CSV (RFC 4180), out and in. What a spreadsheet would take for a formula is made harmless."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reader import access
from reader.formats import addresses, w3c
from reader.formats.foreign import Foreign, Unreadable, a_moment, a_motivation, a_span
from reader.formats.jsonl import in_order
from reader.models import Annotation, Article, Status
from reader.models.annotations import AnnotationQuerySet
from reader.text.selectors import TextQuote

COLUMNS = [
    "id", "article", "paragraph", "quote", "prefix", "suffix", "start", "end", "motivation", "text", "tags", "author",
    "created", "state", "reply_to", "text_by", "text_title", "text_licence",
]  # fmt: skip
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# What other programs call the columns that are read.
OTHER_NAMES = {
    "quote": ("quote", "exact", "highlight", "quotation"), "text": ("text", "note", "comment", "body", "annotation"),
    "tags": ("tags", "tag"), "id": ("id", "url", "link"), "created": ("created", "date", "time"),
    "author": ("author", "user", "creator"), "article": ("article", "uri", "source", "target"),
}  # fmt: skip
KNOWN_NAMES = {*COLUMNS, *(name for names in OTHER_NAMES.values() for name in names)}
SEPARATORS = (",", ";", "\t")
_FIRST_LINE_OF_EXCEL = re.compile(r"\Asep=.\r?\n")


def harmless(value: Any) -> str:
    """The cell, with an apostrophe before what would begin a formula (OWASP's advice on CSV injection)."""
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def plain(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def rows(notes: AnnotationQuerySet, person: access.Person) -> Iterator[str]:
    """The lines of the table, the names of the columns first."""
    yield _line(COLUMNS)
    for shelf in w3c.shelves(in_order(notes).iterator(w3c.AT_ONCE)):
        for note in shelf.notes:
            yield _line([harmless(value) for value in _row(note, person, shelf).values()])


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _row(note: Annotation, person: access.Person, shelf: w3c.Shelf) -> dict[str, Any]:
    version = access.shown_version(note, person)
    state = _state(note, version.status if version else "")
    where = shelf.paragraph_number(note.revision_id, note.start) if note.start is not None else ""
    values = [
        addresses.of_annotation(note.uid), addresses.of_article(note.article.slug), where,
        note.exact, note.prefix, note.suffix, note.start, note.end, note.motivation,
        version.body if version else "", ", ".join(version.tag_names if version else []),
        note.author.name if note.author else "", w3c.when(note.created), state,
        addresses.of_annotation(note.parent.uid) if note.parent else "", *_owed_to(note.article),
    ]  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _state(note: Annotation, status: str) -> str:
    """How it stands: «private», «group», or the status of the wording; of a group's note first what is not approved."""
    if note.is_private or (note.group and status == Status.APPROVED):
        return str(note.visibility)
    return status


def _owed_to(article: Article) -> tuple[str, str, str]:
    return article.byline, article.title, article.licence


def read_rows(text: str) -> Iterator[Foreign]:
    """The notes of a table, its cells parted by commas, semicolons or tabs.

    Raises Unreadable when it has no column of quotes and none of positions, and where a cell has no end.
    """
    text = _FIRST_LINE_OF_EXCEL.sub("", text.removeprefix("\ufeff"))
    try:
        yield from _read_rows(max((_table(text, sign) for sign in SEPARATORS), key=_known_columns))
    except csv.Error as error:
        raise Unreadable(f"This table cannot be read: {error}.") from error


def _table(text: str, separator: str) -> "csv.DictReader[str]":
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)


def _named(name: str | None) -> str:
    return (name or "").strip().lower()


def _known_columns(table: "csv.DictReader[str]") -> int:
    return len(KNOWN_NAMES & {_named(name) for name in table.fieldnames or []})


def _read_rows(table: "csv.DictReader[str]") -> Iterator[Foreign]:
    names = {_named(name) for name in table.fieldnames or []}
    if not names & {*OTHER_NAMES["quote"], "start"}:
        raise Unreadable("The first line names the columns; one of them is «quote».")
    for row in table:
        yield _foreign({_named(name): plain(cell) for name, cell in row.items() if isinstance(cell, str)})


def _foreign(row: Mapping[str, str]) -> Foreign:
    body, exact = _cell(row, "text"), _cell(row, "quote")
    return Foreign(
        target=_cell(row, "article"),
        id=_cell(row, "id") if ":" in _cell(row, "id") else "",
        body=body,
        tags=tuple(tag.strip() for tag in _cell(row, "tags").replace(";", ",").split(",") if tag.strip()),
        motivation=a_motivation(row.get("motivation", ""), has_words=bool(body.strip())),
        quote=TextQuote(exact, row.get("prefix", ""), row.get("suffix", "")) if exact else None,
        position=a_span(_number(row.get("start")), _number(row.get("end"))),
        paragraph=_number(row.get("paragraph")) if not exact and not row.get("start") else None,
        reply_to=row.get("reply_to", ""),
        private=row.get("state") in {"private", "group"},
        creator=_cell(row, "author"),
        created=a_moment(_cell(row, "created")),
    )


def _cell(row: Mapping[str, str], name: str) -> str:
    return next((row[other] for other in OTHER_NAMES[name] if row.get(other)), "")


def _number(cell: str | None) -> int | None:
    return int(cell) if cell and cell.isdecimal() and len(cell) < 10 else None
