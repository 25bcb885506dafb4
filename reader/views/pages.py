"""Pages that only say something."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to read, write and moderate here."""
    return render(request, "reader/help.html", {"needed": settings.TRUSTED_AFTER_APPROVALS})
