"""Files to take away: everything on one text, everything that is mine. Written out as it is read."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reader import access
from reader.formats import archive, csv_table, epub_export, html_export, jsonl, markdown_export, mine, tei, w3c
from reader.formats.annotated import Annotated
from reader.models import Annotation

Writer = Callable[[Annotated], Iterable[str]]
# Ending: what it is for people, its media type, and how it is written.
OF_ARTICLE: dict[str, tuple[Any, str, Writer]] = {
    "md": (_("Markdown, for reading and for Obsidian"), "text/markdown; charset=utf-8", markdown_export.export),
    "html": (_("a page that stands alone"), "text/html; charset=utf-8", html_export.export),
    "epub": (_("EPUB, notes as footnotes"), epub_export.MEDIA_TYPE, lambda _annotated: ()),
    "tei": (_("TEI, for editions"), tei.MEDIA_TYPE, tei.export),
    "jsonld": (_("W3C Web Annotations in JSON-LD"), w3c.MEDIA_TYPE, lambda a: jsonl.of_article(a, a.readable())),
    "jsonl": (_("W3C Web Annotations, one a line"), jsonl.MEDIA_TYPE, lambda a: jsonl.lines(a.readable(), a.person)),
    "csv": (_("a table"), "text/csv; charset=utf-8", lambda a: csv_table.rows(a.readable(), a.person)),
}  # fmt: skip
MINE = ("jsonld", "jsonl", "csv", "md", "html", "epub", "tei")
ARCHIVED = ("html", "epub", "tei")  # a file for each text, in one archive


@require_safe
def article_exports(request: HttpRequest, slug: str) -> HttpResponse:
    """The forms in which a text and its notes can be taken away."""
    found = access.article_to_read(slug)
    forms = [(ending, label) for ending, (label, _type, _writer) in OF_ARTICLE.items()]
    return render(request, "reader/exports.html", {"article": found, "forms": forms})


@require_safe
def article_export(request: HttpRequest, slug: str, ending: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """A text with the notes that this person may read."""
    annotated = Annotated(access.article_to_read(slug), access.person_of(request))
    _label, media_type, write = OF_ARTICLE[ending]
    if ending == "epub":
        response: Any = FileResponse(epub_export.export(annotated), content_type=media_type)
    else:
        response = StreamingHttpResponse(write(annotated), content_type=media_type)
    return _as_file(response, f"{slug}.{ending}")


@login_required
@require_safe
def my_export(request: HttpRequest) -> HttpResponse:
    """What can be taken away of one's own."""
    notes = Annotation.objects.filter(author=request.user)
    forms = [(ending, OF_ARTICLE[ending][0], ending in ARCHIVED) for ending in MINE]
    return render(request, "reader/my_export.html", {"count": notes.count(), "forms": forms})


@login_required
@require_safe
def my_export_file(request: HttpRequest, ending: str) -> HttpResponse | StreamingHttpResponse:
    """Everything of mine as one file; or my notes alone, public, waiting, private, declined and withdrawn alike."""
    if ending == "json":
        whole = StreamingHttpResponse(mine.export(request.user), content_type="application/json")
        return _as_file(whole, f"{request.user.username}.json")
    if ending not in MINE:
        raise Http404
    member, archived = request.user, ending in ARCHIVED
    media_type = "application/zip" if archived else OF_ARTICLE[ending][1]
    response = StreamingHttpResponse(archive.of_person(ending, member), content_type=media_type)
    return _as_file(response, f"{member.username}-{ending}.zip" if archived else f"{member.username}.{ending}")


def _as_file(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Authorization"])
    return response
