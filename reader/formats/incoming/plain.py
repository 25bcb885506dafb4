"""Plain text: lines with their empty lines and indents; Markdown in disguise is read as Markdown."""

import re
from collections.abc import Iterator

from reader.formats.incoming.decoding import text_of
from reader.formats.incoming.markdown import looks_like_markdown, raw_of
from reader.formats.incoming.model import Raw, Unreadable
from reader.text.lines import Line

_SPACES = re.compile(r"[ \t\v]+")


def read_plain(data: bytes) -> Raw:
    """A text file. A form feed begins a page. Raises Unreadable when there are no words in it."""
    text = text_of(data)
    if looks_like_markdown(text):
        return raw_of(text, "plain")
    lines = tuple(_lines(text))
    if not lines:
        raise Unreadable("empty")
    return Raw("plain", lines=lines)


def _lines(text: str) -> Iterator[Line]:
    pages = text.split("\f")
    for page, words in enumerate(pages, 1 if len(pages) > 1 else 0):
        gap = 0
        for number, line in enumerate(words.split("\n"), 1):
            bare = _SPACES.sub(" ", line).strip(" ")
            if not bare.strip():
                gap += 1
                continue
            indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip(" "))
            yield Line(bare.strip(), page, number, gap=gap, x=indent, right=indent + len(bare))
            gap = 0
