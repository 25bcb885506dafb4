"""Every check and test, one after the other: `make test`. What follows on the command line goes to pytest.

Style and types, the JavaScript modules under Node, the suite on SQLite with the journeys in a real browser, and the
suite again on PostgreSQL. What this machine lacks is left out and said loudly; with CI=true it is a failure.

EPUBCHECK           the jar of EPUBCheck, when it is not Debian's; what is left out without it is never a failure
CHROMIUM            the browser's program, when it is not found by itself
TEST_POSTGRES_URL   a PostgreSQL user who may create databases; the server of this machine when left out
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What asks no database, or one of its own, is not asked twice.
SAME_ON_ANY_DATABASE = ["--ignore=tests/browser", "--ignore=tests/text", "--ignore=tests/site"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MUST_HAVE_ALL = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


class Round:
    """The steps of one run and how each ended."""

    def __init__(self) -> None:
        self.ends: list[tuple[str, str]] = []

    def step(self, name: str, command: list[str], **environment: str) -> None:
        """Run one command; go on whatever comes of it."""
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=_environment(environment)).returncode  # noqa: S603 (our own)
        self.ends.append((name, f"{'ok' if code == 0 else 'FAILED'} ({time.monotonic() - began:.0f} s)"))

    def lacks(self, name: str, what: str, *, needed: bool = True) -> None:
        """Say that a step could not be taken; with CI=true that is a failure, if the step is `needed`."""
        print(f"\n{'!' * 78}\n!!! {name}: {what}\n{'!' * 78}", flush=True)
        self.ends.append((name, "FAILED: " + what if MUST_HAVE_ALL and needed else "NOT RUN: " + what))

    def failed(self) -> bool:
        """Print how each step ended; true when one failed."""
        print("\n=== In short")
        for name, end in self.ends:
            print(f"{name:28} {end}")
        return any(end.startswith("FAILED") for _name, end in self.ends)


def main() -> int:
    run = Round()
    tool = Path(sys.executable).parent
    run.step("style", [f"{tool}/ruff", "check"])
    run.step("format", [f"{tool}/ruff", "format", "--check"])
    run.step("types", [f"{tool}/mypy"])
    _javascript(run)
    _on_sqlite(run)
    _on_postgresql(run)
    return 1 if run.failed() else 0


def _javascript(run: Round) -> None:
    files = sorted(str(path) for path in (ROOT / "tests" / "js").rglob("*test*.*js"))
    node = shutil.which("node")
    if node is None:
        run.lacks("JavaScript", "Node.js was not found. Debian, Ubuntu: apt install nodejs")
    elif files:
        run.step("JavaScript", [node, "--test", *files])


def _on_sqlite(run: Round) -> None:
    sys.path.insert(0, str(ROOT))
    from tests import epub_checker

    if epub_checker.command() is None:
        run.lacks("EPUBCheck", epub_checker.LACKS, needed=False)
    browser = _browser()
    if browser is None:
        run.lacks("browser", "no Chromium was found. Debian: apt install chromium, or name it in CHROMIUM")
        run.step("tests on SQLite", _pytest("--ignore=tests/browser"), DATABASE_URL="")
    else:
        run.step("tests on SQLite", _pytest(*_without_the_client(run)), DATABASE_URL="", CHROMIUM=browser)


def _without_the_client(run: Round) -> list[str]:
    """What leaves out the journeys with the Hypothesis client, where npm cannot fetch it."""
    from tests import hypothesis_package

    if hypothesis_package.package():
        return []
    run.lacks("Hypothesis client", hypothesis_package.LACKS)
    return ["--ignore=tests/browser/test_hypothesis_client.py"]


def _on_postgresql(run: Round) -> None:
    url = os.environ.get("TEST_POSTGRES_URL") or _local_postgresql()
    if not url:
        run.lacks("tests on PostgreSQL", "no server was found. Name one in TEST_POSTGRES_URL")
        return
    run.step("tests on PostgreSQL", _pytest(*SAME_ON_ANY_DATABASE), DATABASE_URL=url)


def _pytest(*options: str) -> list[str]:
    # By name, not by number of tests: the journeys are few and long, and would come last and alone.
    spread = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
    return [sys.executable, "-m", "pytest", *spread, "-q", *options, *sys.argv[1:]]


def _environment(changes: dict[str, str]) -> dict[str, str]:
    """This environment with `changes`; an empty value takes a name away."""
    return {name: value for name, value in (dict(os.environ) | changes).items() if value or name not in changes}


def _browser() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _local_postgresql() -> str | None:
    """The server that libpq reaches without being told more, if its user may create databases."""
    import psycopg

    try:
        with psycopg.connect("dbname=postgres connect_timeout=2") as connection:
            row = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.OperationalError:
        return None
    return "postgres:///postgres" if row and row[0] else None


if __name__ == "__main__":
    sys.exit(main())
