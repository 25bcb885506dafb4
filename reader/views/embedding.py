"""The script that shows an article's public notes on another site, at an address that stays."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

SCRIPT = "js/embed.js"
AN_HOUR = 60 * 60


@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """The custom element `<civdip-notes>`; the same for everyone, and for every site that may ask."""
    return HttpResponse(
        _source(),
        content_type="text/javascript; charset=utf-8",
        headers={
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": f"public, max-age={AN_HOUR}",
        },
    )


def _source() -> bytes:
    """As it was collected; as it stands in the sources where nothing was."""
    if staticfiles_storage.exists(SCRIPT):
        with staticfiles_storage.open(SCRIPT) as file:
            return file.read()
    found = finders.find(SCRIPT)
    if not found:
        raise Http404
    return Path(found).read_bytes()
