"""What every answer of the W3C Web Annotation Protocol shares: methods, CORS, headers, refusals in one shape."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from reader import access
from reader.api import limits
from reader.api.negotiating import etag, unchanged
from reader.api.problems import Problem
from reader.formats import w3c, w3c_turtle
from reader.formats.foreign import NotKept, Unreadable
from reader.formats.w3c_checking import NotAnAnnotation
from reader.models import Scope
from reader.operations.errors import ReaderError

JSON_LD, JSON, TURTLE = "application/ld+json", "application/json", "text/turtle"
WRITABLE = (JSON_LD, JSON)
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


REFUSALS = (
    Http404, PermissionDenied, RecursionError, RequestDataTooBig, limits.TooOften, ReaderError, Unreadable,
)  # fmt: skip


def _problem_of(error: Exception) -> Problem:
    """What was refused deeper down, as the answer that it makes."""
    if isinstance(error, ReaderError):
        return Problem(error.status, str(error), error.code, headers=error.headers)
    if isinstance(error, Unreadable):
        return _unreadable(error)
    if isinstance(error, limits.TooOften):
        return Problem(429, str(error))
    if isinstance(error, PermissionDenied):
        return Problem(403, str(error) or "You may not do this.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, f"Send at most {MOST_BYTES} bytes.")
    if isinstance(error, RecursionError):
        return Problem(400, "What was sent is nested too deeply.")
    return Problem(404, "There is nothing here, or nothing that you may see.")


def _unreadable(error: Unreadable) -> Problem:
    """As the protocol tells them apart: no annotation, a broken one, one that only this site does not take."""
    if isinstance(error, NotAnAnnotation):
        return Problem(415, str(error), "not_an_annotation")
    return Problem(422 if isinstance(error, NotKept) else 400, str(error), "unreadable")


def _with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in ({"Cache-Control": "private, no-cache"} | headers).items():
        response.headers.setdefault(name, value)
    patch_vary_headers(response, ["Accept", "Cookie", "Authorization"])
    return response


def caller(request: HttpRequest, scope: str = Scope.READ) -> access.Person:
    """Who asks, counted against how often one caller may."""
    person = access.person_of(request, scope)
    limits.count(request, person)
    return person


def answer(request: HttpRequest, described: w3c.Json, kind: str | None, status: int = 200) -> HttpResponse:
    """What was asked for, with its ETag; 304 when the client has it, 406 when it takes none of its forms."""
    if kind is None:
        raise Problem(406, f"Ask for {w3c.MEDIA_TYPE}, for application/json, or (but not for a page) for text/turtle.")
    body = as_bytes(described)
    tag = tags_of(body)[kind == TURTLE]
    known = status == 200 and request.method in {"GET", "HEAD"}
    if known and unchanged(request.headers.get("If-None-Match", ""), tag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        if kind == TURTLE:
            body = w3c_turtle.to_turtle(described)
        media_type = {JSON_LD: w3c.MEDIA_TYPE, TURTLE: w3c_turtle.MEDIA_TYPE}.get(kind, kind)
        response = HttpResponse(body, status=status, content_type=media_type)
    response["ETag"] = tag
    return response


def tags_of(body: bytes) -> tuple[str, str]:
    """The entity tags of what is sent as JSON: as it is, and turned into Turtle."""
    return etag(body), etag(body, form="-ttl")


def as_bytes(described: w3c.Json) -> bytes:
    """The JSON that is sent."""
    return json.dumps(described, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def see_other(path: str) -> HttpResponse:
    """The page for people, where a browser asks."""
    return HttpResponse(status=303, headers={"Location": path})
