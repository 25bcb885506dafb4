"""Names that cross this edge: addresses of articles, `acct:` names of people."""

import re
from functools import lru_cache, reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from reader.formats.addresses import path_here
from reader.models import Article

ARTICLE_PATH = re.compile(r"/articles/(?P<slug>[-\w]+)(/|$)")
GONE = "(gone)"  # no user name can hold brackets


def authority() -> str:
    """The domain that user names belong to."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def userid(name: str | None) -> str:
    """`acct:name@authority`; of a closed account no name is left."""
    return f"acct:{name or GONE}@{authority()}"


def username(asked: str) -> str:
    """The user name in `acct:name@authority` or `name`; empty when it belongs to another authority."""
    if not asked.startswith("acct:"):
        return asked
    name, _at, domain = asked.removeprefix("acct:").rpartition("@")
    return name if domain.lower() == authority() else ""


def article_address(slug: str) -> str:
    """The canonical address of an article: the `uri` of every note on it."""
    return settings.SITE_URL + _path("reader:article", slug)


def note_address(uid: str) -> str:
    """Where a note is read in our pages."""
    return settings.SITE_URL + _path("reader:note", "UID").replace("UID", uid)


@lru_cache(maxsize=256)
def _path(name: str, field: str) -> str:
    """Looked up once: a list asks for it in every line."""
    return reverse(name, args=[field])


def articles_at(uris: list[str]) -> Q:
    """Articles meant by any of these addresses: ours, in any spelling, or where the text first appeared."""
    return reduce(or_, (_meant_by(uri) for uri in uris), Q(pk__in=[]))


def article_at(uri: str) -> Article | None:
    """The article an address means, if it has a text to read."""
    found = Article.objects.published().filter(articles_at([uri])).select_related("current").first()
    if found:
        found.current.article = found  # known already: it need not be read again
    return found


def articles_like(patterns: list[str]) -> Q:
    """Articles whose address fits a pattern: `*` is any signs, `_` and `?` are one."""
    fits = [_pattern(pattern) for pattern in patterns]
    return Q(pk__in=[pk for pk, *uris in _all_addresses() if any(p.fullmatch(u) for p in fits for u in uris)])


def has_plain_start(pattern: str) -> bool:
    """True when scheme and host of an address, or the scheme of another name («urn:»), hold no `*`, `_` or `?`."""
    return re.match(r"[a-z][a-z0-9+.-]*:(//[^*?_/]+(/|$)|(?!//))", pattern, re.IGNORECASE) is not None


def articles_with_parts(parts: list[str]) -> Q:
    """Articles whose address holds all of these words."""
    wanted = {word for part in parts for word in _words(part)}
    return Q(pk__in=[pk for pk, *uris in _all_addresses() if any(wanted <= set(_words(uri)) for uri in uris)])


def _meant_by(uri: str) -> Q:
    if (here := path_here(uri.strip())) and (found := ARTICLE_PATH.match(here)):
        return Q(slug=found["slug"])
    try:
        parts = urlsplit(uri.strip())
    except ValueError:  # brackets that do not close
        return Q(pk__in=[])
    if parts.scheme not in {"http", "https"}:
        return Q(pk__in=[])
    bare = f"{parts.netloc}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    return Q(source_url__in=[f"{scheme}://{bare}{end}" for scheme in ("http", "https") for end in ("", "/")])


def _all_addresses():
    for article in Article.objects.published().only("pk", "slug", "source_url"):
        yield article.pk, article_address(article.slug), article.source_url


def _pattern(pattern: str) -> re.Pattern:
    signs = {"*": ".*", "_": ".", "?": "."}
    return re.compile("".join(signs.get(sign) or re.escape(sign) for sign in pattern), re.IGNORECASE | re.DOTALL)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
