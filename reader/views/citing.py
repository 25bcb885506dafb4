"""Citing a text, a paragraph, a card or a note; and what programs read from pages: oEmbed, schema.org."""

import json
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from reader import access
from reader.formats import addresses, citing
from reader.formats.html_export import origin_html
from reader.formats.passage_html import body_html, clean
from reader.models import Annotation, Article, Card, Paragraph

FILES = {
    "bib": ("application/x-bibtex; charset=utf-8", citing.bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", citing.ris),
    "json": (
        "application/vnd.citationstyles.csl+json; charset=utf-8",
        lambda item: json.dumps([item], ensure_ascii=False, indent=1),
    ),
}


@require_safe
def cite_article(request: HttpRequest, slug: str, ending: str = "") -> HttpResponse:
    """A text, as it first appeared."""
    found = access.article_to_read(slug)
    context = {"article": found, "back": found.get_absolute_url(), "title": found.title}
    return _cited(request, citing.of_article(found), ending, context)


@require_safe
def cite_paragraph(request: HttpRequest, slug: str, number: int, ending: str = "") -> HttpResponse:
    """One paragraph, at its own address."""
    found = access.article_to_read(slug)
    row = get_object_or_404(found.current.paragraphs, number=number)
    back = reverse("reader:paragraph", args=[slug, number])
    context = {"article": found, "back": back, "title": f"{found.title}, ¶{number}"}
    return _cited(request, citing.of_paragraph(found, row), ending, context)


@require_safe
def cite_card(request: HttpRequest, slug: str, ending: str = "") -> HttpResponse:
    """A card of the editors."""
    card = get_object_or_404(Card, slug=slug)
    return _cited(
        request, citing.of_card(card), ending, {"back": card.get_absolute_url(), "title": card.name}
    )  # fmt: skip


@require_safe
def cite_note(request: HttpRequest, uid: str, ending: str = "") -> HttpResponse:
    """A note in the wording that everyone reads: what waits cannot be cited."""
    note = _public_note(uid)
    item = citing.of_note(note, note.published)
    context = {"article": note.article, "back": note.get_absolute_url(), "title": item["title"]}
    return _cited(request, item, ending, context)


def _public_note(uid: str) -> Annotation:
    return get_object_or_404(Annotation.objects.public().with_versions(), uid=uid)


def _cited(request: HttpRequest, item: citing.Item, ending: str, context: dict[str, Any]) -> HttpResponse:
    if ending:
        media_type, write = FILES[ending]
        response = HttpResponse(write(item), content_type=media_type)
        response["Content-Disposition"] = f'attachment; filename="{item["id"]}.{ending}"'
        response["Access-Control-Allow-Origin"] = "*"
        return response
    written = [(name, mark_safe(text)) for name, text in citing.written(item)]  # noqa: S308 (citeproc escapes the item)
    files = [(e, request.path.removesuffix("cite/") + f"cite.{e}") for e in FILES]
    return render(request, "reader/cite.html", context | {"written": written, "files": files, "address": item["URL"]})


@require_safe
def schema_org(request: HttpRequest, slug: str) -> HttpResponse:
    """The article as schema.org describes one, at an address of its own: pages hold no scripts."""
    made = json.dumps(citing.schema_org(access.article_to_read(slug)), ensure_ascii=False, indent=1)
    return HttpResponse(made, content_type="application/ld+json", headers={"Access-Control-Allow-Origin": "*"})


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """What another site shows of a text, a paragraph or a public note (https://oembed.com)."""
    named = addresses.named_by(request.GET.get("url", ""))
    if request.GET.get("format", "json") not in ("json", "xml"):
        return HttpResponse("This provider answers in json and xml.", status=501, content_type="text/plain")
    if named is None:
        return JsonResponse({"message": "This is not an address of a text or a note here."}, status=404)
    made = _embedded_note(named.uid) if named.uid else _embedded_text(named)
    made |= {
        "version": "1.0",
        "type": "rich",
        "provider_name": settings.SITE_NAME,
        "provider_url": f"{settings.SITE_URL}/",
    }
    made |= {"width": _at_most(request, "maxwidth", 600), "height": _at_most(request, "maxheight", 300)}
    if request.GET.get("format") == "xml":
        fields = "".join(f"<{name}>{clean(str(value))}</{name}>" for name, value in made.items())
        xml = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>\n'
        return HttpResponse(xml, content_type="text/xml; charset=utf-8")
    return JsonResponse(made, headers={"Access-Control-Allow-Origin": "*"})


def _at_most(request: HttpRequest, name: str, most: int) -> int:
    asked = request.GET.get(name, "")
    return min(most, int(asked)) if asked.isdecimal() and 0 < len(asked) < 6 and int(asked) else most


def _embedded_note(uid: str) -> dict[str, Any]:
    note = _public_note(uid)
    quote = f"<p><q>{escape(note.exact)}</q></p>" if note.exact else ""
    by = escape(note.author.name if note.author else "")
    link = f'<a href="{addresses.site(note.get_absolute_url())}">{escape(note.article.title)}</a>'
    html = f"<blockquote>{quote}{body_html(note.published.body)}<p>{by} · {link}</p></blockquote>"
    html += origin_html(note.article)
    made = {"title": citing.of_note(note, note.published)["title"], "html": html}
    return made | ({"author_name": note.author.name} if note.author else {})


def _embedded_text(named: addresses.Named) -> dict[str, Any]:
    article = access.article_to_read(named.slug)
    row = get_object_or_404(article.current.paragraphs, number=named.paragraph) if named.paragraph else None
    words = escape(row.text if row else article.summary or _opening(article))
    html = f"<blockquote><p>{words}</p></blockquote>{origin_html(article)}"
    return {"title": article.title, "author_name": article.byline, "html": html}


def _opening(article: Article) -> str:
    first = article.current.paragraphs.exclude(kind=Paragraph.Kind.HEADING).first()
    return " ".join(first.text.split()[:60]) + "…" if first else article.title
