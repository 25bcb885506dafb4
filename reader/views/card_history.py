"""The versions of a card, each with what it changed; and putting one back."""

from itertools import zip_longest

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.models import Card, CardVersion
from reader.operations import card_history
from reader.operations.errors import ReaderError
from reader.views.card_changes import changes, readable

A_PAGE = 20


@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first; each version beside the one before it."""
    card = get_object_or_404(Card, slug=slug)
    versions = card.versions.select_related("source").order_by("-number")
    page = Paginator(versions, A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    earlier = card.versions.filter(number__lt=shown[-1].number).order_by("-number")[:1] if shown else []
    said = readable([version.snapshot for version in [*shown, *earlier]])
    for version, after, before in zip_longest(shown, said[: len(shown)], said[1:]):
        version.changes = changes(before, after) if before else []
    newest = card_history.number_of(card)
    context = {"card": card, "page": page, "versions": shown, "newest": newest, "keeps": access.can_edit(request.user)}
    return render(request, "reader/card_history.html", context)


@login_required
def put_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Shows what it would change and asks; then makes the card what it was in version `number`."""
    card = access.card_to_keep(request.user, slug)
    former = get_object_or_404(CardVersion, card=card, number=number)
    if request.method == "POST":
        return _put_back(request, card, former)
    shown = changes(*readable([card_history.snapshot(card), former.snapshot]))
    context = {"card": card, "version": former, "changes": shown, "seen": card_history.number_of(card)}
    return render(request, "reader/card_put_back.html", context)


def _put_back(request: HttpRequest, card: Card, former: CardVersion) -> HttpResponse:
    seen, why = request.POST.get("seen", ""), request.POST.get("why", "")[:2000]
    if "\x00" in why:
        raise Http404
    try:
        card_history.put_back(
            card, former.number, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1, by=request.user, why=why
        )
    except ReaderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Put back. The change is in the history as well."))
    return redirect("reader:card_history", card.slug)
