"""Many texts, each with its notes in a file of its own, in one archive: a whole site, or all that one person wrote."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from reader import access
from reader.formats import addresses, csv_table, epub_export, html_export, jsonl, markdown_export, tei, w3c
from reader.formats.annotated import Annotated, Shown
from reader.models import Annotation, Article, Member

WRITERS = {"md": markdown_export.export, "html": html_export.export, "tei": tei.export}
READABLE = (*WRITERS, "epub")  # forms that hold the text as well
AT_ONCE = 2**16  # bytes


def pieces_of(form: str, annotated: Annotated) -> Iterator[bytes]:
    """One text in a readable form."""
    if form == "epub":
        with epub_export.export(annotated) as book:
            yield from _read(book)
    else:
        yield from (piece.encode() for piece in WRITERS[form](annotated))


def of_site(form: str, person: access.Person) -> Iterator[bytes]:
    """Every text as `person` may read it, in a zip file."""
    return _archive(form, (Annotated(text, person) for text in _texts()))


def of_person(form: str, member: Member) -> Iterator[bytes]:
    """Everything one member wrote: one file, or for forms that hold texts an archive of the texts they wrote on."""
    notes = Annotation.objects.filter(author=member)
    if form in ("jsonl", "csv"):
        lines = jsonl.lines(notes, member) if form == "jsonl" else csv_table.rows(notes, member)
    elif form == "md":
        ordered = notes.with_versions().order_by("article", "start", "pk").iterator(w3c.AT_ONCE)
        lines = markdown_export.of_notes(member.name, (Shown(note, note.latest) for note in ordered))
    elif form == "jsonld":
        iri, about = addresses.site(f"/me/export/all.{form}"), about_member(member)
        write = jsonl.with_history
        lines = jsonl.collection(notes, member, iri=iri, label=member.name, about=about, write=write)
    else:
        texts = _texts().filter(pk__in=notes.values("article"))
        return _archive(form, (Annotated(text, member, by=member) for text in texts))
    return (line.encode("utf-8", "surrogatepass") for line in lines)


def about_member(member: Member) -> w3c.Json:
    """What the site keeps of a person beside their notes; neither password nor keys."""
    made: w3c.Json = {"type": "Person", "name": member.name, "nickname": member.username}
    if member.email:
        made["email"] = f"mailto:{member.email}"
    if member.orcid:
        made["id"] = f"https://orcid.org/{member.orcid}"
    roles = [name for name in ("editor", "moderator", "trusted") if getattr(member, f"is_{name}")]
    made |= {"schema:memberOf": roles} if roles else {}
    return {"creator": made, "created": w3c.when(member.date_joined)}


def _texts():  # type: ignore[no-untyped-def]
    return Article.objects.published().select_related("current").order_by("pk")


def _archive(form: str, texts: Iterable[Annotated]) -> Iterator[bytes]:
    """Written beside first: on disk when it is large."""
    with tempfile.SpooledTemporaryFile(max_size=epub_export.IN_MEMORY) as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for annotated in texts:
                with archive.open(f"{annotated.article.slug}.{form}", "w", force_zip64=True) as file:
                    for piece in pieces_of(form, annotated):
                        file.write(piece)
        made.seek(0)
        yield from _read(made)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    yield from iter(lambda: file.read(AT_ONCE), b"")
