"""Every page: it is there, whole, safe to show, and says where the text comes from."""

import pytest

from reader.models import Member
from tests.make import note_in_state
from tests.pages import read

PAGES = {
    "library": "/",
    "reading page": "/articles/civil-diplomacy/",
    "notes": "/articles/civil-diplomacy/notes/",
    "notes of a paragraph": "/articles/civil-diplomacy/notes/?paragraph=3",
    "timeline": "/articles/civil-diplomacy/timeline/",
    "paragraph": "/articles/civil-diplomacy/p3/",
    "cards": "/cards/",
    "cards of people": "/cards/?kind=person",
    "card": "/cards/joseph-stilwell/",
    "tag": "/tags/date/",
    "note": "/notes/{uid}/",
    "history of a note": "/notes/{uid}/history/",
    "reply": "/notes/{uid}/reply/",
    "edit": "/notes/{uid}/edit/",
    "withdraw": "/notes/{uid}/withdraw/",
    "choose a sentence": "/articles/civil-diplomacy/annotate/?paragraph=3",
    "choose words": "/articles/civil-diplomacy/annotate/?paragraph=3&sentence=1",
    "composer": "/articles/civil-diplomacy/annotate/?start=0&end=20",
    "me": "/me/",
    "my notes": "/me/notes/",
    "moderation": "/moderation/",
    "help": "/help/",
    "log in": "/accounts/login/",
    "sign up": "/accounts/signup/",
    "log out": "/accounts/logout/",
    "change password": "/accounts/password/change/",
    "e-mail addresses": "/accounts/email/",
    "reset password": "/accounts/password/reset/",
    "not there": "/nothing/here/",
}
WITH_TEXT = [
    "reading page", "notes", "notes of a paragraph", "paragraph", "note", "reply", "edit", "choose a sentence",
    "choose words", "composer", "card", "tag", "my notes", "moderation",
]  # fmt: skip


@pytest.fixture
def note(article, people):
    return note_in_state("edit waits", article, people, on="Tsinghua University")


@pytest.fixture
def open_page(note, people, browser_of):
    """Opens a page by its name as somebody who sees them all, or logged out for those that ask for it."""
    Member.objects.filter(pk=people.author.pk).update(is_moderator=True)
    clients = {"in": browser_of("author"), "out": browser_of("anonymous")}

    def open_it(name: str):
        client = clients["out" if name in {"log in", "sign up", "reset password"} else "in"]
        return client.get(PAGES[name].format(uid=note.uid))

    return open_it


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_there_and_whole(open_page, name):
    answer = open_page(name)
    assert answer.status_code == (404 if name == "not there" else 200)
    page = read(answer)
    assert len(page.all("h1")) == 1
    assert page.all("h1")[0].text.strip()
    assert page.all("title")[0].text.strip()
    assert page.all("html")[0].attrs["lang"]
    assert len(page.all("main")) == 1
    ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_may_load_the_sites_own_files_and_nothing_else(open_page, name):
    answer = open_page(name)
    policy = {d.split()[0]: d.split()[1:] for d in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["connect-src"] == ["'self'"]
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "strict-origin-when-cross-origin"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_nothing_that_its_policy_refuses(open_page, name):
    page = read(open_page(name))
    for element in page.all():
        assert "style" not in element.attrs
        assert not [attribute for attribute in element.attrs if attribute.startswith("on")]
        assert element.tag not in {"style", "iframe", "object", "embed"}
        is_data = element.attrs.get("type") == "application/json"  # read by a module, carried out by nobody
        assert element.tag != "script" or is_data or element.attrs["src"].startswith("/static/")
        assert element.tag != "img" or element.attrs["src"].startswith("/static/")


@pytest.mark.parametrize("name", WITH_TEXT)
def test_a_page_with_the_text_says_where_it_comes_from(open_page, article, name):
    [origin] = read(open_page(name)).all("section", "origin")
    links = {link.attrs["href"] for link in origin.all("a")}
    assert {article.source_url, article.licence_url} <= links
    for said in ("Liye Hong", article.title, "E-International Relations", "29 October 2023", "CC BY-NC 4.0", "notes"):
        assert said in origin.text


def test_every_link_within_the_site_leads_somewhere(open_page, browser_of):
    pages = {name: read(open_page(name)) for name in PAGES}
    links = {link.attrs.get("href", "") for page in pages.values() for link in page.all("a")}
    inside = {link.split("#")[0] for link in links if link.startswith("/")} - {""}
    visitor = browser_of("author")
    answers = {path: visitor.get(path).status_code for path in sorted(inside)}
    assert {path: status for path, status in answers.items() if status not in {200, 302}} == {}
    assert len(answers) > 100


@pytest.mark.parametrize(
    "path, kind",
    [("/articles/civil-diplomacy/text", "text/plain; charset=utf-8"), ("/healthz", "text/plain"),
     ("/tags/complete?q=d", "application/json"), ("/articles/civil-diplomacy/mine", "application/json")],
)  # fmt: skip
def test_what_is_not_a_page_says_what_it_is(article, client, path, kind):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)


def test_the_canonical_text_is_what_positions_count_in(article, client):
    assert client.get("/articles/civil-diplomacy/text").content.decode() == article.current.text


@pytest.mark.parametrize("path", ["/", "/cards/", "/help/", "/articles/civil-diplomacy/", "/notes/x/", "/me/notes/"])
def test_pages_for_reading_take_nothing(article, browser_of, path):
    assert browser_of("author").post(path).status_code == 405


def test_where_mine_lie_is_never_kept_by_a_cache(article, people, browser_of):
    answer = browser_of("author").get("/articles/civil-diplomacy/mine")
    assert answer["Cache-Control"] == "private, no-store"


def test_parts_and_pages_on_one_address_are_told_apart(article, client):
    for path in ("/cards/joseph-stilwell/", "/articles/civil-diplomacy/notes/"):
        whole, part = client.get(path), client.get(path, headers={"HX-Request": "true"})
        assert "HX-Request" in whole["Vary"]
        assert read(whole).all("html")
        assert not read(part).all("html")


def test_stilwell_and_pillsbury_say_who_they_are(article, client):
    for slug, native in (("joseph-stilwell", "史迪威"), ("michael-pillsbury", "白邦瑞")):
        for headers in ({}, {"HX-Request": "true"}):
            page = read(client.get(f"/cards/{slug}/", headers=headers))
            assert native in page.text
            assert [link for link in page.all("a") if link.attrs["href"].startswith("http")]
    card = read(client.get("/cards/joseph-stilwell/", headers={"HX-Request": "true"}))
    assert "/cards/john-easterbrook/" in {link.attrs["href"] for link in card.all("a")}
