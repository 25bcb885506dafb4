"""What every test may ask for. Browser tests add their own to this in tests/browser/conftest.py."""

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis_settings

from reader.models import Article, guarding
from tests.make import SLUG, load_real_article, make_article
from tests.people import People

# Tests empty the tables, which nobody else may: see tests/models/test_guarding.py for the guard that they leave out.
guarding.GUARDED.remove("DELETE")

# The same examples on every run: a failure is found by whoever caused it, not by chance a week later.
hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis_settings.load_profile("steady")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The real article is loaded once for all tests that roll back; see `article` for those that cannot."""
    with django_db_blocker.unblock():
        load_real_article()


@pytest.fixture(autouse=True)
def empty_cache():
    """Rows of a rolled back test come back under the same ids: nothing rendered may outlive its test."""
    cache.clear()


@pytest.fixture
def article(db) -> Article:
    """The annotated article. A test with its own transactions empties the tables, so it may need loading again."""
    return Article.objects.filter(slug=SLUG).first() or load_real_article()


@pytest.fixture
def letters(db) -> Article:
    """A small article of three paragraphs with nothing on it."""
    return make_article()


@pytest.fixture
def people(db) -> People:
    return People()


@pytest.fixture
def browser_of(people):
    """`browser_of("author")` is a client that is logged in as that person; "anonymous" is not logged in."""

    def open_for(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_for
