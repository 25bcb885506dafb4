"""The one-time link that `make run` prints."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from reader.operations import welcoming


def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Sign up or log in first; then a click makes that account editor and moderator, once."""
    if not welcoming.is_genuine(token):
        raise Http404
    if not welcoming.is_open():
        return render(request, "reader/welcome_used.html", status=410)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path, login_url=reverse("account_signup"))
    if request.method != "POST":
        return render(request, "reader/welcome.html")
    welcoming.make_first_editor(request.user)
    messages.success(request, _("You are editor and moderator now. The link has done its work and is closed."))
    return redirect("reader:library")
