"""What the Web Annotation Data Model allows (https://www.w3.org/TR/annotation-model/), before anything is read from it.

Checked is what the model says of every annotation. What only this site cannot keep is for those who read it.
"""

import json
import re
from typing import Any

from reader.formats.foreign import Unreadable, a_moment

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
SETS = {"Choice", "Composite", "List", "Independents"}
ADDRESSES, MOMENTS, AGENTS = ("rights", "via"), ("created", "modified", "generated"), ("creator", "generator")
DIRECTIONS = ("ltr", "rtl", "auto")
WITH_A_VALUE = {"FragmentSelector", "CssSelector", "XPathSelector", "HttpRequestState"}

Json = dict[str, Any]


class NotAnAnnotation(Unreadable):
    """What was given is something else, or is written in another vocabulary."""


def check(given: Any) -> None:
    """Raise Unreadable, with a sentence, where `given` is no annotation or breaks a rule of the model."""
    _check_class(given)
    try:
        json.dumps(given, allow_nan=False)
    except ValueError as error:
        raise Unreadable("A number in JSON is finite.") from error
    if "id" in given and not is_address(given["id"]):
        raise Unreadable("The id of an annotation is one address.")
    if "body" in given and "bodyValue" in given:
        raise Unreadable("An annotation has a body or a bodyValue, not both.")
    if "bodyValue" in given and not isinstance(given["bodyValue"], str):
        raise Unreadable("A bodyValue is one text.")
    _check_properties(given)
    for body in each(given.get("body")):
        _check_body(body)
    for target in each(given.get("target")):
        _check_target(target)


def each(value: Any) -> list[Any]:
    """The values of a property, which JSON-LD writes as a list or alone."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first(value: Any) -> Any:
    """The first value of a property, or None."""
    return next(iter(each(value)), None)


def is_address(value: Any) -> bool:
    """Whether it is an IRI with its scheme."""
    return isinstance(value, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z", value) is not None


def types_of(given: Json) -> set[str]:
    """What a resource says that it is, without the prefix of the vocabulary."""
    return {str(name).removeprefix("oa:") for name in each(given.get("type"))}


def _check_class(given: Any) -> None:
    if not isinstance(given, dict):
        raise NotAnAnnotation("An annotation is a JSON object.")
    contexts = each(given.get("@context"))
    if CONTEXT not in contexts and CONTEXT.replace("http:", "https:") not in contexts:
        raise NotAnAnnotation(f"The @context of an annotation is {CONTEXT}.")
    if "Annotation" not in types_of(given):
        raise NotAnAnnotation("The type of an annotation is «Annotation».")


def _check_properties(given: Json) -> None:
    """What an annotation, a body and a target may have alike."""
    if not all(is_address(_address(value)) for name in ADDRESSES for value in each(given.get(name))):
        raise Unreadable("«rights» and «via» are addresses.")
    if "canonical" in given and not is_address(_address(given["canonical"])):
        raise Unreadable("«canonical» is one address.")
    for name in MOMENTS:
        if name in given and a_moment(given[name]) is None:
            raise Unreadable(f"«{name}» is one date and time, as 2026-01-31T12:00:00Z.")
    for name in AGENTS:
        if not all(isinstance(agent, dict) or is_address(agent) for agent in each(given.get(name))):
            raise Unreadable(f"«{name}» is an address or an object that describes somebody.")
    _check_language(given)


def _check_language(given: Json) -> None:
    if not all(isinstance(value, str) for name in ("format", "language") for value in each(given.get(name))):
        raise Unreadable("«format» and «language» are texts.")
    if "textDirection" in given and given["textDirection"] not in DIRECTIONS:
        raise Unreadable("«textDirection» is one of ltr, rtl, auto.")
    if not isinstance(given.get("processingLanguage", ""), str):
        raise Unreadable("«processingLanguage» is one language.")


def _address(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value


def _check_body(body: Any) -> None:
    if not isinstance(body, dict):
        if not is_address(body):
            raise Unreadable("A body is an address or an object. Words alone go into «bodyValue».")
        return
    _check_properties(body)
    if "items" in body or types_of(body) & SETS:
        _check_set(body)
    elif "source" in body or "SpecificResource" in types_of(body):
        _check_specific(body)
    elif "value" in body or "TextualBody" in types_of(body):
        if not isinstance(body.get("value"), str):
            raise Unreadable("The value of a body is one text.")
    elif not is_address(body.get("id")) or "purpose" in body:
        raise Unreadable("A body has a value, an id that is an address, or with a purpose a source.")


def _check_set(body: Json) -> None:
    if len(types_of(body) & SETS) != 1 or {"value", "source", "purpose"} & body.keys():
        raise Unreadable("Several bodies in one have a type (Choice …) and items, but no value, source or purpose.")
    for item in each(body.get("items")):
        _check_body(item)


def _check_specific(given: Json) -> None:
    if {"value", "items"} & given.keys() or not is_address(_address(given.get("source"))):
        raise Unreadable("A specific resource has one source, which is an address, and no value or items.")
    if isinstance(given["source"], dict):
        _check_properties(given["source"])
    for part in each(given.get("selector")) + each(given.get("state")):
        _check_part(part)


def _check_target(target: Any) -> None:
    if not isinstance(target, dict):
        if not is_address(target):
            raise Unreadable("A target is an address or an object.")
        return
    _check_properties(target)
    if types_of(target) & SETS:
        return
    if "source" in target or "SpecificResource" in types_of(target):
        _check_specific(target)
    elif not is_address(target.get("id")):
        raise Unreadable("A target has a source or an id, which is an address.")


def _check_part(part: Any) -> None:
    """A selector or a state, and what refines it."""
    if not isinstance(part, dict):
        if not is_address(part):
            raise Unreadable("A selector is an object or an address.")
        return
    if types_of(part) & WITH_A_VALUE and not isinstance(part.get("value"), str):
        raise Unreadable(f"{' and '.join(sorted(types_of(part)))} has one value, which is text.")
    for name in ("sourceDate", "sourceDateStart", "sourceDateEnd"):
        if not all(a_moment(value) for value in each(part.get(name))):
            raise Unreadable(f"«{name}» is a date and time, as 2026-01-31T12:00:00Z.")
    for name in ("refinedBy", "startSelector", "endSelector", "items"):
        for finer in each(part.get(name)):
            _check_part(finer)
