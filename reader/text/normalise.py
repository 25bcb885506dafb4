"""What «the text» of a paragraph and of a revision is: the only definition."""

import hashlib
from collections.abc import Iterable, Sequence

SEPARATOR = "\n\n"


def join(paragraphs: Iterable[str]) -> str:
    """The text of a revision: its paragraphs' texts, one blank line between them, exactly as stored.

    Nothing is normalised: quotation marks, spaces and combining marks are kept, since positions are code
    points of this very string.
    """
    return SEPARATOR.join(paragraphs)


def starts(paragraphs: Sequence[str]) -> list[int]:
    """Where each paragraph begins in `join(paragraphs)`, in code points."""
    positions, at = [], 0
    for text in paragraphs:
        positions.append(at)
        at += len(text) + len(SEPARATOR)
    return positions


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal: two wordings are the same when these are."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_storable(text: str) -> bool:
    """False for NUL and lone surrogates, which databases and UTF-8 cannot hold."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
