"""The lasting addresses (IRIs) of what the site keeps, and what an address of the site names."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import reverse

_ARTICLE = re.compile(
    r"/articles/(?P<slug>[-\w]+)(?:/(?:text|p(?P<number>[1-9]\d{0,5})/?|revisions/(?P<revision>\d{1,6})/?)?)?"
)
_ANNOTATION = re.compile(r"/annotations/(?P<uid>[-\w]{1,22})")
_NOTE = re.compile(r"/notes/(?P<uid>[-\w]{1,22})/")
_GROUP = re.compile(r"/groups/(?P<uid>[-\w]{1,22})/")
PARAGRAPH = re.compile(r"p([1-9]\d{0,5})")


@dataclass(frozen=True, slots=True)
class Named:
    """What an address names: a note, a group, or an article with perhaps a paragraph and a revision (from 1)."""

    uid: str = ""
    slug: str = ""
    paragraph: int | None = None
    revision: int | None = None
    group: str = ""


def site(path: str) -> str:
    """The whole address of `path`, which begins with a slash."""
    return f"{settings.SITE_URL}{path}"


def of_annotation(uid: str) -> str:
    """The IRI of a note, for machines."""
    return site(f"/annotations/{uid}")


def of_article(slug: str) -> str:
    """The canonical address of an article: the source of every target on it."""
    return site(reverse("reader:article", args=[slug]))


def of_container(slug: str) -> str:
    """Where the annotations of an article are kept."""
    return site(reverse("reader:w3c_article_container", args=[slug]))


def of_revision(slug: str, number: int) -> str:
    """The address of one wording of an article."""
    return f"{of_article(slug)}revisions/{number}/"


def named_by(iri: str) -> Named | None:
    """What of this site `iri` names, or None. Fragments name paragraphs (`#p3`)."""
    parts = _parts_here(iri)
    if parts is None:
        return None
    path = _below_site(parts)
    note = _ANNOTATION.fullmatch(path) or _NOTE.fullmatch(path)
    if note:
        return Named(uid=note["uid"])
    if group := _GROUP.fullmatch(path):
        return Named(group=group["uid"])
    article = _ARTICLE.fullmatch(path)
    if not article:
        return None
    fragment = PARAGRAPH.fullmatch(parts.fragment.split(":~:")[0])
    number = fragment[1] if fragment else article["number"]
    return Named(
        slug=article["slug"],
        paragraph=int(number) if number else None,
        revision=int(article["revision"]) if article["revision"] else None,
    )


def path_here(iri: str) -> str:
    """The path of an address that leads to this site, below the site's own; empty for any other address.

    Whatever its port: pages are also read behind others.
    """
    parts = _parts_here(iri, any_port=True)
    return _below_site(parts) if parts else ""


def _below_site(parts: SplitResult) -> str:
    return unquote(parts.path)[len(urlsplit(settings.SITE_URL).path) :]


def _parts_here(iri: str, *, any_port: bool = False) -> SplitResult | None:
    """The parts of an address that leads to this site, by its own name or another one of ALLOWED_HOSTS."""
    site = urlsplit(settings.SITE_URL)
    try:
        parts = urlsplit(iri)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets that do not close, a port that is no number
        return None
    names = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    known = host == site.hostname or validate_host(host, names)
    here = known and parts.scheme in {"http", "https"} and (any_port or port in {None, site.port})
    return parts if here and parts.path.startswith(f"{site.path}/") else None
