"""What is refused before any view is asked."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

ORIGIN = "Access-Control-Allow-Origin"
Answer = Callable[[HttpRequest], HttpResponse]


def refuse_nul(get_response: Answer) -> Answer:
    """An address that holds NUL names nothing; PostgreSQL would answer it with an error of the server."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds NUL.")
        return get_response(request)

    return answer


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
