"""A paragraph as HTML that is XML as well: its marks, what notes lie on it, and a sign where each of them ends."""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from urllib.parse import urljoin

from django.conf import settings

from reader.formats.annotated import Place
from reader.models import Paragraph
from reader.text.markdown import to_html
from reader.text.segments import cut, runs
from reader.text.selectors import Span

TAGS = {
    "strong": "strong", "emphasis": "em", "code": "code", "strike": "s", "superscript": "sup", "subscript": "sub",
}  # fmt: skip
_HREF, _TO_NOWHERE = re.compile(r'<a href="([^"]*)"'), re.compile(r"<a(?! href)[^>]*>(.*?)</a>", re.DOTALL)
SAFE = ("http://", "https://", "mailto:")
_OF_XML = {code: 0xFFFD for code in [*range(32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)] if code not in (9, 10, 13)}


def clean(text: str) -> str:
    """`text` for element content and attributes: escaped, and without signs that XML cannot hold."""
    return escape(for_xml(text))


def for_xml(text: str) -> str:
    """`text` without signs that XML cannot hold, for what is escaped elsewhere."""
    return text.translate(_OF_XML)


def body_html(markdown: str) -> str:
    """The words of a note as XHTML. Away from the site its links lead to the same places, and those to nowhere are
    none."""
    html = _TO_NOWHERE.sub(r"\1", to_html(markdown).translate(_OF_XML))
    html = _HREF.sub(lambda found: f'<a href="{_whole(found[1])}"', html)
    return html.replace("<br>", "<br/>").replace("<hr>", "<hr/>").replace("&nbsp;", "&#160;").strip()


def _whole(href: str) -> str:
    """An address that counts from the site's root, in full."""
    return escape(urljoin(f"{settings.SITE_URL}/", unescape(href)))


def passage_html(row: Paragraph, places: Sequence[Place], sign: Callable[[Place], str]) -> str:
    """The paragraph's words with `<mark>` where notes lie and `sign(place)` behind the last words of each."""
    covered = runs(len(row.text), [(Span(place.start, place.end), place.layer) for place in places])
    ends = sorted((place for place in places if place.ends), key=lambda place: (place.end, place.number))
    edges = {edge for start, end, *_rest in row.markup for edge in (start, end)} | {place.end for place in ends}
    made: list[str] = []
    waiting = 0
    for run in cut(covered, edges):
        while waiting < len(ends) and ends[waiting].end <= run.start:
            made.append(sign(ends[waiting]))
            waiting += 1
        made.append(_run(row, run.start, run.end, sorted(map(str, run.layers))))
    return "".join([*made, *map(sign, ends[waiting:])])


def _run(row: Paragraph, start: int, end: int, layers: list[str]) -> str:
    html = clean(row.text[start:end])
    for first, last, kind, *value in row.markup:
        if not (first <= start and end <= last):
            continue
        if kind in TAGS:
            html = f"<{TAGS[kind]}>{html}</{TAGS[kind]}>"
        elif kind == "link" and value and str(value[0]).startswith(SAFE):
            html = f'<a href="{clean(str(value[0]))}">{html}</a>'
    return f'<mark class="{" ".join(layers)}">{html}</mark>' if layers else html


def element_of(row: Paragraph) -> str:
    """The HTML element that a paragraph of this kind becomes."""
    return {"heading": "h2", "quotation": "blockquote", "preformatted": "pre"}.get(row.kind, "p")
