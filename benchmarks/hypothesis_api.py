"""What the Hypothesis-compatible API costs: CPU time for each request, as a ratio to a bare Django view.

    python -m benchmarks.hypothesis_api [--notes 1000] [--rounds 9] [--requests 100]

Measured like the reading page (see benchmarks.reading_page), with pages of 200 notes, which is what one answer holds.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.measuring import Asked, Server, interleave, ratio
from benchmarks.reading_page import make_site


def main() -> None:
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="civdip-bench-") as folder:
        make_site(Path(folder), [wanted.notes])
        paths, token = _paths(wanted.notes), _token()
        bodies = Path(folder, "bodies")
        bodies.mkdir()
        with Server("civdip_site.served:application", API_READS_A_MINUTE="0") as site:
            asked = {name: Asked(site, *request) for name, request in _requests(paths, token).items()}
            for name, each in asked.items():
                Path(bodies, name.replace(" ", "-")).write_bytes(each.ask(site.connect())[1])
            with Server("benchmarks.bare:application", BARE_BODIES=str(bodies)) as bare:
                _measure(asked, bare, wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, default=1000, help="public notes on the text")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=100, help="requests in each round")
    return parser.parse_args()


def _paths(notes: int) -> tuple[str, str]:
    """The first page of an article's notes, as the client asks for it, and one note."""
    from django.conf import settings

    from reader.models import Annotation

    uri = f"{settings.SITE_URL}/articles/with-{notes}/"
    listed = f"/api/search?limit=200&sort=created&order=asc&_separate_replies=false&group=__world__&uri={uri}"
    return listed, f"/api/annotations/{Annotation.objects.filter(article__slug=f'with-{notes}').latest('pk').uid}"


def _token() -> str:
    from django.db import connections

    from reader.models import Member
    from reader.operations import tokens

    made = tokens.make_personal(member=Member.objects.get(username="somebody"), name="measuring", scope="read")
    connections.close_all()
    return made


def _requests(paths: tuple[str, str], token: str) -> dict[str, tuple[str, dict[str, str]]]:
    with_token = {"Authorization": f"Bearer {token}"}
    named = dict(zip(("200 notes", "one note"), paths, strict=True))
    return {f"{what}{end}": (path, sent) for what, path in named.items()
            for end, sent in (("", {}), (" by token", with_token))}  # fmt: skip


def _measure(asked: dict[str, Asked], bare: Server, wanted: argparse.Namespace) -> None:
    floors = {name: Asked(bare, f"/{name.replace(' ', '-')}") for name in asked}
    every = [each for name in asked for each in (asked[name], floors[name])]
    interleave(wanted.rounds, *(lambda each=each: each.round(wanted.requests) for each in every))
    print(f"medians of {wanted.rounds} interleaved rounds of {wanted.requests} requests, {wanted.notes} notes")
    print(f"{'':20}{'x bare':>9}{'CPU ms':>9}{'bare':>7}{'wall ms':>9}{'bare':>7}{'bytes':>9}")
    for name, ours in asked.items():
        floor = floors[name]
        times = f"{ours.cpu_ms:9.2f}{floor.cpu_ms:7.2f}{ours.wall_ms:9.2f}{floor.wall_ms:7.2f}"
        print(f"{name:20}{ratio(ours, floor):9.2f}{times}{ours.size:9}")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civdip_site.settings")
    main()
