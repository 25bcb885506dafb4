"""A site of its own for a rush: a fresh database, two texts, 200 people with sessions and tokens, and a server."""

import random
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from civdip_site import preparing
from reader.models import Article, Member, Scope
from reader.operations import following, standing, tokens
from tests.make import make_article

MODERATORS, SUSPENDED, FOLLOWERS = 3, 2, 4
QUIET, REVISED = "quiet", "revised"  # a text that stays as it is, and one that an editor revises during the rush
SENTENCES = 24


@dataclass(frozen=True)
class Account:
    """Who somebody is to the server."""

    name: str
    session: str
    token: str
    is_trusted: bool = False
    is_suspended: bool = False


@dataclass(frozen=True)
class Cast:
    """Everybody who takes part."""

    writers: list[Account]
    moderators: list[Account]
    editor: Account
    stranger: Account


def make_site(people: int) -> Cast:
    """Tables, two texts, accounts; nobody types a password."""
    preparing.bring_tables_up_to_date(lambda _step: None)
    make_article(*_paragraphs(1), slug=QUIET, title="A quiet text")
    make_article(*_paragraphs(2), slug=REVISED, title="A text that is revised")
    moderators = [_account(f"moderator-{n}", is_moderator=True) for n in range(MODERATORS)]
    writers = [_writer(n, people) for n in range(people)]
    cast = Cast(writers, moderators, _account("editor", is_editor=True), _account("stranger"))
    _suspend([each.name for each in writers if each.is_suspended])
    for each in writers[:FOLLOWERS]:
        member = Member.objects.get(username=each.name)
        for slug in (QUIET, REVISED):
            following.follow(member, following.target_of("article", slug, person=member))
    connections.close_all()
    return cast


def sentence(text: int, number: int) -> str:
    """Words that stand nowhere else in any text."""
    chance = random.Random(1000 * text + number)
    words = ["".join(chance.choices("abdefghiklmnoprstuvw", k=chance.randint(4, 8))) for _ in range(7)]
    return f"{' '.join(words).capitalize()}."


def _paragraphs(text: int) -> list[str]:
    sentences = [sentence(text, number) for number in range(SENTENCES)]
    return [" ".join(sentences[at : at + 3]) for at in range(0, SENTENCES, 3)]


def _writer(number: int, people: int) -> Account:
    suspended = number >= people - SUSPENDED
    return _account(f"writer-{number:03}", is_trusted=number % 5 == 0 and not suspended, is_suspended=suspended)


def _account(name: str, *, is_suspended: bool = False, **roles) -> Account:
    member = Member.objects.create(username=name, password="!", **roles)
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = tokens.make_personal(member=member, name="rush", scope=Scope.WRITE)
    return Account(name, session, token, bool(roles.get("is_trusted")), is_suspended)


def _suspend(names: list[str]) -> None:
    moderator, until = Member.objects.get(username="moderator-0"), timezone.now() + timedelta(days=1)
    for member in Member.objects.filter(username__in=names):
        standing.sanction(member, kind="suspension", reason="Advertising.", by=moderator, until=until)


def text_of(slug: str) -> str:
    """The current text of an article."""
    current = Article.objects.select_related("current").get(slug=slug).current
    assert current is not None
    return current.text
