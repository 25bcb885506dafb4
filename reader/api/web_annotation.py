"""The W3C Web Annotation Protocol (https://www.w3.org/TR/annotation-protocol/): containers and single annotations."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from reader import access
from reader.api import w3c_writing
from reader.api.containers import DESCRIPTIONS, IRIS, MINIMAL, Container
from reader.api.negotiating import accepts, included
from reader.api.problems import Problem
from reader.api.w3c_door import JSON, JSON_LD, TURTLE, answer, caller, door, see_other
from reader.formats import addresses, w3c
from reader.models import Article, Scope

LDP = "http://www.w3.org/ns/ldp#"
PROTOCOL = "http://www.w3.org/TR/annotation-protocol/"
OF_CONTAINER = f'<{LDP}BasicContainer>; rel="type", <{LDP}Resource>; rel="type", <{PROTOCOL}>; rel="{LDP}constrainedBy"'
OF_RESOURCE = f'<{LDP}Resource>; rel="type", <http://www.w3.org/ns/oa#Annotation>; rel="type"'
CONTAINER_HEADERS = {
    "Link": OF_CONTAINER, "Accept-Post": f"{w3c.MEDIA_TYPE}, application/json", "Vary": "Accept, Prefer",
}  # fmt: skip


@csrf_exempt
def container(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """The container of all annotations or of one article's, or one of its pages: those are no containers."""
    return (_page if "after" in request.GET else _container)(request, **kwargs)


@door(allow="GET, HEAD, OPTIONS")
def _page(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What a container lists after one of its annotations."""
    shown = _shown(request, _article(slug))
    made = shown.page(request.GET["after"], iris=request.GET.get("iris") == "1")
    return answer(request, made, _accepted(request, JSON_LD, JSON))


@door(allow="GET, HEAD, POST, OPTIONS", extra=CONTAINER_HEADERS)
def _container(request: HttpRequest, slug: str = "") -> HttpResponse:
    """All annotations that may be seen, of the site or of one article; POST writes one."""
    article = _article(slug)
    if request.method == "POST":
        return _created(request, article)
    kind = _accepted(request, JSON_LD, JSON, *(["text/html"] if article else []), TURTLE)
    if kind == "text/html" and article:
        return see_other(reverse("reader:article_notes", args=[article.slug]))
    return _as_preferred(request, _shown(request, article), kind)


def _accepted(request: HttpRequest, *offered: str) -> str | None:
    return accepts(request.headers.get("Accept", ""), offered)


def _article(slug: str) -> Article | None:
    return access.article_to_read(slug) if slug else None


def _shown(request: HttpRequest, article: Article | None) -> Container:
    return Container(caller(request), article)


def _as_preferred(request: HttpRequest, shown: Container, kind: str | None) -> HttpResponse:
    """With its notes, with their IRIs, or with neither: minimal, it still says which of the two its pages hold.

    In Turtle it is minimal: turning a page of notes into it takes a second.
    """
    wanted = included(request.headers.get("Prefer", ""))
    iris = request.GET.get("iris") == "1" if wanted is None else IRIS in wanted and DESCRIPTIONS not in wanted
    made = shown.described(iris=iris, minimal=kind == TURTLE or MINIMAL in (wanted or []))
    response = answer(request, made, kind)
    response["Content-Location"] = made["id"]
    if wanted is not None:
        response["Preference-Applied"] = "return=representation"
    return response


def _created(request: HttpRequest, article: Article | None) -> HttpResponse:
    person = caller(request, Scope.WRITE)
    note = access.annotation_to_read(person, w3c_writing.create(request, person, article).uid)
    response = answer(request, w3c_writing.described(note, person), JSON_LD, status=201)
    response["Location"] = addresses.of_annotation(note.uid)
    return response


@door(allow="GET, HEAD, PUT, DELETE, OPTIONS", extra={"Link": OF_RESOURCE})
def annotation(request: HttpRequest, uid: str) -> HttpResponse:
    """One annotation: read, written anew, withdrawn."""
    scope = Scope.READ if request.method in {"GET", "HEAD"} else Scope.WRITE
    person = caller(request, scope)
    if access.annotation_is_gone(person, uid):
        raise Problem(410, "This note was withdrawn by its author.")
    note = access.annotation_to_read(person, uid)
    kind: str | None = JSON_LD
    if scope == Scope.WRITE:
        if gone := w3c_writing.change(request, person, note):
            return gone
        note = access.annotation_to_read(person, uid)
    else:
        kind = _accepted(request, JSON_LD, JSON, "text/html", TURTLE)
    if kind == "text/html":
        return see_other(note.get_absolute_url())
    return answer(request, w3c_writing.described(note, person), kind)
