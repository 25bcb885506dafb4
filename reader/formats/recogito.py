"""Annotations as Recogito and its text annotators write them (JSON).

Two shapes: W3C annotations without a source («RecogitoJS», whose target is only a list of selectors), and the text
annotator's own (`bodies`, and a target whose selectors have `quote`, `start` and `end`).
"""

from typing import Any

from reader.formats.foreign import Foreign, Unreadable, a_moment, a_motivation, a_span
from reader.formats.note_html import to_markdown
from reader.text.selectors import TextQuote

Json = dict[str, Any]


def is_recogito(given: Any) -> bool:
    """True for an annotation in one of Recogito's shapes."""
    if not isinstance(given, dict) or not isinstance(given.get("target"), dict):
        return False
    return "bodies" in given or ("source" not in given["target"] and "selector" in given["target"])


def read_annotation(given: Any) -> Foreign:
    """One annotation. It names no text: whoever brings it in says which."""
    target = given.get("target") if isinstance(given, dict) else None
    if not isinstance(target, dict):
        raise Unreadable("An annotation of Recogito has a «target».")
    bodies = given.get("bodies", given.get("body")) or []
    words, tags = _bodies(bodies if isinstance(bodies, list) else [bodies])
    return Foreign(
        target=str(target.get("source") or ""),
        id=_address(given.get("id")),
        body=words,
        tags=tags,
        motivation=a_motivation(given.get("motivation", ""), has_words=bool(words)),
        creator=_name(target.get("creator") or given.get("creator")),
        created=a_moment(target.get("created") or given.get("created")),
        **_place(target.get("selector")),
    )


def _bodies(bodies: list[Any]) -> tuple[str, tuple[str, ...]]:
    words, tags = [], []
    for body in bodies:
        if not isinstance(body, dict) or not isinstance(body.get("value"), str):
            continue
        if body.get("purpose") in ("tagging", "classifying"):
            tags.append(body["value"])
        else:
            words.append(to_markdown(body["value"]) if body.get("format") == "text/html" else body["value"])
    return "\n\n".join(words), tuple(tags)


def _place(selectors: Any) -> Json:
    made: Json = {}
    for each in selectors if isinstance(selectors, list) else [selectors]:
        if not isinstance(each, dict):
            continue
        said = each["quote"] if isinstance(each.get("quote"), dict) else each
        exact = said.get("exact", said.get("quote"))
        if isinstance(exact, str) and exact:
            made["quote"] = TextQuote(exact, str(said.get("prefix") or ""), str(said.get("suffix") or ""))
        if span := a_span(each.get("start"), each.get("end")):
            made["position"] = span
    return made


def _address(value: Any) -> str:
    """Recogito's ids are «#» and a UUID, or a UUID alone."""
    name = str(value or "").lstrip("#")
    return name if ":" in name else f"urn:uuid:{name}" if name else ""


def _name(who: Any) -> str:
    return str(who.get("name") or "") if isinstance(who, dict) else ""
