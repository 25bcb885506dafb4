"""What a client asks for in its headers: media types, conditions, preferences (RFC 9110, RFC 7240)."""

import hashlib
import re
from collections.abc import Iterable, Mapping

from reader.api.problems import Problem

_TAGS = re.compile(r'(?:W/)?"[^"]*"')
_INCLUDE = re.compile(r'include\s*=\s*(?:"([^"]*)"|([^\s;,"]+))')
_RETURN = re.compile(r"(?:^|[,;\s])return\s*=\s*\"?representation\b")


def accepts(header: str, offered: Iterable[str]) -> str | None:
    """The first of `offered` media types (without parameters) that `Accept` likes best; None where it takes none.

    An absent header takes everything.
    """
    ranges = _ranges(header or "*/*")
    rated = [(_quality(ranges, kind), kind) for kind in offered]
    best = max((quality for quality, _kind in rated), default=0.0)
    return next((kind for quality, kind in rated if quality == best), None) if best > 0 else None


def _ranges(header: str) -> dict[str, float]:
    made: dict[str, float] = {}
    for part in header.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            made[kind] = max(made.get(kind, 0.0), float(quality))
        except ValueError:
            made[kind] = 0.0
    return made


def _quality(ranges: Mapping[str, float], kind: str) -> float:
    """The most exact range decides."""
    group = kind.split("/")[0] + "/*"
    return next((ranges[name] for name in (kind, group, "*/*") if name in ranges), 0.0)


def etag(body: bytes, form: str = "") -> str:
    """A strong entity tag: the same bytes, the same tag. `form` tells apart what is made from the same bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}{form}"'


def unchanged(header: str, tag: str) -> bool:
    """Whether `If-None-Match` names `tag` (weak comparison)."""
    return header.strip() == "*" or any(each.removeprefix("W/") == tag for each in _TAGS.findall(header))


def check_match(header: str, *tags: str) -> None:
    """Let a change pass only when `If-Match` names one of `tags` (strong comparison). Raises Problem 428 or 412."""
    if not header.strip():
        raise Problem(428, "Send If-Match with the ETag of what you change, so that nobody's words are overwritten.")
    if header.strip() != "*" and not set(tags) & set(_TAGS.findall(header)):
        raise Problem(412, "The note has changed since. Get it again, and repeat what you meant to do.")


def included(header: str) -> list[str] | None:
    """The IRIs of `Prefer: return=representation; include="…"`, empty without `include`; None without `Prefer`."""
    if not _RETURN.search(header):
        return None
    found = _INCLUDE.search(header)
    return (found[1] or found[2] or "").split() if found else []
