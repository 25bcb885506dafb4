"""Tags: what carries one, and completion from those in use."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from taggit.models import Tag

from reader import access
from reader.models import Annotation, Card
from reader.views.articles import NOTES_A_PAGE
from reader.views.wordings import tell_changes

MOST_COMPLETIONS = 10


@require_safe
def tag_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Cards and notes with one tag; a tag with nothing this person may see does not exist for them."""
    tag = get_object_or_404(Tag.objects.filter(Q(slug=slug) | Q(name__iexact=slug)).order_by("pk")[:1])
    cards = list(Card.objects.filter(tags=tag))
    readable = Annotation.objects.readable_by(request.user).filter(tags=tag)
    page = Paginator(readable.listed().with_versions(), NOTES_A_PAGE).get_page(request.GET.get("page"))
    if not cards and not page.paginator.count:
        raise Http404
    for note in page:
        note.shown = access.shown_version(note, request.user)
    tell_changes(page.object_list)
    articles = list({note.article_id: note.article for note in page}.values())
    return render(request, "reader/tag.html", {"tag": tag, "cards": cards, "page": page, "articles": articles})


@require_safe
def tags_complete(request: HttpRequest) -> HttpResponse:
    """Names that begin with `q`, from notes this person may read and from cards."""
    asked = request.GET.get("q", "").strip()
    tags = Tag.objects.filter(name__istartswith=asked) if asked else Tag.objects.none()
    readable = Annotation.objects.readable_by(request.user)
    used = tags.filter(annotation__in=readable) | tags.filter(card__isnull=False)
    names = used.distinct().order_by("name").values_list("name", flat=True)[:MOST_COMPLETIONS]
    return JsonResponse({"tags": list(names)})
