"""The Hypothesis-compatible API: groups, who is in them, and what is written in them."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from reader.access import Person, group_to_keep
from reader.api import groups, searching
from reader.api.addresses import authority, userid, username
from reader.api.hypothesis_shapes import MEANT, Notes, as_json, rows, stamp
from reader.api.knocking import anyone, somebody, writer
from reader.api.schemas import (
    AnnotationPage,
    Failure,
    Group,
    GroupChanges,
    GroupIn,
    Membership,
    MembershipPage,
    ModerationStatus,
    Moment,
    Words,
)  # fmt: skip
from reader.models import Member, ReadingGroup
from reader.models import Membership as Row
from reader.operations import groups as acts

router = Router(tags=["groups"])
READ = {400: Failure, 403: Failure, 404: Failure, 429: Failure}
KNOWN = READ | {401: Failure}
WRITTEN = KNOWN | {409: Failure, 413: Failure, 422: Failure}


class GroupsQuery(Schema):
    """`expand` is taken and changes nothing: there are no organisations, and no group is bound to some addresses."""

    authority: Words | None = None
    document_uri: Words | None = None
    expand: list[Words] = Field(default_factory=list, max_length=10)


class Page(Schema):
    number: int | None = Field(None, alias="page[number]", ge=1, le=1_000_000)
    size: int = Field(20, alias="page[size]", ge=1, le=100)


class NotesPage(Schema):
    after: Moment | None = Field(None, alias="page[after]")
    size: int = Field(20, alias="page[size]", ge=1, le=100)
    moderation_status: ModerationStatus | None = None


@router.get("profile/groups", auth=anyone, response={200: list[Group]} | READ, url_name="profile_groups")
def profile_groups(request: HttpRequest, query: Query[GroupsQuery]) -> HttpResponse:
    """The groups one is a member of; none for nobody."""
    return JsonResponse(groups.mine(request.auth), safe=False)


@router.get("groups", auth=anyone, response={200: list[Group]} | READ, url_name="groups")
def all_groups(request: HttpRequest, query: Query[GroupsQuery]) -> HttpResponse:
    """The groups one may read or write in: the same on every text."""
    return JsonResponse(groups.groups_of(request.auth), safe=False)


@router.post("groups", auth=writer, response={200: Group} | WRITTEN)
def start(request: HttpRequest, sent: GroupIn) -> HttpResponse:
    """Start a group. People are invited on its page."""
    made = acts.start(owner=request.auth, name=sent.name, description=sent.description or "")
    return JsonResponse(groups.shape(made, request.auth))


@router.get("groups/{group_id}", auth=anyone, response={200: Group} | READ, url_name="group")
def group(request: HttpRequest, group_id: Words, query: Query[GroupsQuery]) -> HttpResponse:
    """One group, if one may read in it."""
    if group_id == groups.WORLD:
        return JsonResponse(groups.world())
    return JsonResponse(groups.shape(groups.group_at(request.auth, group_id), request.auth))


@router.patch("groups/{group_id}", auth=writer, response={200: Group} | WRITTEN)
def change(request: HttpRequest, group_id: Words, sent: GroupChanges) -> HttpResponse:
    """For its owner: call a group otherwise. What is left out stays."""
    found = group_to_keep(request.auth, groups.group_at(request.auth, group_id).uid)
    name = found.name if sent.name is None else sent.name
    about = found.description if sent.description is None else sent.description
    acts.change(found, name=name, description=about, is_open=found.is_open, notes_wait=found.notes_wait)
    return JsonResponse(groups.shape(groups.group_at(request.auth, found.uid), request.auth))


@router.get(
    "groups/{group_id}/members", auth=somebody, response={200: list[Membership] | MembershipPage} | KNOWN,
    url_name="group_members",
)  # fmt: skip
def members(request: HttpRequest, group_id: Words, page: Query[Page]) -> HttpResponse:
    """Who is in a group one is in: all of them, or with `page[number]` a page and how many there are."""
    found = _memberships(groups.group_at(request.auth, group_id))
    if page.number is None:
        return JsonResponse([_shape(row, request.auth) for row in found], safe=False)
    first = (page.number - 1) * page.size
    shown = [_shape(row, request.auth) for row in found[first : first + page.size]]
    return JsonResponse({"meta": {"page": {"total": found.count()}}, "data": shown})


@router.get(
    "groups/{group_id}/members/{user}", auth=somebody, response={200: Membership} | KNOWN, url_name="group_member"
)
def member(request: HttpRequest, group_id: Words, user: Words) -> HttpResponse:
    """One person in a group one is in; `me` is oneself."""
    return JsonResponse(_shape(_membership(request.auth, group_id, user), request.auth))


@router.delete("groups/{group_id}/members/{user}", auth=writer, response={204: None} | WRITTEN)
def remove(request: HttpRequest, group_id: Words, user: Words) -> HttpResponse:
    """Leave a group (`me`), or, for its owner, put somebody out. Whoever is alone in it closes it by leaving."""
    row = _membership(request.auth, group_id, user)
    if row.member_id == request.auth.pk:
        acts.leave(row.group, by=request.auth)
    else:
        acts.remove(group_to_keep(request.auth, row.group.uid), row.member, by=request.auth)
    return HttpResponse(status=204)


@router.get(
    "groups/{group_id}/annotations", auth=somebody, response={200: AnnotationPage} | KNOWN, url_name="group_annotations"
)
def annotations(request: HttpRequest, group_id: Words, page: Query[NotesPage]) -> HttpResponse:
    """What one is shown of what is written in a group, the newest first; `page[after]` continues behind a time."""
    named = group_id if group_id == groups.WORLD else groups.group_at(request.auth, group_id).uid
    found = searching.readable(request.auth).filter(groups.notes_in([named]))
    if page.moderation_status:
        found = searching.standing(found, request.auth, MEANT[page.moderation_status])
    shown = rows(_behind(found, page.after).order_by("-created", "-pk")[: page.size], request.auth)
    return as_json({"meta": {"page": {"total": found.count()}}, "data": Notes(shown, request.auth).shapes()})


def _behind(notes, moment: datetime | None):
    return notes.filter(created__lt=moment) if moment else notes


def _memberships(group: ReadingGroup):
    return group.memberships.select_related("member", "group").order_by("joined", "pk")


def _shape(row: Row, person: Person | Member) -> dict[str, Any]:
    """Somebody in a group; `actions` is what the person asking may do with them."""
    is_owner, is_self = row.group.owner_id == row.member_id, row.member_id == person.pk
    may_go = not is_owner and (is_self or row.group.owner_id == person.pk)
    return {
        "authority": authority(), "userid": userid(row.member.username), "username": row.member.username,
        "display_name": row.member.name, "roles": ["owner" if is_owner else "member"],
        "actions": ["delete"] if may_go else [], "created": stamp(row.joined), "updated": stamp(row.joined),
    }  # fmt: skip


def _membership(person: Person | Member, group_id: str, user: str) -> Any:
    found = _memberships(groups.group_at(person, group_id))
    asked = {"member": person} if user == "me" else {"member__username__iexact": username(user) or None}
    row: Row | None = found.filter(**asked).first()
    if row is None:
        raise Http404
    return row
