"""What crawlers are led to, and what they leave alone (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from reader.formats import addresses
from reader.formats.w3c import when
from reader.models import Article, Card

MOST = 10_000  # texts or cards in one file; the protocol allows 50,000 addresses
LEFT = ["/accounts/", "/admin/", "/me/", "/moderation/", "/articles/*/annotate/", "/notes/*/reply/", "/search/"]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Texts and cards, or where there are many the files that hold them; notes are reached from their texts."""
    counts = {kind: rows.count() for kind, rows in _sections().items()}
    if sum(counts.values()) <= MOST:
        return _xml("urlset", [_url("/"), *(line for kind in counts for line in _lines(kind, 1))])
    parts = [(kind, part) for kind, count in counts.items() for part in range(1, -(-count // MOST) + 1)]
    paths = [reverse("reader:sitemap_part", args=part) for part in parts]
    return _xml("sitemapindex", [f"<sitemap><loc>{addresses.site(path)}</loc></sitemap>\n" for path in paths])


@require_safe
def sitemap_part(request: HttpRequest, kind: str, part: str) -> HttpResponse:
    """One file of many."""
    lines = list(_lines(kind, int(part))) if int(part) else []
    if not lines:
        raise Http404
    return _xml("urlset", lines)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone: pages for writing and for one's own."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in LEFT), f"Sitemap: {addresses.site('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _sections() -> dict[str, QuerySet]:
    articles = Article.objects.published().select_related("current").defer("current__text", "current__source")
    return {"texts": articles.order_by("pk"), "cards": Card.objects.order_by("pk")}


def _lines(kind: str, part: int) -> Iterator[str]:
    for row in _sections()[kind][(part - 1) * MOST : part * MOST]:
        changed = when(row.current.created) if kind == "texts" else ""
        yield _url(row.get_absolute_url(), changed)
        if kind == "texts":
            yield _url(reverse("reader:article_timeline", args=[row.slug]))


def _url(path: str, changed: str = "") -> str:
    dated = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc>{escape(addresses.site(path))}</loc>{dated}</url>\n"


def _xml(root: str, lines: Iterable[str]) -> HttpResponse:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{"".join(lines)}</{root}>\n'
    return HttpResponse(xml, content_type="application/xml; charset=utf-8")
