"""What of a text is not the same for everyone: where one's own notes and those of one's groups lie, and their answers.

An open page asks for it again now and then. Every answer has a tag made of what its reader may see and of nothing
else, so it costs a 304 until that changes, and no tag tells of what is hidden from them.
"""

import hashlib
import json
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from reader import access
from reader.models import Annotation, Article, ReadingGroup, Status, Visibility

ASKED = ("uid", "place_start", "place_end", "visibility", "shown_status")


@require_safe
def article_mine(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where one's own notes lie, private and waiting ones included, and those of one's groups; in no cache."""
    found = access.article_to_read(slug)
    of_person = ReadingGroup.objects.of(request.user).values_list("uid", "name")
    groups = [{"audience": f"group:{uid}", "name": name} for uid, name in of_person]
    return _unless_known(request, {"notes": _places(request.user, found), "groups": groups})


@require_safe
def conversation_state(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The notes of a conversation, and which wording of each one reads: another answer, another page."""
    note = get_object_or_404(Annotation.objects.readable_by(request.user), uid=uid)  # nothing else of it is asked for
    return _unless_known(request, _conversation(request.user, note))


def version_of_conversation(person: access.Person, note: Annotation) -> str:
    """What `conversation_state` has as its tag now."""
    return _tag_of(_conversation(person, note))


def _places(person: access.Person, found: Article) -> list[dict[str, Any]]:
    if not person.is_authenticated:
        return []
    readable = Annotation.objects.readable_by(person).listed()
    own = readable.filter(Q(author=person) | Q(group__isnull=False)).over(found.current, 0, len(found.current.text))
    rows = own.annotate(shown_status=access.shown_field(person, "status")).values_list(*ASKED)
    return [
        {"start": start, "end": end, "uid": uid, "state": _state(visibility, status)}
        for uid, start, end, visibility, status in rows
    ]


def _state(visibility: str, status: str) -> str:
    """In which layer a note lies: for whom it is, or what it waits for."""
    seen_by_few = visibility == Visibility.PRIVATE or (visibility == Visibility.GROUP and status == Status.APPROVED)
    return visibility if seen_by_few else status


def _conversation(person: access.Person, note: Annotation) -> dict[str, Any]:
    top = note.thread_id or note.pk
    readable = Annotation.objects.readable_by(person).filter(Q(pk=top) | Q(thread=top)).order_by("pk")
    shown = {f"shown_{name}": access.shown_field(person, name) for name in ("number", "status")}
    return {"notes": list(readable.annotate(**shown).values("uid", *shown))}


def _tag_of(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _unless_known(request: HttpRequest, said: dict[str, Any]) -> HttpResponseBase:
    tag = f'"{_tag_of(said)}"'
    response = JsonResponse(said, headers={"ETag": tag, "Cache-Control": "private, no-store"})
    patch_vary_headers(response, ["Cookie"])
    return get_conditional_response(request, etag=tag, response=response)
