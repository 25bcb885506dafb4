"""An article and its notes as Markdown to read and to keep: notes stand under the paragraph they were written on.

The file opens in Obsidian as it is: properties in front, callouts for notes, block links (`^p3`) for paragraphs.
"""

import re
from collections.abc import Iterable, Iterator

from reader.formats import addresses
from reader.formats.annotated import Annotated, Shown
from reader.formats.markdown_writing import write
from reader.formats.obsidian import in_one_line, literal, note_body, properties, tags
from reader.models import Article, Paragraph
from reader.text.structure import Block

TOGETHER = {Paragraph.Kind.LIST_ITEM, Paragraph.Kind.TABLE_ROW}  # a list and a table are not cut by notes
_LINE = re.compile(r"^", re.MULTILINE)


def export(annotated: Annotated) -> Iterator[str]:
    """The file, piece by piece."""
    article = annotated.article
    yield _properties(article)
    yield f"# {in_one_line(article.title)}\n\n{_origin(article)}\n\n"
    waiting: list[Shown] = []
    run: list[Paragraph] = []
    for row, _places in annotated.paragraphs():
        if run and (row.kind not in TOGETHER or row.kind != run[0].kind):
            yield from _passage(run, waiting)
            run, waiting = [], []
        run.append(row)
        if row.kind in TOGETHER:
            waiting += annotated.notes_of(row)
        else:
            yield from _passage(run, annotated.notes_of(row))
            run = []
    if run:
        yield from _passage(run, waiting)
    yield from _on_no_words(annotated)


def of_notes(title: str, notes: Iterable[Shown]) -> Iterator[str]:
    """Notes on several texts, each under the address of its text."""
    yield f"# {in_one_line(title)}\n\n"
    last = None
    for shown in notes:
        if shown.note.article != last:
            last = shown.note.article
            yield f"## [{in_one_line(last.title)}](<{addresses.of_article(last.slug)}>)\n\n{_origin(last)}\n\n"
        yield _callout(shown)


def _properties(article: Article) -> str:
    return properties({
        "title": article.title, "author": article.authors, "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else "", "source": article.source_url,
        "licence": article.licence, "licence_url": article.licence_url, "language": article.language,
        "read_at": addresses.of_article(article.slug), "revision": article.current.number,
    })  # fmt: skip


def _origin(article: Article) -> str:
    """Whose text it is, where it first appeared, its licence, and what was changed."""
    title = in_one_line(article.title)
    title = f"[{title}](<{article.source_url}>)" if article.source_url else f"*{title}*"
    date = article.published.isoformat() if article.published else ""
    parts = [in_one_line(article.byline), title, in_one_line(article.publisher), date]
    licence = in_one_line(article.licence)
    licence = f"[{licence}](<{article.licence_url}>)" if article.licence_url else licence
    said = ", ".join(part for part in parts if part) + "."
    said += f" © {in_one_line(article.copyright_holder)}." if article.copyright_holder else ""
    said += f" Licence of the text: {licence}." if licence else ""
    return f"> {said} {in_one_line(article.changes)}".rstrip()


def _passage(run: list[Paragraph], notes: Iterable[Shown]) -> Iterator[str]:
    written = write([Block(row.kind, row.text, tuple(tuple(mark) for mark in row.markup)) for row in run]).strip("\n")
    fenced = run[-1].kind == Paragraph.Kind.PREFORMATTED
    written = written if fenced else literal(written)
    yield f"{written}{chr(10) * 2 if fenced or len(run) > 1 else ' '}^p{run[0].number}\n\n"
    for shown in notes:
        yield _callout(shown)


def _on_no_words(annotated: Annotated) -> Iterator[str]:
    for heading, notes in annotated.on_no_words():
        for number, shown in enumerate(notes):
            yield ("" if number else f"## {heading}\n\n") + _callout(shown)


def _callout(shown: Shown, depth: int = 0) -> str:
    note = shown.note
    kind = {"questioning": "question", "highlighting": "quote"}.get(note.motivation, "note")
    heading = " · ".join(in_one_line(part) for part in (shown.author, f"{note.created:%Y-%m-%d}", shown.state) if part)
    parts = [f"[!{kind}] {heading}"]
    if note.exact:
        parts.append("\n".join(f"=={in_one_line(line)}==" for line in note.exact.splitlines() if line.strip()))
    parts += [
        note_body(shown.version.body.strip()),
        tags(shown.version.tag_names),
        f"[{note.uid}](<{addresses.site(note.get_absolute_url())}>)",
    ]
    inside = "\n\n".join(part for part in parts if part)
    inside = inside.replace("\n\n==", "\n==", 1) if note.exact else inside
    answers = "\n\n".join(_callout(reply, depth + 1).rstrip("\n") for reply in shown.replies)
    whole = f"{inside}\n\n{answers}" if answers else inside
    return _LINE.sub("> ", whole) + "\n\n"
