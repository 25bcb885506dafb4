"""Writing by the W3C Web Annotation Protocol: annotations that arrive, are changed, are withdrawn."""

import json
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from reader import access
from reader.api.negotiating import check_match
from reader.api.problems import Problem
from reader.api.w3c_door import MOST_BYTES, WRITABLE, as_bytes, tags_of
from reader.formats import addresses, w3c
from reader.formats.foreign import Foreign
from reader.formats.w3c_checking import each
from reader.formats.w3c_reading import read_annotation
from reader.models import Annotation, Article, Member, Visibility
from reader.operations import annotating, bringing_back
from reader.operations.rows import held_note
from reader.text.selectors import Span

_NAME = re.compile(r'"?([A-Za-z0-9_-]{1,22})"?')
PAGES = {"preview"}  # names that are pages under /notes/ already


def create(request: HttpRequest, person: access.Person, article: Article | None) -> Annotation:
    """Keep the annotation that was sent, on `article` if that is given."""
    must_be_known(person)
    foreign = read_annotation(_sent(request))
    name = "" if foreign.private or foreign.reply_to else _suggested(request.headers.get("Slug", ""))
    try:
        with transaction.atomic():
            if foreign.reply_to:
                return bringing_back.keep_reply(foreign, _parent(foreign, person, article), author=person)
            return _create_on_words(foreign, person, article, name)
    except IntegrityError as error:
        raise _not_kept(name, person) or error from error


def _not_kept(name: str, person: access.Person) -> Problem | None:
    """What happened between the look at the tables and the writing, where that explains it."""
    if not Member.objects.filter(pk=person.pk).exists():
        return Problem(403, "Your account was closed while you sent this. Nothing of it was kept.")
    if name and Annotation.objects.filter(uid=name).exists():
        return Problem(409, "This name was taken just now. Send the annotation again.")
    return None


def change(request: HttpRequest, person: access.Person, note: Annotation) -> HttpResponse | None:
    """PUT or DELETE, in one transaction with the comparison of the ETag. An answer only when the note is gone."""
    must_be_known(person)
    if not Annotation.objects.editable_by(person).filter(pk=note.pk).exists():
        raise Problem(403, "Only its author can change a note.")
    with transaction.atomic():
        held_note(note.pk)
        now = access.annotation_to_edit(person, note.uid)
        check_match(request.headers.get("If-Match", ""), *tags_of(as_bytes(described(now, person))))
        if request.method == "DELETE":
            annotating.withdraw(now, by=person)
            return HttpResponse(status=204)
        _rewrite(now, _sent(request), person)
    return None


def described(note: Annotation, person: access.Person) -> w3c.Json:
    """One note as `person` may see it."""
    return w3c.to_jsonld(note, person, w3c.Shelf([note]))


def must_be_known(person: access.Person) -> None:
    """Raise Problem for nobody in particular."""
    if not person.is_authenticated:
        raise Problem(
            401, "Log in, or send an API token as «Authorization: Bearer …».",
            headers={"WWW-Authenticate": 'Bearer realm="annotations"'},
        )  # fmt: skip


def _sent(request: HttpRequest) -> Any:
    """The JSON that was sent. Raises Problem for another type, for too much, and for what is not JSON."""
    if request.content_type not in WRITABLE:
        raise Problem(415, f"Send an annotation as {w3c.MEDIA_TYPE}.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES or len(request.body) > MOST_BYTES:
        raise Problem(413, f"Send at most {MOST_BYTES} bytes.")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"This is not JSON: {error}.") from error


def _suggested(slug: str) -> str:
    """The name that the client suggests, where it can be one and is free; else empty, and a random one is given."""
    name = _NAME.fullmatch(slug.strip())
    if not name or name[1] in PAGES or Annotation.objects.filter(uid=name[1]).exists():
        return ""
    return name[1]


def _parent(foreign: Foreign, person: access.Person, article: Article | None) -> Annotation:
    named = addresses.named_by(foreign.reply_to)
    readable = Annotation.objects.readable_by(person).filter(uid=named.uid if named else "")
    parent = (readable.filter(article=article) if article else readable).select_related("article", "thread").first()
    if parent is None:
        raise Problem(422, "The note that this answers is not here.", "no_such_target")
    return parent


def _create_on_words(foreign: Foreign, person: access.Person, article: Article | None, name: str) -> Annotation:
    found = bringing_back.article_of(foreign)
    if found is None or (article and found != article):
        raise Problem(422, "The target is not a text that can be annotated at this address.", "no_such_target")
    span = bringing_back.place(found.current, foreign)
    if span is None and not foreign.whole:
        raise Problem(
            422, "These words do not stand in the text, or in several places. Send more of what stands around them.",
            "no_such_place",
        )  # fmt: skip
    return bringing_back.keep(foreign, found, span, author=person, uid=name)


def _rewrite(note: Annotation, given: Any, person: access.Person) -> None:
    """New words, tags and motivation. The target and the names of a note stay as they are."""
    foreign = read_annotation(given, known=w3c.linked_bodies(note))
    _check_names(note, foreign, given)
    if not _same_target(note, foreign):
        raise Problem(409, "The target of a note does not change. Write a new note on the other words.")
    # Only who says so makes a private note public: clients may drop what is not in the W3C vocabulary.
    opened = Visibility.PUBLIC if given.get("schema:creativeWorkStatus") == "public" else None
    kind = foreign.motivation if "motivation" in given and not note.parent_id else None
    annotating.edit(
        note, by=person, body=foreign.body, tags=foreign.tags, visibility=opened, motivation=kind, more=foreign.more
    )
    bringing_back.remember_names(note, via=note.via or foreign.via, canonical=note.canonical or foreign.canonical)


def _check_names(note: Annotation, foreign: Foreign, given: w3c.Json) -> None:
    """Raise Problem where the annotation would be known by another name than before."""
    if foreign.id and foreign.id != addresses.of_annotation(note.uid):
        raise Problem(409, "The id of an annotation does not change.")
    for name in ("canonical", "via"):
        kept, new = getattr(note, name), getattr(foreign, name)
        if kept and each(given.get(name)) and new != kept:
            raise Problem(409, f"«{name}» of an annotation does not change once it is set.")


def _same_target(note: Annotation, foreign: Foreign) -> bool:
    if note.parent_id:
        named = addresses.named_by(foreign.reply_to)
        return named is not None and named.uid == note.parent.uid
    named = addresses.named_by(foreign.target)
    if named is None or named.slug != note.article.slug:
        return False
    if note.is_on_whole_text or (foreign.quote and foreign.quote.exact == note.exact):
        return foreign.whole == note.is_on_whole_text
    current, now = note.article.current, w3c.Shelf([note]).place_now(note)
    if now is None:
        return False
    span = Span(now.start, now.end)
    same_words = foreign.quote is not None and foreign.quote.exact == span.of(current.text)
    return same_words or bringing_back.place(current, foreign) == span
