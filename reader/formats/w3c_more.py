"""What a Web Annotation says beside its words, tags and place: kept with each wording, given back as it was sent.

Under `language`, `textDirection`, `processingLanguage`, `format` and `purpose` what is said of the words; under
`bodies` resources elsewhere, of which the words hold a link; under `targets` and `via` further ones; under AS_SENT
what the annotation says of itself.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from reader.formats.w3c_checking import each

AS_SENT = ("rights", "audience", "stylesheet")
OF_WORDS = ("purpose", "language", "textDirection", "processingLanguage")
ONE_OF = {"textDirection", "processingLanguage"}  # the model allows one

Json = dict[str, Any]


def said_of_words(kind: str, bodies: list[Json]) -> Json:
    """What is said of the words of these bodies, which are all of one `kind` of text."""
    made: Json = {"format": kind} if kind == "text/plain" and all("format" in body for body in bodies) else {}
    for name in OF_WORDS:
        values = [value for body in bodies for value in each(body.get(name)) if isinstance(value, str)]
        made[name] = _fewest(list(dict.fromkeys(values))[: 1 if name in ONE_OF else None])
    return only(made)


def only(said: Json) -> Json:
    """Without what says nothing."""
    return {name: value for name, value in said.items() if value}


def address_of(resource: Any) -> Any:
    """The address of a body or target: itself, or where it says that it lies."""
    if not isinstance(resource, dict):
        return resource
    return address_of(resource.get("source", resource.get("id")))


def addresses_of(body: Any) -> list[Any]:
    """The address of a body; of a set, those of its items."""
    items = each(body.get("items")) if isinstance(body, dict) else []
    return [address for item in items for address in addresses_of(item)] if items else [address_of(body)]


def with_links(words: str, addresses: Iterable[str]) -> str:
    """Markdown that links to each address, after the words where they do not."""
    missing = [f"<{address}>" for address in dict.fromkeys(addresses) if address and f"<{address}>" not in words]
    return "\n\n".join([words, *missing] if words.strip() else missing)


def resources(more: Json, words: str) -> tuple[list[Any], str]:
    """The resources elsewhere that the words link to still, and the words as they were sent beside them."""
    kept = [(body, [f"<{address}>" for address in addresses_of(body)]) for body in more.get("bodies", [])]
    linked = [(body, links) for body, links in kept if all(link in words for link in links)]
    for link in reversed([link for _body, links in linked for link in links]):
        words = words.removesuffix(link).rstrip("\n")
    return [body for body, _links in linked], words


def further_targets(more: Json) -> list[tuple[str, str]]:
    """Of each further target its address, and the words that are quoted there."""
    return [
        (str(address_of(target)), " … ".join(_quotes(target.get("selector")) if isinstance(target, dict) else []))
        for target in more.get("targets", [])
    ]


def _quotes(selector: Any) -> Iterator[str]:
    for part in each(selector):
        if isinstance(part, dict):
            yield from [part["exact"]] if isinstance(part.get("exact"), str) else []
            for name in ("startSelector", "endSelector", "refinedBy", "items"):
                yield from _quotes(part.get(name))


def _fewest(values: list[str]) -> Any:
    """One value alone, several as a list."""
    return values[0] if len(values) == 1 else values
