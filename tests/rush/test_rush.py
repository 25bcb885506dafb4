"""Two hundred people at once: __main__.py says what they do, checking.py what must hold afterwards."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

LONGEST = 900  # seconds; on two free cores it takes half a minute


@pytest.fixture
def fresh_database(tmp_path) -> Iterator[str]:
    """The address of an empty database: a file, or one beside the database of the suite."""
    suite = os.environ.get("DATABASE_URL", "")
    if not suite.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'rush.sqlite3'}"
        return
    import psycopg

    name = f"rush_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_beside(suite, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield _beside(suite, name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _beside(address: str, name: str) -> str:
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def test_in_a_rush_nothing_is_lost_nothing_decided_twice_nothing_shown_too_early(fresh_database, tmp_path):
    environment = os.environ | {"DATABASE_URL": fresh_database, "VAR_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-m", "tests.rush"], env=environment, cwd=Path(__file__).parents[2], timeout=LONGEST,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-4000:]
