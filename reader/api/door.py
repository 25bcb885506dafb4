"""What every answer under /api and /oauth shares: CORS, media types, JSON also when something went wrong."""

import json
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from reader.api import limits, selecting
from reader.api.errors import failure

MEDIA_TYPE, NEXT_MEDIA_TYPE = "application/vnd.hypothesis.v1+json", "application/vnd.hypothesis.v2+json"
SPOKEN = {"application/json", MEDIA_TYPE, NEXT_MEDIA_TYPE}
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
HEADERS = "Authorization, Content-Type, Hypothesis-Client-Version, X-Client-Id, X-CSRFToken"
SHOWN = "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Hypothesis-Media-Type, Location"
BEHIND = re.compile(r"/api/behind/([0-9]{1,7})/")
PAGES = ("/api/docs", "/api/openapi.json")
REASONS = {
    400: _("This cannot be read."),
    403: _("This is not for you."),
    404: _("There is nothing here, or nothing that you may see."),
    405: _("This address does not take that method."),
    413: _("This is more than is taken in one request."),
    500: _("Something went wrong here. It has been noted; nothing of what you sent was kept."),
}


class ApiDoor:
    """Middleware for the addresses of the API; every other request passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_api(request.path_info):
            return self.get_response(request)
        with selecting.counted_in_page(_shown_before(request)):
            response = self._answer(request)
        _open_to_others(response)
        limits.tell(request, response)
        if not request.path_info.startswith(PAGES):
            response["Hypothesis-Media-Type"] = NEXT_MEDIA_TYPE if NEXT_MEDIA_TYPE in _wanted(request) else MEDIA_TYPE
        if "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ["Authorization", "Cookie"])
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return self._options(request)
        if not _is_spoken(request):
            return JsonResponse(failure(str(_("Ask for application/json: this door speaks nothing else."))), status=406)
        if request.method == "HEAD":
            return self._head(request)
        response = self.get_response(request)
        return _as_json(response) if response.status_code >= 400 else response

    def _head(self, request: HttpRequest) -> HttpResponse:
        """What GET would answer, without its body."""
        request.method = "GET"
        response = self.get_response(request)
        if response.status_code >= 400:
            response = _as_json(response)
        request.method = "HEAD"
        if response.streaming:
            return HttpResponse(status=response.status_code, headers=dict(response.headers))
        response["Content-Length"] = len(response.content)
        response.content = b""
        return response

    def _options(self, request: HttpRequest) -> HttpResponse:
        """What may be done at this address: as the refusal of OPTIONS itself lists it."""
        inner = self.get_response(request)
        allowed = f"{inner['Allow']}, OPTIONS" if inner.status_code == 405 else "OPTIONS"
        return HttpResponse(status=204, headers={"Allow": allowed})


def _shown_before(request: HttpRequest) -> int | None:
    """How much a page shows before the text, where it is said in the address: `/api/behind/812/…`, else `/api/…`."""
    found = BEHIND.match(request.path_info)
    if found is None:
        return None
    request.path_info = f"/api/{request.path_info[found.end() :]}"
    return int(found[1])


def is_api(path: str) -> bool:
    """Whether programs ask there: under /api, and where a token is given back."""
    return path == "/api" or path.startswith("/api/") or path == "/oauth/revoke"


def _is_spoken(request: HttpRequest) -> bool:
    """True when the caller takes one of our media types, or does not say."""
    wanted = _wanted(request)
    if not wanted or request.path_info.startswith(PAGES):
        return True
    return bool(wanted & (SPOKEN | {"*/*", "application/*", "application/x-ndjson", "application/ld+json"}))


def _wanted(request: HttpRequest) -> set[str]:
    """The media types that the caller names."""
    named = (part.split(";")[0].strip().lower() for part in request.headers.get("Accept", "").split(","))
    return {each for each in named if each}


def _as_json(response: HttpResponse) -> HttpResponse:
    """The same refusal in the shape of this API, when Django has answered with a page of its own."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    reason = REASONS.get(response.status_code, REASONS[400] if response.status_code < 500 else REASONS[500])
    response.content = json.dumps(failure(str(reason)))
    response["Content-Length"] = len(response.content)
    response["Content-Type"] = "application/json"
    return response


def _open_to_others(response: HttpResponse) -> None:
    """Any page may ask; without credentials mode no cookie travels, so only a token makes it somebody."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = HEADERS
    response["Access-Control-Expose-Headers"] = SHOWN
    response["Access-Control-Max-Age"] = "86400"
