"""An article and its notes as one HTML page that stands alone: no script, no file beside it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reader.formats import addresses
from reader.formats.annotated import Annotated, Place, Shown
from reader.formats.nesting import Nesting, footnotes_in
from reader.formats.passage_html import block_html, body_html, clean
from reader.models import Article

STYLE = """
:root { color-scheme: light dark; --ink: #26221c; --soft: #6b6459; --line: #d9d2c4; --paper: #fbf9f4; --seal:
  #a8371f; --e: #b07d1c; --r: #2f8481 }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e0d6; --soft: #a59c8e; --line: #3d3830;
  --paper: #191713; --seal: #f09a80; --e: #d9b565; --r: #6fc3bd } }
body { font: 1.125rem/1.65 "Source Serif 4", Georgia, "Noto Serif", serif; max-width: 36rem; margin: 3.5rem auto;
  padding: 0 1.25rem; color: var(--ink); background: var(--paper); overflow-wrap: break-word }
h1 { font-size: 2.1rem; line-height: 1.15; font-weight: 600; margin: 0 0 .6rem; text-wrap: balance } h2 { line-height:
  1.3; margin: 2.2rem 0 .8rem } h2, h3, h4 { font-size: 1.15rem }
.by, .origin, .note b, .tags { font-family: system-ui, sans-serif } .by { color: var(--soft); font-size: .9rem;
  margin: 0 0 2.2rem } a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em }
mark { color: inherit; background: color-mix(in srgb, var(--r) 20%, transparent) } mark.e { background: color-mix(in
  srgb, var(--e) 22%, transparent) }
.sign { font: 600 .62em/0 system-ui, sans-serif; vertical-align: super; text-decoration: none; color: var(--seal);
  padding: 0 .15em } .sign + .sign::before { content: '\\200b' }
:target { outline: 2px solid var(--seal); outline-offset: 3px }
.note { margin: 1rem 0 1rem 1.5rem; padding-left: 1rem; border-left: 2px solid var(--line); font-size: .92rem;
  line-height: 1.55 } .note .note { margin-left: 0 } .note p { margin: .4em 0 } .note b { font-size: .82rem; color:
  var(--soft) } .note p > a[href^="#r-"] { font: 600 .82rem system-ui, sans-serif; color: var(--seal); text-decoration:
  none }
.note q { font-style: italic; color: var(--soft) } .tags { font-size: .78rem; color: var(--soft) } pre { white-space:
  pre-wrap; font-size: .85em; line-height: 1.5 } blockquote { margin: 1em 0; padding-left: 1.2rem; border-left: 3px
  solid var(--line) } ul, ol { padding-left: 1.6rem } li > p { margin: .35em 0 }
table { border-collapse: collapse; width: 100%; margin: 1.4em 0 } tr[id] > * { padding: .35em .8em .35em 0; text-align:
  start; vertical-align: top; border-bottom: 1px solid var(--line) } th { font-weight: 600 } hr { border: 0;
  border-top: 1px solid var(--line) }
sup { font-size: .7em; line-height: 0 } sup a { text-decoration: none } [data-kind="footnote"] { font-size: .92rem }
.origin { font-size: .8rem; line-height: 1.5; color: var(--soft); border-top: 1px solid var(--line); margin-top: 3rem;
  padding-top: 1rem }
@media print { :root { --ink: #000; --paper: #fff; font-size: 9.3pt } body { margin: 0 auto } .note, tr { break-inside:
  avoid } mark { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""
NOTE_IN_TABLE = '<tr><td colspan="100">%s</td></tr>\n'


def export(annotated: Annotated) -> Iterator[str]:
    """The page, piece by piece."""
    article = annotated.article
    yield _head(article)
    nesting, footnotes = Nesting(), footnotes_in(article)
    for row, places in annotated.paragraphs():
        yield nesting.before(row) + block_html(row, places, sign, footnotes)
        for shown in annotated.notes_of(row):
            yield NOTE_IN_TABLE % note_html(shown) if nesting.in_table else note_html(shown)
    yield nesting.end()
    for heading, notes in annotated.on_no_words():
        for number, shown in enumerate(notes):
            yield ("" if number else f"<h2>{heading}</h2>\n") + note_html(shown)
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


def heading_html(shown: Shown) -> str:
    """Who wrote it, when, and how it stands."""
    who = f"<bdi>{clean(shown.author)}</bdi>" if shown.author else ""
    return " · ".join(part for part in (who, f"{shown.note.created:%Y-%m-%d}", clean(shown.state)) if part)


def note_html(shown: Shown) -> str:
    """A note with the answers to it."""
    number = f'<a href="#r-{shown.note.uid}">{shown.number}</a> ' if shown.number else ""
    named = f' id="n-{shown.note.uid}"' if shown.number else ""
    quote = f"<p><q>{clean(shown.note.exact)}</q></p>" if shown.note.exact else ""
    names = " ".join(f"#{clean(name)}" for name in shown.version.tag_names)
    tags = f'<p class="tags">{names}</p>' if names else ""
    answers = "".join(note_html(reply) for reply in shown.replies)
    return (
        f'<aside class="note"{named}><p>{number}<b>{heading_html(shown)}</b></p>{quote}{body_html(shown.version.body)}'
        f"{tags}{answers}</aside>\n"
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
