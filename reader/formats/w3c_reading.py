"""W3C Web Annotations from anywhere, read into what is kept here.

Kept: words (Markdown as it is, HTML turned into Markdown, an external resource as a link), tags, motivation, `via`,
`canonical`, and the target by quote, position, paragraph. Not kept: stylesheets, agents but for the creator's name,
languages and directions of bodies, and of several alternative bodies (Choice) all but the best.
"""

import re
from typing import Any

from reader.formats.addresses import PARAGRAPH, named_by
from reader.formats.foreign import Foreign, Unreadable, a_moment, a_motivation, a_span
from reader.formats.note_html import to_markdown
from reader.text.normalise import is_storable
from reader.text.selectors import Span, TextQuote

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
WORDS = ("text/markdown", "text/plain", "text/html")  # of wordings of one body, the one that loses least
LONGEST_ADDRESS = 800

Json = dict[str, Any]


def read_annotation(given: Any) -> Foreign:
    """One annotation. Raises Unreadable with a sentence when it is none, or has no single target."""
    if not isinstance(given, dict):
        raise Unreadable("An annotation is a JSON object.")
    _check_class(given)
    _check_values(given)
    words, tags = _bodies(given)
    return Foreign(
        id=_address(given.get("id")),
        body=words,
        tags=tags,
        motivation=a_motivation(given.get("motivation", ""), has_words=bool(words.strip())),
        private=given.get("schema:creativeWorkStatus") == "private",
        creator=_name(given.get("creator")),
        created=a_moment(given.get("created")),
        canonical=_address(given.get("canonical")),
        via=_address(_first(given.get("via"))),
        **_target(_only_target(given)),
    )


def annotations_in(given: Any) -> list[Any]:
    """The annotations of a file: one, a list, a page, or a collection with its first page within."""
    if isinstance(given, list):
        return [each for part in given for each in (annotations_in(part) if isinstance(part, dict) else [part])]
    if not isinstance(given, dict):
        raise Unreadable("There are no annotations in this.")
    context = {"@context": given["@context"]} if "@context" in given else {}
    for name in ("items", "@graph"):
        if isinstance(given.get(name), list):  # what is inside has the context of what is around it
            return [context | each if isinstance(each, dict) else each for each in given[name]]
    first = given.get("first")
    return annotations_in(context | first) if isinstance(first, dict) else [given]


def _check_class(given: Json) -> None:
    contexts = _list(given.get("@context"))
    if CONTEXT not in contexts and CONTEXT.replace("http:", "https:") not in contexts:
        raise Unreadable(f"The @context of an annotation is {CONTEXT}.")
    if not {"Annotation", "oa:Annotation"} & {str(each) for each in _list(given.get("type"))}:
        raise Unreadable("The type of an annotation is «Annotation».")
    if "body" in given and "bodyValue" in given:
        raise Unreadable("An annotation has a body or a bodyValue, not both.")


def _check_values(given: Json) -> None:
    """What the model allows once is there once and is an address or a date."""
    if "id" in given and not _is_address(given["id"]):
        raise Unreadable("The id of an annotation is one address.")
    for name in ("canonical", "via", "rights"):
        if not all(_is_address(each.get("id") if isinstance(each, dict) else each) for each in _list(given.get(name))):
            raise Unreadable(f"«{name}» is an address.")
    for name in ("created", "modified", "generated"):
        if name in given and a_moment(given[name]) is None:
            raise Unreadable(f"«{name}» is one date and time, as 2026-01-31T12:00:00Z.")


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z", value) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    fits = isinstance(value, str) and len(value) <= LONGEST_ADDRESS and is_storable(value)
    return value if fits else ""


def _name(creator: Any) -> str:
    who = _first(creator)
    name = _first(who.get("name")) if isinstance(who, dict) else None
    return str(name or "")[:150]


def _bodies(given: Json) -> tuple[str, tuple[str, ...]]:
    if isinstance(given.get("bodyValue"), str):
        return given["bodyValue"], ()
    wordings: dict[str, list[str]] = {}
    links: list[str] = []
    tags: list[str] = []
    for body in _list(given.get("body")):
        _read_body(body, wordings, links, tags)
    best = next((wordings[kind] for kind in WORDS if kind in wordings), [])
    return "\n\n".join([*best, *(f"<{link}>" for link in links)]), tuple(tags)


def _read_body(body: Any, wordings: dict[str, list[str]], links: list[str], tags: list[str]) -> None:
    if isinstance(body, dict) and body.get("type") in {"Choice", "Composite", "List", "Independents"}:
        for each in _list(body.get("items")):
            _read_body(each, wordings, links, tags)
        return
    value = body.get("value") if isinstance(body, dict) else None
    if isinstance(value, str):
        _read_words(body, value, wordings, tags)
        return
    address = (
        body
        if isinstance(body, str)
        else _address(body.get("source") or body.get("id"))
        if isinstance(body, dict)
        else ""
    )
    if not address:
        raise Unreadable("A body has a value or an address. Remove the one that has neither.")
    if not _is_ours(body):
        links.append(address)


def _read_words(body: Json, value: str, wordings: dict[str, list[str]], tags: list[str]) -> None:
    if "tagging" in str(_first(body.get("purpose"))):
        tags.append(value)
        return
    kind = str(_first(body.get("format")) or "text/plain").split(";")[0].strip()
    kind = kind if kind in WORDS else "text/plain"
    wordings.setdefault(kind, []).append(to_markdown(value) if kind == "text/html" else value)


def _is_ours(body: Any) -> bool:
    """Cards and sources of a note are written as these two; who sends them back means nothing new."""
    return (
        isinstance(body, dict)
        and body.get("type") == "SpecificResource"
        and body.get("purpose") in {"identifying", "linking"}
    )


def _only_target(given: Json) -> Any:
    targets = _list(given.get("target"))
    if len(targets) != 1:
        raise Unreadable("An annotation here has exactly one target.")
    return targets[0]


def _target(target: Any) -> Json:
    if isinstance(target, str):
        return _source(target)
    if not isinstance(target, dict):
        raise Unreadable("A target is an address or a resource with selectors.")
    source = target.get("source", target.get("id"))
    source = source.get("id") if isinstance(source, dict) else source
    if not isinstance(source, str):
        raise Unreadable("The target has no source.")
    made = _source(source)
    for selector in _list(target.get("selector")):
        _read_selector(selector, made, inside=False)
    for state in _list(target.get("state"))[:1]:
        cached = named_by(str(state.get("cached", ""))) if isinstance(state, dict) else None
        made |= {"revision": cached.revision} if cached and cached.revision else {}
    return made


def _source(address: str) -> Json:
    named = named_by(address)
    if named and named.uid:
        return {"target": address, "reply_to": address}
    made: Json = {"target": address}
    if named and named.paragraph:
        made["paragraph"] = named.paragraph
    if named and named.revision:
        made["revision"] = named.revision
    return made


def _read_selector(selector: Any, made: Json, *, inside: bool) -> None:
    if not isinstance(selector, dict):
        return
    kind = selector.get("type")
    if kind == "Choice":
        for each in _list(selector.get("items")):
            _read_selector(each, made, inside=inside)
    elif kind == "TextQuoteSelector":
        made["quote"] = _quote(selector)
    elif kind == "TextPositionSelector":
        made |= {"position": _position(selector), "inside": inside}
    elif kind == "FragmentSelector" and (found := PARAGRAPH.fullmatch(str(selector.get("value", "")).lstrip("#"))):
        made["paragraph"] = int(found[1])
    for finer in _list(selector.get("refinedBy")):
        _read_selector(finer, made, inside=kind == "FragmentSelector")


def _position(selector: Json) -> Span:
    span = a_span(selector.get("start"), selector.get("end"))
    if span is None:
        raise Unreadable("A TextPositionSelector has a start and a greater end, whole numbers from 0.")
    return span


def _quote(selector: Json) -> TextQuote:
    parts = [selector.get(name) or "" for name in ("exact", "prefix", "suffix")]
    if not all(isinstance(part, str) for part in parts) or not parts[0]:
        raise Unreadable("A TextQuoteSelector has the exact words, and before and after them only text.")
    return TextQuote(*parts)
