"""Pages made once for each state of an article, and the query that tells which state that is.

A page is kept under a name that holds the state it shows, so it is never deleted from a cache to be correct. What is
kept is made for nobody: for a reader who is not logged in, or for a stand-in whose name, form token and numbers in
the menu are holes, filled in for each request. It is rendered without the request, so that nothing of one person
can be in it.
"""

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reader import access
from reader.context import site
from reader.models import Article, Follow, Member
from reader.views.rendering import public_part

ROLES = ("is_editor", "is_moderator", "is_staff", "is_superuser", "is_trusted", "is_active")
NOBODY, NOWHERE = -1, "\u241f"  # stand in a statement for a person and a text until they are known
COUNTS = ("waiting", "unread")  # in the menu, where there are any
HOLES = ("name", "token", "waiting", "unread")
# Of brotli: the first reader after a change waits for it. 9 takes ten times as long and saves two bytes in a hundred.
QUALITY = 5


@dataclass(frozen=True)
class State:
    """What a page about an article depends on, as a name; the same for everyone."""

    slug: str
    name: str


def state_of(slug: str) -> State:
    """The state of an article now: the one statement that a warm page costs. Raises Http404 without a text to read."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [slug])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    pk, number, notes_version, *face = row
    return State(slug, f"{pk}-{number}-{notes_version}-{zlib.crc32(repr(face).encode()):08x}-{_build()}")


@once
def _statement() -> str:
    """Compiled once: that takes many times as long as asking. The face is every field of the article's own."""
    face = [field.attname for field in Article._meta.concrete_fields if field.name not in {"id", "notes_version"}]
    rows = Article.objects.published().filter(slug="").order_by()
    sql, parameters = rows.values_list("pk", "current__number", "notes_version", *face).query.sql_with_params()
    assert parameters == ("",)  # noqa: S101 (the slug alone is filled in)
    return sql


def page(request: HttpRequest, state: State, *, encoding: str) -> bytes:
    """The page of a reader who is not logged in, in the encoding asked for."""
    name = f"page:{state.name}:{encoding}"
    body = cache.get(name)
    if body is None:
        found = access.article_to_read(state.slug)
        html = render_to_string("reader/article.html", {"article": found, "public": public_html(found, state)}, request)
        body = brotli.compress(html.encode(), quality=QUALITY) if encoding else html.encode()
        cache.set(name, body, timeout=None)
    return body


def page_for(request: HttpRequest, state: State) -> bytes | None:
    """The page of somebody with a session; None when it has something to say that must be rendered for them alone."""
    if len(get_messages(request)):
        return None
    person, counts = request.user, {what: site(request)[f"{what}_count"]() for what in COUNTS}
    follows = follows_article(person, state.slug)
    roles = [getattr(person, role, False) for role in ROLES]
    shape = "".join(str(int(bool(so))) for so in (person.is_authenticated, *roles, *counts.values(), follows))
    name = f"frame:{state.name}:{shape}"
    pieces = cache.get(name)
    if pieces is None:
        holes = "|".join(_hole(what) for what in HOLES)
        pieces = [piece.encode() for piece in re.split(f"({holes})", _frame(state, person, counts, follows))]
        cache.set(name, pieces, timeout=None)
    own = {"name": escape(getattr(person, "name", "")), "token": get_token(request)}
    own |= {what: str(n) for what, n in counts.items()}
    filled = {_hole(what).encode(): own[what].encode() for what in HOLES}
    return b"".join(filled.get(piece, piece) for piece in pieces)


def _frame(state: State, person: access.Person, counts: dict[str, int], follows: bool) -> str:
    found = access.article_to_read(state.slug)
    stand_in: access.Person = AnonymousUser()
    if person.is_authenticated:
        stand_in = Member(username=_hole("name"), **{role: getattr(person, role) for role in ROLES})
    context = site(None) | {
        "article": found, "public": public_html(found, state), "user": stand_in, "csrf_token": _hole("token"),
        "follows": follows,
    } | {f"{what}_count": _hole(what) if n else 0 for what, n in counts.items()}  # fmt: skip
    return render_to_string("reader/article.html", context)


def follows_article(person: access.Person, slug: str) -> bool:
    """True for who follows the whole article."""
    if not person.is_authenticated:
        return False
    sql, parameters = _follows_statement()
    asked = {NOBODY: person.pk, NOWHERE: slug}
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked.get(value, value) for value in parameters])
        return cursor.fetchone() is not None


@once
def _follows_statement() -> tuple[str, tuple]:
    rows = Follow.objects.filter(member=NOBODY, article__slug=NOWHERE, paragraph="").order_by().values_list("pk")
    return rows.query.sql_with_params()


@once
def _hole(what: str) -> str:
    """Letters that nobody can guess, so that no note can hold them; the same in every process."""
    return salted_hmac("reader.views.ready", what).hexdigest()


def public_html(found: Article, state: State) -> SafeString:
    """What a page shows to everyone."""
    name = f"public:{state.name}"
    html = cache.get(name)
    if html is None:
        context = {"article": found, "part": public_part(found), "version": state.name}
        html = render_to_string("reader/_article_public.html", context)
        cache.set(name, html, timeout=None)
    return mark_safe(html)  # noqa: S308 (rendered from our own template)


@once
def _build() -> str:
    """Changes with each release and setting: a page kept from before names static files and a site that are gone."""
    made = hashlib.sha256(repr([settings.SITE_NAME, settings.SITE_URL, settings.LANGUAGE_CODE]).encode())
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        made.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    made.update(manifest.read_bytes() if manifest.exists() else b"")
    return made.hexdigest()[:12]
