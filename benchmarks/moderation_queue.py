"""What the queue costs when it is long: seconds for its first page and for one decision, as ratios to a short queue.

    python -m benchmarks.moderation_queue [--notes 20 5000] [--rounds 15]

In one process, on a temporary SQLite database. Rounds go over the queues by turns and the medians are compared, so
that a busy machine moves all of them.
"""

import argparse
import os
import statistics
import tempfile
import time
from functools import partial


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, nargs="+", default=[20, 5000])
    parser.add_argument("--rounds", type=int, default=15)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="civdip-bench-") as folder:
        spent = {n: _measure(f"{folder}/{n}.sqlite3", n, wanted.rounds) for n in wanted.notes}
    for what in ("first page", "decision"):
        least = statistics.median(spent[wanted.notes[0]][what])
        for notes in wanted.notes:
            middle = statistics.median(spent[notes][what])
            print(f"{what:12} {notes:6} waiting: {middle / least:5.2f} of a short queue ({middle * 1000:.0f} ms here)")


def _measure(database: str, notes: int, rounds: int) -> dict[str, list[float]]:
    client = _moderator_before_a_queue_of(notes, database)
    from reader.models import Annotation

    approve = partial(client.post, data={"decision": "approve", "version": 1}, headers={"HX-Request": "true"})
    spent: dict[str, list[float]] = {"first page": [], "decision": []}
    for _round in range(rounds):
        spent["first page"].append(_seconds(partial(client.get, "/moderation/")))
        oldest = Annotation.objects.waiting().order_by("latest__waits_since").first()
        spent["decision"].append(_seconds(partial(approve, f"/moderation/{oldest.uid}/")))
    return spent


def _seconds(ask) -> float:
    begun = time.perf_counter()
    assert ask().status_code == 200
    return time.perf_counter() - begun


def _moderator_before_a_queue_of(notes: int, database: str):
    os.environ |= {"DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "civdip_site.settings"}
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database
    call_command("migrate", verbosity=0)
    call_command("load_edition", "fixtures/civil-diplomacy", verbosity=0)
    from benchmarks.crowd import crowd_that_waits
    from reader.models import Article, Member

    crowd_that_waits(Article.objects.get(), notes)
    client = Client(SERVER_NAME="localhost")
    moderator = Member.objects.create_user("moderator", is_moderator=True)
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/moderation/")
    return client


if __name__ == "__main__":
    main()
