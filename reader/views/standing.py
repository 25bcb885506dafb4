"""How somebody stands, for moderators: history, sanctions, trust and notes on one page."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.forms import SanctionForm
from reader.models import Annotation, AnnotationVersion, Flag, Member, ModerationEvent, Sanction
from reader.operations import standing, undoing
from reader.operations.errors import ReaderError
from reader.views.moderation import moderators_only
from reader.views.trail import say_what_can_be_undone
from reader.views.uploads import sent

SHOWN = 50


@login_required
def person(request: HttpRequest, username: str) -> HttpResponse:
    """How somebody stands, and what they wrote, for moderators."""
    moderators_only(request)
    member = get_object_or_404(Member, username=username)
    form = SanctionForm(None if {"trust", "lift"} & request.POST.keys() else sent(request))
    if request.method == "POST" and _acted(request, member, form):
        return redirect("reader:moderation_person", username)
    notes = Annotation.objects.readable_by(request.user).filter(author=member, visibility="public")
    page = Paginator(notes.with_versions().order_by("-created", "-pk"), 30).get_page(request.GET.get("page"))
    for note in page:
        note.shown = access.shown_version(note, request.user)
    acts = list(ModerationEvent.objects.of_the_site().filter(about=member)[:SHOWN])
    say_what_can_be_undone(acts)
    context = {
        "member": member, "form": form, "page": page, "sanctions": member.sanctions.select_related("by"),
        "acts": acts, "more": len(acts) == SHOWN, "counts": _counts(member),
        "stopped": Sanction.objects.in_force().filter(member=member).first(),
        "proposals": member.proposals.with_subjects().order_by("-waits_since", "-pk")[:SHOWN],
        "articles": list({note.article_id: note.article for note in page}.values()),
    }  # fmt: skip
    return render(request, "reader/moderation_person.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """How one stands oneself: trust won and lost, sanctions with their reasons, and what became of one's flags."""
    flags = list(request.user.flags.select_related("annotation__article")[:SHOWN])
    context = {
        "needed": request.user.approvals_until_trusted(), "flags": flags,
        "stopped": Sanction.objects.in_force().filter(member=request.user).first(),
        "acts": request.user.acts_about.filter(verb__in=undoing.ABOUT_PEOPLE)[:SHOWN],
        "sees": Annotation.objects.readable_by(request.user).filter(flags__in=flags).values_list("pk", flat=True),
    }  # fmt: skip
    return render(request, "reader/my_standing.html", context)


def _acted(request: HttpRequest, member: Member, form: SanctionForm) -> bool:
    """Carry out what the page asked for; False when the form has to be shown again."""
    try:
        if "trust" in request.POST:
            standing.set_trust(member, trusted=request.POST["trust"] == "yes", by=request.user)
        elif "lift" in request.POST:
            lifted = request.POST["lift"]
            number = int(lifted) if lifted.isdecimal() and len(lifted) < 10 else 0
            found = get_object_or_404(Sanction, pk=number, member=member)
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
    by_status = dict(written.filter(decided__isnull=False).order_by().values_list("status").annotate(n=Count("pk")))
    flags = Flag.objects.of_the_site().filter(by=member).order_by()
    return {"approved": by_status.get("approved", 0), "rejected": by_status.get("rejected", 0)} | {
        "flags_upheld": flags.filter(outcome=Flag.Outcome.UPHELD).count(),
        "flags_dismissed": flags.filter(outcome=Flag.Outcome.DISMISSED).count(),
    }
