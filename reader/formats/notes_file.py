"""A file of notes from anywhere: which format it is in, and its notes as far as they can be read."""

import codecs
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from reader.formats import csv_table, hypothesis_export, recogito, w3c_reading
from reader.formats.foreign import LONGEST_ADDRESS, Foreign, Unreadable
from reader.text.normalise import is_storable

FORMATS = ("w3c", "hypothesis", "recogito", "csv")


@dataclass
class NotesFile:
    """What was found: notes, and for each entry that is none its number (from 1) and why."""

    format: str
    notes: list[Foreign] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)

    def add(self, note: Foreign) -> None:
        """Keep a note; one without a name is named by what it says, so that the same file is known again.

        Raises Unreadable when it holds what no database keeps.
        """
        if not all(is_storable(words) for words in _words_of(note)):
            raise Unreadable("It holds signs that cannot be kept: a NUL, or half of a character.")
        if len(note.key) > LONGEST_ADDRESS:
            raise Unreadable(f"Its name has more than {LONGEST_ADDRESS} characters.")
        named = note if note.key else replace(note, id=f"urn:uuid:{uuid5(NAMESPACE_URL, repr(asdict(note)))}")
        self.notes.append(named)


def _words_of(note: Foreign) -> Iterator[str]:
    for value in (*astuple(note), *note.tags, *(astuple(note.quote) if note.quote else ())):
        if isinstance(value, str):
            yield value


def text_of(data: bytes) -> str:
    """The words of a file in UTF-8 or, as some spreadsheets save it, UTF-16. Raises Unreadable for other bytes."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("It is not in UTF-8. Save it again, as JSON or as «CSV UTF-8».") from error


def read_notes(text: str, form: str = "") -> NotesFile:
    """Read a file; `form` is one of FORMATS, or empty to find out. Raises Unreadable when it is none of them."""
    text = text.replace("\r\n", "\n")  # browsers send a file's words back with other ends of lines
    if form == "csv" or (not form and text.lstrip("\ufeff \r\n\t")[:1] not in ("{", "[")):
        table = NotesFile("csv")
        for note in csv_table.read_rows(text):
            table.add(note)
        return table
    given = _json(text)
    form = form or _form_of(given)
    entries, read = _reader(form, given)
    made = NotesFile(form)
    for number, entry in enumerate(entries, 1):
        try:
            made.add(read(entry))
        except Unreadable as error:
            made.unreadable.append((number, str(error)))
    return made


def _json(text: str) -> Any:
    """JSON, or JSON Lines as a list."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise Unreadable("Its parts are nested too deeply.") from error
    except ValueError as error:
        rows = [line for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in rows]
        except ValueError:
            raise Unreadable(f"This is not JSON: {error}.") from error


def _form_of(given: Any) -> str:
    first = next(iter(_some(given)), None)
    if isinstance(first, dict) and "uri" in first:
        return "hypothesis"
    return "recogito" if recogito.is_recogito(first) else "w3c"


def _some(given: Any) -> Iterator[Any]:
    if isinstance(given, dict):
        given = next((given[name] for name in ("annotations", "rows", "items", "@graph") if name in given), [given])
    yield from given if isinstance(given, list) else []


def _reader(form: str, given: Any) -> tuple[list[Any], Callable[[Any], Foreign]]:
    if form == "hypothesis":
        return hypothesis_export.rows_of(given), hypothesis_export.read_row
    if form == "recogito":
        return list(_some(given)), recogito.read_annotation
    return w3c_reading.annotations_in(given), w3c_reading.read_annotation
