"""A paragraph as HTML that is XML as well: its marks, what notes lie on it, and a sign where each of them ends."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from urllib.parse import urljoin

from django.conf import settings

from reader.formats.annotated import Place
from reader.formats.nesting import cell_edges, footnote_signs, parts_cells
from reader.models import Paragraph
from reader.text.markdown import to_html
from reader.text.segments import cut, runs
from reader.text.selectors import Span

Sign = Callable[[Place], str]
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


def block_html(row: Paragraph, places: Sequence[Place], sign: Sign, footnotes: Mapping[str, int]) -> str:
    """The whole paragraph, to stand within what a Nesting opened."""
    element, words = element_of(row), passage_html(row, places, sign, footnotes)
    if row.kind == Paragraph.Kind.TABLE_ROW:
        words = f"<{_cell(row)}>{words}</{_cell(row)}>"
    elif row.kind == Paragraph.Kind.QUOTATION:
        words = f"<p>{words}</p>"
    elif label := row.value("label"):
        words = f"<sup>{clean(label)}</sup> {words}"
    return f'<{element} id="p{row.number}" data-kind="{row.kind}">{words}</{element}>\n'


def _cell(row: Paragraph) -> str:
    return "td" if row.value("header") is None else "th"


def passage_html(row: Paragraph, places: Sequence[Place], sign: Sign, footnotes: Mapping[str, int]) -> str:
    """The paragraph's words with `<mark>` where notes lie, `sign(place)` behind the last words of each, and links to
    footnotes."""
    covered = runs(len(row.text), [(Span(place.start, place.end), place.layer) for place in places])
    signs = [(place.end, place.number, sign(place)) for place in places if place.ends]
    signs += [(at, 0, _footnote(label, footnotes)) for at, label in footnote_signs(row)]
    signs.sort()
    edges = {edge for start, end, *_rest in row.markup for edge in (start, end)} | {at for at, *_rest in signs}
    made: list[str] = []
    waiting = 0
    for run in cut(covered, edges | cell_edges(row)):
        while waiting < len(signs) and signs[waiting][0] <= run.start:
            made.append(signs[waiting][2])
            waiting += 1
        made.append(_run(row, run.start, run.end, sorted(map(str, run.layers))))
    return "".join([*made, *(html for _at, _number, html in signs[waiting:])])


def _footnote(label: str, footnotes: Mapping[str, int]) -> str:
    """The sign of a footnote, a link unless the text lost it."""
    words, number = clean(label), footnotes.get(label)
    return f'<sup><a href="#p{number}">{words}</a></sup>' if number else f"<sup>{words}</sup>"


def _run(row: Paragraph, start: int, end: int, layers: list[str]) -> str:
    if parts_cells(row, row.text[start:end]):
        return f"</{_cell(row)}><{_cell(row)}>"
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
    """The HTML element that a paragraph of this kind becomes; headings are h2 to h4, below the title, which is h1."""
    if row.kind == Paragraph.Kind.HEADING:
        level = row.value("level") or ""
        return f"h{min(4, max(2, int(level)))}" if level.isdecimal() else "h2"
    return {"quotation": "blockquote", "preformatted": "pre", "table-row": "tr"}.get(row.kind, "p")
