"""The timeline of an article: drawn on the server, and readable as a list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reader import access
from reader.models import TimelineEvent

WIDTH, LEFT, RIGHT, ROW, TOP = 760, 4, 4, 18, 34


@dataclass
class Drawn:
    """One event with its place in the drawing, in SVG user units."""

    event: TimelineEvent
    x: float
    width: float
    y: int

    @property
    def before(self) -> bool:
        """True when its words stand before it, there being no room behind."""
        return self.x > WIDTH / 2

    @property
    def text_x(self) -> float:
        return round(self.x - 6 if self.before else self.x + self.width + 6, 1)


@require_safe
def timeline_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Events of one article in order of time."""
    article = access.article_to_read(slug)
    events = list(article.timeline.select_related("card", "revision").prefetch_related("sources"))
    for event in events:
        if event.start is not None:
            event.words = event.revision.text[event.start : event.end]
            event.number = event.revision.text.count("\n\n", 0, event.start) + 1
            event.is_of_then = event.revision_id != article.current_id
    parts = _parts(events)
    drawn = [_drawn(event, at, parts) for at, event in enumerate(events)]
    context = {
        "article": article, "drawn": drawn, "parts": parts, "width": WIDTH, "height": TOP + ROW * len(events) + 14,
    }  # fmt: skip
    return render(request, "reader/timeline.html", context)


def _year(date: str, *, last: bool = False) -> float:
    """An ISO date of any precision as a year with fraction; `last` takes the end of the stretch it names."""
    parts = [int(part) for part in date.split("-")]
    month = parts[1] if len(parts) > 1 else (12 if last else 1)
    day = parts[2] if len(parts) > 2 else (30 if last else 1)
    return parts[0] + (month - 1) / 12 + (day - 1) / 365


def _parts(events: list[TimelineEvent]) -> list[dict]:
    """Stretches of years with events, each drawn as wide as it has events: the years between are left out."""
    groups: list[list[float]] = []
    for start in sorted(_year(event.date_start) for event in events):
        if groups and start - groups[-1][-1] < 3:
            groups[-1].append(start)
        else:
            groups.append([start])
    parts, x = [], float(LEFT)
    room = WIDTH - LEFT - RIGHT - 14 * max(0, len(groups) - 1)
    weights = [max(3, len(group)) for group in groups]
    for group, weight in zip(groups, weights, strict=True):
        width = room * weight / sum(weights)
        first, last = int(group[0]), int(group[-1]) + 1
        label = str(first) if last == first + 1 else f"{first}–{last - 1}"
        parts.append({"from": first, "to": last, "x": x, "width": width, "label": label})
        x += width + 14
    return parts


def _drawn(event: TimelineEvent, at: int, parts: list[dict]) -> Drawn:
    start = _year(event.date_start)
    end = _year(event.date_end, last=True) if event.date_end else start
    part = next(p for p in parts if p["from"] <= start < p["to"])
    scale = part["width"] / (part["to"] - part["from"])
    x = part["x"] + (start - part["from"]) * scale
    width = max(5.0, min((end - start) * scale, part["x"] + part["width"] - x))
    return Drawn(event=event, x=round(x, 1), width=round(width, 1), y=TOP + ROW * at)
