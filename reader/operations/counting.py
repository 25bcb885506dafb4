"""Where the `limits` library keeps its counts: in the database, exactly; or in the cache, cheaply.

Writing is counted in the database, in the transaction of what is written: all processes count together without a
broker, and what was refused in the end was not counted. Requests to the API are too many for that: they are counted
in the cache, where a cache of one process counts for that process alone.
"""

import time
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from limits.storage import Storage

from reader.models import Counter

# What bulk_create cannot say: on a conflict, add to what stands there.
ADD = """
INSERT INTO reader_counter AS kept (key, count, ends) VALUES (%(key)s, %(amount)s, %(ends)s)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN kept.ends > %(now)s THEN kept.count + excluded.count ELSE excluded.count END,
  ends = CASE WHEN kept.ends > %(now)s THEN kept.ends ELSE excluded.ends END
RETURNING count
"""


class DatabaseStorage(Storage):
    """Counts in rows. A window begins with the first thing counted in it."""

    STORAGE_SCHEME = None
    base_exceptions = DatabaseError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to the count, or begin a new one; returns it. Two at once wait for each other at the row."""
        now = time.time()
        with connection.cursor() as cursor:
            cursor.execute(ADD, {"key": key, "amount": amount, "now": now, "ends": now + expiry})
            return int(cursor.fetchone()[0])

    def get(self, key: str) -> int:
        return Counter.objects.filter(key=key, ends__gt=time.time()).values_list("count", flat=True).first() or 0

    def get_expiry(self, key: str) -> float:
        return Counter.objects.filter(key=key).values_list("ends", flat=True).first() or time.time()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        return Counter.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        Counter.objects.filter(key=key).delete()


class CacheStorage(Storage):
    """Counts in Django's cache, whichever that is."""

    STORAGE_SCHEME = None
    base_exceptions: Any = ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        if cache.add(f"count:{key}", 0, timeout=expiry):
            cache.set(f"ends:{key}", time.time() + expiry, timeout=expiry)
        try:
            return int(cache.incr(f"count:{key}", amount))
        except ValueError:  # thrown out of a full cache between the two lines
            return amount

    def get(self, key: str) -> int:
        return int(cache.get(f"count:{key}", 0))

    def get_expiry(self, key: str) -> float:
        return float(cache.get(f"ends:{key}", time.time()))

    def check(self) -> bool:
        return True

    def reset(self) -> None:
        cache.clear()

    def clear(self, key: str) -> None:
        cache.delete_many([f"count:{key}", f"ends:{key}"])


def forget_what_is_over() -> int:
    """Take out the rows whose window is over; returns how many."""
    return Counter.objects.filter(ends__lt=time.time()).delete()[0]
