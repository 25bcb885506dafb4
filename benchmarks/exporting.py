"""What taking a site away costs as it grows: memory and CPU time of the commands, as ratios to the smallest site.

    python -m benchmarks.exporting [--notes 1000 10000] [--forms jsonld jsonl csv md html epub tei import_site]

Each count of notes gets a temporary SQLite site with that many public notes on one text. Memory is the highest that a
command held for itself (RssAnon of Linux): pages of the database that it reads through mmap are the system's. Where
nothing is collected on the way the first column of ratios stays near 1 and the second is that of the notes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LISTS, TEXTS = ("jsonld", "jsonl", "csv"), ("md", "html", "epub", "tei")
EVERY_SECONDS = 0.05
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Cost:
    """Memory in megabytes and CPU time in seconds of one command."""

    memory: float
    cpu: float


def main() -> None:
    wanted = _arguments()
    first: dict[str, Cost] = {}
    print(f"{'notes':>9} {'command':12} {'memory':>10} {'CPU':>9}   ratio of memory, of CPU", flush=True)
    for notes in wanted.notes:
        with tempfile.TemporaryDirectory(prefix="civdip-bench-") as name:
            folder = Path(name)
            _make_site(folder, notes)
            for form in wanted.forms:
                cost = _cost(_command(form, folder), folder if form != "import_site" else folder / "empty")
                floor = first.setdefault(form, cost)
                ratios = f"{cost.memory / floor.memory:8.2f} {cost.cpu / floor.cpu:8.2f}"
                print(f"{notes:>9} {form:12} {cost.memory:7.0f} MB {cost.cpu:7.1f} s {ratios}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notes", type=int, nargs="+", default=[1000, 10000], help="public notes, smallest first")
    parser.add_argument("--forms", nargs="+", default=[*LISTS, *TEXTS, "import_site"])
    return parser.parse_args()


def _make_site(folder: Path, notes: int) -> None:
    """A prepared site in `folder`, and beside it one that is empty, each in processes of their own."""
    _manage(["prepare"], folder)
    (folder / "empty").mkdir()
    _manage(["migrate"], folder / "empty")
    program = (
        "import django; django.setup(); from benchmarks.crowd import crowd; from reader.models import Article; "
        f"crowd(Article.objects.get(), {notes})"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=_environment(folder), check=True)


def _command(form: str, folder: Path) -> list[str]:
    if form == "import_site":
        return [form, str(folder / "site.jsonld")]
    text = [] if form in LISTS else ["--article", "civil-diplomacy"]
    return ["export", "--format", form, *text, "--output", str(folder / f"site.{form}")]


def _cost(command: Sequence[str], folder: Path) -> Cost:
    """Run it and watch."""
    before = os.times()
    running = subprocess.Popen(_manage_command(command), cwd=ROOT, env=_environment(folder), **_quiet())
    memory = 0
    while running.poll() is None:
        memory = max(memory, _own_memory(running.pid))
        time.sleep(EVERY_SECONDS)
    after = os.times()
    assert running.returncode == 0, f"{command} failed"
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(memory / 1024, used)


def _own_memory(pid: int) -> int:
    """Kilobytes that the process holds for itself; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon:")), 0)


def _manage(command: Sequence[str], folder: Path) -> None:
    subprocess.run(_manage_command(command), cwd=ROOT, env=_environment(folder), check=True, **_quiet())


def _manage_command(command: Sequence[str]) -> list[str]:
    return [sys.executable, "manage.py", *command]


def _environment(folder: Path) -> dict[str, str]:
    own = {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "civdip_site.settings"}
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CACHE_URL")} | own


def _quiet() -> dict:
    return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


if __name__ == "__main__":
    main()
