"""Pages for what went wrong, in the site's own look; typed text is shown again where it can be."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from reader.api.door import is_api
from reader.api.errors import failure

# What a form of ours may hold that a person typed; shown again when a form could not be taken.
TYPED = ("body", "reason", "tags")


def bad_request(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = render(request, "405.html", status=405)
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither the database nor the session: they may be what failed."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that has grown old: offers to send it again with a fresh token."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken" and "password" not in name]
    context = {"kept": kept, "typed": _typed(request), "path": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)


def account_closed(request: HttpRequest) -> HttpResponse:
    """For who sent something at the moment their account was closed."""
    if is_api(request.path_info):
        said = _("Your account was closed while you sent this. Nothing of it was kept.")
        return JsonResponse(failure(said), status=403)
    request.user = AnonymousUser()
    return render(request, "403_closed.html", {"typed": _typed(request)}, status=403)


def _typed(request: HttpRequest) -> list[str]:
    return [value for name in TYPED for value in request.POST.getlist(name) if value.strip()]
