"""Ending one session of one's own; the list, and ending all others, is allauth's."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever goes on there is asked to log in."""
    get_object_or_404(UserSession, user=request.user, pk=pk).end()
    messages.success(request, _("That session is ended."))
    return redirect("usersessions_list")
