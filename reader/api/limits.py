"""How often one caller may ask, told in headers on every answer.

Counted in the cache, for members by member, for others by address. A cache of one process counts for that process
alone; with CACHE_URL all processes count together.
"""

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter
from ninja.errors import HttpError

from reader.access import address_of
from reader.operations.counting import CacheStorage
from reader.operations.pace import network_of

_limiter = FixedWindowRateLimiter(CacheStorage())


@dataclass(frozen=True)
class Usage:
    """How much of its minute a caller has left. `resets` is in seconds from now."""

    limit: int
    remaining: int
    resets: int


class TooOften(HttpError):
    """More in this minute than one caller may ask."""

    def __init__(self, seconds: int) -> None:
        super().__init__(429, _("Too many requests. Try again in %d seconds.") % seconds)


def count(request: HttpRequest, person) -> None:
    """Count this request for its caller. Raises TooOften beyond the limit; a limit of 0 is none."""
    writes = request.method not in {"GET", "HEAD", "OPTIONS"}
    most = settings.API_WRITES_A_MINUTE if writes else settings.API_READS_A_MINUTE
    if not most:
        return
    limit, who = RateLimitItemPerMinute(most), ("writes" if writes else "reads", _caller(request, person))
    fits = _limiter.hit(limit, *who)
    ends, remaining = _limiter.get_window_stats(limit, *who)
    usage = Usage(limit=most, remaining=remaining, resets=max(1, math.ceil(ends - time.time())))
    request.api_usage = usage
    if not fits:
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
        response.headers.setdefault("Retry-After", usage.resets)


def _caller(request: HttpRequest, person) -> str:
    return f"member-{person.pk}" if person.is_authenticated else f"address-{network_of(address_of(request))}"
