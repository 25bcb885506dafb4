"""The Hypothesis-compatible API: notes. Routes are h's; what may happen is decided by operations and access."""

from typing import Annotated

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic_core import to_json

from reader.access import Person, decides_on, shown_version
from reader.api import groups, ready, searching, selecting
from reader.api.addresses import article_at
from reader.api.errors import NoSuchText
from reader.api.hypothesis_shapes import MEANT, STATUS, Notes, rows, stamp
from reader.api.knocking import anyone, somebody, writer
from reader.api.schemas import (
    AnnotationChanges,
    AnnotationIn,
    AnnotationOut,
    BulkIn,
    Deleted,
    Failure,
    Found,
    Moderation,
    SearchQuery,
)  # fmt: skip
from reader.models import Annotation, Article, Member, Motivation, Status, Visibility
from reader.models.annotations import AnnotationQuerySet
from reader.operations import annotating, flagging
from reader.operations.errors import AlreadyDecided, CannotDoThat
from reader.operations.rows import held_note
from reader.operations.settling import settle

router = Router(tags=["notes"])
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
READ = {400: Failure, 403: Failure, 404: Failure, 429: Failure}
WRITTEN = READ | {401: Failure, 409: Failure, 413: Failure, 422: Failure}
BULK_BATCH = 200


@router.get("search", auth=anyone, response={200: Found} | READ, url_name="search")
def search(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Find notes. Everyone finds what is public, people also what is their own, moderators also what waits."""
    asked = query.model_dump_json()
    return ready.answered(request.auth, searching.articles_of(query), asked, lambda: _found(request.auth, query))


@router.post("bulk/annotation", auth=somebody, response={200: None} | WRITTEN, url_name="bulk_annotation")
def bulk_annotation(request: HttpRequest, sent: BulkIn) -> HttpResponse:
    """Many notes in one go, as lines of JSON, oldest first: those that a search would find."""
    asked = sent.filter
    notes = searching.readable(request.auth).order_by("created", "pk")
    if asked.audience:
        notes = notes.filter(author__username__in=asked.audience.username)
    for field, dates in (("created", asked.created), ("updated", asked.updated)):
        if dates:
            notes = searching.between(notes, request.auth, field, dates.gt, dates.lte)
    lines = _lines(notes, request.auth, asked.limit)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson")


@router.post("annotations", auth=writer, response={200: AnnotationOut} | WRITTEN, url_name="annotations")
def create(request: HttpRequest, sent: AnnotationIn) -> HttpResponse:
    """Write a note, a highlight (no text) or, with `references`, a reply. It is moderated like any other."""
    note = _reply(request.auth, sent) if sent.references else _note(request.auth, sent)
    return _one(note.uid, request.auth)


@router.get("annotations/{uid}.jsonld", auth=anyone, response={302: None} | READ, url_name="annotation_jsonld")
def read_jsonld(request: HttpRequest, uid: Id) -> HttpResponse:
    """The same note as a W3C Web Annotation: at its own address."""
    _readable(uid, request.auth)
    return HttpResponseRedirect(f"/annotations/{uid}")


@router.get("annotations/{uid}", auth=anyone, response={200: AnnotationOut} | READ, url_name="annotation")
def read(request: HttpRequest, uid: Id) -> HttpResponse:
    """One note."""
    return _one(uid, request.auth)


@router.api_operation(
    ["PATCH", "PUT"], "annotations/{uid}", auth=writer, response={200: AnnotationOut} | WRITTEN
)  # fmt: skip
def update(request: HttpRequest, uid: Id, sent: AnnotationChanges) -> HttpResponse:
    """Change a note of one's own; what is left out stays. The approved wording stays public while the new one waits."""
    with transaction.atomic():
        _change(uid, sent, request.auth)
    return _one(uid, request.auth)


def _change(uid: str, sent: AnnotationChanges, author: Member) -> None:
    """Held while it is read: of two changes at once, neither puts back what the other one left out."""
    held_note(_own(uid, author).pk)
    note = _own(uid, author)
    latest = note.latest
    body = latest.body if sent.text is None else sent.text
    tags = latest.tag_names if sent.tags is None else sent.tags
    visibility = _shared(note, sent.permissions.read) if sent.permissions else None
    if (body, tags, visibility or note.visibility) != (latest.body, latest.tag_names, note.visibility):
        annotating.edit(note, by=author, body=body, tags=tags, visibility=visibility)


@router.delete("annotations/{uid}", auth=writer, response={200: Deleted} | WRITTEN)
def delete(request: HttpRequest, uid: Id) -> HttpResponse:
    """Withdraw a note of one's own. On this site its author can bring it back."""
    annotating.withdraw(_own(uid, request.auth), by=request.auth)
    return JsonResponse({"id": uid, "deleted": True})


@router.put("annotations/{uid}/flag", auth=writer, response={204: None} | WRITTEN, url_name="annotation_flag")
def flag(request: HttpRequest, uid: Id) -> HttpResponse:
    """Ask moderators to look at somebody else's note. Asking twice changes nothing."""
    flagging.flag(_readable(uid, request.auth), by=request.auth)
    return HttpResponse(status=204)


@router.put("annotations/{uid}/hide", auth=writer, response={204: None} | WRITTEN, url_name="annotation_hide")
def hide(request: HttpRequest, uid: Id) -> HttpResponse:
    """For moderators: decline what waits, take away what is public."""
    settle(_moderated(uid, request.auth), Status.REJECTED, by=request.auth, reason=_no_reason())
    return HttpResponse(status=204)


@router.delete("annotations/{uid}/hide", auth=writer, response={204: None} | WRITTEN)
def unhide(request: HttpRequest, uid: Id) -> HttpResponse:
    """For moderators: approve what waits, give back what was declined."""
    settle(_moderated(uid, request.auth), Status.APPROVED, by=request.auth, reason="")
    return HttpResponse(status=204)


@router.patch(
    "annotations/{uid}/moderation",
    auth=writer,
    response={200: AnnotationOut} | WRITTEN,
    url_name="annotation_moderation",
)
def moderate(request: HttpRequest, uid: Id, sent: Moderation) -> HttpResponse:
    """For moderators: set how a note stands. Whoever decides on what they no longer see is refused with 409."""
    note = _moderated(uid, request.auth)
    version = shown_version(note, request.auth)
    moved_on = sent.annotation_updated and stamp(sent.annotation_updated) != stamp(version.created)
    if moved_on or sent.current_moderation_status not in {None, STATUS[Status(version.status)]}:
        raise AlreadyDecided(_("The note has changed since you looked at it. Look again."))
    settle(note, MEANT[sent.moderation_status], by=request.auth, reason=sent.reason or _no_reason())
    return _one(uid, request.auth)


def _note(author: Member, sent: AnnotationIn) -> Annotation:
    article = article_at(sent.uri)
    if article is None:
        raise NoSuchText
    audience = groups.audience_from(author, sent.group, sent.permissions.read if sent.permissions else None)
    words = {"body": sent.text or "", "tags": sent.tags or []}
    motivation = Motivation.COMMENTING if words["body"].strip() else Motivation.HIGHLIGHTING
    span = selecting.place_of(sent, article)
    return annotating.annotate(
        revision=article.current, span=span, author=author, motivation=motivation, **audience, **words
    )


def _reply(author: Member, sent: AnnotationIn) -> Annotation:
    """A reply goes where its parent is, whatever else it says of group and permissions."""
    parent = _readable(sent.references[-1], author)
    return annotating.reply(parent=parent, author=author, body=sent.text or "", tags=sent.tags or [])


def _shared(note: Annotation, read: list[str]) -> str | None:
    """PUBLIC where a private note is given to everyone; None where nothing changes. No update changes the group."""
    is_shared = read == [f"group:{note.group.uid if note.group else groups.WORLD}"]
    if not note.is_private and not is_shared:
        raise CannotDoThat(_("What was written for others is not made private again. Delete it instead."))
    return Visibility.PUBLIC if note.is_private and is_shared else None


def _no_reason() -> str:
    """What the author reads when the decision came from a client that cannot ask for a reason."""
    return _("Declined in the Hypothesis sidebar; the moderator gave no reason there.")


def _readable(uid: str, person: Person) -> Annotation:
    return get_object_or_404(_whole(searching.readable(person)), uid=uid)


def _own(uid: str, person: Member) -> Annotation:
    return get_object_or_404(_whole(searching.readable(person).editable_by(person)), uid=uid)


def _whole(notes: AnnotationQuerySet) -> AnnotationQuerySet:
    """With all that deciding about a note needs; cards and sources are not among what this API speaks of."""
    return notes.with_versions().prefetch_related(None)


def _moderated(uid: str, person: Member) -> Annotation:
    """A note, for who decides on it: moderators, or the owner of its group. Raises Http404 for everyone else."""
    note = _readable(uid, person)
    if not decides_on(note, person):
        raise Http404
    return note


def _one(uid: str, person: Person) -> HttpResponse:
    return ready.answered(person, Article.objects.filter(annotations__uid=uid), uid, lambda: _shown(uid, person))


def _shown(uid: str, person: Person) -> bytes:
    found = rows(searching.readable(person).filter(uid=uid), person)
    if not found:
        raise Http404
    return to_json(Notes(found, person).shapes()[0])


def _found(person: Person, asked: SearchQuery) -> bytes:
    total, notes = searching.search(person, asked)
    replies = searching.replies_to(person, notes) if asked.separate_replies else []
    shapes = Notes(notes + replies, person).shapes()
    found = {"total": total, "rows": shapes[: len(notes)]}
    return to_json(found | ({"replies": shapes[len(notes) :]} if asked.separate_replies else {}))


def _lines(notes, person: Person, limit: int):
    """Read in batches, so that a million notes take no more memory than a few hundred."""
    sent, after = 0, None
    while sent < limit:
        here = notes if after is None else searching.after(notes, after)
        batch = rows(here[: min(BULK_BATCH, limit - sent)], person)
        if not batch:
            return
        sent, after = sent + len(batch), batch[-1]
        yield b"".join(to_json(shape) + b"\n" for shape in Notes(batch, person).shapes())
