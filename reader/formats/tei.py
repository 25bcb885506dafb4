"""An article and its notes as TEI P5 (https://tei-c.org/guidelines/p5/).

A note points at the words it was written on by two anchors in the text (`target`, `targetEnd`).
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from reader.formats import addresses
from reader.formats.annotated import Annotated, Place, Shown
from reader.formats.nesting import Nesting, cell_edges, footnote_signs, footnotes_in, parts_cells
from reader.formats.passage_html import SAFE, clean
from reader.models import Article, Paragraph

MEDIA_TYPE = "application/tei+xml; charset=utf-8"
RENDITIONS = {
    "strong": "bold", "emphasis": "italic", "code": "code", "strike": "strikethrough", "superscript": "superscript",
    "subscript": "subscript",
}  # fmt: skip
ELEMENTS = {
    Paragraph.Kind.HEADING: "head", Paragraph.Kind.QUOTATION: "quote", Paragraph.Kind.TABLE_ROW: "row",
    Paragraph.Kind.FOOTNOTE: "note", Paragraph.Kind.PREFORMATTED: "ab", Paragraph.Kind.AUTHOR_NOTE: "ab",
}  # fmt: skip


class _Body(Nesting):
    """Lists and tables of TEI, and a division for each heading, within that of a heading above it."""

    lists = {False: ('<list rend="bulleted">', "</list>\n"), True: ('<list rend="numbered">', "</list>\n")}
    item = ("<item>", '<item n="%s">', "</item>\n")

    def __init__(self, article: Article) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.footnotes = footnotes_in(article)

    def before(self, row: Paragraph) -> str:
        made = super().before(row)
        if row.kind != Paragraph.Kind.HEADING:
            return made
        level = int(row.value("level") or 2)
        made += self._divisions_above(level) + "<div>\n"
        self.levels.append(level)
        return made

    def end_of_text(self) -> str:
        """Closes the divisions as well."""
        return self.end() + self._divisions_above(0)

    def _divisions_above(self, level: int) -> str:
        made = ""
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
            made += "</div>\n"
        return made

    def sign(self, label: str) -> str:
        """Where the sign of a footnote stands; it points nowhere when the text lost the footnote."""
        number = self.footnotes.get(label)
        points = f'ptr target="#p{number}"' if number else "anchor"
        return f'<{points} type="footnote" n="{clean(label)}"/>'


def export(annotated: Annotated) -> Iterator[str]:
    """The file, piece by piece."""
    article = annotated.article
    yield _header(article)
    yield f'<text xml:lang="{clean(article.language)}">\n<body>\n'
    body = _Body(article)
    going: set[str] = set()
    for row, places in annotated.paragraphs():
        yield body.before(row) + _paragraph(row, _words(row, places, going, body))
        going = {place.uid for place in places if not place.ends}
    yield body.end_of_text()
    yield '</body>\n<back>\n<div type="notes">\n'
    again = Annotated(article, annotated.person, by=annotated.by)
    for row, _places in again.paragraphs():
        for shown in again.notes_of(row):
            yield _note(shown)
    for shown in chain(again.on_whole(), again.elsewhere()):
        yield _note(shown)
    yield "<p/>\n</div>\n</back>\n</text>\n</TEI>\n"


def _header(article: Article) -> str:
    authors = "".join(f"<author>{clean(name)}</author>" for name in article.authors)
    title = f"<title>{clean(article.title)}</title>"
    licence = clean(article.licence_name or article.licence)
    target = f' target="{clean(article.licence_url)}"' if article.licence_url else ""
    rights = f"<licence{target}>{licence}</licence>" if licence else "<p>No licence is known.</p>"
    date = f'<date when="{article.published.isoformat()}"/>' if article.published else ""
    publisher = f"<publisher>{clean(article.publisher)}</publisher>" if article.publisher else ""
    source = (
        f'<ref target="{clean(article.source_url)}">{clean(article.source_url)}</ref>' if article.source_url else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader>\n<fileDesc>\n'
        f"<titleStmt>{title}{authors}</titleStmt>\n"
        f"<publicationStmt><distributor>{addresses.site('/')}</distributor>"
        f'<idno type="URI">{addresses.of_article(article.slug)}</idno><availability>{rights}'
        f"{f'<p>{clean(article.changes)}</p>' if article.changes else ''}</availability></publicationStmt>\n"
        f"<sourceDesc><bibl>{authors}{title}{publisher}{date}{source}</bibl></sourceDesc>\n"
        "</fileDesc>\n</teiHeader>\n"
    )


def _paragraph(row: Paragraph, words: str) -> str:
    element = ELEMENTS.get(row.kind, "p")
    kind = f' type="{row.kind}"' if element == "ab" else ""
    if row.kind == Paragraph.Kind.TABLE_ROW:
        kind = ' role="label"' if row.value("header") is not None else ""
        words = f"<cell>{words}</cell>"
    elif row.kind == Paragraph.Kind.FOOTNOTE:
        label = row.value("label")
        kind = ' place="bottom"' + (f' n="{clean(label)}"' if label else "")
    return f'<{element} xml:id="p{row.number}"{kind}>{words}</{element}>\n'


def _words(row: Paragraph, places: Sequence[Place], going: set[str], body: _Body) -> str:
    """The text cut at every anchor and every edge of a mark, so that no element crosses another."""
    anchors: dict[int, list[str]] = {}
    for place in places:
        if place.ends:
            anchors.setdefault(place.end, []).append(f'<anchor xml:id="n-{place.uid}-end"/>')
    for place in places:
        if place.uid not in going:
            anchors.setdefault(place.start, []).append(f'<anchor xml:id="n-{place.uid}-start"/>')
    for start, label in footnote_signs(row):
        anchors.setdefault(start, []).append(body.sign(label))
    edges = {0, len(row.text), *anchors, *(edge for start, end, *_rest in row.markup for edge in (start, end))}
    cuts = sorted(edges | cell_edges(row))
    made = []
    for at, following in zip(cuts, [*cuts[1:], len(row.text)], strict=True):
        made += anchors.get(at, [])
        made.append(_run(row, at, following))
    return "".join(made)


def _run(row: Paragraph, start: int, end: int) -> str:
    if start >= end:
        return ""
    if parts_cells(row, row.text[start:end]):
        return "</cell><cell>"
    xml = clean(row.text[start:end])
    for first, last, kind, *value in row.markup:
        if first <= start and end <= last and kind in RENDITIONS:
            xml = f'<hi rend="{RENDITIONS[kind]}">{xml}</hi>'
        elif first <= start and end <= last and kind == "link" and value and str(value[0]).startswith(SAFE):
            xml = f'<ref target="{clean(str(value[0]))}">{xml}</ref>'
    return xml


def _note(shown: Shown) -> str:
    place = f' target="#n-{shown.note.uid}-start" targetEnd="#n-{shown.note.uid}-end"' if shown.number else ""
    return f'<note xml:id="note-{shown.note.uid}" type="{shown.note.motivation}"{place}>{_content(shown)}</note>\n'


def _content(shown: Shown) -> str:
    """Notes are Markdown; their paragraphs are kept as paragraphs, their signs as they were typed."""
    who = f"<name>{clean(shown.author)}</name> " if shown.author else ""
    state = f" ({clean(shown.state)})" if shown.state else ""
    made = f'<p>{who}<date when="{shown.note.created:%Y-%m-%d}">{shown.note.created:%Y-%m-%d}</date>{state}</p>'
    made += f"<p><quote>{clean(shown.note.exact)}</quote></p>" if shown.note.exact else ""
    paragraphs = [part for part in shown.version.body.split("\n\n") if part.strip()]
    made += "".join(f"<p>{clean(part.strip())}</p>" for part in paragraphs)
    made += "".join(f'<p><term type="tag">{clean(name)}</term></p>' for name in shown.version.tag_names)
    return made + "".join(f'<note type="replying">{_content(reply)}</note>' for reply in shown.replies)
