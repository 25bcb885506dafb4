"""Notes on other sites: the script at an address that stays, and which sites may read."""

import pytest
from django.test import Client, RequestFactory

from reader.middleware import limit_origins

pytestmark = pytest.mark.django_db


def test_the_script_is_for_every_site(client):
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"civdip-notes" in answer.content


def test_an_article_says_which_two_lines_show_its_notes_elsewhere(letters):
    page = Client().get("/articles/letters/export/").content.decode()
    assert "embed.js&quot; async" in page or 'embed.js" async' in page
    assert "/articles/letters/&quot;&gt;" in page or '/articles/letters/"&gt;' in page


@pytest.mark.parametrize(
    ("origin", "told"), [("https://a.example", "https://a.example"), ("https://b.example", None), ("", None)]
)
def test_only_the_sites_that_are_named_may_read_where_some_are(letters, settings, origin, told):
    settings.CORS_ORIGINS = ["https://a.example"]
    door = limit_origins(lambda request: Client().get("/articles/letters/annotations/"))
    answer = door(RequestFactory().get("/", headers={"Origin": origin} if origin else {}))
    assert answer.get("Access-Control-Allow-Origin") == told
    assert "Origin" in answer["Vary"]


def test_an_answer_that_was_open_to_nobody_stays_so(letters, settings):
    settings.CORS_ORIGINS = ["https://a.example"]
    door = limit_origins(lambda request: Client().get("/articles/letters/"))
    answer = door(RequestFactory().get("/", headers={"Origin": "https://a.example"}))
    assert "Access-Control-Allow-Origin" not in answer
