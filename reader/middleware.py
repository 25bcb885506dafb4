"""What is answered before any view is asked."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from reader.access import address_of, person_has_gone
from reader.operations.pace import coming_from
from reader.views import articles
from reader.views.errors import account_closed, method_not_allowed
from reader.views.hypothesis_client import LOG_IN_WINDOW, OPENER_POLICY

READING = re.compile(r"/articles/(?P<slug>[-a-zA-Z0-9_]+)/")  # as reader.urls has it
SAFE = {"GET", "HEAD"}
ORIGIN = "Access-Control-Allow-Origin"
Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Answer) -> Answer:
    """An address that holds NUL names nothing; PostgreSQL would answer it with an error of the server."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds NUL.")
        return get_response(request)

    return answer


def note_address(get_response: Answer) -> Answer:
    """Limits on writing count by address as well: said once, before every door."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in SAFE:
            return get_response(request)
        with coming_from(address_of(request)):
            return get_response(request)

    return answer


def say_what_is_taken(get_response: Answer) -> Answer:
    """An address that takes forms alone, opened as a page: Django's own answer is empty, a browser explains nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code != HTTPStatus.METHOD_NOT_ALLOWED
            or response.content
            or not request.accepts("text/html")
        ):
            return response
        return method_not_allowed(request, response["Allow"])

    return answer


class SayWhoHasGone:
    """What somebody sends while their account is closed refers to nobody: said in a sentence, not as a fault."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, IntegrityError) and person_has_gone(request):
            return account_closed(request)
        return None


def limit_origins(get_response: Answer) -> Answer:
    """Where not every site may read what is public, only those of CORS_ORIGINS are told that they may."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get(ORIGIN) == "*":
            del response[ORIGIN]
            origin = request.headers.get("Origin", "")
            if origin in settings.CORS_ORIGINS:
                response[ORIGIN] = origin
            patch_vary_headers(response, ["Origin"])
        return response

    return answer


def keep_opener(get_response: Answer) -> Answer:
    """On its way through our log-in a window that a program opened still knows who opened it, and can answer it.

    Without this mark of `/oauth/authorize` the pages of accounts know no opener, as Django has it.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith("/accounts/") and request.session.get(LOG_IN_WINDOW):
            response[OPENER_POLICY] = "unsafe-none"
        return response

    return answer


def ready_pages(get_response: Answer) -> Answer:
    """The reading page for nobody in particular, before sessions, log-in and forms are thought of.

    It needs none of them, and they cost half of it. What this cannot answer takes the usual way.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        asked = READING.fullmatch(request.path_info)
        if asked is None or request.method not in SAFE or articles.is_somebody(request):
            return get_response(request)
        try:
            response = articles.article(request, asked["slug"])
        except Http404:
            return get_response(request)
        if response.status_code == 200:
            response["Content-Length"] = len(response.content)
        return response

    return answer
