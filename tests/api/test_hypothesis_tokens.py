"""Tokens: personal ones, those of clients, and the window in which a client asks for one."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from reader.models import ApiToken, Scope
from reader.operations import tokens
from tests.api.programs import Program
from tests.people import PASSWORD

JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def exchange(**form):
    client = Program().client
    response = client.post("/api/token", form)
    return response.status_code, response.json()


def grant(member, session_key="") -> dict:
    return {"grant_type": JWT, "assertion": tokens.grant_for(member, session_key)}


def whose(access: str) -> str | None:
    return Program().get("profile", Authorization=f"Bearer {access}")[1]["userid"]


def test_a_grant_becomes_tokens_that_are_the_persons(people):
    status, pair = exchange(**grant(people.author))
    assert status == 200 and (pair["token_type"], pair["expires_in"]) == ("Bearer", 3600)
    assert whose(pair["access_token"]) == "acct:author@localhost"
    assert whose(pair["refresh_token"]) is None


def test_no_value_is_kept(people):
    _, pair = exchange(**grant(people.author))
    personal = tokens.make_personal(member=people.author, name="mine", scope="read")
    kept = str(list(ApiToken.objects.values()))
    assert not any(value in kept for value in (pair["access_token"], pair["refresh_token"], personal))


@pytest.mark.parametrize("form", [
    {"grant_type": JWT, "assertion": "nonsense"}, {"grant_type": JWT},
    {"grant_type": "refresh_token", "refresh_token": "nonsense"}, {"grant_type": "refresh_token"},
    {"grant_type": "authorization_code", "code": "nonsense", "client_id": "hypothesis-client"},
])  # fmt: skip
def test_what_is_no_grant_is_refused_as_the_client_expects(db, form):
    status, answer = exchange(**form)
    assert status == 400 and answer["error"] == "invalid_grant" and answer["reason"]


def test_another_kind_of_grant_is_refused(db):
    assert exchange(grant_type="password", username="author")[1]["error"] == "unsupported_grant_type"
    assert exchange()[0] == 400


def test_a_grant_is_good_for_ten_minutes(people, monkeypatch):
    form = grant(people.author)
    monkeypatch.setattr(tokens, "GRANT_SECONDS", -1)
    assert exchange(**form)[1]["error"] == "invalid_grant"


def test_an_access_token_runs_out_and_is_renewed_once(people):
    _, pair = exchange(**grant(people.author))
    ApiToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert whose(pair["access_token"]) is None
    status, new = exchange(grant_type="refresh_token", refresh_token=pair["refresh_token"])
    assert status == 200 and whose(new["access_token"]) == "acct:author@localhost"
    assert exchange(grant_type="refresh_token", refresh_token=pair["refresh_token"])[0] == 400
    ApiToken.objects.update(renewable_until=timezone.now() - timedelta(seconds=1))
    assert exchange(grant_type="refresh_token", refresh_token=new["refresh_token"])[0] == 400


def test_logging_out_ends_the_sidebar_of_that_session_alone(people, browser_of):
    here = browser_of("author")
    _, ours = exchange(**grant(people.author, here.session.session_key))
    _, other = exchange(**grant(people.author, "another-session"))
    here.post("/accounts/logout/")
    assert whose(ours["access_token"]) is None
    assert exchange(grant_type="refresh_token", refresh_token=ours["refresh_token"])[0] == 400
    assert whose(other["access_token"]) == "acct:author@localhost"


def test_a_new_password_ends_clients_and_grants_not_personal_tokens(people):
    form, (_, pair) = grant(people.author), exchange(**grant(people.author))
    personal = tokens.make_personal(member=people.author, name="mine", scope="read")
    people.author.set_password("another long secret")
    people.author.save()
    assert whose(pair["access_token"]) is None and exchange(**form)[0] == 400
    assert whose(personal) == "acct:author@localhost"


def test_giving_a_token_back(people):
    _, pair = exchange(**grant(people.author))
    personal = tokens.make_personal(member=people.author, name="mine", scope="read")
    for value in (personal, "nonsense", pair["access_token"]):
        response = Program().client.post("/oauth/revoke", {"token": value})
        assert (response.status_code, response.json()) == (200, {})
    assert whose(pair["access_token"]) is None and whose(personal) == "acct:author@localhost"
    assert Program().client.get("/oauth/revoke").status_code == 405


def test_asking_whose_a_token_is(people, browser_of):
    personal = tokens.make_personal(member=people.author, name="mine", scope="read")
    _, pair = exchange(**grant(people.author))
    status, about = Program().get("debug-token", Authorization=f"Bearer {personal}")
    assert (status, about["userid"], about["expires_at"], about["expired"]) == (
        200,
        "acct:author@localhost",
        None,
        False,
    )
    _, about = Program().get("debug-token", Authorization=f"Bearer {pair['access_token']}")
    assert about["client"]["id"] == "hypothesis-client" and about["expires_at"] > about["issued_at"]
    assert Program().get("debug-token", Authorization="Bearer nonsense")[0] == 401
    assert browser_of("author").get("/api/debug-token").status_code == 401


def test_what_ran_out_is_cleared_away(people):
    exchange(**grant(people.author))
    ApiToken.objects.update(renewable_until=timezone.now() - timedelta(days=1))
    exchange(**grant(people.author))
    assert ApiToken.objects.count() == 1


def test_making_and_revoking_a_token_in_the_pages(people, browser_of):
    author = browser_of("author")
    assert "You have no tokens" in author.get("/me/tokens/").content.decode()
    made = author.post("/me/tokens/", {"name": "Notes to Obsidian", "scope": "write"})
    value = made.context["value"]
    assert value.startswith("cdr_") and value in made.content.decode() and "no-store" in made["Cache-Control"]
    listed = author.get("/me/tokens/").content.decode()
    assert "Notes to Obsidian" in listed and value not in listed and "never used" in listed
    assert whose(value) == "acct:author@localhost"
    assert "last used" in author.get("/me/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert browser_of("stranger").post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
    assert author.post(f"/me/tokens/{token.pk}/revoke/", follow=True).status_code == 200
    assert whose(value) is None


@pytest.mark.parametrize(
    "form", [{"name": "", "scope": "read"}, {"name": "x", "scope": "all"}, {"name": "twice", "scope": "read"}]
)
def test_a_token_needs_a_name_of_its_own_and_a_scope(people, browser_of, form):
    tokens.make_personal(member=people.author, name="twice", scope=Scope.READ)
    response = browser_of("author").post("/me/tokens/", form)
    assert response.status_code == 422 and not response.context["value"]
    assert ApiToken.objects.count() == 1


def test_tokens_are_ones_own_page(db):
    assert Program().client.get("/me/tokens/").status_code == 302


WINDOW = "/oauth/authorize?client_id=hypothesis-client&origin=http://testserver&state=s1&response_type=code"


def test_the_log_in_window_hands_over_a_code_that_works_once(people, browser_of):
    author = browser_of("author")
    assert "http://testserver" in author.get(WINDOW).content.decode()
    message = author.post(WINDOW, {"allow": "1"}).context["message"]
    assert message["type"] == "authorization_response"
    form = {"grant_type": "authorization_code", "code": message["code"], "client_id": "hypothesis-client"}
    assert exchange(**form | {"client_id": "another"})[0] == 400
    assert exchange(grant_type="refresh_token", refresh_token=message["code"])[0] == 400
    status, pair = exchange(**form)
    assert status == 200 and whose(pair["access_token"]) == "acct:author@localhost"
    assert exchange(**form)[0] == 400


def test_the_log_in_window_asks_first_and_can_be_refused(people, browser_of):
    assert browser_of("author").post(WINDOW, {"refuse": "1"}).context["message"] == {"type": "authorization_canceled"}
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("action, way", [("login", "/accounts/login/"), ("signup", "/accounts/signup/")])
def test_who_is_not_logged_in_goes_through_the_log_in_and_comes_back_to_the_question(people, client, action, way):
    asked = f"{WINDOW}&action={action}"
    response = client.get(asked)
    assert response.url == f"{way}?{urlencode({'next': asked})}"
    assert client.get(response.url)["Cross-Origin-Opener-Policy"] == "unsafe-none"  # the window still knows its opener
    logged_in = client.post("/accounts/login/", {"login": people.author.username, "password": PASSWORD, "next": asked})
    assert logged_in.url == asked and logged_in["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "http://testserver" in client.get(asked).content.decode()
    assert client.get("/accounts/email/")["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_other_log_in_knows_who_opened_its_window(people, client):
    assert client.get("/accounts/login/")["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "change", [("origin=http://testserver", "origin=https://evil.example"), ("hypothesis-client", "x")]
)
def test_the_log_in_window_gives_nothing_to_a_stranger(people, browser_of, change):
    response = browser_of("author").post(WINDOW.replace(*change), {"allow": "1"})
    assert response.status_code == 400 and not ApiToken.objects.exists()


def test_the_page_with_the_sidebar_holds_a_grant_for_members_only(letters, people, browser_of, sidebar):
    letters.hypothesis_sidebar = True
    letters.save()
    nobody = Program().client.get("/articles/letters/hypothesis/")
    assert '"grantToken": ""' in nobody.content.decode()
    mine = browser_of("author").get("/articles/letters/hypothesis/")
    assert '"grantToken": "ey' in mine.content.decode() and "no-store" in mine["Cache-Control"]
    assert PASSWORD not in mine.content.decode()
