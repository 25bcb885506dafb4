"""What an annotation from elsewhere is on: the words, a position, a paragraph, a whole text, or another note.

An address may name a passage itself, by a paragraph (`#p3`) or a text fragment (`#:~:text=…`).
"""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from reader.formats.addresses import PARAGRAPH, named_by
from reader.formats.foreign import NotKept, Unreadable, a_span
from reader.formats.w3c_checking import SETS, each, types_of
from reader.text.selectors import Span, TextQuote

Json = dict[str, Any]

_TEXT_FRAGMENT = re.compile(r".*:~:text=(?:([^,&]+)-,)?([^,&]+)(?:,-([^,&]+))?\Z")


def target_of(given: Json) -> Json:
    """The fields of Foreign that say where the annotation lies. Raises NotKept unless it has exactly one."""
    targets = each(given.get("target"))
    if len(targets) != 1 or (isinstance(targets[0], dict) and types_of(targets[0]) & SETS):
        raise NotKept("An annotation here has exactly one target.")
    target = targets[0] if isinstance(targets[0], dict) else {"source": targets[0]}
    source = target.get("source", target.get("id"))
    made = _source(source["id"] if isinstance(source, dict) else source)
    for selector in each(target.get("selector")):
        _read_selector(selector, made, inside=False)
    for state in each(target.get("state"))[:1]:
        cached = named_by(str(state.get("cached", ""))) if isinstance(state, dict) else None
        made |= {"revision": cached.revision} if cached and cached.revision else {}
    whole = not each(target.get("selector")) and "#" not in made["target"]
    return made | {"whole": True} if whole and not {"reply_to", "paragraph"} & set(made) else made


def _source(address: str) -> Json:
    named = named_by(address)
    if named and named.uid:
        return {"target": address, "reply_to": address}
    made: Json = {"target": address}
    if named and named.paragraph:
        made["paragraph"] = named.paragraph
    if named and named.revision:
        made["revision"] = named.revision
    return made | _quoted_in(urlsplit(address).fragment)


def _quoted_in(fragment: str) -> Json:
    """The words that a text fragment names whole (https://wicg.github.io/scroll-to-text-fragment/)."""
    found = _TEXT_FRAGMENT.match(fragment)
    if not found:
        return {}
    prefix, exact, suffix = (unquote(part or "") for part in found.groups())
    return {"quote": TextQuote(exact, prefix, suffix)}


def _read_selector(selector: Any, made: Json, *, inside: bool) -> None:
    if not isinstance(selector, dict):
        return
    kinds = types_of(selector)
    if "Choice" in kinds:
        for item in each(selector.get("items")):
            _read_selector(item, made, inside=inside)
    elif "TextQuoteSelector" in kinds:
        made["quote"] = _quote(selector)
    elif "TextPositionSelector" in kinds:
        made |= {"position": _position(selector), "inside": inside}
    elif "FragmentSelector" in kinds:
        _read_fragment(selector["value"].lstrip("#"), made)
    for finer in each(selector.get("refinedBy")):
        _read_selector(finer, made, inside="FragmentSelector" in kinds)


def _read_fragment(value: str, made: Json) -> None:
    paragraph = PARAGRAPH.fullmatch(value)
    made |= {"paragraph": int(paragraph[1])} if paragraph else _quoted_in(value)


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
