"""The Hypothesis-compatible API: itself, its links, and who is logged in."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import resolve, reverse
from ninja import Router

from reader.api import hypothesis_shapes
from reader.api.knocking import anyone, writer
from reader.api.schemas import ClientEvent, Failure, Profile, ProfileChanges, Words

router = Router(tags=["people"])
SAME_FOR_ALL = {"Cache-Control": "public, max-age=300"}
READ = {400: Failure, 403: Failure, 404: Failure, 429: Failure}
ROUTES = {
    "search": ("GET", "search", "Find notes"),
    "links": ("GET", "links", "Addresses of pages"),
    "annotation.create": ("POST", "annotations", "Write a note"),
    "annotation.read": ("GET", "annotations/:id", "Read a note"),
    "annotation.update": ("PATCH", "annotations/:id", "Change a note"),
    "annotation.delete": ("DELETE", "annotations/:id", "Withdraw a note"),
    "annotation.flag": ("PUT", "annotations/:id/flag", "Ask moderators to look at a note"),
    "annotation.hide": ("PUT", "annotations/:id/hide", "Decline a note that waits"),
    "annotation.unhide": ("DELETE", "annotations/:id/hide", "Approve a note that waits"),
    "annotation.moderate": ("PATCH", "annotations/:id/moderation", "Decide on a note that waits"),
    "bulk.annotation": ("POST", "bulk/annotation", "Read many notes as lines of JSON"),
    "groups.read": ("GET", "groups", "Groups one may read or write in"),
    "groups.create": ("POST", "groups", "Start a group"),
    "group.create": ("POST", "groups", "Start a group"),
    "group.read": ("GET", "groups/:id", "One group"),
    "group.update": ("PATCH", "groups/:id", "Change a group of one's own"),
    "group.members.read": ("GET", "groups/:pubid/members", "Who is in a group"),
    "group.member.read": ("GET", "groups/:pubid/members/:userid", "One person in a group"),
    "group.member.delete": ("DELETE", "groups/:pubid/members/:userid", "Leave a group, or put somebody out"),
    "group.annotations.read": ("GET", "groups/:pubid/annotations", "What is written in a group"),
    "profile.read": ("GET", "profile", "Who is logged in"),
    "profile.update": ("PATCH", "profile", "Keep the client's preferences"),
    "analytics.events.create": ("POST", "analytics/events", "Tell what was done in the client; it is not kept"),
    "profile.groups.read": ("GET", "profile/groups", "Groups one is a member of"),
}


@router.get("", auth=None, response={200: dict} | READ, url_name="root")
def root(request: HttpRequest) -> HttpResponse:
    """Every route with its method. The client takes them from here."""
    here = request.build_absolute_uri(request.path if request.path.endswith("/") else f"{request.path}/")
    routes = {name: {"method": m, "url": here + path, "desc": desc} for name, (m, path, desc) in ROUTES.items()}
    return JsonResponse({"links": hypothesis_shapes.nested(routes)}, headers=SAME_FOR_ALL)


def root_without_slash(request: HttpRequest) -> HttpResponse:
    """The same at `/api`: some programs ask there, and a redirect would cost them their method."""
    return resolve(reverse("api:root")).func(request)


@router.get("links", auth=None, response={200: dict[str, str]} | READ, url_name="links")
def links(request: HttpRequest) -> HttpResponse:
    """Pages that the client links to; `:user` and `:tag` stand for names."""
    paths = {
        "account.settings": reverse("reader:me"),
        "forgot-password": reverse("account_reset_password"),
        "groups.new": reverse("reader:group_start"),
        "help": reverse("reader:help"),
        "oauth.authorize": reverse("hypothesis_authorize"),
        "oauth.revoke": reverse("hypothesis_revoke"),
        "search.tag": _template("hypothesis_tag", "tag"),
        "signup": reverse("account_signup"),
        "user": _template("hypothesis_person", "user"),
    }
    absolute = {name: request.build_absolute_uri(path) for name, path in paths.items()}
    return JsonResponse(absolute, headers=SAME_FOR_ALL)


@router.get("profile", auth=anyone, response={200: Profile} | READ, url_name="profile")
def profile(request: HttpRequest, authority: Words | None = None) -> HttpResponse:
    """Who is logged in: by token, else by session. Nobody: `userid` is null."""
    return JsonResponse(hypothesis_shapes.profile(request.auth))


@router.patch("profile", auth=writer, response={200: Profile, 401: Failure, 413: Failure} | READ)
def update_profile(request: HttpRequest, sent: ProfileChanges) -> HttpResponse:
    """Remember what the client wants to find again next time."""
    changes = sent.preferences.model_dump(exclude_none=True)
    member = request.auth
    member.client_preferences = member.client_preferences | changes
    member.save(update_fields=["client_preferences"])
    return JsonResponse(hypothesis_shapes.profile(member))


@router.post("analytics/events", auth=anyone, response={204: None, 413: Failure} | READ, url_name="analytics_events")
def note_event(request: HttpRequest, sent: ClientEvent) -> HttpResponse:
    """The client tells what was done in it. Nothing of it is kept."""
    return HttpResponse(status=204)


def _template(name: str, field: str) -> str:
    """The address of a page with `:field` where the client puts a name."""
    return quote(reverse(name, args=["FIELD"])).replace("FIELD", f":{field}")
