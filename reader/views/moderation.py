"""What waits, and deciding on it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reader import access
from reader.forms import DecisionForm
from reader.models import Annotation
from reader.operations import moderating
from reader.operations.errors import ReaderError
from reader.text.excerpts import Excerpt, excerpt
from reader.text.selectors import Span

KEPT_REASON = "reason-typed-in-the-queue"
MOST_KEPT = 30_000  # characters of a reason: more than any may have, less than would fill the session store
REACH = 160  # code points of the text shown either side of a passage


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, each with the passage around it."""
    if not access.can_moderate(request.user):
        raise Http404
    waiting = Annotation.objects.waiting().order_by("latest__created", "pk")
    related = ("latest", "published", "author", "article", "revision", "parent__published", "thread__revision")
    page = Paginator(waiting.select_related(*related), 20).get_page(request.GET.get("page"))
    for note in page:
        note.passage = _passage(note)
    articles = list({note.article_id: note.article for note in page}.values())
    context = {"page": page, "articles": articles, "kept": request.session.pop(KEPT_REASON, {})}
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
        said = _decide(version, request.user, data["decision"], data["reason"])
    except ReaderError as error:
        return _not_decided(request, uid, str(error))
    messages.success(request, said)
    return redirect("reader:moderation")


def _what_is_wrong(form: DecisionForm) -> str:
    if "reason" in form.errors:
        return _("The reason:") + " " + " ".join(form.errors["reason"])
    return _("Choose what to do with the note: approve, reject or spam.")


def _not_decided(request: HttpRequest, uid: str, why: str) -> HttpResponse:
    """Back to the queue, where the reason stands as it was typed."""
    request.session[KEPT_REASON] = {"uid": uid, "reason": request.POST.get("reason", "")[:MOST_KEPT]}
    messages.error(request, why)
    return redirect("reader:moderation")


def _decide(version, by, decision: str, reason: str) -> str:
    if decision == "approve":
        moderating.approve(version, by=by)
        return _("Approved. Everyone can see it now.")
    if decision == "reject":
        moderating.reject(version, by=by, reason=reason)
        return _("Rejected. The author sees your reason.")
    moderating.mark_as_spam(version, by=by)
    return _("Marked as spam.")


def _passage(note: Annotation) -> Excerpt | None:
    """The words a note lies on, with the text around them; a reply stands on its thread's words."""
    top = note.thread or note
    if top.revision is None:
        return None
    return excerpt(top.revision.text, Span(top.start, top.end), reach=REACH)
