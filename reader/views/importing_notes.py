"""Bringing in what one wrote elsewhere: look first what finds its place, then keep it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from reader.forms_notes import MOST_BYTES, TOO_LARGE, NotesFileForm
from reader.operations.bringing_back import bring_in, try_out
from reader.views.uploads import announces_more_than, sent


@csrf_exempt  # Django's check would read the whole upload before its size is looked at; `_take` checks
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_import(request: HttpRequest) -> HttpResponse:
    """A file of notes becomes one's own notes, moderated like any other. What finds no place is listed."""
    if announces_more_than(MOST_BYTES, request):
        return render(request, "reader/my_import.html", {"form": NotesFileForm(), "problem": TOO_LARGE}, status=413)
    return _take(request)


@csrf_protect
def _take(request: HttpRequest) -> HttpResponse:
    form = NotesFileForm(sent(request), request.FILES or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "reader/my_import.html", {"form": form}, status=status)
    keep = "keep" in request.POST
    act = bring_in if keep else try_out
    report = act(form.notes(), author=request.user, article=form.cleaned_data["article"])
    context = {"form": form, "report": report, "unreadable": form.read.unreadable, "kept": keep}
    return render(request, "reader/my_import_report.html", context)
