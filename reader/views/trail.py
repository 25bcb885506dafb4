"""The trail of moderation, and its numbers for everyone."""

import csv
import json
from collections.abc import Iterator
from datetime import date, timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader.models import ModerationEvent
from reader.operations import undoing
from reader.views.moderation import moderators_only

Verb = ModerationEvent.Verb
COLUMNS = [
    "at", "by_name", "verb", "about_name", "annotation_uid", "version", "before", "after", "waited", "act", "reason",
    "proposal_uid", "card_slug", "article_slug",
]  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out
COUNTED = timedelta(days=30)


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every act, newest first; `?export=csv` or `jsonl` streams all that the filter leaves."""
    moderators_only(request)
    names = ("verb", "by", "about", "article", "note", "since", "until")
    asked = {name: request.GET.get(name, "").strip() for name in names}
    events = _filtered(asked)
    write = EXPORTS.get(request.GET.get("export", ""))
    if write:
        return write(events)
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    say_what_can_be_undone(page.object_list)
    context = {"page": page, "asked": asked, "verbs": Verb.choices, "all_articles": _articles()}
    return render(request, "reader/moderation_log.html", context)


def _articles() -> list[tuple[str, str]]:
    """Name and title of each that something was done on; of one that is gone, its name."""
    named = ModerationEvent.objects.of_the_site().order_by().exclude(article_slug="").values_list("article_slug")
    found = named.annotate(title=Max("article__title"))
    return sorted(((slug, title or slug) for slug, title in found), key=lambda each: each[1])


def say_what_can_be_undone(events) -> None:
    """On each row: whether it begins an act of a moderator that nobody has taken back. One query."""
    rows = ModerationEvent.objects.filter(act__in={event.act for event in events if event.act})
    acts = rows.order_by().values("act").annotate(first=Min("pk"), undone=Count("pk", filter=Q(verb=Verb.UNDONE)))
    begins = {row["first"] for row in acts if not row["undone"]}
    for event in events:
        gone = not (event.annotation_id or event.proposal_id) and event.verb not in undoing.ABOUT_PEOPLE
        event.can_be_undone = event.pk in begins and event.verb in undoing.UNDONE and not gone


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """How moderation is going, in numbers only: for everyone. The same few queries however long the trail is."""
    decided = ModerationEvent.objects.of_the_site().decisions().filter(at__gt=timezone.now() - COUNTED)
    by_verb = dict(decided.order_by().values_list("verb").annotate(n=Count("pk")))
    total, undone, overturned = sum(by_verb.values()), decided.undone().count(), decided.overturned().count()
    context = {
        "total": total, "undone": undone, "overturned": overturned,
        "rate": round(100 * (undone + overturned) / total) if total else 0,
        "rows": [(Verb(verb).label, n) for verb, n in sorted(by_verb.items(), key=lambda row: -row[1])],
        "median": _in_words(decided.waited_at(0.5)), "ninetieth": _in_words(decided.waited_at(0.9)),
    }  # fmt: skip
    return render(request, "reader/moderation_numbers.html", context)


def _in_words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return _("a minute")
    now = timezone.now()
    return timesince(now - timedelta(seconds=seconds), now)


def _filtered(asked: dict[str, str]):
    events = ModerationEvent.objects.of_the_site()
    if asked["verb"] in Verb.values:
        events = events.filter(verb=asked["verb"])
    if asked["by"]:
        events = events.filter(Q(by_name__icontains=asked["by"]) | Q(by__username=asked["by"]))
    if asked["about"]:
        events = events.filter(Q(about_name__icontains=asked["about"]) | Q(about__username=asked["about"]))
    if asked["article"]:
        events = events.filter(Q(article_slug=asked["article"]) | Q(article__slug=asked["article"]))
    if asked["note"]:
        events = events.filter(annotation_uid=asked["note"])
    return _between(events, _day(asked["since"]), _day(asked["until"]))


def _between(events, since: date | None, until: date | None):
    """Days of the site's time zone, both included."""
    if since:
        events = events.filter(at__date__gte=since)
    return events.filter(at__date__lte=until) if until else events


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:  # the thirtieth of February
        return None


def _as_csv(events) -> StreamingHttpResponse:
    return _streamed(_csv_lines(events), "text/csv; charset=utf-8", "moderation.csv")


def _as_jsonl(events) -> StreamingHttpResponse:
    lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in _rows(events.values(*COLUMNS)))
    return _streamed(lines, "application/x-ndjson; charset=utf-8", "moderation.jsonl")


EXPORTS = {"csv": _as_csv, "jsonl": _as_jsonl}


def _streamed(lines: Iterator[str], media_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(values) -> Iterator:
    return values.iterator(chunk_size=500)


class _Echo:
    """A file that hands back what is written to it, so that a row can be streamed."""

    def write(self, value: str) -> str:
        return value


def _csv_lines(events) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for row in _rows(events.values_list(*COLUMNS)):
        yield writer.writerow([_harmless(value) for value in row])


def _harmless(value) -> str:
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
