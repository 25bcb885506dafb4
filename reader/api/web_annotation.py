"""The W3C Web Annotation Protocol (https://www.w3.org/TR/annotation-protocol/): containers and single annotations."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from reader import access
from reader.api import limits
from reader.api.containers import DESCRIPTIONS, IRIS, MINIMAL, Container
from reader.api.negotiating import accepts, check_match, etag, included, unchanged
from reader.api.problems import Problem
from reader.formats import addresses, w3c
from reader.formats.foreign import Foreign, Unreadable
from reader.formats.w3c_reading import read_annotation
from reader.models import Annotation, Article, Scope, Visibility
from reader.operations import annotating, bringing_back
from reader.operations.errors import ReaderError
from reader.operations.rows import held_note

LDP = "http://www.w3.org/ns/ldp#"
PROTOCOL = "http://www.w3.org/TR/annotation-protocol/"
OF_CONTAINER = f'<{LDP}BasicContainer>; rel="type", <{LDP}Resource>; rel="type", <{PROTOCOL}>; rel="{LDP}constrainedBy"'
OF_RESOURCE = f'<{LDP}Resource>; rel="type", <http://www.w3.org/ns/oa#Annotation>; rel="type"'
READABLE = ("application/ld+json", "application/json")
MOST_BYTES = 200_000
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Location, Content-Location, Allow, Accept-Post, Preference-Applied, Vary, WWW-Authenticate, "
        "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
    ),
}
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Match, If-None-Match, Prefer, Slug",
    "Access-Control-Max-Age": "86400",
}

View = Callable[..., HttpResponse]


def door(*, allow: str, extra: dict[str, str] | None = None) -> Callable[[View], View]:
    """A view that takes the methods of `allow` and says in one shape what was wrong. `extra` headers go on all."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                response = _at(view, allow, request, *args, **kwargs)
            except Problem as problem:
                response = problem.response()
            limits.tell(request, response)
            return _with_headers(response, {"Allow": allow, **(extra or {}), **CORS})

        return csrf_exempt(answer)

    return wrap


def _at(view: View, allow: str, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view's answer; raises Problem for what it refuses."""
    if request.method == "OPTIONS":
        return HttpResponse(headers=PREFLIGHT | {"Access-Control-Allow-Methods": allow})
    if request.method not in allow.split(", "):
        raise Problem(405, f"This address takes {allow}.")
    try:
        return view(request, *args, **kwargs)
    except REFUSALS as error:
        raise _problem_of(error) from error


REFUSALS = (Http404, PermissionDenied, limits.TooOften, RequestDataTooBig, ReaderError, Unreadable)


def _problem_of(error: Exception) -> Problem:
    """What was refused deeper down, as the answer that it makes."""
    if isinstance(error, ReaderError):
        return Problem(error.status, str(error), error.code, headers=error.headers)
    if isinstance(error, Unreadable):
        return Problem(422, str(error), "unreadable")
    if isinstance(error, limits.TooOften):
        return Problem(429, str(error))
    if isinstance(error, PermissionDenied):
        return Problem(403, str(error) or "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, f"Send at most {MOST_BYTES} bytes.")
    return Problem(404, "There is nothing here, or nothing that you may see.")


def _with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    patch_vary_headers(response, ["Accept", "Prefer", "Cookie", "Authorization"])
    return response


CONTAINER_HEADERS = {"Link": OF_CONTAINER, "Accept-Post": f"{w3c.MEDIA_TYPE}, application/json"}


@door(allow="GET, HEAD, POST, OPTIONS", extra=CONTAINER_HEADERS)
def container(request: HttpRequest, slug: str = "") -> HttpResponse:
    """All annotations that may be seen, of the site or of one article; POST writes one."""
    article = access.article_to_read(slug) if slug else None
    if request.method == "POST":
        return _create(request, article)
    kind = accepts(request.headers.get("Accept", ""), [*READABLE, "text/html"] if article else READABLE)
    if kind == "text/html" and article:
        return _see_other(reverse("reader:article_notes", args=[article.slug]))
    shown = Container(_caller(request), article)
    iris = request.GET.get("iris") == "1"
    if "after" in request.GET:
        return _answer(request, shown.page(request.GET["after"], iris=iris), kind)
    return _container_as_preferred(request, shown, kind, iris=iris)


def _container_as_preferred(request: HttpRequest, shown: Container, kind: str | None, *, iris: bool) -> HttpResponse:
    wanted = included(request.headers.get("Prefer", ""))
    preferred = next((each for each in (DESCRIPTIONS, IRIS, MINIMAL) if each in (wanted or [])), None)
    form = preferred or (IRIS if iris else DESCRIPTIONS)
    response = _answer(request, shown.described(form), kind)
    response["Content-Location"] = shown.iri + ("?iris=1" if form == IRIS else "")
    if preferred or wanted == []:
        response["Preference-Applied"] = "return=representation"
    return response


@door(allow="GET, HEAD, PUT, DELETE, OPTIONS", extra={"Link": OF_RESOURCE})
def annotation(request: HttpRequest, uid: str) -> HttpResponse:
    """One annotation: read, written anew, withdrawn."""
    scope = Scope.READ if request.method in {"GET", "HEAD"} else Scope.WRITE
    person = _caller(request, scope)
    if access.annotation_is_gone(person, uid):
        raise Problem(410, "This note was withdrawn by its author.")
    note = access.annotation_to_read(person, uid)
    if scope == Scope.WRITE:
        return _change(request, person, note)
    kind = accepts(request.headers.get("Accept", ""), [*READABLE, "text/html"])
    if kind == "text/html":
        return _see_other(note.get_absolute_url())
    return _answer(request, _described(note, person), kind)


def _change(request: HttpRequest, person: access.Person, note: Annotation) -> HttpResponse:
    """PUT or DELETE, in one transaction with the comparison of the ETag."""
    _must_be_known(person)
    if not Annotation.objects.editable_by(person).filter(pk=note.pk).exists():
        raise Problem(403, "Only its author can change a note.")
    with transaction.atomic():
        held_note(note.pk)
        now = access.annotation_to_edit(person, note.uid)
        check_match(request.headers.get("If-Match", ""), etag(_bytes(_described(now, person))))
        if request.method == "DELETE":
            annotating.withdraw(now, by=person)
            return HttpResponse(status=204)
        _rewrite(now, _sent(request), person)
    return _answer(request, _described(access.annotation_to_read(person, note.uid), person), READABLE[0])


def _rewrite(note: Annotation, given: Any, person: access.Person) -> None:
    """New words and tags. The target, the id and the canonical address of a note stay as they are."""
    foreign = read_annotation(given)
    if foreign.id and foreign.id != addresses.of_annotation(note.uid):
        raise Problem(409, "The id of an annotation does not change.")
    if foreign.canonical != note.canonical and "canonical" in given:
        raise Problem(409, "The canonical address of an annotation does not change.")
    if not _same_target(note, foreign):
        raise Problem(409, "The target of a note does not change. Write a new note on the other words.")
    # Only who says so makes a private note public: clients may drop what is not in the W3C vocabulary.
    opened = Visibility.PUBLIC if given.get("schema:creativeWorkStatus") == "public" else None
    annotating.edit(note, by=person, body=foreign.body, tags=foreign.tags, visibility=opened)


def _same_target(note: Annotation, foreign: Foreign) -> bool:
    if note.parent_id:
        return foreign.reply_to == addresses.of_annotation(note.parent.uid)
    named = addresses.named_by(foreign.target)
    if named is None or named.slug != note.article.slug:
        return False
    if foreign.quote is None or foreign.quote.exact == note.exact:
        return True
    now = w3c.Shelf([note])
    place = now.place_now(note)
    return place is not None and foreign.quote.exact == note.article.current.text[place.start : place.end]


def _create(request: HttpRequest, article: Article | None) -> HttpResponse:
    person = _caller(request, Scope.WRITE)
    _must_be_known(person)
    foreign = read_annotation(_sent(request))
    if foreign.reply_to:
        note = bringing_back.keep_reply(foreign, _parent(foreign, person, article), author=person)
    else:
        note = _create_on_words(foreign, person, article)
    kept = access.annotation_to_read(person, note.uid)
    response = _answer(request, _described(kept, person), READABLE[0], status=201)
    response["Location"], response["Link"] = addresses.of_annotation(note.uid), OF_RESOURCE
    return response


def _parent(foreign: Foreign, person: access.Person, article: Article | None) -> Annotation:
    named = addresses.named_by(foreign.reply_to)
    readable = Annotation.objects.readable_by(person).filter(uid=named.uid if named else "")
    parent = (readable.filter(article=article) if article else readable).select_related("article", "thread").first()
    if parent is None:
        raise Problem(422, "The note that this answers is not here.", "no_such_target")
    return parent


def _create_on_words(foreign: Foreign, person: access.Person, article: Article | None) -> Annotation:
    found = bringing_back.article_of(foreign)
    if found is None or (article and found != article):
        raise Problem(422, "The target is not a text that can be annotated at this address.", "no_such_target")
    span = bringing_back.place(found.current, foreign)
    if span is None:
        raise Problem(
            422, "These words do not stand in the text, or in several places. Send more of what stands around them.",
            "no_such_place",
        )  # fmt: skip
    return bringing_back.keep(foreign, found, span, author=person)


def _caller(request: HttpRequest, scope: str = Scope.READ) -> access.Person:
    """Who asks, counted against how often one caller may."""
    person = access.person_of(request, scope)
    limits.count(request, person)
    return person


def _must_be_known(person: access.Person) -> None:
    if not person.is_authenticated:
        raise Problem(
            401, "Log in, or send an API token as «Authorization: Bearer …».",
            headers={"WWW-Authenticate": 'Bearer realm="annotations"'},
        )  # fmt: skip


def _sent(request: HttpRequest) -> Any:
    """The JSON that was sent. Raises Problem for another type, for too much, and for what is not JSON."""
    if request.content_type not in READABLE:
        raise Problem(415, f"Send an annotation as {w3c.MEDIA_TYPE}.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise Problem(413, f"Send at most {MOST_BYTES} bytes.")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"This is not JSON: {error}.") from error


def _described(note: Annotation, person: access.Person) -> w3c.Json:
    return w3c.to_jsonld(note, person, w3c.Shelf([note]))


def _bytes(described: w3c.Json) -> bytes:
    return json.dumps(described, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _answer(request: HttpRequest, described: w3c.Json, kind: str | None, status: int = 200) -> HttpResponse:
    """What was asked for, with its ETag; 304 when the client has it, 406 when it takes no JSON."""
    if kind is None:
        raise Problem(406, f"This is offered as {w3c.MEDIA_TYPE} and as application/json.")
    body = _bytes(described)
    tag = etag(body)
    if status == 200 and request.method in {"GET", "HEAD"} and unchanged(request.headers.get("If-None-Match", ""), tag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        media_type = w3c.MEDIA_TYPE if kind == READABLE[0] else kind
        response = HttpResponse(body, status=status, content_type=media_type)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _see_other(path: str) -> HttpResponse:
    """The page for people, where a browser asks."""
    return HttpResponse(status=303, headers={"Location": path})
