"""The queue: what waits or was flagged, oldest first, and deciding on it one by one or many at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reader import access
from reader.forms import BatchForm, DecisionForm
from reader.models import Annotation, AnnotationVersion, Article, Flag, HeldFor, ModerationEvent, ReasonTemplate, Status
from reader.operations import moderating, undoing
from reader.operations.errors import ReaderError
from reader.text.aligning import align
from reader.text.excerpts import Excerpt, excerpt
from reader.text.selectors import Span
from reader.views.differences import inline

KEPT_REASON = "reason-typed-in-the-queue"
MOST_KEPT = 30_000  # characters of a reason: more than any may have, less than would fill the session store
MOST_AT_ONCE = 200
REACH = 160  # code points of the text shown either side of a passage
RELATED = (
    "latest__claimed_by", "published", "author", "article", "revision", "parent__published", "thread__revision",
)  # fmt: skip


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, each with the passage around it."""
    _moderators_only(request)
    asked = {name: request.GET.get(name, "") for name in ("article", "why", "person")}
    found = _filtered(asked).order_by("latest__created", "pk").select_related(*RELATED)
    flags = Prefetch("flags", queryset=Flag.objects.filter(outcome="").select_related("by"), to_attr="open_flags")
    page = Paginator(found.prefetch_related(flags), 20).get_page(request.GET.get("page"))
    for note in page:
        _prepare(note, request.user)
    context = {
        "page": page, "asked": asked, "kept": request.session.pop(KEPT_REASON, {}), "whys": HeldFor.choices,
        "articles": list({note.article_id: note.article for note in page}.values()),
        "all_articles": Article.objects.filter(annotations__in=Annotation.objects.to_moderate()).distinct(),
        "templates": ReasonTemplate.objects.all(), "last": _last_decision(request),
    }  # fmt: skip
    return render(request, "reader/moderation.html", context)


@login_required
@require_POST
def moderate(request: HttpRequest, uid: str) -> HttpResponse:
    """One decision; a stale one changes nothing and says who was quicker."""
    note = access.annotation_to_moderate(request.user, uid)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _not_decided(request, uid, _what_is_wrong(form))
    data = form.cleaned_data
    version = get_object_or_404(note.versions.select_related("annotation__author"), number=data["version"])
    try:
        said = decide(version, request.user, data)
    except ReaderError as error:
        return _not_decided(request, uid, str(error))
    messages.success(request, said)
    return _back(request)


@login_required
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """One decision about many; each is its own transaction, and those that had moved on are counted."""
    _moderators_only(request)
    form = BatchForm(request.POST)
    items = [item.rpartition(":") for item in request.POST.getlist("item")[:MOST_AT_ONCE]]
    if not form.is_valid() or not items:
        messages.error(request, _("Tick at least one note, and choose what to do with them."))
        return _back(request)
    done, refused = 0, ""
    for uid, _colon, number in items:
        try:
            note = access.annotation_to_moderate(request.user, uid)
            version = get_object_or_404(note.versions, number=int(number) if number.isdecimal() else 0)
            decide(version, request.user, form.cleaned_data)
            done += 1
        except (ReaderError, Http404) as error:
            refused = str(error) or _("One of them is gone.")
    _say_how_many(request, done, len(items) - done, refused)
    return _back(request)


@login_required
@require_POST
def claim(request: HttpRequest, uid: str) -> HttpResponse:
    """Say that one is at work on an item, or give it back."""
    note = access.annotation_to_moderate(request.user, uid)
    if note.latest.claimed_by_id == request.user.pk:
        undoing.release(note.latest, by=request.user)
    else:
        try:
            undoing.claim(note.latest, by=request.user)
        except ReaderError as error:
            messages.error(request, str(error))
    return _back(request, f"#item-{uid}")


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back."""
    _moderators_only(request)
    event = get_object_or_404(ModerationEvent, pk=pk)
    try:
        undoing.undo(event, by=request.user)
    except ReaderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken back: the note waits again."))
    return _back(request)


def decide(version: AnnotationVersion, by, data: dict) -> str:
    """Carry out one decision; returns what to say. Raises ReaderError when it changed nothing."""
    reason, note = data.get("reason", ""), version.annotation
    match data["decision"]:
        case "approve" | "trust":
            moderating.approve(version, by=by, trust=data["decision"] == "trust")
            return _("Approved. Everyone can see it now.")
        case "edit":
            moderating.edit_and_approve(version, by=by, body=data["body"], tags=data["tags"])
            return _("Changed and approved. The author sees both wordings.")
        case "return":
            moderating.send_back(version, by=by, reason=reason)
            return _("Sent back. The author sees your words and can revise the note.")
        case "reject":
            moderating.reject(version, by=by, reason=reason)
            return _("Rejected. The author sees your reason.")
        case "keep":
            moderating.keep(note, by=by)
            return _("It stays; its flags are closed.")
        case "take-down":
            moderating.take_down(note, by=by, reason=reason)
            return _("Taken down. The author sees your reason.")
    moderating.mark_as_spam(version, by=by)
    return _("Marked as spam.")


def _moderators_only(request: HttpRequest) -> None:
    if not access.can_moderate(request.user):
        raise Http404


def _filtered(asked: dict[str, str]):
    found = Annotation.objects.to_moderate()
    if asked["article"]:
        found = found.filter(article__slug=asked["article"])
    if asked["person"]:
        found = found.filter(author__username=asked["person"])
    if asked["why"] == HeldFor.FLAGGED:
        found = found.filter(pk__in=Flag.objects.filter(outcome="").values("annotation"))
    elif asked["why"]:
        found = found.held_for(asked["why"])
    return found


def _prepare(note: Annotation, moderator) -> None:
    """What an item shows beside the note itself; no query."""
    note.passage = passage_of(note)
    note.waits = note.latest.status == Status.PENDING
    if note.published and note.waits:
        note.difference = inline(align(note.published.body, note.latest.body))
    claimed = note.latest.claimed_by
    fresh = note.latest.claimed and undoing.is_claimed(note.latest)
    note.claimer = claimed if fresh else None
    note.is_mine = bool(note.claimer and claimed.pk == moderator.pk)


def passage_of(note: Annotation) -> Excerpt | None:
    """The words a note lies on, with the text around them; a reply stands on its thread's words."""
    top = note.thread or note
    if top.revision is None:
        return None
    return excerpt(top.revision.text, Span(top.start, top.end), reach=REACH)


def _last_decision(request: HttpRequest) -> ModerationEvent | None:
    """One's own newest decision, if it still stands: it can be taken back."""
    mine = ModerationEvent.objects.filter(by=request.user, verb__in=undoing.UNDONE, annotation__isnull=False)
    last = mine.select_related("annotation__latest").first()
    stands = last and last.annotation.latest.number == last.version and last.annotation.latest.status == last.after
    return last if stands else None


def _what_is_wrong(form: DecisionForm) -> str:
    if "reason" in form.errors:
        return _("The reason:") + " " + " ".join(form.errors["reason"])
    return _("Choose what to do with the note: approve, reject or spam.")


def _not_decided(request: HttpRequest, uid: str, why: str) -> HttpResponse:
    """Back to the queue, where the reason stands as it was typed."""
    typed = {name: request.POST.get(name, "")[:MOST_KEPT] for name in ("reason", "body", "tags")}
    request.session[KEPT_REASON] = {"uid": uid} | typed
    messages.error(request, why)
    return _back(request)


def _say_how_many(request: HttpRequest, done: int, left: int, why: str) -> None:
    if done:
        messages.success(request, _("Decided on %d.") % done)
    if left:
        messages.error(request, _("%(n)d were left as they are: %(why)s") % {"n": left, "why": why})


def _back(request: HttpRequest, anchor: str = "") -> HttpResponse:
    """To the same filtered queue."""
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith(reverse("reader:moderation"))
    return redirect((to if is_ours else reverse("reader:moderation")) + anchor)
