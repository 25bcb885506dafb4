"""Readers propose: a new card, a correction, a mention; and what became of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reader import access
from reader.forms_proposing import CardForm, MentionForm, form_of
from reader.models import Article, Card, Proposal, Status
from reader.operations import card_history, linking, proposing
from reader.operations.errors import ReaderError
from reader.operations.proposing import Place
from reader.text.excerpts import excerpt
from reader.text.selectors import Span
from reader.views.card_changes import REACH, prepare
from reader.views.keeping import for_writers, forget_words, kept_words
from reader.views.uploads import sent

A_PAGE = 30
MOST_LISTED = 2000  # names a list of choices carries


@for_writers
def suggest_card(request: HttpRequest) -> HttpResponse:
    """A new card; with `article`, `revision`, `start` and `end` for these words of a text."""
    article, place = _asked_place(request)
    words = place.span.of(place.revision.text) if place else ""
    form = CardForm(sent(request), initial={"name": words[:200]} | _kept(request))
    made = _tried(request, form, lambda: _card(request, form, place))
    if made:
        return made
    context = {"form": form, "article": article, "place": place, "passage": _around(place)}
    return render(request, "reader/suggest_card.html", context, status=_status(form))


@for_writers
def suggest_correction(request: HttpRequest, slug: str) -> HttpResponse:
    """Other words on a card, with where they can be checked."""
    card = get_object_or_404(Card, slug=slug)
    form = CardForm(sent(request), now=card_history.snapshot(card), initial=_kept(request))
    made = _tried(request, form, lambda: _correction(request, form, card))
    if made:
        return made
    return render(request, "reader/suggest_correction.html", {"form": form, "card": card}, status=_status(form))


@for_writers
def suggest_mention(request: HttpRequest, slug: str) -> HttpResponse:
    """Which card the words `start` to `end` of a text speak of; or on to a new card for them."""
    article, place = _asked_place(request, slug)
    if place is None:
        messages.error(request, _("These positions do not lie in the text. Choose the words again."))
        return redirect("reader:annotate", slug)
    likely = _likely(place.span.of(place.revision.text))
    form = MentionForm(sent(request), initial={"card": likely} | _kept(request))
    made = _tried(request, form, lambda: _mention(request, form, place))
    if made:
        return made
    names = Card.objects.values_list("name", flat=True)[:MOST_LISTED]
    context = {"form": form, "article": article, "place": place, "passage": _around(place), "names": names}
    return render(request, "reader/suggest_mention.html", context, status=_status(form))


@login_required
@require_safe
def my_proposals(request: HttpRequest) -> HttpResponse:
    """All that one has proposed, with what became of it."""
    mine = Proposal.objects.filter(author=request.user).exclude(status=Status.SPAM)
    page = Paginator(mine.with_subjects().order_by("-waits_since", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reader/my_proposals.html", {"page": page})


@login_required
@require_safe
def proposal(request: HttpRequest, uid: str) -> HttpResponse:
    """One proposal, for its author and moderators."""
    found = access.proposal_to_read(request.user, uid)
    prepare([found])
    context = {"proposal": found, "events": found.events.all()[:50]}
    return render(request, "reader/proposal.html", context)


@for_writers
def revise(request: HttpRequest, uid: str) -> HttpResponse:
    """A new wording of one's own proposal; it waits again."""
    found = access.proposal_to_edit(request.user, uid)
    if found.kind == Proposal.Kind.CORRECTION and found.card is None:
        raise Http404
    now = card_history.snapshot(found.card) if found.kind == Proposal.Kind.CORRECTION else None
    form = form_of(found, sent(request), now=now, kept=_kept(request))
    made = _tried(request, form, lambda: _revised(request, form, found))
    if made:
        return made
    prepare([found])
    context = {"form": form, "proposal": found, "names": Card.objects.values_list("name", flat=True)[:MOST_LISTED]}
    return render(request, "reader/proposal_revise.html", context, status=_status(form))


@login_required
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Asks first, then takes it back."""
    found = access.proposal_to_edit(request.user, uid)
    if request.method != "POST":
        return render(request, "reader/proposal_withdraw.html", {"proposal": found})
    try:
        proposing.withdraw(found, by=request.user)
    except ReaderError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Withdrawn. No moderator sees it in the queue any more."))
    return redirect(found)


def _card(request: HttpRequest, form: CardForm, place: Place | None) -> Proposal:
    return proposing.propose_card(author=request.user, values=form.values(), grounds=form.grounds(), place=place)


def _correction(request: HttpRequest, form: CardForm, card: Card) -> Proposal:
    return proposing.propose_correction(card, author=request.user, values=form.values(), grounds=form.grounds())


def _mention(request: HttpRequest, form: MentionForm, place: Place) -> Proposal:
    card = form.cleaned_data["card"]
    return proposing.propose_mention(card, author=request.user, place=place, grounds=form.grounds())


def _revised(request: HttpRequest, form: Any, found: Proposal) -> Proposal:
    number = request.POST.get("number", "")
    return proposing.revise(
        found, by=request.user, number=int(number) if number.isdecimal() and len(number) < 9 else 0,
        grounds=form.grounds(), values=form.values() if isinstance(form, CardForm) else None,
        card=form.cleaned_data.get("card"),
    )  # fmt: skip


def _tried(request: HttpRequest, form: Any, act: Callable[[], Proposal]) -> HttpResponse | None:
    """Carry it out if the form was sent and is whole; a refusal becomes the form's error."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        made = act()
    except ReaderError as error:
        form.add_error(None, str(error))
        form.refused = error.status
        return None
    forget_words(request)
    waits = _("Sent. It waits for a moderator; here you see what becomes of it.")
    messages.success(request, waits if made.status == Status.PENDING else _("Done: everyone sees it now."))
    return redirect(made)


def _kept(request: HttpRequest) -> dict[str, str]:
    """What was typed here before the log-in, for a form that is shown; what is sent now counts by itself."""
    return {} if request.method == "POST" else kept_words(request)


def _status(form: Any) -> int:
    return getattr(form, "refused", 422 if form.errors else 200)


def _asked_place(request: HttpRequest, slug: str = "") -> tuple[Article | None, Place | None]:
    """The words the address names, of the revision it names or of the current one; None when there are none there."""
    slug = slug or request.GET.get("article", "")
    if not slug:
        return None, None
    article = access.article_to_read(slug)
    asked = [request.GET.get(name, "") for name in ("start", "end", "revision")]
    start, end, number = (int(each) if each.isdecimal() and len(each) < 10 else -1 for each in asked)
    revision = article.revisions.filter(number=number).first() or article.current
    if not 0 <= start < end <= len(revision.text) or not revision.text[start:end].strip():
        return article, None
    revision.article = article
    return article, Place(revision, Span(start, end))


def _around(place: Place | None):
    return excerpt(place.revision.text, place.span, reach=REACH) if place else None


def _likely(words: str) -> str:
    """The name of the card that is called so, if there is one and no other."""
    called = {name.card for name in linking.names() if name.words.casefold() == words.strip().casefold()}
    found = Card.objects.filter(pk__in=called)[:2]
    return found[0].name if len(found) == 1 else ""
