"""Two acts at once: the second begins while the first is carried out but not kept yet."""

import threading
from collections.abc import Callable

from django.db import connection, connections, transaction

from reader.operations.errors import ReaderError

Act = Callable[[], object]
LONGEST = 30  # seconds until a test that hangs fails


def at_once(first: Act, second: Act) -> list[ReaderError | None]:
    """Carry out both; gives what each was refused with. Load what they need before: each has seen the same.

    On PostgreSQL the first one is kept as soon as the second waits for it, or is through. SQLite lets one transaction
    in at a time: there the second begins with what it had loaded before the first.
    """
    if connection.vendor != "postgresql":
        return [_ending(first), _ending(second)]
    return _interleaved(first, second)


def _ending(act: Act) -> ReaderError | None:
    try:
        act()
    except ReaderError as error:
        return error
    return None


def _interleaved(first: Act, second: Act) -> list[ReaderError | None]:
    carried_out, keep = threading.Event(), threading.Event()

    def hold_open() -> None:
        with transaction.atomic():
            first()
            carried_out.set()
            assert keep.wait(LONGEST)

    one = _Acting(hold_open, carried_out)
    one.start()
    assert carried_out.wait(LONGEST)
    other = _Acting(second)
    other.start()
    assert other.connected.wait(LONGEST)
    while other.is_alive() and not _waits(other.backend):
        other.join(0.01)
    keep.set()
    one.join(LONGEST)
    other.join(LONGEST)
    for each in (one, other):
        if each.failed:
            raise each.failed
    return [one.refused, other.refused]


class _Acting(threading.Thread):
    """One act on a connection of its own."""

    def __init__(self, act: Act, carried_out: threading.Event | None = None):
        super().__init__(daemon=True)
        self.act, self.carried_out, self.connected = act, carried_out, threading.Event()
        self.backend, self.refused, self.failed = 0, None, None

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            self.connected.set()
            self.refused = _ending(self.act)
        except BaseException as error:
            self.failed = error
        finally:
            self.connected.set()
            if self.carried_out:
                self.carried_out.set()
            connections.close_all()


def _waits(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [backend])
        row = cursor.fetchone()
    return bool(row and row[0])
