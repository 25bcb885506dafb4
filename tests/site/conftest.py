"""A site of its own, as an operator has it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


class Site:
    """A site with a database of its own, worked at the terminal."""

    def __init__(self, var: Path) -> None:
        self.var = var
        settings = {"DJANGO_SETTINGS_MODULE": "civdip_site.settings", "VAR_DIR": str(var), "LOG_LEVEL": "ERROR"}
        outside = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
        self.environment = outside | settings

    def manage(self, *words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)  # noqa: S603

    def sql(self, statement: str) -> list[tuple]:
        with sqlite3.connect(self.var / "civdip.sqlite3", timeout=20) as opened:
            return opened.execute(statement).fetchall()

    def copies(self) -> list[Path]:
        return sorted((self.var / "backups").iterdir())


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    """Prepared once, which takes its time; its first copy is as it was then."""
    made = Site(tmp_path_factory.mktemp("site"))
    made.environment["DEBUG"] = "true"  # static files are not collected then
    first, second = made.manage("prepare"), made.manage("prepare")
    assert "Loading the edition civil-diplomacy" in first.stdout, first.stderr
    assert (second.returncode, second.stdout) == (0, "")
    assert made.manage("backup").returncode == 0
    return made
