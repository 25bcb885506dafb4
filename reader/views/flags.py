"""What a reader tells moderators about somebody else's note, and what an author answers to a rejection."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reader import access
from reader.forms import AppealForm, FlagForm
from reader.models import Annotation, Flag, Proposal, Status
from reader.operations import flagging, turns
from reader.operations.errors import ReaderError
from reader.views.uploads import sent


@login_required
def flag(request: HttpRequest, uid: str) -> HttpResponse:
    """Flag a public note of somebody else."""
    note = access.annotation_to_read(request.user, uid)
    if note.published is None or note.author_id == request.user.pk:
        raise Http404
    mine = Flag.objects.filter(version=note.published, by=request.user).first()
    form, status = FlagForm(sent(request)), 422
    if request.method == "POST" and form.is_valid():
        try:
            flagging.flag(note, by=request.user, **form.cleaned_data)
        except ReaderError as error:
            status = error.status
            form.add_error(None, str(error))
        else:
            thanks = _("Thank you. A moderator will look at it; you see the outcome on this page.")
            in_group = _("Thank you. The owner of the group will look at it; you see the outcome on this page.")
            messages.success(request, in_group if note.group else thanks)
            return redirect("reader:note_flag", uid)
    note.shown = note.published
    context = {"note": note, "form": form, "mine": mine}
    return render(request, "reader/note_flag.html", context, status=status if form.errors else 200)


@login_required
def appeal(request: HttpRequest, uid: str) -> HttpResponse:
    """Answer the rejection of one's note, once."""
    note = access.annotation_to_edit(request.user, uid)
    return _answer(request, note, note.latest, reverse("reader:note_edit", args=[uid]))


@login_required
def appeal_proposal(request: HttpRequest, uid: str) -> HttpResponse:
    """Answer the rejection of one's proposal, once."""
    proposal = access.proposal_to_edit(request.user, uid)
    return _answer(request, proposal, proposal, reverse("reader:proposal_revise", args=[uid]))


def _answer(request: HttpRequest, about: Annotation | Proposal, item: turns.Item, revise: str) -> HttpResponse:
    if item.status != Status.REJECTED or item.appeal:
        raise Http404
    form = AppealForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            turns.appeal(item, by=request.user, words=form.cleaned_data["words"])
        except ReaderError as error:
            form.add_error(None, str(error))
        else:
            thanks = _("Your answer is with the moderators; another one decides if there is one.")
            in_group = _("Your answer is with the owner of the group.")
            messages.success(request, in_group if getattr(about, "group", None) else thanks)
            return redirect(about)
    context = {"about": about, "item": item, "form": form, "revise": revise}
    return render(request, "reader/appeal.html", context, status=422 if form.errors else 200)
