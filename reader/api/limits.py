"""How often one caller may ask, told in headers on every answer.

Counted by the cache in fixed minutes: for members by member, for others by address. A cache of one process
counts for that process alone; with CACHE_URL all processes count together.
"""

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError

WINDOW = 60  # seconds


@dataclass(frozen=True)
class Usage:
    """How much of its minute a caller has used. `resets` is in seconds from now."""

    limit: int
    used: int
    resets: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)


class TooOften(HttpError):
    """More in this minute than one caller may ask."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, _("Too many requests. Try again in %d seconds.") % seconds)


def count(request: HttpRequest, person) -> None:
    """Count this request for its caller. Raises TooOften beyond the limit; a limit of 0 is none."""
    writes = request.method not in {"GET", "HEAD", "OPTIONS"}
    limit = settings.API_WRITES_A_MINUTE if writes else settings.API_READS_A_MINUTE
    if not limit:
        return
    usage = _use(f"{'w' if writes else 'r'}:{_caller(request, person)}", limit)
    request.api_usage = usage
    if usage.used > limit:
        raise TooOften(usage.resets)


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """Write into the answer's headers what is left."""
    usage = getattr(request, "api_usage", None)
    if usage is None:
        return
    response["RateLimit-Limit"] = usage.limit
    response["RateLimit-Remaining"] = usage.remaining
    response["RateLimit-Reset"] = usage.resets
    if response.status_code == 429:
        response["Retry-After"] = usage.resets


def _use(caller: str, limit: int) -> Usage:
    now = int(time.time())
    key = f"api-use:{caller}:{now // WINDOW}"
    cache.add(key, 0, timeout=2 * WINDOW)
    try:
        used = cache.incr(key)
    except ValueError:  # thrown out of a full cache between the two lines
        used = 1
    return Usage(limit=limit, used=used, resets=WINDOW - now % WINDOW)


def _caller(request: HttpRequest, person) -> str:
    if person.is_authenticated:
        return f"m{person.pk}"
    return hashlib.sha256(_address(request).encode()).hexdigest()[:32]


def _address(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy, what the proxy nearest to us has seen."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")
