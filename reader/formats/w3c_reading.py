"""W3C Web Annotations from anywhere, read into what is kept here.

Kept: words (Markdown as it is, HTML turned into Markdown), tags, motivation, `via`, `canonical`, and the target by
quote, position, paragraph. What else is said and can be given back goes into `more`: see reader/formats/w3c_more.py.
Not kept: agents but for the creator's name, and of alternative wordings (Choice) all but the best form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reader.formats.addresses import named_by
from reader.formats.foreign import LONGEST_ADDRESS, Foreign, Unreadable, a_moment, a_motivation
from reader.formats.note_html import to_markdown
from reader.formats.w3c_checking import SETS, check, each, first, types_of
from reader.formats.w3c_more import AS_SENT, addresses_of, only, said_of_words, with_links
from reader.formats.w3c_targets import target_of
from reader.text.normalise import is_storable

WORDS = ("text/markdown", "text/plain", "text/html")  # of wordings of one body, the one that loses least

Json = dict[str, Any]


def read_annotation(given: Any, *, known: Sequence[Json] = ()) -> Foreign:
    """One annotation. Raises Unreadable with a sentence when it is none, or lies on nothing that could be here.

    Bodies among the `known` say nothing new: the site writes them of itself.
    """
    check(given)
    bodies = _bodies(given, known)
    words, tags = bodies.words(), tuple(bodies.tags)
    place, further = target_of(given)
    group = _group(given.get("audience"))
    return Foreign(
        id=_address(given.get("id")),
        body=words,
        tags=tags,
        motivation=a_motivation(given.get("motivation", ""), has_words=bool(words.strip())),
        private=bool(group)
        or given.get("schema:creativeWorkStatus") in ("private", "group"),  # anything may stand there
        group=group,
        creator=_name(given.get("creator")),
        created=a_moment(given.get("created")),
        canonical=_address(given.get("canonical")),
        via=_address(first(given.get("via"))),
        more=_more(given, bodies, further, group),
        **place,
    )


def _more(given: Json, bodies: "_Bodies", further: list[Any], group: str) -> Json:
    """What is kept besides, and given back as it was sent."""
    said = {name: given[name] for name in AS_SENT if given.get(name)}
    if group:
        said.pop("audience", None)  # the note itself says for which group it is
    via = each(given.get("via"))[0 if given.get("id") else 1 :]  # one of them is the note's own, see Foreign.key
    said |= {"bodies": bodies.resources, "targets": further, "via": via}
    return only(said_of_words(*bodies.best()) | said)


def _group(audience: Any) -> str:
    """The uid of the reading group of this site that an annotation is for; empty for any other audience."""
    named = [named_by(_address(one)) for one in each(audience)]
    return next((one.group for one in named if one and one.group), "")


def annotations_in(given: Any) -> list[Any]:
    """The annotations of a file: one, a list, a page, or a collection with its first page within."""
    if isinstance(given, list):
        return [found for part in given for found in (annotations_in(part) if isinstance(part, dict) else [part])]
    if not isinstance(given, dict):
        raise Unreadable("There are no annotations in this.")
    context = {"@context": given["@context"]} if "@context" in given else {}
    for name in ("items", "@graph"):
        if isinstance(given.get(name), list):  # what is inside has the context of what is around it
            return [context | item if isinstance(item, dict) else item for item in given[name]]
    page = given.get("first")
    return annotations_in(context | page) if isinstance(page, dict) else [given]


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    fits = isinstance(value, str) and len(value) <= LONGEST_ADDRESS and is_storable(value)
    return value if fits else ""


def _name(creator: Any) -> str:
    who = first(creator)
    name = first(who.get("name")) if isinstance(who, dict) else None
    return str(name or "")[:150]


@dataclass
class _Bodies:
    """What the bodies of an annotation say: wordings by their format, resources elsewhere, tags."""

    purpose: Any  # of bodies that name none: the annotation's motivation
    base: str  # from where links within words are followed
    wordings: dict[str, list[Json]] = field(default_factory=dict)
    resources: list[Any] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def read(self, body: Any) -> None:
        """Take one body; of a set that holds words each, for they are to be read here."""
        if isinstance(body, dict) and types_of(body) & SETS and _has_words(body):
            for item in each(body.get("items")):
                self.read(item)
        elif isinstance(body, dict) and isinstance(body.get("value"), str):
            self._read_words(body)
        else:
            self.resources.append(body)

    def _read_words(self, body: Json) -> None:
        if "tagging" in str(first(body.get("purpose", self.purpose))):
            self.tags.append(body["value"])
            return
        named = str(first(body.get("format")) or "").split(";")[0].strip()
        self.wordings.setdefault(named if named in WORDS else "text/plain", []).append(body)

    def best(self) -> tuple[str, list[Json]]:
        """The words in the form that loses least, and which form that is."""
        return next(((kind, self.wordings[kind]) for kind in WORDS if kind in self.wordings), ("", []))

    def words(self) -> str:
        """They as Markdown, with a link to each resource elsewhere."""
        kind, bodies = self.best()
        said = [to_markdown(body["value"], base=self.base) if kind == "text/html" else body["value"] for body in bodies]
        return with_links("\n\n".join(said), [_address(one) for body in self.resources for one in addresses_of(body)])


def _has_words(body: Any) -> bool:
    return isinstance(body, dict) and ("value" in body or any(_has_words(item) for item in each(body.get("items"))))


def _bodies(given: Json, known: Sequence[Json]) -> _Bodies:
    found = _Bodies(given.get("motivation", ""), base=_address(given.get("id")))
    if "bodyValue" in given:
        found.wordings["text/plain"] = [{"value": given["bodyValue"], "format": "text/plain"}]
    for body in each(given.get("body")):
        if body not in known:
            found.read(body)
    return found
