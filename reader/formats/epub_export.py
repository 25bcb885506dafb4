"""An article and its notes as EPUB 3: notes are footnotes that reading systems open in place.

https://www.w3.org/TR/epub-33/ has the package, the navigation and the container; noteref and footnote are of its
Structural Semantics Vocabulary.
"""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from typing import IO

from django.utils.translation import gettext as _

from reader.formats import addresses
from reader.formats.annotated import Annotated, Place, Shown
from reader.formats.html_export import heading_html, origin_html
from reader.formats.nesting import Nesting, footnotes_in
from reader.formats.passage_html import block_html, body_html, clean
from reader.models import Article, Paragraph

MEDIA_TYPE = "application/epub+zip"
IN_MEMORY = 5 * 2**20  # bytes beyond which the file is put together on disk
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
STYLE = """body { line-height: 1.5 } mark { background: #cfe8e5; color: inherit } mark.e { background: #f3e2b3 }
.sign { font-size: .7em; vertical-align: super; line-height: 0; text-decoration: none }
.sign + .sign { margin-left: .25em }
.notes { border-top: 1px solid; margin-top: 2em } aside { font-size: .9em; margin: .8em 0 }
.origin { font-size: .85em; margin-top: 2em } pre { white-space: pre-wrap }
table { border-collapse: collapse } td, th { padding: .2em .8em .2em 0; text-align: left; vertical-align: top }
sup { font-size: .7em; line-height: 0 }
"""
HTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{0}" xml:lang="{0}">\n'
    '<head><meta charset="utf-8"/><title>{1}</title>'
    '<link rel="stylesheet" type="text/css" href="style.css"/></head>\n<body>\n'
)


def export(annotated: Annotated) -> IO[bytes]:
    """The whole file, open at its beginning; it is on disk when it is large."""
    made: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (who sends it closes it)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        # First and as it is, so that the type can be told from the first bytes.
        book.writestr(zipfile.ZipInfo("mimetype", (1980, 1, 1, 0, 0, 0)), MEDIA_TYPE, zipfile.ZIP_STORED)
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("EPUB/package.opf", _package(annotated.article))
        book.writestr("EPUB/style.css", STYLE)
        book.writestr("EPUB/nav.xhtml", _navigation(annotated.article))
        with book.open("EPUB/text.xhtml", "w", force_zip64=True) as text:
            for piece in _text(annotated):
                text.write(piece.encode())
    made.seek(0)
    return made


def _package(article: Article) -> str:
    iri = addresses.of_article(article.slug)
    changed = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    described = [
        f'<dc:identifier id="id">{iri}</dc:identifier>',
        f"<dc:title>{clean(article.title)}</dc:title>",
        f"<dc:language>{clean(article.language)}</dc:language>",
        *(f"<dc:creator>{clean(name)}</dc:creator>" for name in article.authors),
        f'<meta property="dcterms:modified">{changed}</meta>',
    ]
    for name, value in {
        "publisher": article.publisher,
        "date": article.published.isoformat() if article.published else "",
        "rights": " ".join(part for part in (article.licence, article.licence_url) if part),
        "source": article.source_url,
    }.items():
        described += [f"<dc:{name}>{clean(value)}</dc:{name}>"] if value else []
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        + "\n".join(described)
        + "\n</metadata>\n<manifest>\n"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>\n'
        '<item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>\n'
        '<item id="style" href="style.css" media-type="text/css"/>\n'
        '</manifest>\n<spine>\n<itemref idref="text"/>\n</spine>\n</package>\n'
    )


def _navigation(article: Article) -> str:
    headings = article.current.paragraphs.filter(kind=Paragraph.Kind.HEADING)
    lines = [f'<li><a href="text.xhtml">{clean(article.title)}</a></li>']
    lines += [f'<li><a href="text.xhtml#p{row.number}">{clean(row.text)}</a></li>' for row in headings if row.text]
    lines.append(f'<li><a href="text.xhtml#notes">{_("Notes")}</a></li>')
    return (
        HTML.format(clean(article.language), clean(article.title))
        + f'<nav epub:type="toc" id="toc"><h1>{_("Contents")}</h1><ol>{"".join(lines)}</ol></nav>\n</body>\n</html>\n'
    )


def _text(annotated: Annotated) -> Iterator[str]:
    """The words first, then the notes: reading systems hide footnotes where they stand and show them at their signs."""
    article = annotated.article
    yield HTML.format(clean(article.language), clean(article.title))
    yield f"<h1>{clean(article.title)}</h1>\n<p>{clean(article.byline)}</p>\n"
    nesting, footnotes = Nesting(), footnotes_in(article)
    for row, places in annotated.paragraphs():
        yield nesting.before(row) + block_html(row, places, _sign, footnotes)
    yield nesting.end()
    yield f'<section class="notes" id="notes" epub:type="footnotes"><h2>{_("Notes")}</h2>\n'
    again = Annotated(article, annotated.person, by=annotated.by)
    for row, _places in again.paragraphs():
        for shown in again.notes_of(row):
            yield _footnote(shown)
    for shown in chain(again.on_whole(), again.elsewhere()):
        yield _footnote(shown)
    yield f'</section>\n<div class="origin">{origin_html(article)}</div>\n</body>\n</html>\n'


def _sign(place: Place) -> str:
    uid = place.uid
    return f'<a class="sign" epub:type="noteref" role="doc-noteref" id="r-{uid}" href="#n-{uid}">{place.number}</a>'


def _footnote(shown: Shown) -> str:
    named = f' id="n-{shown.note.uid}" epub:type="footnote" role="doc-footnote"' if shown.number else ""
    back = f'<a role="doc-backlink" href="#r-{shown.note.uid}">{shown.number}</a> ' if shown.number else ""
    return f"<aside{named}>{_words(shown, back)}</aside>\n"


def _words(shown: Shown, back: str = "") -> str:
    quote = f"<p><q>{clean(shown.note.exact)}</q></p>" if shown.note.exact else ""
    tags = " ".join(f"#{clean(name)}" for name in shown.version.tag_names)
    answers = "".join(f"<blockquote>{_words(reply)}</blockquote>" for reply in shown.replies)
    return (
        f"<p>{back}<b>{heading_html(shown)}</b></p>{quote}{body_html(shown.version.body)}"
        f"{f'<p>{tags}</p>' if tags else ''}{answers}"
    )
