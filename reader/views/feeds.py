"""Atom feeds (RFC 4287) of approved public notes: of the site, a text, a tag, a person, a thread."""

from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from reader import access
from reader.api.negotiating import etag, unchanged
from reader.formats import addresses
from reader.formats.html_export import origin_html
from reader.formats.passage_html import body_html, clean, for_xml
from reader.models import Annotation, Member
from reader.models.annotations import AnnotationQuerySet
from reader.text.markdown import to_plain

ENTRIES = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    """Atom with whole notes as content, and a hub for subscribers where the operator names one (WebSub)."""

    def latest_post_date(self):
        """Of an empty feed too a date that stands still: by the clock no answer would equal the one before."""
        return super().latest_post_date() if self.items else LONG_AGO

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement("link", "", {"rel": "hub", "href": settings.WEBSUB_HUB})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


@require_safe
def site_feed(request: HttpRequest) -> HttpResponse:
    """The newest notes on any text."""
    return _feed(request, settings.SITE_NAME, "/", Annotation.objects.public())


@require_safe
def article_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest notes on one text."""
    article = access.article_to_read(slug)
    notes = Annotation.objects.public().filter(article=article)
    return _feed(request, article.title, article.get_absolute_url(), notes)


@require_safe
def tag_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest notes with a tag; a tag without a public note has no feed."""
    tag = get_object_or_404(Tag.objects.filter(Q(slug=slug) | Q(name__iexact=slug)).order_by("pk")[:1])
    notes = Annotation.objects.public().filter(tags=tag)
    if not notes.exists():
        raise Http404
    return _feed(request, f"#{tag.name}", reverse("reader:tag", args=[tag.slug]), notes)


@require_safe
def person_feed(request: HttpRequest, username: str) -> HttpResponse:
    """The newest public notes of one member; who has none has no feed, as no page."""
    member = get_object_or_404(Member, username=username)
    notes = Annotation.objects.public().filter(author=member)
    if not notes.exists():
        raise Http404
    return _feed(request, member.name, reverse("reader:person", args=[username]), notes)


@require_safe
def thread_feed(request: HttpRequest, uid: str) -> HttpResponse:
    """A public note and the answers to it."""
    top = get_object_or_404(Annotation.objects.public().with_versions(), uid=uid)
    notes = Annotation.objects.public().filter(Q(pk=top.pk) | Q(thread=top))
    return _feed(request, _("Note on «%s»") % top.article.title, top.get_absolute_url(), notes)


def _feed(request: HttpRequest, title: str, path: str, notes: AnnotationQuerySet) -> HttpResponse:
    """The feed as bytes that change only when it does; 304 for who has it."""
    feed = Feed(
        title=for_xml(_("Notes: %s") % title), link=addresses.site(path), description="",
        language=settings.LANGUAGE_CODE,
        feed_url=addresses.site(request.path), feed_guid=addresses.site(request.path),
    )  # fmt: skip
    newest = notes.with_versions().order_by("-published__created", "-pk")[:ENTRIES]
    for note in newest:
        feed.add_item(**_entry(note))
    body = feed.writeString("utf-8").encode()
    tag = etag(body)
    known = unchanged(request.headers.get("If-None-Match", ""), tag)
    response = (
        HttpResponseNotModified() if known else HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    )
    response["ETag"], response["Access-Control-Allow-Origin"] = tag, "*"
    response["Cache-Control"] = "public, max-age=60"
    response["Link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in _links(request))
    return response


def _links(request: HttpRequest) -> list[tuple[str, str]]:
    """Where a subscriber finds the feed again, and the hub that tells of news (https://www.w3.org/TR/websub/)."""
    hub = [("hub", settings.WEBSUB_HUB)] if settings.WEBSUB_HUB else []
    return [*hub, ("self", addresses.site(request.path))]


def _entry(note: Annotation) -> dict:
    version = note.published
    quote = f"<blockquote><p>{clean(note.exact)}</p></blockquote>" if note.exact else ""
    return {
        "title": to_plain(for_xml(version.body), 90) or note.get_motivation_display(),
        "link": addresses.site(note.get_absolute_url()),
        "description": None,
        "content": f"{quote}{body_html(version.body)}<hr/>{origin_html(note.article)}",
        "unique_id": addresses.of_annotation(note.uid),
        "pubdate": note.created,
        "updateddate": max(version.created, version.decided or version.created),
        "author_name": for_xml(note.author.name) if note.author else _("A former member"),
        "categories": [for_xml(name) for name in version.tag_names],
    }
