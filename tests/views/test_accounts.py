"""Accounts: sign up, log in and out, passwords, one's own page; the first editor's link."""

import pytest
from django.test import Client

from reader.models import Member
from reader.operations import welcoming
from tests.make import load_real_article, make_note
from tests.pages import read
from tests.people import PASSWORD, make_member

SIGN_UP = {"username": "newcomer", "password1": "a long enough secret", "display_name": "New Comer"}


def somebody(client) -> str:
    """The name in the page's head, or nothing."""
    who = read(client.get("/help/")).all("span", "who")
    return who[0].text if who else ""


def test_signing_up_needs_no_e_mail_and_logs_in(db, client):
    assert client.get("/accounts/signup/").status_code == 200
    assert client.post("/accounts/signup/", SIGN_UP).status_code == 302
    member = Member.objects.get(username="newcomer")
    assert (member.name, member.email) == ("New Comer", "")
    assert (member.is_editor, member.is_moderator, member.is_trusted, member.is_staff) == (False,) * 4
    assert somebody(client) == "New Comer"


@pytest.mark.parametrize(
    "change, said",
    [
        ({"password1": "brief"}, "too short"),
        ({"password1": "password123"}, "too common"),
        ({"password1": "newcomer1x"}, "too similar"),
        ({"username": "author"}, "already exists"),
        ({"username": "AUTHOR"}, "already exists"),
        ({"username": "x"}, "at least 2 characters"),
        ({"username": ""}, "required"),
        ({"username": "editors"}, "already exists"),
        ({"username": "<script>"}, "valid username"),
        ({"username": "a\x00b"}, "Null characters"),
        ({"display_name": "x" * 81}, "at most 80"),
    ],
)
def test_a_sign_up_that_is_refused_says_why_and_keeps_the_name(article, people, client, change, said):
    before = Member.objects.count()
    page = client.post("/accounts/signup/", SIGN_UP | change)
    assert page.status_code == 200
    assert said in read(page).text
    assert Member.objects.count() == before
    assert (SIGN_UP | change)["password1"] not in page.text
    assert "_auth_user_id" not in client.session


def test_logging_in_and_out(people, client):
    answer = client.post("/accounts/login/", {"login": "author", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert somebody(client) == "Wen Author"
    assert client.get("/me/notes/").status_code == 200
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert somebody(client) == ""
    assert client.get("/me/notes/").status_code == 302


@pytest.mark.parametrize("name, password", [("author", "wrong"), ("nobody", PASSWORD), ("author", ""), ("", PASSWORD)])
def test_a_wrong_password_is_refused_without_saying_which_was_wrong(people, client, name, password):
    page = client.post("/accounts/login/", {"login": name, "password": password})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    if name and password:
        assert "not correct" in read(page).text


def test_guessing_passwords_is_slowed_down(people, client):
    for _ in range(12):
        page = client.post("/accounts/login/", {"login": "author", "password": "guess"})
    assert "Too many" in read(page).text or page.status_code == 429
    page = client.post("/accounts/login/", {"login": "author", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_the_account_of_the_editors_of_editions_cannot_be_entered(article, client):
    for password in ("!", "", "editors"):
        client.post("/accounts/login/", {"login": "editors", "password": password})
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_logging_in_leads_nowhere_else(people, client, target):
    answer = client.post(f"/accounts/login/?next={target}", {"login": "author", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_changing_the_password_keeps_one_logged_in_and_ends_other_sessions(people, browser_of, client):
    here, elsewhere = browser_of("author"), browser_of("author")
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}
    wrong = here.post("/accounts/password/change/", new | {"oldpassword": "wrong"})
    assert wrong.status_code == 200
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    client.post("/accounts/login/", {"login": "author", "password": "another long secret"})
    assert somebody(client) == "Wen Author"


def test_without_letters_the_site_says_whom_to_ask_for_a_password(people, client):
    assert "does not send letters" in read(client.get("/accounts/password/reset/")).text


def test_somebody_whose_account_was_closed_is_out_at_once(people, browser_of):
    client = browser_of("moderator")
    assert client.get("/moderation/").status_code == 200
    Member.objects.filter(username="moderator").update(is_active=False)
    assert client.get("/moderation/").status_code == 302


def test_one_may_change_ones_name_and_nothing_else(people, browser_of):
    client = browser_of("author")
    sent = {"display_name": "Wen II", "orcid": "0000-0002-1825-0097", "is_moderator": "on", "is_trusted": "on"}
    assert client.post("/me/", sent | {"username": "boss"}).status_code == 302
    member = Member.objects.get(pk=people.author.pk)
    assert (member.name, member.orcid, member.username) == ("Wen II", "0000-0002-1825-0097", "author")
    assert not member.is_moderator
    assert not member.is_trusted


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"display_name": "Wen", "orcid": "0000-0002-1825-0098"}, "This is no ORCID"),
        ({"display_name": "Weng", "orcid": "javascript:alert(1)"}, "This is no ORCID"),
        ({"display_name": "x" * 81, "orcid": ""}, "at most 80"),
    ],
)
def test_what_one_says_of_oneself_is_looked_at_and_kept_in_the_form(people, browser_of, sent, said):
    page = browser_of("author").post("/me/", sent)
    assert page.status_code == 422
    assert said in read(page).text
    assert sent["display_name"] in page.text
    assert read(page).all("h1")[0].text == somebody(browser_of("author")) == "Wen Author"
    member = Member.objects.get(pk=people.author.pk)
    assert (member.name, member.orcid) == ("Wen Author", "")


def test_a_name_is_one_line(people, browser_of):
    browser_of("author").post("/me/", {"display_name": " Wen\r\n Author\t II ", "orcid": ""})
    assert Member.objects.get(pk=people.author.pk).display_name == "Wen Author II"


def test_a_new_name_stands_beside_ones_notes_at_once(letters, people, browser_of, client):
    make_note(letters, author=people.trusted)
    assert "trusted" in read(client.get("/articles/letters/")).all("article", "note")[0].text
    browser_of("trusted").post("/me/", {"display_name": "Tru Sted", "orcid": ""})
    assert "Tru Sted" in read(client.get("/articles/letters/")).all("article", "note")[0].text


# --- the first editor -----------------------------------------------------------------------------


def test_the_welcome_link_makes_the_first_editor_once(db):
    load_real_article()
    path = f"/welcome/{welcoming.new_token()}/"
    first, second = Client(), Client()
    asked = first.get(path)
    assert asked["Location"].startswith("/accounts/signup/?next=/welcome/")
    answer = first.post(asked["Location"], SIGN_UP)
    assert answer["Location"] == path
    assert first.get(path).status_code == 200
    assert not Member.objects.get(username="newcomer").is_editor
    assert first.post(path).status_code == 302
    member = Member.objects.get(username="newcomer")
    assert (member.is_editor, member.is_moderator, member.is_superuser) == (True, True, True)
    assert first.get("/moderation/").status_code == 200
    assert first.get("/admin/").status_code == 200
    second.force_login(make_member("late"), "django.contrib.auth.backends.ModelBackend")
    for act in (second.get, second.post):
        assert act(path).status_code == 410
    assert not Member.objects.get(username="late").is_editor


@pytest.mark.parametrize("token", ["x", "eyJ:1:2"])
def test_a_made_up_welcome_link_leads_nowhere(db, client, token):
    assert client.get(f"/welcome/{token}/").status_code == 404
    assert client.post(f"/welcome/{token}/").status_code == 404
