"""The trail of moderation, its numbers for everyone, and how people stand."""

import csv
from collections.abc import Iterator
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.forms import SanctionForm
from reader.models import Annotation, AnnotationVersion, Flag, Member, ModerationEvent, Sanction
from reader.operations import standing
from reader.operations.errors import ReaderError

Verb = ModerationEvent.Verb
DECISIONS = [Verb.APPROVED, Verb.EDITED, Verb.REJECTED, Verb.RETURNED, Verb.SPAM]
COLUMNS = ["at", "by_name", "verb", "about_name", "annotation_uid", "version", "before", "after", "reason"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would carry out


@login_required
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Every act, newest first; `?export=csv` streams all that the filter leaves."""
    _moderators_only(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("verb", "by", "about", "note")}
    events = _filtered(asked)
    if request.GET.get("export") == "csv":
        return _as_csv(events)
    page = Paginator(events, 50).get_page(request.GET.get("page"))
    context = {"page": page, "asked": asked, "verbs": Verb.choices}
    return render(request, "reader/moderation_log.html", context)


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """How moderation is going, in numbers only: for everyone."""
    since = timezone.now() - timedelta(days=30)
    acts = ModerationEvent.objects.of_the_site()
    decided = acts.filter(verb__in=DECISIONS, at__gt=since, before="pending")
    by_verb = dict(decided.order_by().values_list("verb").annotate(n=Count("pk")))
    undone = acts.filter(verb=Verb.UNDONE, at__gt=since).count()
    waits = sorted(_waits(since))
    total = sum(by_verb.values())
    context = {
        "total": total, "undone": undone, "rate": round(100 * undone / total) if total else 0,
        "rows": [(Verb(verb).label, n) for verb, n in sorted(by_verb.items(), key=lambda row: -row[1])],
        "median": _at(waits, 0.5), "ninetieth": _at(waits, 0.9),
    }  # fmt: skip
    return render(request, "reader/moderation_numbers.html", context)


@login_required
def person(request: HttpRequest, username: str) -> HttpResponse:
    """How somebody stands, and what they wrote, for moderators."""
    _moderators_only(request)
    member = get_object_or_404(Member, username=username)
    form = SanctionForm(request.POST if "kind" in request.POST else None)
    if request.method == "POST" and _acted(request, member, form):
        return redirect("reader:moderation_person", username)
    notes = Annotation.objects.readable_by(request.user).filter(author=member, visibility="public")
    page = Paginator(notes.with_versions().order_by("-created", "-pk"), 30).get_page(request.GET.get("page"))
    for note in page:
        note.shown = access.shown_version(note, request.user)
    context = {
        "member": member, "form": form, "page": page, "sanctions": member.sanctions.select_related("by"),
        "acts": ModerationEvent.objects.of_the_site().filter(about=member)[:50], "counts": _counts(member),
        "articles": list({note.article_id: note.article for note in page}.values()),
    }  # fmt: skip
    return render(request, "reader/moderation_person.html", context, status=422 if form.errors else 200)


def _acted(request: HttpRequest, member: Member, form: SanctionForm) -> bool:
    """Carry out what the page asked for; False when the form has to be shown again."""
    try:
        if "trust" in request.POST:
            standing.set_trust(member, trusted=request.POST["trust"] == "yes", by=request.user)
        elif "lift" in request.POST:
            lifted = request.POST["lift"]
            found = get_object_or_404(Sanction, pk=int(lifted) if lifted.isdecimal() else 0, member=member)
            standing.lift(found, by=request.user)
        elif form.is_valid():
            _sanction(form, member, request.user)
        else:
            return False
    except ReaderError as error:
        form.add_error(None, str(error)) if form.is_bound else messages.error(request, str(error))
        return not form.is_bound
    messages.success(request, _("Done. It stands in the trail."))
    return True


def _sanction(form: SanctionForm, member: Member, by: Member) -> None:
    data = form.cleaned_data
    is_for_a_time = data["kind"] == Sanction.Kind.SUSPENSION
    until = timezone.now() + timedelta(days=data["days"]) if is_for_a_time else None
    standing.sanction(member, kind=data["kind"], reason=data["reason"], by=by, until=until)


def _counts(member: Member) -> dict[str, int]:
    written = AnnotationVersion.objects.filter(annotation__author=member, visibility="public")
    decided = written.filter(decided__isnull=False).order_by()
    by_status = dict(decided.values_list("status").annotate(n=Count("pk")))
    flags = Flag.objects.of_the_site().filter(by=member).order_by()
    return {"approved": by_status.get("approved", 0), "rejected": by_status.get("rejected", 0)} | {
        "flags_upheld": flags.filter(outcome=Flag.Outcome.UPHELD).count(),
        "flags_dismissed": flags.filter(outcome=Flag.Outcome.DISMISSED).count(),
    }


def _filtered(asked: dict[str, str]):
    events = ModerationEvent.objects.of_the_site()
    if asked["verb"] in Verb.values:
        events = events.filter(verb=asked["verb"])
    if asked["by"]:
        events = events.filter(by_name__icontains=asked["by"])
    if asked["about"]:
        events = events.filter(about_name__icontains=asked["about"])
    if asked["note"]:
        events = events.filter(annotation_uid=asked["note"])
    return events


def _as_csv(events) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_csv_lines(events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it, so that a row can be streamed."""

    def write(self, value: str) -> str:
        return value


def _csv_lines(events) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for row in events.values_list(*COLUMNS).iterator(chunk_size=500):
        yield writer.writerow([_harmless(value) for value in row])


def _harmless(value) -> str:
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _waits(since) -> list[timedelta]:
    """From writing to decision, of what was decided by a moderator since then."""
    rows = AnnotationVersion.objects.filter(
        decided__gt=since, decided_by__isnull=False, edited_by__isnull=True, visibility="public"
    )
    return [decided - created for decided, created in rows.values_list("decided", "created")]


def _at(waits: list[timedelta], part: float) -> str:
    """The wait that `part` of all did not exceed, in words."""
    if not waits:
        return ""
    now = timezone.now()
    return timesince(now - waits[min(len(waits) - 1, int(len(waits) * part))], now)


def _moderators_only(request: HttpRequest) -> None:
    if not access.can_moderate(request.user):
        raise Http404
