"""EPUB: the chapters of its spine in order, read as one HTML document so that notes in another file are found."""

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag

from lxml import etree
from lxml.html import Element, HtmlElement

from reader.formats.incoming.decoding import text_of
from reader.formats.incoming.html import parse
from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.formats.incoming.packed import Packed
from reader.formats.incoming.walk import Walker
from reader.text.structure import Found

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OUTSIDE = re.compile(r"\b(?:toc|landmarks|page-list|index)\b")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_epub(data: bytes, *, most_bytes: int) -> Raw:
    """An electronic book. Raises Unreadable when it is none, is locked, damaged or too large when unpacked."""
    packed = Packed(data, most_bytes=most_bytes)
    if "META-INF/container.xml" not in packed.names:
        raise Unreadable("not_epub")
    _refuse_locked(packed)
    root = packed.xml("META-INF/container.xml")
    place = next((e.get("full-path") for e in root.iter() if _local(e) == "rootfile" and e.get("full-path")), None)
    if place is None or place not in packed.names:
        raise Unreadable("broken")
    package = packed.xml(place)
    book = Element("div")
    for part in _spine(package, posixpath.dirname(place), packed):
        book.append(_chapter(packed, part))
    walker = Walker(book)
    found = _without_contents(walker.blocks(), walker.owners)
    if not found:
        raise Unreadable("empty")
    return Raw("epub", _front(package), blocks=tuple(found))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _refuse_locked(packed: Packed) -> None:
    """Fonts may be obfuscated; a book whose chapters are encrypted cannot be read."""
    if "META-INF/encryption.xml" not in packed.names:
        return
    locked = [
        e.get("URI") or "" for e in packed.xml("META-INF/encryption.xml").iter() if _local(e) == "CipherReference"
    ]
    if any(uri.lower().endswith((".xhtml", ".html", ".htm", ".xml")) for uri in locked):
        raise Unreadable("encrypted")


def _spine(package: etree._Element, folder: str, packed: Packed) -> Iterator[str]:
    items = {e.get("id"): e for e in package.iter(f"{_OPF}item")}
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        if name in packed.names and "html" in (item.get("media-type") or "html"):
            yield name


def _chapter(packed: Packed, name: str) -> HtmlElement:
    """One file's body as a div, its ids and links made good for the book as one document."""
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", text_of(packed.read(name), markup=True))
    made = Element("div")
    if not markup.strip():
        return made
    root = parse(markup)
    body = root.find("body")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        for key in ("id", "name"):
            if element.get(key):
                element.set(key, f"{name}#{element.get(key)}")
        if element.tag == "a" and element.get("href"):
            element.set("href", _inner(element.get("href") or "", name))
    children = root if body is None else body
    made.text = children.text
    made.extend(list(children))
    return made


def _inner(address: str, name: str) -> str:
    path, fragment = urldefrag(address)
    if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
        return address
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
    return f"#{target}#{fragment}" if fragment else ""


def _without_contents(found: list[Found], owners: list[HtmlElement]) -> list[Found]:
    """Tables of contents inside the chapters are marked as no part of the text."""
    made = []
    for each, owner in zip(found, owners, strict=True):
        around = (owner, *owner.iterancestors())
        outside = any(e.tag == "nav" or _OUTSIDE.search(e.get("epub:type") or "") for e in around)
        made.append(Found(each.block, 0, each.number, each.leave_out or ("outside" if outside else "")))
    return made if any(not each.leave_out for each in made) else found


def _front(package: etree._Element) -> Front:
    def all_of(name: str) -> list[str]:
        return [words for e in package.iter(f"{_DC}{name}") if (words := " ".join("".join(e.itertext()).split()))]

    first = {name: next(iter(all_of(name)), "") for name in ("title", "language", "publisher", "date", "source")}
    day = _DAY.match(first["date"])
    return Front(
        title=first["title"],
        authors=tuple(all_of("creator")),
        language=first["language"][:35],
        publisher=first["publisher"],
        published=day[0] if day else "",
        source_url=first["source"] if first["source"].startswith(("http://", "https://")) else "",
    )
