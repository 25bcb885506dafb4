"""The library, the reading page and what belongs to one text."""

import re

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from reader import access
from reader.formats import addresses
from reader.models import Annotation, Article, ReadingGroup
from reader.views import ready
from reader.views.revisions import paragraph_then
from reader.views.wordings import tell_changes

NOTES_A_PAGE = 50


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every article that can be read."""
    articles = Article.objects.published().select_related("current")
    return render(request, "reader/library.html", {"articles": articles})


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The reading page. Without a session cookie it is ready bytes; with one, a frame around the same part."""
    state = ready.state_of(slug)
    if is_somebody(request):
        response = _page_of_somebody(request, state)
        response["Link"] = _where_its_notes_are(slug)
        response["Cache-Control"] = "private, no-cache"
        return response
    encoding = "br" if _takes_brotli(request) else ""
    tag = f'"{state.name}{encoding}"'
    if _has_it(request, tag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(ready.page(request, state, encoding=encoding))
        if encoding:
            response["Content-Encoding"] = encoding
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Link"] = _where_its_notes_are(slug)
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response


def _where_its_notes_are(slug: str) -> str:
    """How a program that has the page finds the container of its annotations (Web Annotation Protocol, 4.2)."""
    return f'<{addresses.of_container(slug)}>; rel="http://www.w3.org/ns/oa#annotationService"'


@require_safe
def article_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The canonical text that positions count in."""
    found = access.article_to_read(slug)
    headers = {"Link": _where_its_notes_are(slug)}
    return HttpResponse(found.current.text, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def paragraph(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One paragraph with everything that lies on it."""
    found = access.article_to_read(slug)
    if "revision" in request.GET and (then := paragraph_then(request, found, number, request.GET["revision"])):
        return then
    row = get_object_or_404(found.current.paragraphs, number=number)
    page = notes_placed(request, found, row.start, row.end)
    cards = {
        m.card for m in found.current.mentions.filter(start__gte=row.start, end__lte=row.end).select_related("card")
    }
    context = {"article": found, "paragraph": row, "page": page, "cards": sorted(cards, key=lambda c: c.name)}
    return render(request, "reader/paragraph.html", context)


@require_safe
def article_notes(request: HttpRequest, slug: str) -> HttpResponse:
    """Notes on one text that this person may read: all, of a paragraph, or at one code point."""
    found = access.article_to_read(slug)
    start, end = _asked_place(request, found)
    group = access.group_to_read(request.user, request.GET["group"]) if request.GET.get("group") else None
    whole = (start, end) == (0, len(found.current.text))
    page = notes_placed(request, found, start, end, group)
    on_whole = notes_on_whole(request, found, group) if whole and not request.htmx else []
    lost = notes_lost(request, found) if whole and not group and not request.htmx else []
    context = {"article": found, "page": page, "whole": whole, "on_whole": on_whole, "lost": lost, "group": group}
    context["count"] = page.paginator.count + len(on_whole) + len(lost)
    template = "reader/_notes.html" if request.htmx else "reader/article_notes.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def notes_placed(request: HttpRequest, found: Article, start: int, end: int, group: ReadingGroup | None = None) -> Page:
    """A page of the notes over `[start, end)` that the person may read, in reading order, each with what is shown."""
    readable = Annotation.objects.readable_by(request.user).listed().over(found.current, start, end)
    if group:
        readable = readable.filter(group=group)
    page = Paginator(readable.with_versions(), NOTES_A_PAGE).get_page(request.GET.get("page"))
    for note in page:
        note.shown = access.shown_version(note, request.user)
    tell_changes(page.object_list, found.current)
    return page


def notes_on_whole(request: HttpRequest, found: Article, group: ReadingGroup | None) -> list[Annotation]:
    """The notes on the text as a whole that the person may read, each with what is shown."""
    readable = found.annotations.readable_by(request.user).listed().on_whole_text()
    if group:
        readable = readable.filter(group=group)
    notes = list(readable.with_versions()[:NOTES_A_PAGE])
    for note in notes:
        note.shown = access.shown_version(note, request.user)
    return notes


def notes_lost(request: HttpRequest, found: Article) -> list[Annotation]:
    """The notes whose words are gone from the text that the person may read, each with what is shown."""
    lost = Annotation.objects.readable_by(request.user).listed().lost_in(found.current)
    notes = list(lost.with_versions()[:NOTES_A_PAGE])
    for note in notes:
        note.shown = access.shown_version(note, request.user)
    tell_changes(notes, found.current)
    return notes


def _page_of_somebody(request: HttpRequest, state: ready.State) -> HttpResponse:
    body = ready.page_for(request, state)
    if body is not None:
        return HttpResponse(body)
    found = access.article_to_read(state.slug)
    follows = ready.follows_article(request.user, state.slug)
    context = {"article": found, "public": ready.public_html(found, state), "follows": follows}
    return render(request, "reader/article.html", context)


def _asked_place(request: HttpRequest, found: Article) -> tuple[int, int]:
    at, number = request.GET.get("at", ""), request.GET.get("paragraph", "")
    if _is_number(at) and int(at) < len(found.current.text):
        return int(at), int(at) + 1
    if _is_number(number):
        row = get_object_or_404(found.current.paragraphs, number=int(number))
        return row.start, row.end
    return 0, len(found.current.text)


def _is_number(asked: str) -> bool:
    """True for a number that a text could have; Python refuses to read thousands of digits."""
    return asked.isdecimal() and len(asked) < 10


def is_somebody(request: HttpRequest) -> bool:
    """True when the page would hold something of one person: their name, or a message meant for them."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES


def _takes_brotli(request: HttpRequest) -> bool:
    """True when Accept-Encoding names br without a weight of nought."""
    offered = re.search(r"(?:^|,)\s*br\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)", request.headers.get("Accept-Encoding", ""))
    return offered is not None and (offered[1] or "1").strip("0.") != ""


def _has_it(request: HttpRequest, tag: str) -> bool:
    """True when If-None-Match names `tag`; compared weakly, as RFC 9110 (13.1.2) says."""
    known = [each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))]
    return tag in known or "*" in known
