"""Bringing a text in: read from a file, looked at by an editor, published; the same source again is a new revision."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reader.formats.incoming.apart import read_apart
from reader.formats.incoming.model import Front, Incoming, Raw, Unreadable
from reader.formats.incoming.reading import Limits, made_of
from reader.models import Article, Draft, Member, Revision
from reader.operations import revising
from reader.operations.errors import ReaderError
from reader.operations.wording import NothingChanged, Wording, keep_paragraphs, new_key
from reader.text.normalise import digest, is_storable

DAYS_KEPT = 14  # a draft nobody has come back to is put away
LICENCES = {
    "by": ("CC BY", "Creative Commons Attribution"),
    "by-sa": ("CC BY-SA", "Creative Commons Attribution-ShareAlike"),
    "by-nc": ("CC BY-NC", "Creative Commons Attribution-NonCommercial"),
    "by-nd": ("CC BY-ND", "Creative Commons Attribution-NoDerivatives"),
    "by-nc-sa": ("CC BY-NC-SA", "Creative Commons Attribution-NonCommercial-ShareAlike"),
    "by-nc-nd": ("CC BY-NC-ND", "Creative Commons Attribution-NonCommercial-NoDerivatives"),
    "zero": ("CC0", "Creative Commons Zero"),
    "mark": ("Public Domain", "Public Domain Mark"),
}
# What was wrong with a file: a sentence that says what can be done about it.
SENTENCES = {
    "archive": gettext_lazy("This is a packed archive. Unpack it and bring in the text inside."),
    "broken": gettext_lazy("This file is damaged and cannot be read. Save it again, or take another format."),
    "empty": gettext_lazy("There are no words in this file."),
    "encoding": gettext_lazy("The encoding of this file cannot be told. Save it as UTF-8."),
    "encrypted": gettext_lazy("This file is locked with a password. Bring in a copy without one."),
    "entities": gettext_lazy("This file declares XML entities, which can unfold without end; it is not read."),
    "no_words_in_pdf": gettext_lazy("The pages of this PDF file are pictures. Recognise their text (OCR) first."),
    "not_docx": gettext_lazy("This is no Word document, whatever its name says."),
    "not_epub": gettext_lazy("This is no EPUB book, whatever its name says."),
    "not_text": gettext_lazy("This is not a text. Bring in Markdown, HTML, plain text, DOCX, PDF or EPUB."),
    "not_what_it_says": gettext_lazy("The file is not what its name says (%(ending)s). Look at what it is."),
    "old_word": gettext_lazy("This is an old or locked Word file. Save it as DOCX without a password."),
    "picture": gettext_lazy("This is a picture. Recognise its text (OCR) first."),
    "postscript": gettext_lazy("This is PostScript. Convert it to PDF first."),
    "rtf": gettext_lazy("This is RTF. Save it as DOCX first."),
    "too_large": gettext_lazy("The file has more than %(most)s bytes. Divide it, or ask the operator to allow more."),
    "too_large_to_read": gettext_lazy("Reading this file takes more memory than is allowed. Divide it."),
    "too_many_characters": gettext_lazy("The text has more than %(most)s characters. Divide it into several articles."),
    "too_many_pages": gettext_lazy("The file has more than %(most)s pages. Divide it into several articles."),
    "too_slow": gettext_lazy("Reading this file took longer than %(seconds)s seconds and was stopped. Divide it."),
    "unknown_format": gettext_lazy("%(ending)s is not read; Markdown, HTML, plain text, DOCX, PDF and EPUB are."),
    "unpacks_too_large": gettext_lazy("Unpacked, this file is larger than is allowed. Divide it."),
}  # fmt: skip


class CannotImport(ReaderError):
    """The file or what was said about it cannot be taken; nothing was kept."""

    code = "cannot_import"


@dataclass(frozen=True)
class Outcome:
    """What publishing did: the article, whether it is new, and whether its text has a new revision."""

    article: Article
    is_new: bool
    has_new_text: bool


def read_file(data: bytes, name: str) -> Raw:
    """What stands in a file, read within the limits of the settings. Raises CannotImport with a sentence."""
    limits = Limits(
        unpacked_bytes=settings.IMPORT_MAX_UNPACKED_BYTES,
        characters=settings.IMPORT_MAX_CHARACTERS,
        pages=settings.IMPORT_MAX_PAGES,
    )
    try:
        if len(data) > settings.IMPORT_MAX_BYTES:
            raise Unreadable("too_large", most=settings.IMPORT_MAX_BYTES)
        seconds, memory = settings.IMPORT_MAX_SECONDS, settings.IMPORT_MAX_MEMORY_BYTES
        return read_apart(data, name, limits=limits, seconds=seconds, memory=memory)
    except Unreadable as error:
        raise CannotImport(sentence_for(error)) from error


def sentence_for(error: Unreadable) -> str:
    """What to tell a person about a file that cannot be read."""
    return str(SENTENCES.get(error.code, SENTENCES["broken"])) % error.values


def keep_draft(raw: Raw, *, name: str, by: Member) -> Draft:
    """Keep what was read until its editor publishes it or puts it away; forgotten drafts go."""
    Draft.objects.filter(created__lt=timezone.now() - timedelta(days=DAYS_KEPT)).delete()
    draft: Draft = Draft.objects.create(by=by, name=name[:255], raw=raw.plain())
    return draft


def incoming_of(draft: Draft) -> Incoming:
    """The text of a draft as it will read, what its editor put back included."""
    return made_of(Raw.from_plain(draft.raw), frozenset(draft.kept))


def put_back(draft: Draft, keys: set[str]) -> None:
    """Say which of what cleaning takes out stays in the text: exactly those in `keys`."""
    draft.kept = sorted(keys)[:10_000]
    draft.save(update_fields=["kept"])


def article_of(incoming: Incoming, *, slug: str = "") -> Article | None:
    """The article this text is another wording of: the same address here, the same original, or the same words."""
    if slug and (found := Article.objects.filter(slug=slug).first()):
        return found
    address = incoming.front.source_url
    if address and (found := Article.objects.filter(source_url=address).order_by("pk").first()):
        return found
    words = digest("\n\n".join(block.text for block in incoming.blocks))
    same = Revision.objects.filter(digest=words).select_related("article").order_by("article", "-number").first()
    return same.article if same else None


@transaction.atomic
def publish(
    incoming: Incoming, *, by: Member | None, revision_of: Article | None = None, slug: str = "", reason: str = ""
) -> Outcome:
    """Make an article of the text, or a new revision of one. Everything lying on a former text is carried over.

    What the file says of itself is written into the article; where it says nothing, a former article keeps its own.
    Raises CannotImport, TextMoved, SourceTooLong, SourceNotStorable; nothing is kept then.
    """
    if not incoming.blocks:
        raise CannotImport(_("Nothing is left of the text. Put back what was taken out."))
    wording = Wording(source=incoming.source, blocks=incoming.blocks)
    if not is_storable(wording.text):
        raise CannotImport(str(SENTENCES["not_text"]))
    article = revision_of or Article(slug=slug or free_slug(incoming))
    _keep_front(article, incoming)
    if article.current is None:
        _first_revision(article, wording, by, reason)
        return Outcome(article, is_new=True, has_new_text=True)
    has_new_text = True
    try:
        revising.publish(article, wording, by=by, reason=reason or _("Brought in again."))
    except NothingChanged:
        has_new_text = False
        article.touch_notes()
    article.refresh_from_db()
    return Outcome(article, is_new=False, has_new_text=has_new_text)


def free_slug(incoming: Incoming) -> str:
    """An address made of the title that no article has; of the words, for a title without Latin letters."""
    words = incoming.front.title + "".join(block.text for block in incoming.blocks[:3])
    base = slugify(incoming.front.title)[:80].strip("-") or f"text-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    slug, number = base, 2
    while Article.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def with_licence(front: Front) -> Front:
    """The same, the licence named in full where its address is one of Creative Commons, or its short name is."""
    parts = front.licence_url.lower().rstrip("/").split("creativecommons.org/")[-1].split("/")
    if "creativecommons.org/" in front.licence_url.lower() and len(parts) >= 3 and parts[1] in LICENCES:
        short, long = LICENCES[parts[1]]
        said = replace(front, licence=front.licence or f"{short} {parts[2]}")
        return replace(said, licence_name=front.licence_name or f"{long} {parts[2]}")
    return replace(front, licence_url=front.licence_url or _address_of(front.licence))


def _address_of(licence: str) -> str:
    """The address of a Creative Commons licence named «CC BY-NC 4.0», or nothing."""
    short, _sep, version = licence.strip().rpartition(" ")
    part = next((part for part, (name, _long) in LICENCES.items() if name.lower() == short.lower()), "")
    is_version = version.replace(".", "", 1).isdigit()
    folder = "publicdomain" if part in ("zero", "mark") else "licenses"
    return f"https://creativecommons.org/{folder}/{part}/{version}/" if part and is_version else ""


def changes_of(incoming: Incoming) -> str:
    """The sentence under the text that says what was changed; licences ask for it."""
    if any(gone.reason in ("running-head", "page-number", "repeated-title", "notice") for gone in incoming.removed):
        return _("Running heads, page numbers and notices were removed; highlights, notes and links were added.")
    return _("The layout was changed; highlights, notes and links were added.")


def _keep_front(article: Article, incoming: Incoming) -> None:
    front = with_licence(incoming.front)
    said: dict[str, Any] = {
        "title": front.title, "authors": list(front.authors), "author_bio": front.author_bio,
        "publisher": front.publisher, "issn": front.issn, "published": _day(front.published),
        "source_url": front.source_url, "licence": front.licence, "licence_name": front.licence_name,
        "licence_url": front.licence_url, "copyright_holder": front.copyright_holder, "language": front.language,
        "summary": front.summary, "changes": article.changes or changes_of(incoming),
    }  # fmt: skip
    for name, value in said.items():
        if value:
            setattr(article, name, value)
    try:
        article.clean_fields(exclude=["current", "authors"])
        article.save()
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        names = {each.name: getattr(each, "verbose_name", each.name) for each in Article._meta.get_fields()}
        raise CannotImport(f"{names.get(field, field)}: {sentences[0]}") from error
    except IntegrityError as error:
        raise CannotImport(_("Another article has this address by now. Choose another one.")) from error


def _day(words: str) -> date | None:
    return date.fromisoformat(words) if words else None


def _first_revision(article: Article, wording: Wording, by: Member | None, reason: str) -> None:
    revision = Revision.objects.create(
        article=article, number=1, source=wording.source, text=wording.text, created_by=by,
        reason=(reason or _("Brought in."))[:300],
    )  # fmt: skip
    keys: dict[str, None] = {}  # in order, and quick to ask
    for block in wording.blocks:
        keys[new_key(block.text, keys)] = None
    keep_paragraphs(revision, wording, list(keys))
    article.current = revision
    article.save(update_fields=["current"])
    article.touch_notes()
    article.refresh_from_db()
