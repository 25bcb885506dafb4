"""Whether the entries of an edition are whole, and speak of each other's names rightly."""

from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]  # one entry of a YAML file

REQUIRED = {
    "cards": ["slug", "kind", "name"],
    "annotations": ["id", "paragraph", "quote", "start", "end", "motivation", "body", "status"],
    "crossrefs": ["id", "source", "target", "label", "reason"],
    "timeline": ["id", "title", "start", "precision", "status"],
    "sources": ["id", "title"],
}


class EditionError(Exception):
    """The edition contradicts itself; the message names the file, the entry and what to look at."""


def check_entries(parts: dict[str, list[Row]]) -> None:
    """Refuse entries that lack a field, and names of cards and sources that are nowhere described.

    `parts` maps the name of each YAML file, without its ending, to its entries. Raises EditionError.
    """
    for name, rows in parts.items():
        for number, row in enumerate(rows, 1):
            require(row, REQUIRED[name], f"{name}.yaml, entry {number}")
        _check_names(name, rows)
    slugs = {row["slug"] for row in parts["cards"]}
    for where, slug in _named_cards(parts):
        if slug not in slugs:
            raise EditionError(f"{where}: there is no card «{slug}» in cards.yaml.")
    described = {row["id"] for row in parts["sources"]}
    for name, rows in parts.items():
        for row in rows:
            _check_sources(row, described, _where(name, row))


def require(row: Any, fields: Sequence[str], where: str) -> None:
    """Raise EditionError unless `row` is a mapping that has something in each of `fields`."""
    if not isinstance(row, dict):
        raise EditionError(f"{where}: this is not an entry with fields, but «{row}».")
    missing = [name for name in fields if row.get(name) in (None, "")]
    if missing:
        raise EditionError(f"{where}: «{missing[0]}» is missing.")


def _check_names(name: str, rows: list[Row]) -> None:
    """Each name once: of two entries with one name the later would overwrite the other at every loading."""
    taken: set[str] = set()
    for row in rows:
        own = str(row.get("id") or row.get("slug"))
        if own in taken:
            raise EditionError(f"{name}.yaml: «{own}» stands there twice.")
        taken.add(own)


def _where(name: str, row: Row) -> str:
    return f"{name}.yaml, {row.get('id') or row.get('slug')}"


def _named_cards(parts: dict[str, list[Row]]) -> Iterator[tuple[str, str]]:
    for row in parts["cards"]:
        for other in row.get("related") or []:
            require(other, ["slug", "relation"], _where("cards", row))
            yield _where("cards", row), other["slug"]
    for row in parts["annotations"]:
        yield from ((_where("annotations", row), slug) for slug in row.get("cards") or [])
    for row in parts["crossrefs"]:
        require(row["target"], [], _where("crossrefs", row))
        if "card" in row["target"]:
            yield _where("crossrefs", row), row["target"]["card"]
    for row in parts["timeline"]:
        if row.get("card"):
            yield _where("timeline", row), row["card"]


def _check_sources(row: Row, described: set[str], where: str) -> None:
    """A source is described in sources.yaml, or in full where it is cited."""
    for source in row.get("sources") or []:
        require(source, ["id"], where)
        if source["id"] not in described and not source.get("title"):
            raise EditionError(f"{where}: the source «{source['id']}» is described nowhere.")
