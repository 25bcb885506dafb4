"""Pages for what went wrong, in the site's own look; typed text is shown again where it can be."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# What a form of ours may hold that a person typed; shown again when a form could not be taken.
TYPED = ("body", "reason", "tags")


def bad_request(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither the database nor the session: they may be what failed."""
    return render(None, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that has grown old: offers to send it again with a fresh token."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken" and "password" not in name]
    typed = [value for name, value in kept if name in TYPED and value.strip()]
    context = {"kept": kept, "typed": typed, "path": request.get_full_path()}
    return render(request, "403_csrf.html", context, status=403)
