"""Bringing a text in: upload or paste, look at what is kept and what is taken out, publish; then the names in it."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from reader import access
from reader.formats.incoming.model import Incoming
from reader.forms_importing import FrontForm, IncomingFileForm, initial_of
from reader.models import Draft
from reader.operations import importing, linking
from reader.operations.errors import ReaderError
from reader.views.incoming_shown import blocks_shown, expanded, removed_shown
from reader.views.uploads import announces_more_than

MOST_GROUPS = 100  # names decided on in one page


@csrf_exempt  # Django's check would read the whole upload before its size is looked at; `_take` checks
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """A file or pasted words, and the drafts that wait. What is too large is refused before it is read."""
    _editors_only(request)
    if announces_more_than(settings.IMPORT_MAX_BYTES, request):
        form = IncomingFileForm()
        sentence = str(importing.SENTENCES["too_large"]) % {"most": settings.IMPORT_MAX_BYTES}
        return _import_form(request, form, problem=sentence, status=413)
    return _take(request)


@csrf_protect
def _take(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _import_form(request, IncomingFileForm())
    form = IncomingFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_form(request, form, status=422)
    data, name = form.content()
    try:
        raw = importing.read_file(data, name)
    except ReaderError as error:
        return _import_form(request, form, problem=str(error), status=error.status)
    draft = importing.keep_draft(raw, name=name or _("pasted words"), by=request.user)
    return redirect("reader:import_review", draft.pk)


def _import_form(request: HttpRequest, form: IncomingFileForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    drafts = Draft.objects.filter(by=request.user).defer("raw")
    context = {
        "form": form, "problem": problem, "drafts": drafts, "most_seconds": settings.IMPORT_MAX_SECONDS,
        "most_bytes": settings.IMPORT_MAX_BYTES,
    }  # fmt: skip
    return render(request, "reader/import.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be kept, what was taken out, and what is said of the text; published only from here."""
    _editors_only(request)
    draft = get_object_or_404(Draft, pk=pk, by=request.user)
    act = request.POST.get("act", "")
    if act == "discard":
        draft.delete()
        messages.success(request, _("Put away. Nothing of it was kept."))
        return redirect("reader:import_page")
    if request.method == "POST":
        importing.put_back(draft, expanded(draft, request.POST.getlist("back")))
    incoming = importing.incoming_of(draft)
    if act == "publish":
        return _publish(request, draft, incoming)
    typed = {name: request.POST[name] for name in FrontForm.base_fields if name in request.POST}
    return _review_page(request, draft, incoming, FrontForm(initial=_initial(incoming) | typed))


def _initial(incoming: Incoming) -> dict:
    former = importing.article_of(incoming)
    slug = "" if former else importing.free_slug(incoming)
    return initial_of(importing.with_licence(incoming.front)) | {"revision_of": former, "slug": slug}


def _publish(request: HttpRequest, draft: Draft, incoming: Incoming) -> HttpResponse:
    form = FrontForm(request.POST)
    if not form.is_valid():
        return _review_page(request, draft, incoming, form, status=422)
    said = replace(incoming, front=form.front(incoming.front))
    former, slug = form.cleaned_data["revision_of"], form.cleaned_data["slug"]
    try:
        outcome = importing.publish(said, by=request.user, revision_of=former, slug=slug)
    except ReaderError as error:
        return _review_page(request, draft, incoming, form, problem=str(error), status=error.status)
    draft.delete()
    messages.success(request, _told(outcome))
    return redirect("reader:article_mentions", outcome.article.slug)


def _told(outcome: importing.Outcome) -> str:
    if outcome.is_new:
        return _("Published. Everyone can read it now.")
    if outcome.has_new_text:
        return _("Published as revision %d; what lay on the text was carried over.") % outcome.article.current.number
    return _("The text is the one published already; what is said of it was kept.")


def _review_page(
    request: HttpRequest, draft: Draft, incoming: Incoming, form: FrontForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    everything = "all" in request.GET
    shown, more = blocks_shown(incoming, everything=everything)
    context = {
        "draft": draft, "form": form, "problem": problem, "paragraphs": shown, "more": more,
        "removed": removed_shown(draft, incoming), "language": incoming.front.language,
        "has_licence": bool(form["licence"].value() or form["licence_url"].value()),
        "words": sum(len(block.text.split()) for block in incoming.blocks), "count": len(incoming.blocks),
    }  # fmt: skip
    return render(request, "reader/import_review.html", context, status=status)


# --- Names in the text ------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mentions(request: HttpRequest, slug: str) -> HttpResponse:
    """Names of cards that stand in the text and are not linked: accept or decline each, or all."""
    _editors_only(request)
    article = access.article_to_read(slug)
    groups = linking.proposals(article)
    if request.method == "POST":
        messages.success(request, _decide(request, article, groups))
        return redirect("reader:article_mentions", slug)
    context = {
        "article": article, "groups": groups[:MOST_GROUPS], "more": max(0, len(groups) - MOST_GROUPS),
        "sure": sum(not group.doubts for group in groups), "linked": article.current.mentions.count(),
    }  # fmt: skip
    return render(request, "reader/mentions.html", context)


def _decide(request: HttpRequest, article, groups: list[linking.Group]) -> str:
    """One group by its button, or all sure ones; only on the revision that was seen."""
    if request.POST.get("revision") != str(article.current.number):
        return _("Another revision was published meanwhile. Look at the names again; nothing was changed.")
    act, _sep, name = request.POST.get("act", "").partition(":")
    if act == "decline":
        chosen = [group for group in groups if group.name == name]
        for group in chosen:
            linking.decline(article, group, by=request.user)
        return _("Not linked. You will not be asked again.")
    wanted = [group for group in groups if group.name == name or (act == "all" and not group.doubts)]
    ticked = {int(start) for start in request.POST.getlist("place") if start.isdecimal()}
    made = sum(linking.accept(article, group, starts=_starts(group, ticked, act), by=request.user) for group in wanted)
    return ngettext("%d name linked.", "%d names linked.", made) % made


def _starts(group: linking.Group, ticked: set[int], act: str) -> set[int]:
    starts = {place.span.start for place in group.places}
    return starts if act == "all" else starts & ticked


def _editors_only(request: HttpRequest) -> None:
    if not access.can_edit(request.user):
        raise Http404
