"""How fast people who are not trusted may write: so many public wordings in five minutes, by person and by address."""

import ipaddress
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils.crypto import salted_hmac
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from reader.models import Member
from reader.operations.counting import DatabaseStorage
from reader.operations.errors import TooFast

MINUTES = 5
_limiter = FixedWindowRateLimiter(DatabaseStorage())
_address: ContextVar[str] = ContextVar("address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """What is written inside comes from this address; every door is inside, so that none can forget to say."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def count_writing(member: Member) -> None:
    """Count one public wording. Raises TooFast when it is one too many. Call inside the transaction that keeps it."""
    _count(f"person-{member.pk}", settings.NOTES_IN_FIVE_MINUTES)
    if _address.get():
        _count(f"address-{network_of(_address.get())}", settings.NOTES_IN_FIVE_MINUTES_AN_ADDRESS)


def network_of(address: str) -> str:
    """Who can be told apart by an address, as a keyed hash: of IPv6 the /64 that a household or a server has."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        known = address
    else:
        known = str(given if given.version == 4 else ipaddress.ip_network((given, 64), strict=False))
    return salted_hmac("reader.operations.pace", known).hexdigest()[:32]


def _count(who: str, most: int) -> None:
    if not most:
        return
    limit = RateLimitItemPerMinute(most, MINUTES)
    if not _limiter.hit(limit, who):
        raise TooFast(max(1, math.ceil(_limiter.get_window_stats(limit, who).reset_time - time.time())))
