"""Which reader a file belongs to, and what its Raw becomes once it is cleaned."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any

from reader.formats.incoming.docx import read_docx
from reader.formats.incoming.epub import read_epub
from reader.formats.incoming.html import read_html
from reader.formats.incoming.markdown import read_markdown
from reader.formats.incoming.model import Front, Incoming, Raw, Unreadable
from reader.formats.incoming.pdf import read_pdf
from reader.formats.incoming.plain import read_plain
from reader.text.cleaning import Cleaned, clean
from reader.text.languages import language_of
from reader.text.lines import join_lines
from reader.text.normalise import is_storable

_BY_ENDING = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".txt": "plain", ".text": "plain", "": "plain", ".docx": "docx", ".pdf": "pdf", ".epub": "epub",
}  # fmt: skip
FORMATS = ("markdown", "html", "plain", "docx", "pdf", "epub")
_IS_HTML = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_OTHERS = ((b"\xd0\xcf\x11\xe0", "old_word"), (b"{\\rtf", "rtf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
           (b"GIF8", "picture"), (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"),
           (b"%!PS", "postscript"), (b"\x7fELF", "not_text"), (b"MZ\x90", "not_text"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is taken in: bytes once unpacked, code points of text, pages of a PDF file."""

    unpacked_bytes: int = 200_000_000
    characters: int = 3_000_000
    pages: int = 3000


def read(data: bytes, name: str = "", *, limits: Limits | None = None) -> Raw:
    """What stands in a file of whatever format. Raises Unreadable."""
    limits = limits or Limits()
    if not data.strip():
        raise Unreadable("empty")
    wanted = format_of(data, name)
    readers: dict[str, Callable[[], Raw]] = {
        "markdown": lambda: read_markdown(data),
        "html": lambda: read_html(data),
        "plain": lambda: read_plain(data),
        "docx": lambda: read_docx(data, most_bytes=limits.unpacked_bytes),
        "epub": lambda: read_epub(data, most_bytes=limits.unpacked_bytes),
        "pdf": lambda: read_pdf(data, most_pages=limits.pages),
    }
    raw = storable(readers[wanted]())
    words = sum(len(line.text) for line in raw.lines) + sum(len(each.block.text) for each in raw.blocks)
    if words > limits.characters:
        raise Unreadable("too_many_characters", most=limits.characters)
    return raw


def storable(raw: Raw) -> Raw:
    """The same, with U+FFFD for NUL and halves of characters, which some PDF files give and no database keeps."""
    if is_storable(json.dumps(raw.plain(), ensure_ascii=False).replace("\\u0000", "\0")):
        return raw
    lines = tuple(replace(line, text=_UNSTORABLE.sub("\ufffd", line.text)) for line in raw.lines)
    blocks = tuple(
        replace(each, block=replace(each.block, text=_UNSTORABLE.sub("\ufffd", each.block.text))) for each in raw.blocks
    )
    said = {name: _UNSTORABLE.sub("", value) for name, value in asdict(raw.front).items() if isinstance(value, str)}
    authors = tuple(_UNSTORABLE.sub("", name) for name in raw.front.authors)
    return replace(raw, front=replace(raw.front, **said, authors=authors), lines=lines, blocks=blocks)


def format_of(data: bytes, name: str) -> str:
    """The format, by what the file begins with, and only then by its name. Raises Unreadable."""
    head = data[:1024]
    for sign, code in _OTHERS:
        if head.startswith(sign):
            raise Unreadable(code)
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(b"PK"):
        return _packed_format(data)
    ending = PurePath(name).suffix.lower()
    if ending in (".docx", ".epub", ".pdf"):
        raise Unreadable("not_what_it_says", ending=ending)
    if _IS_HTML.match(data[:4096]) or (b"<html" in head.lower() and ending != ".md"):
        return "html"
    if ending not in _BY_ENDING:
        raise Unreadable("unknown_format", ending=ending)
    return _BY_ENDING[ending]


def _packed_format(data: bytes) -> str:
    if b"word/" in data and b"[Content_Types].xml" in data:
        return "docx"
    if b"META-INF/container.xml" in data:
        return "epub"
    raise Unreadable("archive")


def made_of(raw: Raw, keep: frozenset[str] = frozenset()) -> Incoming:
    """The text as it will read. `keep` holds the keys of what cleaning would take out and must not."""
    found, gone = (list(raw.blocks), []) if raw.blocks else join_lines(raw.lines, keep)
    cleaned = clean(found, title=raw.front.title, keep=keep, of_lines=bool(raw.lines))
    front = raw.front.over(_said(cleaned))
    if not front.language:
        front = Front(**asdict(front) | {"language": language_of("\n".join(b.text for b in cleaned.blocks))})
    return Incoming(front, tuple(cleaned.blocks), (*gone, *cleaned.removed))


def _said(cleaned: Cleaned) -> Front:
    said: dict[str, Any] = dict(cleaned.said)
    return Front(**said | {"authors": tuple(cleaned.authors)})
