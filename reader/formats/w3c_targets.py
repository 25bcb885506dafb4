"""What an annotation from elsewhere is on: the words, a position, a paragraph, a whole text, or another note.

An address may name a passage itself, by a paragraph (`#p3`) or a text fragment (`#:~:text=…`).
"""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from reader.formats.addresses import PARAGRAPH, named_by
from reader.formats.foreign import Foreign, NotKept, Unreadable, a_span
from reader.formats.w3c_checking import SETS, each, types_of
from reader.formats.w3c_more import address_of
from reader.text.selectors import Span, TextQuote

Json = dict[str, Any]

_TEXT_FRAGMENT = re.compile(r".*:~:text=(?:([^,&]+)-,)?([^,&]+)(?:,(?!-)([^,&]+))?(?:,-([^,&]+))?\Z")


def target_of(given: Json) -> tuple[Json, list[Any]]:
    """The fields of Foreign that say where the annotation lies, and its further targets as they were sent.

    Of several targets the first that names something of this site is the place. Raises NotKept where there is none.
    """
    targets = each(given.get("target"))
    if not targets or any(isinstance(one, dict) and types_of(one) & SETS for one in targets):
        raise NotKept("An annotation here has a target, or several in a list, but none that is a set of others.")
    place = next((one for one in targets if named_by(_address(one))), targets[0])
    further = list(targets)
    further.remove(place)
    return _place_of(place if isinstance(place, dict) else {"source": place}), further


def _address(target: Any) -> str:
    address = address_of(target)
    return address if isinstance(address, str) else ""


def _place_of(target: Json) -> Json:
    made = _source(_address(target))
    made |= _selected(each(target.get("selector")), made)
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
    """What a text fragment names, by its words or by those at its two ends.

    See https://wicg.github.io/scroll-to-text-fragment/.
    """
    found = _TEXT_FRAGMENT.match(fragment)
    if not found:
        return {}
    prefix, first, last, suffix = (unquote(part or "") for part in found.groups())
    # They are named without the space that stands between them and the words.
    prefix += " " if prefix[-1:].isalnum() else ""
    suffix = f" {suffix}" if suffix[:1].isalnum() else suffix
    if not last:
        return {"quote": TextQuote(first, prefix, suffix)}
    ends = [TextQuote(first, prefix=prefix), TextQuote(last, suffix=suffix)]
    return {"between": tuple(Foreign(target="", quote=end) for end in ends), "through": True}


def _selected(selectors: list[Any], around: Json) -> Json:
    """What several ways to one place say together; one that narrows another place counts where no plain one is."""
    read = [_read_selector(selector, around) for selector in selectors if isinstance(selector, dict)]
    made: Json = {}
    for each_way in read:
        made |= {} if "within" in each_way else each_way
    narrowed = next((each_way for each_way in read if "within" in each_way), None)
    if narrowed is None or "position" in made:
        return made
    return {"paragraph": narrowed["within"].paragraph} | made if "quote" in made else narrowed


def _read_selector(selector: Json, around: Json) -> Json:
    """What one selector says of a place in the text of `around`, which names no other place itself."""
    kinds = types_of(selector)
    if "Choice" in kinds:
        return _selected(each(selector.get("items")), around)
    made = _read_simple(kinds, selector, around)
    finer = _selected(each(selector.get("refinedBy")), around)
    if not finer:
        return made
    if not made:  # it narrows what cannot be found here: only words say where they are without that
        return finer if "quote" in finer else {}
    return finer | {"within": _in_all(finer.get("within"), _part(around, made))}


def _in_all(place: Foreign | None, outermost: Foreign) -> Foreign:
    """A chain of places, each within the next, and the last of them within the `outermost`."""
    return replace(place, within=_in_all(place.within, outermost)) if place else outermost


def _read_simple(kinds: set[str], selector: Json, around: Json) -> Json:
    if "TextQuoteSelector" in kinds:
        return {"quote": _quote(selector)}
    if "TextPositionSelector" in kinds:
        return {"position": _position(selector)}
    if "FragmentSelector" in kinds:
        return _read_fragment(selector["value"].lstrip("#"))
    if "RangeSelector" in kinds:
        ends = [_selected(each(selector.get(name)), around) for name in ("startSelector", "endSelector")]
        return {"between": tuple(_part(around, end) for end in ends)} if all(ends) else {}
    return {}


def _part(around: Json, place: Json) -> Foreign:
    """A place that helps to find another one."""
    return Foreign(target=around["target"], **{"revision": around.get("revision"), **place})


def _read_fragment(value: str) -> Json:
    paragraph = PARAGRAPH.fullmatch(value)
    return {"paragraph": int(paragraph[1])} if paragraph else _quoted_in(value)


def _position(selector: Json) -> Span:
    start, end = selector.get("start"), selector.get("end")
    span = (
        Span(start, start) if type(start) is int and 0 <= start == end else a_span(start, end)
    )  # a point ends a range
    if span is None:
        raise Unreadable("A TextPositionSelector has a start and an end that is not before it, whole numbers from 0.")
    return span


def _quote(selector: Json) -> TextQuote:
    parts = [selector.get(name) or "" for name in ("exact", "prefix", "suffix")]
    if not all(isinstance(part, str) for part in parts) or not parts[0]:
        raise Unreadable("A TextQuoteSelector has the exact words, and before and after them only text.")
    return TextQuote(*parts)
