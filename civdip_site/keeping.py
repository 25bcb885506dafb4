"""Copies of the whole database: kept and brought back while the site goes on serving.

An SQLite copy is an SQLite file, a PostgreSQL copy is what `pg_dump --format=custom` writes.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

WAIT_FOR_LOCKS_MS = 30_000
# Tables of a newer release are not in an older copy, so that restoring over them is not enough.
EMPTY_POSTGRESQL = """
SET lock_timeout = '30s';
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE 'DROP TABLE ' || name || ' CASCADE';
  END LOOP;
END $$;
DROP FUNCTION IF EXISTS trail_refuses();
"""
REFUSE_NEWER_POSTGRESQL = """
RESET search_path;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM django_migrations WHERE app = 'reader') THEN
    RAISE EXCEPTION 'the copy is of something else; nothing was changed';
  END IF;
  IF EXISTS (SELECT 1 FROM django_migrations WHERE app = 'reader' AND left(name, 4) > '%s') THEN
    RAISE EXCEPTION 'the copy was made by a newer release; upgrade first, nothing was changed';
  END IF;
END $$;
"""


class CannotKeep(Exception):
    """No copy was made, or none was brought back; the message says why, and the database is as it was."""


def back_up(folder: Path, *, label: str = "") -> Path:
    """Write a copy of the database, as it is at one moment, into `folder` and name its file.

    The file is readable by its owner alone: it holds addresses and password hashes. Raises CannotKeep.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ending = "sqlite3" if connection.vendor == "sqlite" else "dump"
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
    kept = folder / f"civdip-{moment}{label}.{ending}"
    unfinished = kept.with_suffix(".unfinished")
    unfinished.touch(mode=0o600)
    try:
        _copy_sqlite_to(unfinished) if connection.vendor == "sqlite" else _dump_postgresql_to(unfinished)
        return unfinished.rename(kept)
    finally:
        unfinished.unlink(missing_ok=True)


def check(copy: Path) -> None:
    """Raise CannotKeep unless `copy` is a copy for this kind of database."""
    if not copy.is_file():
        raise CannotKeep(f"{str(copy)!r} is not a file. Name the copy: make restore FILE=var/backups/…")
    _check_sqlite(copy) if connection.vendor == "sqlite" else _check_postgresql(copy)


def restore(copy: Path) -> None:
    """Replace the whole database by `copy`, in one transaction. Raises CannotKeep.

    A copy made by an older release is brought up to date afterwards; one of a newer release is refused.
    """
    check(copy)
    newest = _newest_page_number()
    _copy_sqlite_from(copy) if connection.vendor == "sqlite" else _load_postgresql(copy)
    connection.close()
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    _move_page_numbers_past(newest)


# --- What is rendered ---------------------------------------------------------------------------
def _newest_page_number() -> int:
    """The highest notes_version in use, 0 in a database without the table."""
    from reader.models import Article

    if Article._meta.db_table not in connection.introspection.table_names():
        return 0
    return Article.objects.aggregate(newest=Max("notes_version"))["newest"] or 0


def _move_page_numbers_past(newest: int) -> None:
    """Caches and browsers hold pages under (revision, notes_version): a number must never come twice.

    The time in seconds stands in for the numbers of a database that is gone.
    """
    from reader.models import Article

    Article.objects.update(notes_version=max(newest, _newest_page_number(), int(time.time())) + 1)


# --- SQLite -------------------------------------------------------------------------------------
def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _open_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT_FOR_LOCKS_MS / 1000)


def _copy_sqlite_to(target: Path) -> None:
    try:
        with closing(_open_to_read(_sqlite_file())) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise CannotKeep(f"The database could not be copied: {error}.") from error
    if found != "ok":
        raise CannotKeep(f"The database is damaged: {found}. The copy was not kept.")


def _check_sqlite(copy: Path) -> None:
    """Raise CannotKeep unless `copy` is a sound database of this release or an older one."""
    try:
        with closing(_open_to_read(copy)) as opened:
            sound = opened.execute("PRAGMA integrity_check").fetchone()[0]
            applied = set(opened.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error as error:
        raise CannotKeep(f"{copy} is no copy of this site's database ({error}). Nothing was changed.") from error
    if sound != "ok":
        raise CannotKeep(f"{copy} is damaged: {sound}. Nothing was changed.")
    _refuse_newer(applied, copy)


def _refuse_newer(applied: set[tuple[str, str]], copy: Path) -> None:
    ours = [name for app, name in applied if app == "reader"]
    if not ours:
        raise CannotKeep(f"{copy} is a database of something else. Nothing was changed.")
    if max(ours)[:4] > _newest_step():
        raise CannotKeep(f"{copy} was made by a newer release ({max(ours)}). Upgrade first; nothing was changed.")


def _newest_step() -> str:
    """The number of the newest migration this release knows, as four digits."""
    known = MigrationExecutor(connection).loader.disk_migrations
    return max(name for app, name in known if app == "reader")[:4]


def _copy_sqlite_from(copy: Path) -> None:
    """Pages are replaced in one write transaction: readers see the old database until it ends."""
    connection.close()
    try:
        with closing(_open_to_read(copy)) as source, closing(sqlite3.connect(_sqlite_file())) as live:
            live.execute(f"PRAGMA busy_timeout={WAIT_FOR_LOCKS_MS}")
            live.execute("PRAGMA journal_mode=WAL")
            source.backup(live)
    except sqlite3.Error as error:
        raise CannotKeep(f"The copy could not be brought back: {error}. The database is as it was.") from error


# --- PostgreSQL ---------------------------------------------------------------------------------
def _dump_postgresql_to(target: Path) -> None:
    _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def _check_postgresql(copy: Path) -> None:
    with copy.open("rb") as opened:
        if opened.read(5) != b"PGDMP":
            raise CannotKeep(f"{copy} is no copy of a PostgreSQL database. Nothing was changed.")


def _load_postgresql(copy: Path) -> None:
    statements = _run(["pg_restore", "--no-owner", "--no-privileges", "--file=-", str(copy)])
    script = EMPTY_POSTGRESQL + statements.decode() + REFUSE_NEWER_POSTGRESQL % _newest_step()
    connection.close()
    psql = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    _run(psql, script.encode())


def _run(command: list[str], given: bytes = b"") -> bytes:
    """Run one of PostgreSQL's programs on this site's database; its own message says what went wrong."""
    program = shutil.which(command[0])
    if program is None:
        raise CannotKeep(f"{command[0]} was not found. Debian, Ubuntu: apt install postgresql-client")
    done = subprocess.run([program, *command[1:]], input=given, capture_output=True, env=_postgresql_environment())  # noqa: S603
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"stopped with {done.returncode}"
        raise CannotKeep(f"{command[0]}: {said}. The database is as it was.")
    return done.stdout


def _postgresql_environment() -> dict[str, str]:
    """Host, user and password as libpq reads them, so that none of them shows in the list of processes."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(connection.settings_dict[key]) for name, key in names.items() if connection.settings_dict[key]}
    return dict(os.environ) | given
