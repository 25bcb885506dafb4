"""Context cards: the list, one card as a page, one card as a popover."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reader import access
from reader.models import Annotation, Card, CardVersion, Mention
from reader.operations.card_history import contributors
from reader.text.excerpts import excerpt
from reader.text.normalise import SEPARATOR
from reader.text.selectors import Span

REACH = 90  # code points shown either side of a mention
KINDS = [kind.value for kind in Card.Kind]
GROUPS = {
    "person": _("People"),
    "organisation": _("Organisations"),
    "event": _("Events"),
    "place": _("Places"),
    "concept": _("Ideas"),
    "publication": _("Publications"),
}


@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """All cards, by kind; `?kind=` shows one kind."""
    asked = request.GET.get("kind", "")
    cards = Card.objects.filter(kind=asked) if asked in KINDS else Card.objects.all()
    in_order = sorted(cards, key=lambda card: (KINDS.index(card.kind), card.name.casefold()))
    groups = [(GROUPS[kind], list(found)) for kind, found in groupby(in_order, key=lambda c: c.kind)]
    context = {"groups": groups, "asked": asked, "kinds": GROUPS.items(), "count": len(in_order)}
    return render(request, "reader/cards.html", context)


@require_safe
def card_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One card; a script that asks with `HX-Request` gets the popover."""
    card = get_object_or_404(Card, slug=slug)
    mentions = card.mentions.select_related("revision__article", "article", "proposal__author")
    context = {
        "card": card,
        "facts": card.facts.all(),
        "relations": relations_of(card),
        "sources": card.sources.all(),
        "passages": (passages := _passages(mentions)),
        "articles": list({p["article"].pk: p["article"] for p in passages}.values()),
        "numbers": sorted({p["number"] for p in passages if "number" in p}),
    }
    if request.htmx:
        response = render(request, "reader/_card.html", context)
    else:
        more = {"notes": _notes(request, card), **_credits(card, mentions)}
        response = render(request, "reader/card.html", context | more)
    patch_vary_headers(response, ["HX-Request"])
    return response


def relations_of(card: Card) -> list[dict]:
    """Both directions of every relation, as «before link after» for a sentence about this card."""
    out = [{"card": r.other, "label": r.label} for r in card.relations.select_related("other")]
    for relation in card.relations_to.select_related("card"):
        if relation.inverse_label:
            out.append({"card": relation.card, "label": relation.inverse_label})
        else:
            out.append({"card": relation.card, "sentence": relation.label})
    return out


def _passages(mentions) -> list[dict]:
    """Where texts speak of the card, with the words around; mentions in current revisions and in front matter."""
    made = []
    for mention in mentions:
        if mention.revision_id and mention.revision_id == mention.article.current_id:
            made.append(_passage(mention))
        elif mention.field:
            made.append({"article": mention.article, "field": mention.field})
    return made


def _passage(mention: Mention) -> dict:
    text, span = mention.revision.text, Span(mention.start, mention.end)
    return {
        "article": mention.article,
        "number": text.count(SEPARATOR, 0, mention.start) + 1,
        "excerpt": excerpt(text, span, reach=REACH, one_paragraph=True),
    }


def _credits(card: Card, mentions) -> dict:
    """Which readers proposed the card, corrected it, or found it in texts."""
    versions = list(card.versions.order_by("number").defer("snapshot"))
    made = [version for version in versions if version.kind == CardVersion.Kind.MADE]
    found = [mention.proposal.author for mention in mentions if mention.proposal and mention.proposal.author]
    return {
        "maker": made[0].author_name if made else "",
        "correctors": contributors(version for version in versions if version not in made),
        "finders": list(dict.fromkeys(author.name for author in found)),
    }


def _notes(request: HttpRequest, card: Card) -> list[Annotation]:
    notes = list(Annotation.objects.public().filter(cards=card).with_versions())
    for note in notes:
        note.shown = access.shown_version(note, request.user)
    return notes
