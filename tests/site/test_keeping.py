"""Copies of the database, made and brought back by the commands as an operator runs them."""

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


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Site:
    made = Site(tmp_path_factory.mktemp("site"))
    made.environment["DEBUG"] = "true"  # static files are not collected then
    first, second = made.manage("prepare"), made.manage("prepare")
    assert "Loading the edition civil-diplomacy" in first.stdout, first.stderr
    assert (second.returncode, second.stdout) == (0, "")
    assert made.manage("backup").returncode == 0
    return made


def test_a_copy_is_its_owners_alone(site):
    assert site.copies()[0].stat().st_mode & 0o777 == 0o600
    assert site.copies()[0].parent.stat().st_mode & 0o777 == 0o700


def test_what_was_kept_comes_back_while_somebody_reads(site):
    kept, notes = site.copies()[0], site.sql("SELECT count(*) FROM reader_annotation")
    reader = sqlite3.connect(site.var / "civdip.sqlite3", isolation_level=None)
    site.sql("UPDATE reader_article SET title = 'Spoilt', notes_version = 4000000000")
    reader.execute("BEGIN")
    assert reader.execute("SELECT title FROM reader_article").fetchone() == ("Spoilt",)
    done = site.manage("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert reader.execute("SELECT title FROM reader_article").fetchone() == ("Spoilt",)  # its own moment, to its end
    reader.execute("COMMIT")
    assert reader.execute("SELECT title FROM reader_article").fetchone()[0].startswith("Xi Jinping's")
    assert site.sql("SELECT count(*) FROM reader_annotation") == notes
    # Pages kept under the numbers in between must never be taken for pages of now.
    assert site.sql("SELECT notes_version FROM reader_article")[0][0] > 4000000000
    assert any("before-restore" in path.name for path in site.copies())


@pytest.mark.parametrize("kind", ["missing", "text", "damaged", "another", "newer"])
def test_what_is_no_copy_changes_nothing(site, tmp_path, kind):
    before, copies = site.sql("SELECT title, notes_version FROM reader_article"), site.copies()
    wrong = tmp_path / "copy.sqlite3"
    if kind == "text":
        wrong.write_text("not a database " * 1000)
    elif kind == "damaged":
        whole = site.copies()[0].read_bytes()
        wrong.write_bytes(whole[:20_000] + b"\0" * 60_000 + whole[80_000:])
    elif kind == "another":
        sqlite3.connect(wrong).executescript("CREATE TABLE django_migrations (app, name)")
    elif kind == "newer":
        wrong.write_bytes(site.copies()[0].read_bytes())
        with sqlite3.connect(wrong) as opened:
            opened.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('reader', '9999_later', '')")
    done = site.manage("restore", str(wrong))
    assert done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.strip()
    assert site.sql("SELECT title, notes_version FROM reader_article") == before
    assert site.copies() == copies
