"""Names that cross this edge: addresses of articles, `acct:` names of people."""

import re
from functools import reduce
from operator import or_
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.http.request import validate_host

from reader.models import Article, Member

ARTICLE_PATH = re.compile(r"/articles/(?P<slug>[-\w]+)(/|$)")
GONE = "(gone)"  # no user name can hold brackets


def authority() -> str:
    """The domain that user names belong to."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def userid(member: Member | None) -> str:
    """`acct:name@authority`; of a closed account no name is left."""
    return f"acct:{member.username if member else GONE}@{authority()}"


def username(asked: str) -> str:
    """The user name in `acct:name@authority` or `name`; empty when it belongs to another authority."""
    if not asked.startswith("acct:"):
        return asked
    name, _at, domain = asked.removeprefix("acct:").rpartition("@")
    return name if domain == authority() else ""


def article_address(article: Article) -> str:
    """The canonical address of an article: the `uri` of every note on it."""
    return settings.SITE_URL + article.get_absolute_url()


def articles_at(uris: list[str]) -> Q:
    """Articles meant by any of these addresses: ours, in any spelling, or where the text first appeared."""
    return reduce(or_, (_meant_by(uri) for uri in uris), Q(pk__in=[]))


def article_at(uri: str) -> Article | None:
    """The article an address means, if it has a text to read."""
    return Article.objects.published().filter(articles_at([uri])).select_related("current").first()


def articles_like(patterns: list[str]) -> Q:
    """Articles whose address fits a pattern: `*` is any signs, `_` and `?` are one. None in scheme and host."""
    fits = [_pattern(pattern) for pattern in patterns if _has_plain_host(pattern)]
    return Q(pk__in=[pk for pk, *uris in _all_addresses() if any(p.fullmatch(u) for p in fits for u in uris)])


def articles_with_parts(parts: list[str]) -> Q:
    """Articles whose address holds all of these words."""
    wanted = {word for part in parts for word in _words(part)}
    return Q(pk__in=[pk for pk, *uris in _all_addresses() if any(wanted <= set(_words(uri)) for uri in uris)])


def _meant_by(uri: str) -> Q:
    try:
        parts = urlsplit(uri.strip())
        host = parts.hostname or ""
    except ValueError:  # brackets that do not close
        return Q(pk__in=[])
    if parts.scheme not in {"http", "https"}:
        return Q(pk__in=[])
    here = host == authority() or validate_host(host, settings.ALLOWED_HOSTS)
    found = ARTICLE_PATH.match(unquote(parts.path)) if here else None
    if found:
        return Q(slug=found["slug"])
    bare = f"{parts.netloc}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")
    return Q(source_url__in=[f"{scheme}://{bare}{end}" for scheme in ("http", "https") for end in ("", "/")])


def _all_addresses():
    for article in Article.objects.published().only("pk", "slug", "source_url"):
        yield article.pk, article_address(article), article.source_url


def _has_plain_host(pattern: str) -> bool:
    return re.match(r"https?://[^*?_/]+/", pattern) is not None


def _pattern(pattern: str) -> re.Pattern:
    signs = {"*": ".*", "_": ".", "?": "."}
    return re.compile("".join(signs.get(sign) or re.escape(sign) for sign in pattern), re.IGNORECASE | re.DOTALL)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
