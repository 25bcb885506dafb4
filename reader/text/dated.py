"""Dated statements as people type them: one a line, «2018-03-21: Became head of the bureau.»"""

import re
from collections.abc import Iterable

LINE = re.compile(r"(?P<date>\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)\s*:\s+(?P<text>\S.*)")
ISO = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def from_lines(typed: str) -> list[list[str]]:
    """Pairs of an ISO date, as exact as it is known or empty, and words; empty lines are none."""
    made = []
    for line in typed.splitlines():
        words = " ".join(line.split())
        match = LINE.fullmatch(words)
        if words:
            made.append([match["date"], match["text"]] if match else ["", words])
    return made


def to_lines(pairs: Iterable[Iterable[str]]) -> str:
    """The same pairs as `from_lines` reads them."""
    return "\n".join(": ".join(filter(None, [date, " ".join(text.split())])) for date, text in pairs)


def is_date(typed: str) -> bool:
    """True for an ISO date of any precision: 2018, 2018-03, 2018-03-21."""
    return ISO.fullmatch(typed) is not None
