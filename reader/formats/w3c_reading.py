"""W3C Web Annotations from anywhere, read into what is kept here.

Kept: words (Markdown as it is, HTML turned into Markdown, an external resource as a link), tags, motivation, `via`,
`canonical`, and the target by quote, position, paragraph. Not kept: stylesheets, agents but for the creator's name,
languages and directions of bodies, and of several alternative bodies (Choice) all but the best.
"""

from dataclasses import dataclass, field
from typing import Any

from reader.formats.addresses import named_by
from reader.formats.foreign import Foreign, Unreadable, a_moment, a_motivation
from reader.formats.note_html import to_markdown
from reader.formats.w3c_checking import SETS, check, each, first, types_of
from reader.formats.w3c_targets import target_of
from reader.text.normalise import is_storable

WORDS = ("text/markdown", "text/plain", "text/html")  # of wordings of one body, the one that loses least
LONGEST_ADDRESS = 800

Json = dict[str, Any]


def read_annotation(given: Any) -> Foreign:
    """One annotation. Raises Unreadable with a sentence when it is none, or has no single target."""
    check(given)
    words, tags = _words_and_tags(given)
    group = _group(given.get("audience"))
    return Foreign(
        id=_address(given.get("id")),
        body=words,
        tags=tags,
        motivation=a_motivation(given.get("motivation", ""), has_words=bool(words.strip())),
        private=bool(group) or given.get("schema:creativeWorkStatus") in {"private", "group"},
        group=group,
        creator=_name(given.get("creator")),
        created=a_moment(given.get("created")),
        canonical=_address(given.get("canonical")),
        via=_address(first(given.get("via"))),
        **target_of(given),
    )


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
    """What the bodies of an annotation say: wordings by their format, links, tags."""

    purpose: Any  # of bodies that name none: the annotation's motivation
    base: str  # from where links within words are followed
    wordings: dict[str, list[str]] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def read(self, body: Any) -> None:
        """Take one body, or each of a set."""
        if isinstance(body, str):
            self.links.append(body)
        elif types_of(body) & SETS:
            for item in each(body.get("items")):
                self.read(item)
        elif isinstance(body.get("value"), str):
            self._read_words(body)
        elif not _is_ours(body):
            self.links.append(_address(body.get("source") or body.get("id")))

    def _read_words(self, body: Json) -> None:
        if "tagging" in str(first(body.get("purpose", self.purpose))):
            self.tags.append(body["value"])
            return
        named = str(first(body.get("format")) or "").split(";")[0].strip()
        kind, value = named if named in WORDS else "text/plain", body["value"]
        self.wordings.setdefault(kind, []).append(to_markdown(value, base=self.base) if kind == "text/html" else value)


def _words_and_tags(given: Json) -> tuple[str, tuple[str, ...]]:
    if "bodyValue" in given:
        return given["bodyValue"], ()
    found = _Bodies(given.get("motivation", ""), base=_address(given.get("id")))
    for body in each(given.get("body")):
        found.read(body)
    best = next((found.wordings[kind] for kind in WORDS if kind in found.wordings), [])
    return "\n\n".join([*best, *(f"<{link}>" for link in found.links if link)]), tuple(found.tags)


def _is_ours(body: Json) -> bool:
    """Cards and sources of a note are written as these two; who sends them back means nothing new."""
    return "SpecificResource" in types_of(body) and body.get("purpose") in {"identifying", "linking"}
