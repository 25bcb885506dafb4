"""Footnotes in HTML, however they were written: a sign that links to a note, and a note that links back.

Word, Pandoc, Wikipedia, EPUB and blogs each have their own classes; what they share is the pair of links.
"""

import re

from lxml.html import HtmlElement

_SIGN = re.compile(
    r"^\W{0,2}(\d{1,4}|[ivxlc]{1,6}|[a-z]{1,2}|[*†‡§¶]{1,3}|(?:note|fn|n)\s*\d{1,4})\W{0,2}$", re.IGNORECASE
)
_IS_SIGN = re.compile(r"noteref|footnote-?ref|fn-?ref|endnote-?ref|\breference\b", re.IGNORECASE)
_IS_BACK = re.compile(r"back-?(?:link|ref)|reversefootnote|return", re.IGNORECASE)
_ARROWS = re.compile(r"^[\s\W]*[↑↩↵⏎^⬆⤴][\s\W]*$|^\W*(?:back|return)\W*$", re.IGNORECASE)
_INLINE = {"a", "sup", "span", "b", "strong", "i", "em", "small", "cite"}


class Footnotes:
    """Which links of a document are signs of footnotes, which lead back, and which elements are the notes."""

    def __init__(self, root: HtmlElement) -> None:
        places = {element: number for number, element in enumerate(root.iter())}
        ids = _ids(root)
        self._signs: dict[HtmlElement, str] = {}
        self._back: set[HtmlElement] = set()
        self._notes: dict[HtmlElement, str] = {}
        for link in root.iter("a"):
            target = ids.get((link.get("href") or "").strip().removeprefix("#")) if _is_inner(link) else None
            if target is None:
                continue
            if _leads_back(link, target, places):
                self._back.add(link)
            elif _looks_like_sign(link) and (note := _container(target, root)) is not None:
                self._take(link, note)

    def _take(self, link: HtmlElement, note: HtmlElement) -> None:
        label = self._notes.setdefault(note, re.sub(r"[\s\[\]().:]", "", link.text_content()) or "*")
        self._signs[link] = label
        parent = link.getparent()
        if parent is not None and parent.tag == "sup" and parent.text_content().strip() == link.text_content().strip():
            self._signs[parent] = label

    def label_of_sign(self, element: HtmlElement) -> str | None:
        """The label of the footnote this element is the sign of."""
        return self._signs.get(element)

    def label_of_note(self, element: HtmlElement) -> str | None:
        """The label of the footnote this element holds the words of."""
        return self._notes.get(element)

    def is_backlink(self, element: HtmlElement) -> bool:
        """True for the link from a footnote to its sign."""
        return element in self._back


def _ids(root: HtmlElement) -> dict[str, HtmlElement]:
    found: dict[str, HtmlElement] = {}
    for element in root.iter():
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name and isinstance(element.tag, str):
                found.setdefault(name, element)
    return found


def _is_inner(link: HtmlElement) -> bool:
    return (link.get("href") or "").strip().startswith("#")


def _leads_back(link: HtmlElement, target: HtmlElement, places: dict[HtmlElement, int]) -> bool:
    if places[target] > places[link]:
        return False
    words = link.text_content()
    said = " ".join(filter(None, (link.get("class"), link.get("role"), link.get("rev"))))
    return bool(_IS_BACK.search(said) or _ARROWS.match(words) or _SIGN.match(words.strip()))


def _looks_like_sign(link: HtmlElement) -> bool:
    parent = link.getparent()
    above = parent.get("class") if parent is not None else None
    named = (link.get("class"), link.get("role"), link.get("rel"), link.get("type"), link.get("epub:type"), above)
    raised = (parent is not None and parent.tag == "sup") or link.find("sup") is not None
    words = link.text_content().strip()
    if _IS_SIGN.search(" ".join(filter(None, named))):
        return len(words) <= 12
    bracketed = words.startswith(("[", "(")) and words.endswith(("]", ")"))
    return bool(_SIGN.match(words)) and (raised or bracketed)


def _container(target: HtmlElement, root: HtmlElement) -> HtmlElement | None:
    """The block that holds the note's words: the target itself, or what its anchor stands in."""
    while isinstance(target.tag, str) and target.tag in _INLINE:
        parent = target.getparent()
        if parent is None or parent is root:
            return None
        target = parent
    return None if target.tag in ("body", "html", "h1", "h2", "article", "main", "section") else target
