"""What everyone may read of a member."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from reader.models import Annotation, Member
from reader.views.articles import NOTES_A_PAGE
from reader.views.wordings import tell_changes


@require_safe
def person(request: HttpRequest, username: str) -> HttpResponse:
    """A member's public notes in their approved wordings, the same for whoever asks.

    A member without any does not exist here, except for themselves.
    """
    member = get_object_or_404(Member, username=username)
    public = Annotation.objects.public().filter(author=member).with_versions().order_by("-created", "-pk")
    page = Paginator(public, NOTES_A_PAGE).get_page(request.GET.get("page"))
    if not page.paginator.count and member != request.user:
        raise Http404
    for note in page:
        note.shown = note.published
    tell_changes(page.object_list)
    articles = list({note.article_id: note.article for note in page}.values())
    return render(request, "reader/person.html", {"member": member, "page": page, "articles": articles})
