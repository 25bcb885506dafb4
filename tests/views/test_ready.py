"""Pages made once for all: the same as made for each person, and nothing of one person in another's."""

import re

import pytest
from django.contrib import messages
from django.core.cache import cache
from django.test import RequestFactory

from reader.views import articles, ready
from tests.make import SLUG, make_note

PAGE = f"/articles/{SLUG}/"
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+')


def made_for_each(monkeypatch, client) -> str:
    """The page as the template engine makes it for this one request."""
    with monkeypatch.context() as patch:
        patch.setattr(ready, "page_for", lambda request, state: None)
        return TOKEN.sub(r"\1…", client.get(PAGE).content.decode())


@pytest.mark.parametrize("who", ["author", "trusted", "moderator", "editor"])
@pytest.mark.parametrize("is_waiting", [False, True])
def test_a_ready_page_is_the_page_made_for_the_person(monkeypatch, article, people, browser_of, who, is_waiting):
    if is_waiting:
        make_note(article, author=people.stranger, on="mere flamboyant actions")
    client = browser_of(who)
    ours = made_for_each(monkeypatch, client)
    for _cold_then_warm in range(2):
        assert TOKEN.sub(r"\1…", client.get(PAGE).content.decode()) == ours


def test_a_page_kept_by_one_person_shows_the_next_their_own_name(article, people, browser_of):
    people.author.display_name, people.stranger.display_name = "Ada & Co <b>", "Zoe"
    people.author.save()
    people.stranger.save()
    hers = browser_of("author").get(PAGE).content.decode()
    his = browser_of("stranger").get(PAGE).content.decode()
    assert "Ada &amp; Co &lt;b&gt;" in hers and "Zoe" not in hers
    assert "Zoe" in his and "Ada &amp; Co" not in his


def test_form_tokens_are_each_ones_own_and_work(article, people, browser_of):
    found = [TOKEN.search(browser_of(who).get(PAGE).content.decode()) for who in ("author", "stranger")]
    assert found[0] and found[1] and found[0][0] != found[1][0]


def test_no_hole_is_left_open(article, people, browser_of):
    page = browser_of("moderator").get(PAGE).content.decode()
    assert not [what for what in ("name", "token", "waiting") if ready._hole(what) in page]


def test_a_message_is_shown_once_and_to_nobody_else(article, people):
    request = RequestFactory().get(PAGE, headers={"cookie": "sessionid=x"})
    request.user, request.session = people.author, {}
    request._messages = messages.storage.default_storage(request)
    messages.success(request, "Only for the author")
    assert "Only for the author" in articles.article(request, SLUG).content.decode()
    assert not any("Only for the author" in str(kept) for kept in cache._cache.values())


@pytest.mark.parametrize("field, value", [("title", "Another title"), ("licence", "CC0"), ("authors", ["A. Nother"])])
def test_the_state_moves_with_what_the_article_says_of_itself(article, field, value):
    before = ready.state_of(SLUG)
    setattr(article, field, value)
    article.save()
    assert ready.state_of(SLUG) != before
