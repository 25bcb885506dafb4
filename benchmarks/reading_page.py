"""What the reading page costs: CPU time for each request, as a ratio to a bare Django view with the same bytes.

    python -m benchmarks.reading_page [--notes 35 100 1000 10000] [--rounds 9] [--requests 300]

The site runs on a temporary SQLite database and is served as `make run` serves it; the bare view is served the same
way beside it. Rounds are interleaved and the medians of the rounds' ratios are printed, so that a busy machine moves
both sides. CPU time is user and system time of the server's whole process tree; wall-clock time includes the client.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.measuring import Asked, Server, interleave, ratio

BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept": "text/html"}
GOALS = {"anonymous": 2.2, "not modified": 1.8, "logged in": 4.0}
MOST_GROWTH = 1.2


def main() -> None:
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="civdip-bench-") as folder:
        session = make_site(Path(folder), wanted.notes)
        bodies = Path(folder, "bodies")
        bodies.mkdir()
        with Server("civdip_site.served:application") as site:
            kinds = {notes: _requests(site, notes, session) for notes in wanted.notes}
            cold = _save_bodies(kinds, bodies)
            with Server("benchmarks.bare:application", BARE_BODIES=str(bodies)) as bare:
                _measure(kinds, bare, wanted, cold)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, nargs="+", default=[35, 100, 1000, 10000], help="public notes on the text")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=300, help="requests in each round")
    return parser.parse_args()


def make_site(folder: Path, counts: list[int]) -> str:
    """A prepared site in `folder` with one article for each count of notes; gives a logged-in reader's session."""
    for name in ("DATABASE_URL", "CACHE_URL", "SITE_URL", "ALLOWED_HOSTS", "DEBUG", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "civdip_site.settings"}
    import django

    django.setup()
    from civdip_site.preparing import prepare

    prepare(lambda _step: None)
    for notes in counts:
        _make_article(notes)
    return _logged_in()


def _make_article(notes: int) -> None:
    from django.conf import settings

    from benchmarks.crowd import crowd
    from reader.formats.edition import read_edition
    from reader.operations.publishing import publish_edition

    edition = read_edition(Path(settings.BASE_DIR, "fixtures", "civil-diplomacy"))
    # Notes are known by the address of the original: another one makes another article's notes.
    front = edition.front | {"canonical_url": f"https://example.org/{notes}"}
    article = publish_edition(replace(edition, front=front), slug=f"with-{notes}")
    if notes > 35:
        crowd(article, notes)


def _logged_in() -> str:
    from django.conf import settings
    from django.db import connections
    from django.test import Client

    from reader.models import Member

    client = Client()
    client.force_login(Member.objects.create_user("somebody"), backend="django.contrib.auth.backends.ModelBackend")
    connections.close_all()
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _requests(site: Server, notes: int, session: str) -> dict[str, Asked]:
    path = f"/articles/with-{notes}/"
    return {
        "anonymous": Asked(site, path, BROWSER),
        "not modified": Asked(site, path, BROWSER, status=304),
        "logged in": Asked(site, path, BROWSER | {"Cookie": session}),
    }


def _save_bodies(kinds: dict[int, dict[str, Asked]], folder: Path) -> dict[int, float]:
    """Ask for each page once, keep its bytes for the bare view, and tell how long the first answer took."""
    cold = {}
    for notes, requests in kinds.items():
        connection = requests["anonymous"].server.connect()
        began = time.perf_counter()
        response, body = requests["anonymous"].ask(connection)
        cold[notes] = time.perf_counter() - began
        requests["not modified"].headers = BROWSER | {"If-None-Match": response.headers["ETag"]}
        Path(folder, f"anonymous-{notes}").write_bytes(body)
        Path(folder, f"logged in-{notes}".replace(" ", "-")).write_bytes(requests["logged in"].ask(connection)[1])
        connection.close()
    return cold


def _floor(bare: Server, kind: str, notes: int, ours: Asked) -> Asked:
    if kind == "not modified":
        return Asked(bare, f"/anonymous-{notes}", ours.headers, status=304)
    return Asked(bare, f"/{kind.replace(' ', '-')}-{notes}", ours.headers)


def _measure(kinds: dict[int, dict[str, Asked]], bare: Server, wanted: argparse.Namespace, cold: dict) -> None:
    floors = {
        (notes, kind): _floor(bare, kind, notes, ours) for notes, asked in kinds.items() for kind, ours in asked.items()
    }
    for kind in GOALS:
        every = [each for notes in kinds for each in (kinds[notes][kind], floors[notes, kind])]
        interleave(wanted.rounds, *(lambda asked=asked: asked.round(wanted.requests) for asked in every))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    _print_table(kinds, floors, wanted)
    _print_growth(kinds)
    print("\nfirst answer after a change: " + ", ".join(f"{n} notes {s * 1000:.0f} ms" for n, s in cold.items()))


def _print_table(kinds: dict[int, dict[str, Asked]], floors: dict, wanted: argparse.Namespace) -> None:
    print(f"medians of {wanted.rounds} interleaved rounds of {wanted.requests} requests")
    print(f"{'':14}{'notes':>7}{'x bare':>9}{'goal':>7}{'CPU ms':>9}{'bare':>7}{'wall ms':>9}{'bare':>7}{'bytes':>9}")
    for kind, goal in GOALS.items():
        for notes in kinds:
            ours, floor = kinds[notes][kind], floors[notes, kind]
            times = f"{ours.cpu_ms:9.2f}{floor.cpu_ms:7.2f}{ours.wall_ms:9.2f}{floor.wall_ms:7.2f}"
            print(f"{kind:14}{notes:7}{ratio(ours, floor):9.2f}{goal:7.1f}{times}{ours.size:9}")


def _print_growth(kinds: dict[int, dict[str, Asked]]) -> None:
    """The most notes against the fewest from a hundred up."""
    counts = sorted(notes for notes in kinds if notes >= 100)
    if len(counts) < 2:
        return
    print(f"\n{counts[-1]} notes against {counts[0]} (goal: at most {MOST_GROWTH} x)")
    for kind in GOALS:
        few, many = kinds[counts[0]][kind], kinds[counts[-1]][kind]
        size = f", bytes {many.size / few.size:.2f} x" if few.size else ""
        print(f"{kind:14} CPU {ratio(many, few):.2f} x{size}")


if __name__ == "__main__":
    main()
