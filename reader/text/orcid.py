"""ORCID: sixteen digits in fours, the last a check over the others (ISO 7064, MOD 11-2)."""

import re

SHAPE = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


def is_orcid(given: str) -> bool:
    """True when `given` has the shape of an ORCID and its check holds."""
    if not SHAPE.fullmatch(given):
        return False
    signs = given.replace("-", "")
    total = 0
    for digit in signs[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == signs[-1]
