"""Days written out in English, as bylines have them; times in UTC."""

import re
from datetime import UTC, date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<{0}>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
NAMED_DATE = re.compile(
    rf"(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)|\b{_MONTH.format('m1')}\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{{4}})\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format('m2')},?\s+(?P<y2>\d{{4}})\b",
    re.IGNORECASE,
)


def date_in(words: str) -> str:
    """The first day named in `words` as an ISO date, or nothing when there is none in the calendar."""
    found = NAMED_DATE.search(words)
    if not found:
        return ""
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"]).isoformat()
        which = "1" if found["y1"] else "2"
        month = _MONTHS.index(found[f"m{which}"].lower()[:3]) + 1
        return date(int(found[f"y{which}"]), month, int(found[f"d{which}"])).isoformat()
    except ValueError:
        return ""


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, also of one that names no zone. ValueError outside of the years 1 to 9999."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(moment) from error
