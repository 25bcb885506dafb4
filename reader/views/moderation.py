"""The queue: what waits or was flagged, oldest first, and deciding on it one by one or many at once.

Each decision is a form. A script may ask for the item alone (HX-Request): it gets what stands in the item's place then.
"""

import re
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reader import access
from reader.forms import BatchForm, DecisionForm
from reader.models import Annotation, AnnotationVersion, Article, ModerationEvent, ReasonTemplate
from reader.operations import moderating, turns, undoing
from reader.operations.errors import ReaderError
from reader.views import queue_items, queue_proposals

KEPT_REASON = "reason-typed-in-the-queue"
LAST_BATCH = "acts-of-the-last-batch"
MOST_KEPT = 30_000  # characters of a reason: more than any may have, less than would fill the session store
MOST_AT_ONCE = 200
ITEM = re.compile(rf"(?P<uid>({queue_proposals.PREFIX})?[-\w]{{1,22}}):(?P<number>\d{{1,8}})", re.ASCII)


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, each with the passage around it."""
    moderators_only(request)
    asked = {name: request.GET.get(name, "") for name in ("article", "why", "person")}
    found = queue_items.narrowed(asked)
    after = request.GET.get("after", "")
    proposals = queue_proposals.narrowed(asked)
    notes, mark = queue_proposals.read_on(found, proposals, after, request.user)
    context = {
        "notes": notes, "mark": mark, "after": after, "asked": asked, "total": found.count() + proposals.count(),
        "articles": _articles(notes), **queue_proposals.choices(), **_around(request),
    }  # fmt: skip
    return render(request, "reader/moderation.html", context)


@login_required
def moderate(request: HttpRequest, uid: str) -> HttpResponse:
    """One item; POST decides on it. A stale decision changes nothing and says who was quicker."""
    note = access.annotation_to_moderate(request.user, uid)
    if request.method != "POST":
        return _item(request, note)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _not_decided(request, note, _what_is_wrong(form))
    data = form.cleaned_data
    version = get_object_or_404(note.versions.select_related("annotation__author"), number=data["version"])
    try:
        event, said = decide(version, request.user, data)
    except ReaderError as error:
        return _not_decided(request, note, str(error), error.status)
    request.session.pop(LAST_BATCH, None)
    if request.htmx:
        return render(request, "reader/_queue_done.html", {"note": note, "said": said, "event": event})
    messages.success(request, said)
    return back(request)


@login_required
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """One decision about many; each is its own transaction, and those that had moved on are counted."""
    moderators_only(request)
    form = BatchForm(request.POST)
    chosen = _chosen(request, form) if form.is_valid() else []
    if not chosen:
        messages.error(request, _("Tick at least one note, and choose what to do with them."))
        return back(request)
    done, refused = [], ""
    for uid, number in chosen:
        try:
            done.append(_decide_named(uid, number, request.user, form.cleaned_data).pk)
        except (ReaderError, Http404) as error:
            refused = str(error) or _("One of them is gone.")
    request.session[LAST_BATCH] = done
    _say_how_many(request, len(done), len(chosen) - len(done), refused)
    return back(request)


@login_required
@require_POST
def claim(request: HttpRequest, uid: str) -> HttpResponse:
    """Say that one is at work on a note, or give it back."""
    note = access.annotation_to_moderate(request.user, uid)
    return claimed(request, note.latest, f"#item-{uid}", partial(_item, request, note))


def claimed(request: HttpRequest, item: turns.Item, anchor: str, show: Callable[..., HttpResponse]) -> HttpResponse:
    """Claim an item, or give up one's claim; `show` makes it anew for a script, with what was done or went wrong."""
    problem, said = "", ""
    try:
        said = _turned(item, request.user)
    except ReaderError as error:
        problem = str(error)
    if request.htmx:
        return show(problem=problem, said=said)
    if problem:
        messages.error(request, problem)
    return back(request, anchor)


def _turned(item: turns.Item, by) -> str:
    if turns.is_claimed(item) and item.claimed_by_id == by.pk:
        turns.release(item, by=by)
        return _("You have left it to the others.")
    turns.claim(item, by=by)
    return _("You are at work on it.")


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act back."""
    moderators_only(request)
    acts = ModerationEvent.objects.of_the_site().select_related("annotation", "proposal", "about")
    event = get_object_or_404(acts, pk=pk)
    problem, said = "", ""
    try:
        undoing.undo(event, by=request.user)
        said = _("Taken back.")
    except ReaderError as error:
        problem = str(error)
    if request.htmx and event.annotation:
        note = access.annotation_to_moderate(request.user, event.annotation.uid)
        return _item(request, note, problem, said=said)
    if request.htmx and event.proposal:
        return queue_proposals.item(request, event.proposal, problem, said=said)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, said)
    subject = event.annotation or event.proposal
    return back(request, f"#item-{subject.uid}" if subject else "")


@login_required
@require_POST
def undo_batch(request: HttpRequest) -> HttpResponse:
    """Take the whole last batch back, as far as it still stands."""
    moderators_only(request)
    done, left, why = 0, 0, ""
    for event in ModerationEvent.objects.filter(pk__in=request.session.pop(LAST_BATCH, []), by=request.user):
        try:
            undoing.undo(event, by=request.user)
            done += 1
        except ReaderError as error:
            left, why = left + 1, str(error)
    _say_how_many(request, done, left, why, _("Taken back: %d."))
    return back(request)


def _decide_named(uid: str, number: int, by, data: dict) -> ModerationEvent:
    if uid.startswith(queue_proposals.PREFIX):
        return queue_proposals.decide_named(uid, number, by, data)
    note = access.annotation_to_moderate(by, uid)
    version = get_object_or_404(note.versions, number=number)
    return decide(version, by, data)[0]


def decide(version: AnnotationVersion, by, data: dict) -> tuple[ModerationEvent, str]:
    """Carry out one decision; returns its act and what to say. Raises ReaderError when it changed nothing."""
    reason, note = data.get("reason", ""), version.annotation
    match data["decision"]:
        case "approve":
            return moderating.approve(version, by=by), _("Approved. Everyone can see it now.")
        case "trust":
            return moderating.approve(version, by=by, trust=True), _("Approved, and trusted from now on.")
        case "edit":
            event = moderating.edit_and_approve(version, by=by, body=data["body"], tags=data["tags"])
            return event, _("Changed and approved. The author sees both wordings.")
        case "return":
            event = moderating.send_back(version, by=by, reason=reason)
            return event, _("Sent back. The author sees your words and can revise the note.")
        case "reject":
            return moderating.reject(version, by=by, reason=reason), _("Rejected. The author sees your reason.")
        case "keep":
            return moderating.keep(note, by=by), _("Looked at: it stays as it is.")
        case "take-down":
            return moderating.take_down(note, by=by, reason=reason), _("Taken down. The author sees your reason.")
    return moderating.mark_as_spam(version, by=by), _("Marked as spam.")


def moderators_only(request: HttpRequest) -> None:
    """Raises Http404 for everybody else."""
    if not access.can_moderate(request.user):
        raise Http404


def back(request: HttpRequest, anchor: str = "") -> HttpResponse:
    """To the page of moderation where the form stood, filtered as it was; in the queue to an item of it."""
    to, queue = request.POST.get("next", ""), reverse("reader:moderation")
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith(queue)
    to = to if is_ours else queue
    return redirect(to + anchor if to.partition("?")[0] == queue else to)


def _item(
    request: HttpRequest, note: Annotation, problem: str = "", status: int = 200, kept: dict | None = None,
    said: str = "",
) -> HttpResponse:  # fmt: skip
    """One item: in its place for a script, else as a page."""
    [note] = queue_items.items(Annotation.objects.filter(pk=note.pk), request.user)
    context = {
        "note": note, "problem": problem, "said": said, "kept": kept or {}, "articles": [note.article],
        "templates": ReasonTemplate.objects.all(), "next": request.POST.get("next", reverse("reader:moderation")),
    }  # fmt: skip
    template = "reader/_queue_item.html" if request.htmx else "reader/moderation_item.html"
    return render(request, template, context, status=status)


def _around(request: HttpRequest) -> dict:
    """What stands around the items."""
    return {
        "kept": request.session.pop(KEPT_REASON, {}), "templates": ReasonTemplate.objects.all(),
        "last": _last_decision(request), "last_batch": len(request.session.get(LAST_BATCH, [])),
        "next": request.get_full_path(),
    }  # fmt: skip


def _articles(items: list[queue_proposals.Waiting]) -> list[Article]:
    return list({each.article_id: each.article for each in items if each.article_id}.values())


def _chosen(request: HttpRequest, form: BatchForm) -> list[tuple[str, int]]:
    """Which wordings: those that were ticked, or all by one person that waited when the page was made."""
    data = form.cleaned_data
    if data["everything_by"] and data["until"]:
        waiting = Annotation.objects.waiting().filter(author__username=data["everything_by"])
        waiting = waiting.filter(latest__waits_since__lte=data["until"]).order_by("latest__waits_since", "pk")
        written = list(waiting.values_list("uid", "latest__number")[:MOST_AT_ONCE])
        return written + queue_proposals.all_by(data["everything_by"], until=data["until"])
    ticked = map(ITEM.fullmatch, request.POST.getlist("item")[:MOST_AT_ONCE])
    return [(item["uid"], int(item["number"])) for item in ticked if item]


def _last_decision(request: HttpRequest) -> ModerationEvent | None:
    """One's own newest decision, if it still stands: it can be taken back."""
    here = Q(annotation__isnull=False) | Q(proposal__isnull=False)
    mine = ModerationEvent.objects.of_the_site().filter(here, by=request.user, verb__in=undoing.DECIDED)
    last = mine.select_related("annotation__latest", "proposal").first()
    now = last and (last.proposal or last.annotation.latest)
    return last if now and (now.number, now.status) == (last.version, last.after) else None


def _what_is_wrong(form: DecisionForm) -> str:
    if "reason" in form.errors:
        return _("The reason:") + " " + " ".join(form.errors["reason"])
    return _("Choose what to do with the note: approve, reject or spam.")


def _not_decided(request: HttpRequest, note: Annotation, why: str, status: int = 422) -> HttpResponse:
    """The item again, or the queue, where the reason stands as it was typed."""
    typed = {"uid": note.uid} | {name: request.POST.get(name, "")[:MOST_KEPT] for name in ("reason", "body", "tags")}
    if request.htmx:
        return _item(request, note, why, status, typed)
    request.session[KEPT_REASON] = typed
    messages.error(request, why)
    return back(request)


def _say_how_many(request: HttpRequest, done: int, left: int, why: str, words: str = "") -> None:
    if done:
        messages.success(request, (words or _("Decided on %d.")) % done)
    if left:
        said = ngettext("%(n)d was left as it is. %(why)s", "%(n)d were left as they are. %(why)s", left)
        messages.error(request, said % {"n": left, "why": why})
