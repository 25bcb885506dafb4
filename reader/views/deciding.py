"""Moderators decide on proposals, from the queue."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reader import access
from reader.forms_proposing import ProposalDecisionForm, form_of
from reader.models import Member, Proposal
from reader.operations import accepting, card_history
from reader.operations.errors import ReaderError
from reader.views.card_changes import prepare
from reader.views.moderation import back_to_the_queue, keep_reason


@login_required
@require_POST
def decide_one(request: HttpRequest, uid: str) -> HttpResponse:
    """One decision; a stale one changes nothing and says who was quicker."""
    found = access.proposal_to_moderate(request.user, uid)
    form = ProposalDecisionForm(request.POST)
    if not form.is_valid():
        keep_reason(request, uid, _("Choose what to do with the proposal: accept, reject or spam."))
        return back_to_the_queue(request)
    try:
        said = decide(found, request.user, form.cleaned_data)
    except ReaderError as error:
        keep_reason(request, uid, str(error))
    else:
        messages.success(request, said)
    return back_to_the_queue(request)


def decide(proposal: Proposal, by: Member, data: dict[str, Any]) -> str:
    """Carry out one decision; returns what to say. Raises ReaderError when it changed nothing."""
    what: dict[str, Any] = {"number": data["number"], "by": by}
    match data["decision"]:
        case "approve" | "trust":
            accepting.accept(proposal, **what, trust=data["decision"] == "trust")
            return _("Accepted. Everyone sees it now, with the name of who proposed it.")
        case "return":
            accepting.send_back(proposal, **what, reason=data["reason"])
            return _("Sent back. The author sees your words and can revise it.")
        case "reject":
            accepting.reject(proposal, **what, reason=data["reason"])
            return _("Rejected. The author sees your reason.")
    accepting.mark_as_spam(proposal, **what)
    return _("Marked as spam.")


@login_required
def change(request: HttpRequest, uid: str) -> HttpResponse:
    """Accept with other values: the card as it shall be, begun from what it is now and what was proposed."""
    found = access.proposal_to_moderate(request.user, uid)
    if found.kind == Proposal.Kind.MENTION or (found.kind == Proposal.Kind.CORRECTION and found.card is None):
        raise Http404
    now = card_history.snapshot(found.card) if found.card else None
    form = form_of(found, request.POST or None, now=now)
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
