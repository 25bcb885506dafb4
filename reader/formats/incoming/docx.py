"""DOCX: mammoth makes HTML of it, the walker reads that."""

import io
import re
from typing import Any

import mammoth

from reader.formats.incoming.html import parse
from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.formats.incoming.packed import Packed
from reader.formats.incoming.walk import Walker

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
p[style-name='HTML Preformatted'] => pre:separator('\\n')
p[style-name='Preformatted Text'] => pre:separator('\\n')
r[style-name='Strong'] => strong
r[style-name='Emphasis'] => em
"""
_DC = "{http://purl.org/dc/elements/1.1/}"


def read_docx(data: bytes, *, most_bytes: int) -> Raw:
    """A Word document. Raises Unreadable when it is none, is damaged, or unpacks to more than `most_bytes`."""
    packed = Packed(data, most_bytes=most_bytes)
    if "word/document.xml" not in packed.names:
        raise Unreadable("not_docx")
    packed.refuse_entities(".xml")
    packed.refuse_entities(".rels")
    try:
        made = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=_without_bytes)
    except Exception as error:  # mammoth raises whatever its reading of a damaged part runs into
        raise Unreadable("broken") from error
    found = Walker(parse(f"<div>{made.value}</div>")).blocks() if made.value.strip() else []
    if not found:
        raise Unreadable("empty")
    return Raw("docx", _front(packed), blocks=tuple(found))


@mammoth.images.img_element
def _without_bytes(image: Any) -> dict[str, str]:
    return {}


def _front(packed: Packed) -> Front:
    if "docProps/core.xml" not in packed.names:
        return Front()
    core = packed.xml("docProps/core.xml")
    said = {name: " ".join((core.findtext(f"{_DC}{name}") or "").split()) for name in ("title", "creator", "language")}
    return Front(
        title=said["title"],
        authors=tuple(name for name in re.split(r"\s*;\s*", said["creator"]) if " " in name),
        language=said["language"],
    )
