"""Moderators decide on proposals, from the queue. A script gets what stands in the item's place then (HX-Request)."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reader import access
from reader.forms_proposing import ProposalDecisionForm, form_of
from reader.models import Proposal
from reader.operations import accepting, card_history
from reader.operations.errors import ReaderError
from reader.views.card_changes import prepare
from reader.views.moderation import KEPT_REASON, MOST_KEPT, back, claimed
from reader.views.queue_proposals import decide, item
from reader.views.uploads import sent


@login_required
def decide_one(request: HttpRequest, uid: str) -> HttpResponse:
    """POST decides; a stale decision changes nothing and says who was quicker. Asked for, it is the proposal's page."""
    found = access.proposal_to_moderate(request.user, uid)
    if request.method != "POST":
        return redirect(found)
    form = ProposalDecisionForm(request.POST)
    if not form.is_valid():
        return _not_decided(request, found, _("Choose what to do with the proposal: accept, reject or spam."), 422)
    try:
        event, said = decide(found, request.user, form.cleaned_data)
    except ReaderError as error:
        return _not_decided(request, found, str(error), error.status)
    if request.htmx:
        return render(request, "reader/_queue_done.html", {"note": found, "said": said, "event": event})
    messages.success(request, said)
    return back(request)


def _not_decided(request: HttpRequest, found: Proposal, why: str, status: int) -> HttpResponse:
    """The item again, or the queue, where the reason stands as it was typed."""
    kept = {"uid": found.uid, "reason": request.POST.get("reason", "")[:MOST_KEPT]}
    if request.htmx:
        return item(request, found, why, status, kept)
    request.session[KEPT_REASON] = kept
    messages.error(request, why)
    return back(request)


@login_required
@require_POST
def claim(request: HttpRequest, uid: str) -> HttpResponse:
    """Say that one is at work on a proposal, or give it back."""
    found = access.proposal_to_moderate(request.user, uid)
    return claimed(request, found, f"#item-{uid}", partial(item, request, found))


@login_required
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept with other values: the card as it shall be, begun from what it is now and what was proposed."""
    found = access.proposal_to_moderate(request.user, uid)
    if found.kind == Proposal.Kind.MENTION or (found.kind == Proposal.Kind.CORRECTION and found.card is None):
        raise Http404
    now = card_history.snapshot(found.card) if found.card else None
    form = form_of(found, sent(request), now=now)
    if request.method == "POST" and form.is_valid() and _accepted(request, found, form):
        return redirect("reader:moderation")
    prepare([found])
    seen = card_history.number_of(found.card) if found.card else 0
    context = {"proposal": found, "form": form, "seen": seen}
    return render(request, "reader/proposal_change.html", context, status=422 if form.errors else 200)


def _accepted(request: HttpRequest, found: Proposal, form: Any) -> bool:
    numbers = [request.POST.get(name, "") for name in ("number", "seen")]
    number, seen = (int(each) if each.isdecimal() and len(each) < 9 else -1 for each in numbers)
    try:
        accepting.accept_with(
            found, number=number, by=request.user, values=form.values(), seen=seen, grounds=form.grounds()
        )
    except ReaderError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Changed and accepted. The author sees both."))
    return True
