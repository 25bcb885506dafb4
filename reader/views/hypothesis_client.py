"""The Hypothesis client served with our pages: a reading page with its sidebar, the sidebar itself, its files.

The client is a choice beside the reading page, at an address of its own: two sets of highlights and two toolbars on
the same words would be one too many, and the stricter content security policy of all other pages stays as it is.
"""

import json
import re
from http import HTTPStatus
from urllib.parse import quote, urlencode

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from taggit.models import Tag

from reader import access
from reader.api.addresses import authority, username
from reader.formats import hypothesis_build
from reader.models import Article
from reader.operations import tokens
from reader.operations.tokens import CLIENT_ID
from reader.text.segments import runs
from reader.views.rendering import paragraph_html

OPENER_POLICY, LOG_IN_WINDOW = "Cross-Origin-Opener-Policy", "log-in-window"
APPS = {"sidebar", "notebook", "user-profile"}
# Frames: the sidebar. Pictures: the client draws its icons as data addresses. Scripts and styles: its files are ours.
WITH_SIDEBAR = {"frame-src": [SELF], "img-src": ["data:"]}
# In the sidebar formulas of notes set their own styles, and Markdown may hold pictures from elsewhere.
IN_SIDEBAR = {
    "frame-ancestors": [SELF, *settings.HYPOTHESIS_ORIGINS],
    "img-src": [SELF, "data:", "https:"],
    "style-src": [SELF, "'unsafe-inline'"],
    "base-uri": [NONE],
}


@require_safe
@csp_update(WITH_SIDEBAR)
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """The text with the client's sidebar, for articles that an editor has opened to it."""
    found = access.article_to_read(slug)
    if not found.hypothesis_sidebar:
        raise Http404
    context = {
        "article": found,
        "is_installed": hypothesis_build.is_installed(),
        "boot": _absolute(request, "/client/build/boot.js"),
        "paragraphs": _paragraphs(found),
        "config": _json(_config(request)),
        "next": urlencode({"next": request.path}),
    }
    response = render(request, "reader/hypothesis_article.html", context)
    response["Cache-Control"] = "private, no-store"  # it holds a log-in that is good for ten minutes
    return response


@require_safe
@csp_replace(IN_SIDEBAR)
@xframe_options_exempt
def app(request: HttpRequest, app: str) -> HttpResponse:
    """The page inside the client's frame. The same for everyone; the client tells its apps apart by the address."""
    if app not in APPS or not hypothesis_build.is_installed():
        raise Http404
    here, behind = _absolute(request, "/"), request.GET.get("behind", "")
    config = {
        "assetRoot": f"{here}client/",
        "apiUrl": f"{here}api/behind/{behind}/" if re.fullmatch("[0-9]{1,7}", behind) else f"{here}api/",
        "authDomain": authority(),
        "oauthClientId": CLIENT_ID,
        "rpcAllowedOrigins": settings.HYPOTHESIS_ORIGINS,
    }
    return render(
        request, "reader/hypothesis_app.html", {"config": _json(config), "boot": f"{here}client/build/boot.js"}
    )


@require_safe
def build_file(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the client as it was installed. Its addresses carry a digest, except that of the first script."""
    wants_brotli = "br" in request.headers.get("Accept-Encoding", "")
    found = hypothesis_build.find(name, compressed=wants_brotli)
    if found is None:
        raise Http404
    response = FileResponse(found.path.open("rb"), content_type=found.media_type)
    if found.encoding:
        response["Content-Encoding"] = found.encoding
    response["Cache-Control"] = "public, max-age=300" if name == "boot.js" else "public, max-age=31536000, immutable"
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def tag_by_name(request: HttpRequest, name: str) -> HttpResponse:
    """The page of a tag, from the name that the client knows it by."""
    return redirect("reader:tag", get_object_or_404(Tag, name__iexact=name).slug)


@require_safe
def person_by_userid(request: HttpRequest, userid: str) -> HttpResponse:
    """The page of a person, from the `acct:` name that the client knows them by."""
    return redirect(f"/people/{quote(username(userid))}/")


def authorize(request: HttpRequest) -> HttpResponse:
    """The log-in window of a client that is not in our pages (an extension): asks, then hands over a code."""
    asked = {name: request.GET.get(name, "") for name in ("client_id", "origin", "state", "action")}
    if not _is_known(request, asked):
        context = {"problem": True}
        return _opened(render(request, "reader/hypothesis_authorize.html", context, status=HTTPStatus.BAD_REQUEST))
    if not request.user.is_authenticated:
        return _opened(_log_in_first(request, asked["action"]))
    request.session.pop(LOG_IN_WINDOW, None)
    context = {"asked": asked, "message": _decided(request) if request.method == "POST" else None}
    return _opened(render(request, "reader/hypothesis_authorize.html", context))


def _log_in_first(request: HttpRequest, action: str) -> HttpResponse:
    """To our log-in or sign-up in the same window, and back here afterwards."""
    request.session[LOG_IN_WINDOW] = True
    way = reverse("account_signup" if action == "signup" else "account_login")
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")


def _decided(request: HttpRequest) -> dict:
    """What the client's window is told."""
    if "allow" not in request.POST:
        return {"type": "authorization_canceled"}
    return {"type": "authorization_response", "code": tokens.code_for(request.user, CLIENT_ID)}


def _is_known(request: HttpRequest, asked: dict) -> bool:
    origins = {_absolute(request, "/").rstrip("/"), settings.SITE_URL, *settings.HYPOTHESIS_ORIGINS}
    return asked["client_id"] == CLIENT_ID and asked["origin"] in origins and len(asked["state"]) <= 200


def _opened(response: HttpResponse) -> HttpResponse:
    """The window must still know who opened it; Django's default would cut the two apart."""
    response[OPENER_POLICY] = "unsafe-none"
    response["Cache-Control"] = "private, no-store"
    return response


def _config(request: HttpRequest) -> dict:
    here = _absolute(request, "/")
    grant = ""
    if request.user.is_authenticated:
        grant = tokens.grant_for(request.user, request.session.session_key or "")
    service = {
        "apiUrl": f"{here}api/",
        "authority": authority(),
        "grantToken": grant,
        "allowFlagging": True,
        "allowLeavingGroups": True,
        "enableShareImportExportPanel": False,  # its links lead to hyp.is, which knows nothing of this site
    }
    return {
        "assetRoot": f"{here}client/",
        "sidebarAppUrl": f"{here}client/sidebar",
        "notebookAppUrl": f"{here}client/notebook",
        "profileAppUrl": f"{here}client/user-profile",
        "openSidebar": False,
        "showHighlights": "always",
        "services": [service],
    }


def _paragraphs(found: Article) -> list[dict]:
    """The paragraphs with links to cards and no marks: the marks are the client's here."""
    mentions = list(found.current.mentions.select_related("card"))
    rows = found.current.paragraphs.all()
    return [{"row": row, "html": _html(row, mentions)} for row in rows]


def _html(row, mentions) -> str:
    here = [mention for mention in mentions if row.start <= mention.start < row.end]
    return paragraph_html(row, runs(len(row.text), []), here, [])


def _absolute(request: HttpRequest, path: str) -> str:
    return request.build_absolute_uri(path)


def _json(config: dict) -> SafeString:
    """For a script element that is not run: nothing in it can close the element."""
    escapes = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
    return mark_safe(json.dumps(config).translate(escapes))  # noqa: S308 (nothing that HTML reads is left)
