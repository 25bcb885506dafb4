"""Reads settings from the environment; a wrong value stops the start with a sentence that says what to write."""

import secrets
import sqlite3
import warnings
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
OLDEST_SQLITE = (3, 35, 0)  # answers an INSERT with what it wrote (RETURNING)


def flag(name: str, *, default: bool) -> bool:
    """True or false; anything but the usual words stops the start."""
    raw = env.str(name, default=str(default)).strip().lower()
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write {name}=true or {name}=false.")
    return raw in TRUE


def number(name: str, *, default: int, least: int = 0, most: int = 2**31 - 1) -> int:
    """A whole number from `least` to `most`."""
    raw = env.str(name, default=str(default)).strip()
    if not (raw.isascii() and raw.isdigit() and least <= int(raw) <= most):
        limits = f" from {least} to {most}" if most < 2**31 - 1 else f" of {least} or more"
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write a whole number{limits}, for example {name}={default}.")
    return int(raw)


def one_of(name: str, choices: list[str], *, default: str) -> str:
    """One word out of `choices`."""
    raw = env.str(name, default=default).strip()
    if raw not in choices:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write one of: {', '.join(choices)}.")
    return raw


def time_zone(name: str, *, default: str) -> str:
    """A time zone out of the IANA list."""
    raw = env.str(name, default=default).strip()
    try:
        ZoneInfo(raw)
    except (KeyError, ValueError, OSError) as error:  # what an unknown name raises depends on its shape
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write a name like {name}=Europe/Berlin or UTC.") from error
    return raw


def parsed(name: str, reader, *, default: str, example: str):
    """A URL read by django-environ (database, cache, e-mail), with an example when it cannot be read."""
    try:
        return reader(name, default=default)
    except Exception as error:  # the library raises many kinds; each of them means a wrong value here
        raise ImproperlyConfigured(f"{name} cannot be read. Write it like {name}={example}") from error


def database(name: str, *, default: str) -> dict:
    """Where things are kept: an SQLite file or a PostgreSQL database."""
    example = "postgres://name:password@host:5432/database or sqlite:////path/to/file.sqlite3"
    with warnings.catch_warnings(action="ignore"):  # the library's warning would print the password
        found = parsed(name, env.db_url, default=default, example=example)
    if found.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured(f"{name} names neither SQLite nor PostgreSQL. Write it like {name}={example}")
    if found["ENGINE"].endswith("sqlite3") and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise ImproperlyConfigured(
            f"This Python has SQLite {sqlite3.sqlite_version}, and 3.35 or newer is needed. Take a newer Python, or "
            f"PostgreSQL: {name}=postgres://name:password@host:5432/database"
        )
    return found


def site_url(default: str) -> str:
    """The address people reach the site at: scheme and host, no path."""
    raw = env.str("SITE_URL", default=default).rstrip("/")
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        raise ImproperlyConfigured(f"SITE_URL is {raw!r}. Write it like SITE_URL=https://reader.example.org")
    return raw


def web_address(name: str) -> str:
    """The address of a page elsewhere, or nothing."""
    raw = env.str(name, default="").strip()
    if raw and (urlsplit(raw).scheme not in {"http", "https"} or not urlsplit(raw).netloc):
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write it like {name}=https://hub.example.org/")
    return raw


def task_backend(name: str) -> str:
    """Who does slow work: `immediate`, the request itself; `database`, a worker process (`manage.py db_worker`)."""
    if one_of(name, ["immediate", "database"], default="immediate") == "immediate":
        return "django_tasks.backends.immediate.ImmediateBackend"
    return "django_tasks_db.DatabaseBackend"


def secret_key(var: Path) -> str:
    """SECRET_KEY, or one made once and kept in `var`, readable by its owner alone."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = var / "secret_key"
    try:
        if not kept.exists():
            var.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold people's addresses too
            _write_privately(kept, secrets.token_urlsafe(50))
        return kept.read_text().strip()
    except OSError as error:
        what = f"{kept} cannot be kept ({error.strerror}). Let VAR_DIR name a folder that can be written to."
        raise ImproperlyConfigured(what) from error


def _write_privately(path: Path, text: str) -> None:
    """Two processes may start at once: the first to link its file in place wins, both read the same key."""
    mine = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    mine.write_text(text)
    try:
        path.hardlink_to(mine)
    except FileExistsError:
        pass
    finally:
        mine.unlink()
