"""HTML files: trafilatura finds the article in the page, the walker reads it with its structure."""

import re
from datetime import date
from urllib.parse import urljoin, urlsplit

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.metadata import extract_metadata

from reader.formats.incoming.decoding import text_of
from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.formats.incoming.walk import Walker
from reader.text.cleaning import alike
from reader.text.structure import Found

_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|sidebar|share|sharing|social|related|recommended|comments?|newsletter"
    r"|subscribe|cookie|consent|advert(?:isement)?|promo|banner|popup|modal|skip|pagination|widget|toolbar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE_TAGS = {"nav", "form", "button", "dialog", "menu"}
SHORT_PAGE = 1500  # code points
_LICENCE = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/[a-z-]+/\d\.\d/?", re.IGNORECASE)


def read_html(data: bytes, *, url: str = "") -> Raw:
    """A web page. What lies outside its article is marked «outside». Raises Unreadable when there is no text."""
    root = parse(text_of(data, markup=True))
    walker = Walker(_body(root))
    found = walker.blocks()
    if not found:
        raise Unreadable("empty")
    main, front = _judged(root, url)
    return Raw("html", _front(root, front, url), blocks=tuple(_marked(found, walker.owners, main)))


def parse(markup: str) -> HtmlElement:
    """A document out of HTML, however broken; no entity is expanded and nothing fetched."""
    try:
        return document_fromstring(markup, parser=HTMLParser(encoding=None, remove_comments=True, no_network=True))
    except (etree.ParserError, ValueError) as error:
        raise Unreadable("empty") from error


def _body(root: HtmlElement) -> HtmlElement:
    body = root.find("body")
    return root if body is None else body


def _judged(root: HtmlElement, url: str) -> tuple[set[str], Front]:
    """What trafilatura takes for the article, as its blocks by their letters alone, and what it says of the page."""
    page = trafilatura.bare_extraction(
        _copy(root), url=url or None, include_comments=False, include_tables=True, include_formatting=True,
        favor_recall=True,
    )  # fmt: skip
    kept = (
        {alike("".join(each.itertext())) for each in page.body.iter() if isinstance(each.tag, str)} if page else set()
    )
    said = extract_metadata(_copy(root), default_url=url or None)
    front = Front(
        title=said.title or "", authors=tuple(filter(None, (said.author or "").split("; "))),
        summary=said.description or "", publisher=said.sitename or "", published=said.date or "",
        source_url=said.url or "", language=said.language or "",
    )  # fmt: skip
    return kept - {""}, front


def _copy(root: HtmlElement) -> HtmlElement:
    """The page once more, for a reader that takes it apart."""
    return etree.fromstring(etree.tostring(root, encoding="unicode", method="html"), parser=HTMLParser())


def _marked(found: list[Found], owners: list[HtmlElement], main: set[str]) -> list[Found]:
    """The blocks, those outside the article marked so: in menus and the like, or not under what holds the article."""
    inside = [alike(each.block.text) in main for each in found]
    holder = _holder([owner for owner, kept in zip(owners, inside, strict=True) if kept])
    if not _can_be_trusted(found, inside, [_is_aside(owner, None) for owner in owners]):
        holder, inside = None, [True] * len(found)
    made = []
    for each, owner, kept in zip(found, owners, inside, strict=True):
        out = _is_aside(owner, holder) or not (kept or holder is None or _under(owner, holder))
        note = each.block.kind == "footnote"
        made.append(Found(each.block, 0, each.number, each.leave_out or ("outside" if out and not note else "")))
    return made if any(not each.leave_out for each in made) else found


def _can_be_trusted(found: list[Found], inside: list[bool], aside: list[bool]) -> bool:
    """Of a short page, or when it would leave out most of what is no menu, the judgement is not followed."""
    sizes = [len(each.block.text) for each in found]
    body = sum(size for size, out in zip(sizes, aside, strict=True) if not out)
    kept = sum(size for size, yes in zip(sizes, inside, strict=True) if yes)
    return body > SHORT_PAGE and kept > 0.4 * body


def _holder(owners: list[HtmlElement]) -> HtmlElement | None:
    """The smallest element that nine tenths of these stand in."""
    counts: dict[HtmlElement, int] = {}
    for owner in owners:
        for element in (owner, *owner.iterancestors()):
            counts[element] = counts.get(element, 0) + 1
    most = [element for element, count in counts.items() if count >= 0.9 * len(owners)]
    return max(most, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _under(owner: HtmlElement, holder: HtmlElement) -> bool:
    return owner is holder or holder in owner.iterancestors()


def _is_aside(owner: HtmlElement, holder: HtmlElement | None) -> bool:
    """Whether a block stands in a menu, a form or a box of links, below what holds the article."""
    for element in (owner, *owner.iterancestors()):
        if element is holder or element.tag in ("body", "html"):
            return False
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in _ASIDE_TAGS or element.get("role") == "navigation" or _ASIDE.search(named):
            return True
        if element.tag in ("footer", "aside") and not _holds_notes(element):
            return True
        if element.tag == "header" and holder is None and element.find(".//h1") is None:
            return True
    return False


def _holds_notes(element: HtmlElement) -> bool:
    return any("note" in (element.get(name) or "") for name in ("class", "id", "role", "epub:type"))


# --- What the page says of itself ----------------------------------------------------------------------


def _front(root: HtmlElement, found: Front, url: str) -> Front:
    address = found.source_url or _canonical(root) or url
    host = urlsplit(address).hostname or ""
    is_host = "." in found.publisher and found.publisher.lower() in host
    return Front(
        title=_plain_title(root, found),
        authors=found.authors,
        publisher="" if is_host else found.publisher,
        published=_day(found.published),
        source_url=address if host else "",
        licence_url=_licence(root),
        language=(root.get("lang") or found.language or "")[:35],
        summary=found.summary[:1000],
    )


def _plain_title(root: HtmlElement, found: Front) -> str:
    """What the page's own title names too: a heading of it, or what trafilatura took for its title."""
    named = " ".join((root.findtext(".//title") or "").split())
    heads = [words for head in root.iter("h1") if (words := " ".join(head.text_content().split()))]
    known = [words for words in (*heads, found.title) if words and alike(words) in alike(named)]
    if known:
        return known[0]
    return found.title or (heads[0] if len(heads) == 1 else named)


def _canonical(root: HtmlElement) -> str:
    link = next((each for each in root.iter("link") if (each.get("rel") or "").lower() == "canonical"), None)
    address = urljoin("https:", link.get("href") or "") if link is not None else ""
    return address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else ""


def _licence(root: HtmlElement) -> str:
    for link in root.iter("a", "link"):
        match = _LICENCE.match(link.get("href") or "")
        if match:
            return match[0]
    return ""


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words[:10]).isoformat()
    except ValueError:
        return ""
