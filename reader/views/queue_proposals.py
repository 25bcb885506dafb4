"""Proposals in the queue: among the notes, oldest first, with the same filters, marks and decisions."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from reader import access
from reader.models import Annotation, HeldFor, Member, ModerationEvent, Proposal, ReasonTemplate, Status
from reader.operations import accepting
from reader.operations.errors import CannotDoThat
from reader.views import queue_items
from reader.views.card_changes import prepare

PREFIX = "proposal/"  # before the name of a proposal among items that are ticked
Waiting = Annotation | Proposal


def narrowed(asked: dict[str, str]) -> QuerySet[Proposal]:
    """Proposals that wait, by article, person and reason."""
    found = Proposal.objects.waiting()
    if asked["article"]:
        found = found.filter(article__slug=asked["article"])
    if asked["person"]:
        found = found.filter(author__username=asked["person"])
    if asked["why"] == queue_items.UNSEEN:
        return found.none()
    return found.held_for(asked["why"]) if asked["why"] in HeldFor.values else found


def choices() -> dict[str, Any]:
    """What the queue can be narrowed to, each with how many notes and proposals it is."""
    waiting = Proposal.objects.waiting().order_by()
    held = waiting.annotate(held=Cast("held_for", TextField()))
    by_reason = held.aggregate(**{code.name: Count("pk", filter=Q(held__contains=f'"{code}"')) for code in HeldFor})
    return queue_items.choices(by_reason, waiting)


def read_on(
    notes: QuerySet[Annotation], proposals: QuerySet[Proposal], after: str, moderator: Member
) -> tuple[list[Waiting], str]:
    """The oldest of both beyond the mark `after`, and the mark to go on from, empty at the end.

    A mark names the item last seen, not a number of items: however many are decided meanwhile, none is passed over.
    Of what began to wait at the same moment, notes come first.
    """
    seen = _seen(after)
    most = queue_items.AT_ONCE + 1
    written = _beyond(notes.order_by("latest__waits_since", "pk"), "latest__waits_since", seen, 0)
    proposed = _beyond(proposals.with_subjects().order_by("waits_since", "pk"), "waits_since", seen, 1)
    both: list[Waiting] = [*queue_items.items(written[:most], moderator), *proposed[:most]]
    both.sort(key=_place)
    shown, more = both[: queue_items.AT_ONCE], len(both) > queue_items.AT_ONCE
    _prepare([each for each in shown if isinstance(each, Proposal)], moderator)
    return shown, _mark(shown[-1]) if more else ""


def _prepare(found: list[Proposal], moderator: Member) -> None:
    prepare(found)
    queue_items.say_whose_turn({each: each for each in found}, moderator)
    for each in found:
        each.is_open = each.status == Status.PENDING and each.may_decide


def _place(each: Waiting) -> tuple[datetime, int, int]:
    if isinstance(each, Proposal):
        return each.waits_since, 1, each.pk
    return each.latest.waits_since, 0, each.pk


def _beyond(ordered: QuerySet, since: str, seen: tuple[datetime, int, int] | None, kind: int) -> QuerySet:
    if seen is None:
        return ordered
    when, seen_kind, pk = seen
    later = Q(**{f"{since}__gt": when})
    same = {since: when} | ({"pk__gt": pk} if kind == seen_kind else {})
    return ordered.filter(later | Q(**same)) if kind >= seen_kind else ordered.filter(later)


def _mark(each: Waiting) -> str:
    when, kind, pk = _place(each)
    return f"{when.astimezone(UTC).strftime(queue_items.MARK)}-{'p' * kind}{pk}"


def _seen(mark: str) -> tuple[datetime, int, int] | None:
    when, _dash, name = mark.partition("-")
    try:
        kind, pk = int(name.startswith("p")), int(name.removeprefix("p")[:18])
        return datetime.strptime(when, queue_items.MARK).replace(tzinfo=UTC), kind, pk
    except ValueError:
        return None


def all_by(username: str, *, until: datetime) -> list[tuple[str, int]]:
    """Names and wordings of all that a person has waiting since before `until`."""
    rows = Proposal.objects.waiting().filter(author__username=username, waits_since__lte=until)
    return [(f"{PREFIX}{uid}", number) for uid, number in rows.values_list("uid", "number")]


def decide_named(uid: str, number: int, by: Member, data: dict[str, Any]) -> ModerationEvent:
    """One of many: a proposal by its name among items that are ticked."""
    found = access.proposal_to_moderate(by, uid.removeprefix(PREFIX))
    return decide(found, by, data | {"number": number})[0]


def decide(proposal: Proposal, by: Member, data: dict[str, Any]) -> tuple[ModerationEvent, str]:
    """Carry out one decision; returns its act and what to say. Raises ReaderError when it changed nothing."""
    what: dict[str, Any] = {"number": data["number"], "by": by}
    match data["decision"]:
        case "approve":
            said = _("Accepted. Everyone sees it now, with the name of who proposed it.")
            return accepting.accept(proposal, **what), said
        case "trust":
            return accepting.accept(proposal, **what, trust=True), _("Accepted, and trusted from now on.")
        case "return":
            event = accepting.send_back(proposal, **what, reason=data["reason"])
            return event, _("Sent back. The author sees your words and can revise it.")
        case "reject":
            event = accepting.reject(proposal, **what, reason=data["reason"])
            return event, _("Rejected. The author sees your reason.")
        case "spam":
            return accepting.mark_as_spam(proposal, **what), _("Marked as spam.")
    raise CannotDoThat(_("A proposal is accepted, sent back, rejected or put away as spam."))


def item(
    request: HttpRequest, found: Proposal, problem: str = "", status: int = 200, kept: dict[str, str] | None = None,
    said: str = "",
) -> HttpResponse:  # fmt: skip
    """The item as it is now, to stand in its place."""
    found = access.proposal_to_moderate(request.user, found.uid)
    _prepare([found], request.user)
    context = {
        "proposal": found, "problem": problem, "said": said, "kept": kept or {},
        "templates": ReasonTemplate.objects.all(), "next": request.POST.get("next", reverse("reader:moderation")),
    }  # fmt: skip
    return render(request, "reader/_queue_proposal.html", context, status=status)
