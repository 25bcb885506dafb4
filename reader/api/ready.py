"""Answers to nobody in particular, made once for each state of the texts that they are about.

An answer is kept under a name that holds that state, so it is never deleted from a cache to be correct. Whoever is
somebody is answered for themselves: nothing that one person may see is kept.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpResponse

from reader.access import Person
from reader.api import selecting
from reader.models import Article

SECONDS = 3600


def answered(
    person: Person, texts: QuerySet[Article] | None, question: str, make: Callable[[], bytes]
) -> HttpResponse:  # fmt: skip
    """What `make` gives for `question`, which may depend on nothing but `person` and what is public on `texts`."""
    name = "" if person.is_authenticated or texts is None else _name(texts, question)
    body = cache.get(name) if name else None
    if body is None:
        body = make()
        if name:
            cache.set(name, body, SECONDS)
    return HttpResponse(body, content_type="application/json")


def _name(texts: QuerySet[Article], question: str) -> str:
    """Names the question and the state of the texts; empty without texts. Each public change moves `notes_version`."""
    state = list(texts.order_by("pk").values_list("pk", "slug", "title", "current", "notes_version"))
    asked = repr([settings.SITE_URL, question, selecting.shown_before(), state])
    return f"api:{hashlib.sha256(asked.encode()).hexdigest()}" if state else ""
