"""Notes exported from Hypothesis: its client's export file, or rows of its API (JSON)."""

from typing import Any

from reader.formats.foreign import Foreign, Unreadable, a_moment, a_motivation, some_tags
from reader.text.selectors import TextQuote


def rows_of(given: Any) -> list[Any]:
    """The annotations of a file: an export of the client, an answer of the search API, or a list of rows."""
    if isinstance(given, dict):
        given = given.get("annotations", given.get("rows"))
    if not isinstance(given, list):
        raise Unreadable("An export of Hypothesis has «annotations» or «rows».")
    return given


def read_row(row: Any) -> Foreign:
    """One annotation. Its positions count in a page elsewhere: its place is where its quote stands here, or nowhere."""
    if not isinstance(row, dict) or not isinstance(row.get("uri"), str):
        raise Unreadable("An annotation of Hypothesis has a «uri».")
    selectors = {each.get("type"): each for each in _selectors(row)}
    quote = selectors.get("TextQuoteSelector", {})
    body = str(row.get("text") or "")
    references = _list(row, "references")
    parts = [str(quote.get(name) or "") for name in ("exact", "prefix", "suffix")]
    return Foreign(
        target=row["uri"],
        id=address_of(row.get("id")),
        body=body,
        tags=some_tags(row.get("tags")),
        motivation=a_motivation("", has_words=bool(body.strip())),
        quote=TextQuote(*parts) if parts[0] else None,
        whole=not selectors and not references,
        reply_to=address_of(references[-1]) if references else "",
        private=not _is_shared(row),
        creator=_name(row),
        created=a_moment(row.get("created")),
    )


def address_of(uid: Any) -> str:
    """The lasting address of an annotation at Hypothesis."""
    return f"https://hypothes.is/a/{uid}" if uid else ""


def _selectors(row: dict[str, Any]) -> list[dict[str, Any]]:
    first = next(iter(_list(row, "target")), None)
    found = _list(first, "selector") if isinstance(first, dict) else []
    return [each for each in found if isinstance(each, dict) and isinstance(each.get("type"), str)]


def _list(given: dict[str, Any], name: str) -> list[Any]:
    return given[name] if isinstance(given.get(name), list) else []


def _dict(given: dict[str, Any], name: str) -> dict[str, Any]:
    return given[name] if isinstance(given.get(name), dict) else {}


def _is_shared(row: dict[str, Any]) -> bool:
    """Shared with everyone: what was for a group or for its writer alone stays with who brings it in."""
    permissions = _dict(row, "permissions")
    everyone = "read" not in permissions or "group:__world__" in _list(permissions, "read")
    return row.get("group", "__world__") == "__world__" and everyone


def _name(row: dict[str, Any]) -> str:
    shown = _dict(row, "user_info").get("display_name")
    user = str(row.get("user") or "")
    return str(shown or user.removeprefix("acct:").split("@")[0])[:150]
