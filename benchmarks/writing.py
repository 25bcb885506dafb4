"""What a note costs to write, and what writing costs the others: ratios to a bare view that inserts one row.

    python -m benchmarks.writing [--notes 2000] [--rounds 7] [--requests 60]

On SQLite in a temporary folder, or in the database that DATABASE_URL names, which must be empty. The floor writes to a
database of the same kind with the same durability (beside the file; in the same database of PostgreSQL). Rounds are
interleaved and the medians of their ratios printed. CPU time is the server's; that of PostgreSQL is not in it.
"""

import argparse
import json
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.measuring import Server, interleave

SLUG, WRITERS, READS = "civil-diplomacy", 8, 200
Request = tuple[str, str, bytes, dict[str, str]]


def main() -> None:
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="civdip-bench-") as folder:
        tokens, quotes = _make_site(folder)
        os.environ["BARE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{Path(folder, 'bare.sqlite3')}"
        with Server("civdip_site.served:application") as site, Server("benchmarks.bare_writing:application") as bare:
            notes = [_note(tokens[n % WRITERS], quotes[n % len(quotes)], n) for n in range(wanted.notes)]
            row: Request = ("POST", "/insert", notes[0][2], {})
            _one_after_the_other(site, bare, notes, row, wanted)
            _many_at_once(site, bare, notes, row)
            _readers_meanwhile(site, notes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=2000, help="notes by 8 connections")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=60, help="notes in each round of one connection")
    return parser.parse_args()


def _make_site(folder: str) -> tuple[list[str], list[str]]:
    """A prepared site; tokens of trusted people, and words to write on."""
    limits = ("API_READS_A_MINUTE", "API_WRITES_A_MINUTE")
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "civdip_site.settings"} | dict.fromkeys(limits, "0")
    import django

    django.setup()
    from django.db import connections

    from civdip_site.preparing import prepare
    from reader.models import Article, Member, Scope
    from reader.operations.tokens import make_personal

    prepare(lambda _step: None)
    people = [Member.objects.create_user(f"writer-{n}", is_trusted=True) for n in range(WRITERS)]
    tokens = [make_personal(member=member, name="bench", scope=Scope.WRITE) for member in people]
    current = Article.objects.select_related("current").get(slug=SLUG).current
    quotes = [row.text[:60] for row in current.paragraphs.all() if len(row.text) > 60]
    connections.close_all()
    return tokens, [quote for quote in quotes if current.text.count(quote) == 1]


def _note(token: str, quote: str, number: int) -> Request:
    from django.conf import settings

    uri = f"{settings.SITE_URL}/articles/{SLUG}/"
    selector = {"type": "TextQuoteSelector", "exact": quote, "prefix": "", "suffix": ""}
    sent = {
        "uri": uri, "group": "__world__", "text": f"A thought, the {number}th of many.", "tags": [],
        "target": [{"source": uri, "selector": [selector]}], "permissions": {"read": ["group:__world__"]},
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return "POST", "/api/annotations", json.dumps(sent).encode(), headers


def _send(server: Server, requests: list[Request]) -> tuple[list[float], Counter[int]]:
    """One after the other over one connection: how long each took, and the answers' statuses."""
    connection, took, statuses = server.connect(), [], Counter[int]()
    for request in requests:
        began = time.perf_counter()
        connection.request(*request)
        response = connection.getresponse()
        response.read()
        took.append(time.perf_counter() - began)
        statuses[response.status] += 1
    connection.close()
    return took, statuses


def _one_after_the_other(site: Server, bare: Server, notes: list[Request], row: Request, wanted) -> None:
    cpu: dict[str, list[float]] = {"ours": [], "floor": []}

    def round_of(name: str, server: Server, requests: list[Request]) -> None:
        before = server.cpu_seconds()
        _send(server, requests)
        cpu[name].append((server.cpu_seconds() - before) / len(requests))

    _send(site, notes[:10]), _send(bare, [row] * 10)
    some = notes[: wanted.requests]
    interleave(wanted.rounds, lambda: round_of("ours", site, some), lambda: round_of("floor", bare, [row] * len(some)))
    ratio = statistics.median(a / b for a, b in zip(cpu["ours"], cpu["floor"], strict=True))
    ours, floor = (statistics.median(cpu[name]) * 1000 for name in ("ours", "floor"))
    print(f"one note: {ratio:.1f} x the CPU of one bare row ({ours:.2f} ms, {floor:.2f} ms)")


def _many_at_once(site: Server, bare: Server, notes: list[Request], row: Request) -> None:
    from reader.models import Annotation

    before = Annotation.objects.count()
    took, statuses = _by_many(site, notes)
    kept = Annotation.objects.count() - before
    floor, _statuses = _by_many(bare, [row] * len(notes))
    print(f"{len(notes)} notes by {WRITERS} connections: {kept} kept, {len(notes) - statuses[200]} refused;", end=" ")
    print(f"95th percentile {_at(took, 95) / _at(floor, 95):.1f} x bare rows ({_at(took, 95) * 1000:.0f} ms)")


def _by_many(server: Server, requests: list[Request]) -> tuple[list[float], Counter[int]]:
    took: list[float] = []
    statuses: Counter[int] = Counter()

    def some(first: int) -> None:
        mine, answers = _send(server, requests[first::WRITERS])
        took.extend(mine)
        statuses.update(answers)

    threads = [threading.Thread(target=some, args=[n]) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, statuses


def _readers_meanwhile(site: Server, notes: list[Request]) -> None:
    """The median reading page while two write without pause, against the same with nobody writing."""
    page: Request = ("GET", f"/articles/{SLUG}/", b"", {"Accept-Encoding": "gzip, br"})
    ratios = []
    for _ in range(5):
        alone = statistics.median(_send(site, [page] * READS)[0])
        over = threading.Event()
        threads = [threading.Thread(target=_write_until, args=[site, notes[n::2], over]) for n in range(2)]
        for thread in threads:
            thread.start()
        ratios.append(statistics.median(_send(site, [page] * READS)[0]) / alone)
        over.set()
        for thread in threads:
            thread.join()
    print(f"readers while two write without pause: median {statistics.median(ratios):.2f} x (goal: at most 1.5 x)")


def _write_until(site: Server, notes: list[Request], over: threading.Event) -> None:
    while not over.is_set():
        _send(site, notes[:5])


def _at(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


if __name__ == "__main__":
    main()
