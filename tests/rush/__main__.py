"""A rush: 200 people write, three moderators decide, an editor revises a text, readers look at every door, all at once.

    DATABASE_URL=… VAR_DIR=… python -m tests.rush [--people 200] [--seed 1]

The database must be empty. The server is the production server with two workers. Everybody's plan is the same in
every rush of a seed; how they meet is not, and nothing that is checked depends on it. Prints what is wrong, and ends
with 1 when something is.
"""

import argparse
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "tests.rush.settings", "LOG_LEVEL": "ERROR", "SITE_URL": "http://localhost:8000",
    "API_READS_A_MINUTE": "0", "API_WRITES_A_MINUTE": "0", "NOTES_IN_FIVE_MINUTES": "100000",
    "NOTES_IN_FIVE_MINUTES_AN_ADDRESS": "100000", "DISTRUSTED_AFTER_REJECTIONS": "2",
}  # fmt: skip
REVISIONS, READERS = 6, 3


def main() -> int:
    wanted = _arguments()
    os.environ.update(SETTINGS)
    import django

    django.setup()
    from tests.rush import checking, site
    from tests.rush.ledger import Ledger

    cast, ledger, began = site.make_site(wanted.people), Ledger(), time.monotonic()
    with TemporaryDirectory(prefix="rush-") as folder:
        log = Path(folder, "log")
        with log.open("w") as file:
            _rush(cast, ledger, wanted.seed, file)
        found = checking.problems(ledger, cast, log.read_text())
    _say(ledger, time.monotonic() - began, found)
    return 1 if found else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _rush(cast, ledger, seed: int, log) -> None:
    """Serve, let everybody do what they came for, then compare the page that both workers keep with a fresh one."""
    from benchmarks.measuring import Server

    application = "civdip_site.served:application"
    with Server(application, stderr=log) as server:
        _everybody(server.port, cast, ledger, seed)
        kept = _pages(server.port, ledger, times=12)
    with Server(application, workers=1, stderr=log) as server:
        fresh = _pages(server.port, ledger, times=1)
    for slug, pages in kept.items():
        if pages != fresh[slug]:
            ledger.broken.append(f"The reading page of {slug} is not what a server that was just started makes of it.")


def _everybody(port: int, cast, ledger, seed: int) -> None:
    """Writers write until they are through; the others go on for as long."""
    from tests.rush.deciding import Editor, Moderator
    from tests.rush.readers import Reader
    from tests.rush.writers import Writer

    over = threading.Event()
    lookers = [Reader(port, ledger, None, seed + n) for n in range(READERS)] + [
        Reader(port, ledger, cast.stranger, seed)
    ]
    lookers += [Moderator(port, ledger, account, seed) for account in cast.moderators]
    editor = Editor(port, ledger, cast.editor)
    writers = [Writer(port, ledger, account, seed) for account in cast.writers]
    with ThreadPoolExecutor(len(writers) + len(lookers) + 1) as pool:
        others = [pool.submit(_until, over, looker.round) for looker in lookers]
        writing = [pool.submit(writer.live) for writer in writers]
        others.append(pool.submit(lambda: [editor.revise(number) for number in range(REVISIONS)]))
        _see_what_failed(writing, ledger)
        over.set()
        _see_what_failed(others, ledger)


def _until(over: threading.Event, act) -> None:
    """Again and again, and once more when the others are through."""
    while not over.is_set():
        act()
    act()


def _see_what_failed(futures, ledger) -> None:
    for future in futures:
        error = future.exception()
        if error is not None:
            ledger.broken.append(f"Somebody could not go on: {error!r}")


def _pages(port: int, ledger, times: int) -> dict[str, set[str]]:
    """What the reading pages are, asked over connections of their own, so that each worker answers."""
    from tests.rush.site import QUIET, REVISED
    from tests.rush.visiting import Visitor

    return {
        slug: {Visitor(port, ledger).get(f"/articles/{slug}/").body for _ in range(times)} for slug in (QUIET, REVISED)
    }


def _say(ledger, seconds: float, found: list[str]) -> None:
    from reader.models import AnnotationVersion, ModerationEvent

    answers = ", ".join(f"{n} × {status}" for status, n in sorted(ledger.statuses.items()))
    print(f"{sum(ledger.statuses.values())} answers in {seconds:.0f} s ({answers});", end=" ")
    print(f"{AnnotationVersion.objects.count()} wordings, {ModerationEvent.objects.count()} events,", end=" ")
    print(f"{len(ledger.seen)} answers with notes in them; {len(found)} problems")
    for problem in found[:40]:
        print("-", problem)


if __name__ == "__main__":
    sys.exit(main())
