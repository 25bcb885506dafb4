"""The wordings of one note, newest first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reader import access


@require_safe
def note_history(request: HttpRequest, uid: str) -> HttpResponse:
    """Authors and moderators see every wording and what was decided; others those that were approved."""
    note = access.annotation_to_read(request.user, uid)
    versions = access.versions_to_read(note, request.user).order_by("-number")
    return render(request, "reader/note_history.html", {"note": note, "versions": versions})
