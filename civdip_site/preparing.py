"""What must be in place before the site is served: tables, the first edition, static files. Quick when they are."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

Say = Callable[[str], object]
NOT_SERVED = ["redoc*"]  # django-ninja brings two documentation pages; ours is the other one


class NotReady(Exception):
    """The site cannot be served as it is set up; the message says what to do."""


def prepare(say: Say) -> None:
    """Do what is left to do, telling `say` about each step. Raises NotReady with a sentence."""
    reach_database()
    reach_cache()
    bring_tables_up_to_date(say)
    load_first_editions(say)
    forget_old_counts()
    if not settings.DEBUG:  # the development server finds the files where they are
        collect_static_files(say)


def reach_database() -> None:
    """Raise NotReady when the database does not answer."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        raise NotReady("DATABASE_URL names a database in memory, which would be gone with the server. Name a file.")
    try:
        connection.ensure_connection()
    except OperationalError as error:
        first = str(error).strip().splitlines()[0]
        raise NotReady(f"The database cannot be opened: {first}. Check DATABASE_URL.") from error


def reach_cache() -> None:
    """Raise NotReady when the cache does not answer."""
    try:
        cache.get("reachable")
    except Exception as error:  # each cache has its own errors; none of them lets the site run
        raise NotReady(f"The cache cannot be reached: {error}. Check CACHE_URL.") from error


def bring_tables_up_to_date(say: Say) -> None:
    """Apply the migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if steps:
        say(f"Bringing the database up to date ({steps} steps) …")
        call_command("migrate", interactive=False, verbosity=0)


def load_first_editions(say: Say) -> None:
    """Load every edition in fixtures/ into a site that has neither text nor people, and never again."""
    from reader.models import Article, Member

    if Article.objects.exists() or Member.objects.exists():
        return
    for folder in sorted(path.parent for path in Path(settings.BASE_DIR, "fixtures").glob("*/article.md")):
        say(f"Loading the edition {folder.name} …")
        call_command("load_edition", str(folder), verbosity=0)


def forget_old_counts() -> None:
    """Take out what limits on writing were counted by before."""
    from reader.operations import counting

    counting.forget_what_is_over()


def collect_static_files(say: Say) -> None:
    """Hash and compress the static files when one of them has changed since the last time."""
    stamp = Path(f"{settings.STATIC_ROOT}.stamp")
    seen = _fingerprint()
    if stamp.exists() and stamp.read_text() == seen and Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        return
    say("Collecting the static files …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=NOT_SERVED)
    stamp.write_text(seen)


def _fingerprint() -> str:
    """Changes with the name, size or time of any static file, or with where they are collected."""
    found = [str(settings.STATIC_ROOT)]
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            found.append(f"{storage.path(name)} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256(json.dumps(sorted(found)).encode()).hexdigest()
