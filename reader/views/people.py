"""One's own pages."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.forms import MemberForm
from reader.models import Annotation, Article, Status
from reader.operations import members
from reader.views.wordings import tell_changes

STATES = {
    "private": {"visibility": "private"},
    "group": {"visibility": "group"},
    "pending": {"visibility": "public", "latest__status": Status.PENDING},
    "approved": {"visibility": "public", "latest__status": Status.APPROVED},
    "rejected": {"latest__status": Status.REJECTED},
    "returned": {"latest__status": Status.RETURNED},
    "withdrawn": {"latest__status": Status.WITHDRAWN},
}


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """How one is named, and where one stands."""
    form = MemberForm(request.POST or None, instance=copy(request.user))  # a refused name is not yet one's name
    if request.method == "POST" and form.is_valid():
        members.introduce(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("reader:me")
    context = {"form": form, "needed": request.user.approvals_until_trusted()}
    return render(request, "reader/me.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def my_notes(request: HttpRequest) -> HttpResponse:
    """All of one's own notes with how they stand."""
    asked = {name: request.GET.get(name, "") for name in ("article", "tag", "state")}
    notes = Annotation.objects.filter(author=request.user).exclude(latest__status=Status.SPAM)
    notes = notes.filter(**STATES.get(asked["state"], {}))
    if asked["article"]:
        notes = notes.filter(article__slug=asked["article"])
    if asked["tag"]:
        notes = notes.filter(tags__slug=asked["tag"])
    page = Paginator(notes.with_versions().order_by("-created", "-pk"), 30).get_page(request.GET.get("page"))
    for note in page:
        note.shown = access.shown_version(note, request.user)
    tell_changes(page.object_list)
    context = {"page": page, "asked": asked, "states": _state_choices(), **_choices(request.user)}
    return render(request, "reader/my_notes.html", context)


def _choices(member) -> dict:
    mine = Annotation.objects.filter(author=member)
    return {
        "articles": Article.objects.filter(annotations__in=mine).distinct(),
        "tags": Annotation.tags.most_common(extra_filters={"annotation__author": member}).order_by("name")[:100],
    }


def _state_choices() -> list[tuple[str, str]]:
    return [
        ("private", _("only me")),
        ("group", _("for a reading group")),
        ("pending", _("waiting")),
        ("approved", _("public")),
        ("rejected", _("not accepted")),
        ("returned", _("sent back")),
        ("withdrawn", _("withdrawn")),
    ]
