"""An article and its notes as one HTML page that stands alone: no script, no file beside it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reader.formats import addresses
from reader.formats.annotated import Annotated, Place, Shown
from reader.formats.passage_html import body_html, clean, element_of, passage_html
from reader.models import Article

STYLE = """
:root { color-scheme: light dark }
body { font: 1.1rem/1.6 Georgia, serif; max-width: 38rem; margin: 2rem auto; padding: 0 1.2rem }
h1 { line-height: 1.2 } .origin, .note, .by { font-size: .85em } .origin { border-top: 1px solid; padding-top: .8em }
mark { color: inherit; background: #f3d9a455 } mark.e { background: #e7b8a855 }
.note { margin: .8em 0 .8em 1.5em; padding-left: .8em; border-left: 2px solid #8886 } .note .note { margin-left: .5em }
.note q { font-style: italic } .sign { font-size: .7em; vertical-align: super; line-height: 0; text-decoration: none }
pre { white-space: pre-wrap } blockquote { margin-left: 1.5em }
"""


def export(annotated: Annotated) -> Iterator[str]:
    """The page, piece by piece."""
    article = annotated.article
    yield _head(article)
    for row, places in annotated.paragraphs():
        element = element_of(row)
        words = passage_html(row, places, sign)
        yield f'<{element} id="p{row.number}" data-kind="{row.kind}">{words}</{element}>\n'
        for shown in annotated.notes_of(row):
            yield note_html(shown)
    for number, shown in enumerate(annotated.elsewhere()):
        if not number:
            yield f"<h2>{_('Notes whose words are no longer in the text')}</h2>\n"
        yield note_html(shown)
    yield f'<footer class="origin">{origin_html(article)}</footer>\n</body>\n</html>\n'


def _head(article: Article) -> str:
    language, title = clean(article.language), clean(article.title)
    date = f", <time>{article.published.isoformat()}</time>" if article.published else ""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{title}</title>\n<link rel="canonical" href="{addresses.of_article(article.slug)}">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{title}</h1>\n<p class="by">{clean(article.byline)}{date}</p>\n'
    )


def sign(place: Place) -> str:
    """The link behind the words of a note."""
    return f'<a class="sign" id="r-{place.uid}" href="#n-{place.uid}">{place.number}</a>'


def note_html(shown: Shown) -> str:
    """A note with the answers to it."""
    heading = " · ".join(clean(p) for p in (shown.author, f"{shown.note.created:%Y-%m-%d}", shown.state) if p)
    number = f'<a href="#r-{shown.note.uid}">{shown.number}</a> ' if shown.number else ""
    named = f' id="n-{shown.note.uid}"' if shown.number else ""
    quote = f"<p><q>{clean(shown.note.exact)}</q></p>" if shown.note.exact else ""
    tags = " ".join(f"#{clean(name)}" for name in shown.version.tag_names)
    answers = "".join(note_html(reply) for reply in shown.replies)
    return (
        f'<aside class="note"{named}><p>{number}<b>{heading}</b></p>{quote}{body_html(shown.version.body)}'
        f"{f'<p>{tags}</p>' if tags else ''}{answers}</aside>\n"
    )


def origin_html(article: Article) -> str:
    """Whose text it is, where it first appeared, its licence, and what was changed."""
    title = clean(article.title)
    where = f'<a href="{clean(article.source_url)}">{title}</a>' if article.source_url else title
    parts = [clean(article.byline), where, clean(article.publisher)]
    parts.append(article.published.isoformat() if article.published else "")
    rights = f" © {clean(article.copyright_holder)}." if article.copyright_holder else ""
    licence = clean(article.licence)
    if article.licence_url:
        licence = f'<a rel="license" href="{clean(article.licence_url)}">{licence}</a>'
    licence = f" {_('Licence of the text:')} {licence}." if licence else ""
    read = f'<a href="{addresses.of_article(article.slug)}">{addresses.of_article(article.slug)}</a>'
    said = ", ".join(part for part in parts if part)
    return f"<p>{said}.{rights}{licence} {clean(article.changes)}</p><p>{read}</p>"
