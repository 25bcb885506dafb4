"""Reads settings from the environment; a wrong value stops the start with a sentence that says what to write."""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def flag(name: str, *, default: bool) -> bool:
    """True or false; anything but the usual words stops the start."""
    raw = env.str(name, default=str(default)).strip().lower()
    if raw not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write {name}=true or {name}=false.")
    return raw in TRUE


def number(name: str, *, default: int) -> int:
    """A whole number of nought or more."""
    raw = env.str(name, default=str(default)).strip()
    if not raw.isdigit():
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write a whole number, for example {name}={default}.")
    return int(raw)


def one_of(name: str, choices: list[str], *, default: str) -> str:
    """One word out of `choices`."""
    raw = env.str(name, default=default).strip()
    if raw not in choices:
        raise ImproperlyConfigured(f"{name} is {raw!r}. Write one of: {', '.join(choices)}.")
    return raw


def parsed(name: str, reader, *, default: str, example: str):
    """A URL read by django-environ (database, cache, e-mail), with an example when it cannot be read."""
    try:
        return reader(name, default=default)
    except Exception as error:  # the library raises many kinds; each of them means a wrong value here
        raise ImproperlyConfigured(f"{name} cannot be read. Write it like {name}={example}") from error


def site_url(default: str) -> str:
    """The address people reach the site at: scheme and host, no path."""
    raw = env.str("SITE_URL", default=default).rstrip("/")
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        raise ImproperlyConfigured(f"SITE_URL is {raw!r}. Write it like SITE_URL=https://reader.example.org")
    return raw


def secret_key(var: Path) -> str:
    """SECRET_KEY, or one made once and kept in `var`, readable by its owner alone."""
    given = env.str("SECRET_KEY", default="")
    if given:
        return given
    kept = var / "secret_key"
    if not kept.exists():
        var.mkdir(parents=True, exist_ok=True)
        _write_privately(kept, secrets.token_urlsafe(50))
    return kept.read_text().strip()


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
