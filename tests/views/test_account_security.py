"""Second steps, sessions, accounts elsewhere, and the way out."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from civdip_site.providers import providers
from reader.accounts import SocialAccountAdapter
from reader.models import Leaving, Member
from reader.operations import leaving
from tests.pages import read
from tests.people import PASSWORD, make_member

ROOT = Path(__file__).resolve().parent.parent.parent


def log_in(name: str, **client) -> Client:
    opened = Client(**client)
    opened.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return opened


def sure_of(name: str) -> Client:
    """Logged in, and the password given once more: what changing the second step asks for."""
    client = log_in(name)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def with_app(people) -> tuple[Client, str]:
    """The author, logged in and with an app set up; and its key."""
    client = sure_of("author")
    secret = read(client.get("/accounts/2fa/totp/activate/")).all("p", "address")[0].text
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    cache.clear()  # a code is good once; the tests do not wait half a minute for the next
    return client, secret


# --- the second step ------------------------------------------------------------------------------


def test_an_app_is_set_up_with_its_first_code_and_not_with_a_wrong_one(people):
    client = sure_of("author")
    page = client.get("/accounts/2fa/totp/activate/")
    assert "<svg" in page.text and "data:" not in page.text
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200
    assert "not in use" in read(client.get("/accounts/2fa/")).text
    secret = read(client.get("/accounts/2fa/totp/activate/")).all("p", "address")[0].text
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert "not in use" not in read(client.get("/accounts/2fa/")).text


def test_with_an_app_the_password_alone_opens_nothing(with_app):
    _, secret = with_app
    client = log_in("author")
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not is_in(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert is_in(client)


def test_the_admin_asks_for_the_second_step_too(with_app):
    Member.objects.filter(username="author").update(is_staff=True)
    client = Client()
    client.post("/admin/login/", {"username": "author", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302
    assert not is_in(client)


def test_a_recovery_code_opens_once(with_app):
    client, _ = with_app
    codes = [code.text for code in read(client.get("/accounts/2fa/recovery-codes/")).all("code")]
    assert len(codes) == 10
    first, second = log_in("author"), log_in("author")
    first.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    second.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert (is_in(first), is_in(second)) == (True, False)


def test_the_app_can_be_given_up(with_app):
    client, _ = with_app
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert is_in(log_in("author"))


def test_changing_the_second_step_needs_the_password_again(people):
    client = log_in("author")
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


PAGES = [
    "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/", "/accounts/3rdparty/", "/me/leave/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_these_pages_are_ones_own(people, client, path):
    assert client.get(path)["Location"].startswith("/accounts/login/")
    page = sure_of("author").get(path)
    assert page.status_code == 200
    assert [h.text for h in read(page).all("h1")] != []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/2fa/webauthn/add/"])
def test_scripts_of_keys_are_files_and_nothing_that_the_policy_refuses(people, client, path):
    page = (client if path == "/accounts/login/" else sure_of("author")).get(path)
    inline = re.findall(r"<script(?![^>]*\ssrc=)([^>]*)>", page.text)
    assert all('type="application/json"' in attributes for attributes in inline)
    assert "webauthn.js" in page.text


# --- sessions -------------------------------------------------------------------------------------


def test_other_sessions_are_listed_and_ended(people):
    here = log_in("author", headers={"user-agent": "Here 1.0"})
    elsewhere = log_in("author", headers={"user-agent": "Elsewhere 2.0"})
    stranger = log_in("stranger", headers={"user-agent": "Stranger 3.0"})
    page = read(here.get("/accounts/sessions/")).text
    assert "Here 1.0" in page and "Elsewhere 2.0" in page
    assert "Stranger 3.0" not in page
    assert here.post("/accounts/sessions/").status_code == 302
    assert (is_in(here), is_in(elsewhere), is_in(stranger)) == (True, False, True)
    assert "nowhere else" in read(here.get("/accounts/sessions/")).text


# --- accounts elsewhere ---------------------------------------------------------------------------

ORCID = {"ORCID_CLIENT_ID": "APP-1", "ORCID_SECRET": "s3cret"}
OPENID = {
    "OPENID_CONNECT_URL": "https://id.example.org/realms/r",
    "OPENID_CONNECT_CLIENT_ID": "reader",
    "OPENID_CONNECT_SECRET": "s3cret",
}


@pytest.mark.parametrize(
    "given, on",
    [({}, set()), (ORCID, {"orcid"}), (OPENID, {"openid_connect"}), (ORCID | OPENID, {"orcid", "openid_connect"})],
)
def test_each_is_on_only_when_it_is_set(monkeypatch, given, on):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert set(providers()) == on


@pytest.mark.parametrize(
    "wrong, named",
    [
        ({"ORCID_CLIENT_ID": "APP-1"}, "ORCID_SECRET"),
        ({"ORCID_SECRET": "s3cret"}, "ORCID_CLIENT_ID"),
        (ORCID | {"ORCID_DOMAIN": "orcid.example"}, "ORCID_DOMAIN"),
        (OPENID | {"OPENID_CONNECT_URL": "http://id.example.org"}, "OPENID_CONNECT_URL"),
        (OPENID | {"OPENID_CONNECT_URL": "id.example.org"}, "OPENID_CONNECT_URL"),
        (OPENID | {"OPENID_CONNECT_SECRET": " "}, "OPENID_CONNECT_SECRET"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(monkeypatch, wrong, named):
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{named} .*Write") as refused:
        providers()
    assert "s3cret" not in str(refused.value)


SHOW = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
page = Client().get("/accounts/login/", headers={"host": "localhost"})
print(page.status_code, page.text)
away = Client().get("/accounts/orcid/login/", headers={"host": "localhost"})
print(away.status_code, away.headers.get("Location"))
"""


def test_a_provider_that_is_set_stands_on_the_log_in_page_and_leads_there(tmp_path):
    environ = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL"}} | ORCID | OPENID
    environ |= {"DJANGO_SETTINGS_MODULE": "civdip_site.settings", "VAR_DIR": str(tmp_path), "DEBUG": "true"}
    environ |= {"LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", SHOW]
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)  # noqa: S603
    assert run.stdout.startswith("200 "), run.stderr
    assert "/accounts/orcid/login/" in run.stdout and "/accounts/oidc/openid/login/" in run.stdout
    assert "302 https://orcid.org/oauth/authorize?client_id=APP-1" in run.stdout


def test_none_stands_there_where_none_is_set(people, client):
    assert "/accounts/orcid/" not in client.get("/accounts/login/").text
    assert client.get("/accounts/orcid/login/").status_code == 404
    assert "knows no other places" in read(log_in("author").get("/accounts/3rdparty/")).text


def test_orcid_brings_its_number_and_the_name(rf):
    class Account:
        provider, uid = "orcid", "0000-0002-1825-0097"

    class Login:
        user, account = Member(), Account()

    request = rf.get("/")
    request.user = AnonymousUser()
    data = {"first_name": "Josiah", "last_name": "Carberry"}
    member = SocialAccountAdapter().populate_user(request, Login(), data)
    assert (member.display_name, member.orcid) == ("Josiah Carberry", "0000-0002-1825-0097")
    Account.provider, Login.user = "openid_connect", Member()
    assert SocialAccountAdapter().populate_user(request, Login(), data).orcid == ""


# --- the way out ----------------------------------------------------------------------------------


def ask(client: Client, **sent):
    return client.post("/me/leave/", {"notes": "erase", "password": PASSWORD} | sent)


@pytest.mark.parametrize("notes, keeps", [("erase", False), ("keep", True)])
def test_asking_keeps_the_choice_and_names_the_day(people, notes, keeps):
    client = log_in("author")
    assert ask(client, notes=notes).status_code == 302
    asked = Leaving.objects.get(member=people.author)
    assert asked.keeps_notes == keeps
    day = timezone.localtime(asked.asked + timedelta(days=7))
    assert f"will be closed on {day.day} {day:%B %Y}" in read(client.get("/me/leave/")).text


@pytest.mark.parametrize("sent", [{"password": "wrong"}, {"password": ""}, {"notes": ""}, {"notes": "both"}])
def test_without_password_and_choice_nothing_is_asked(people, sent):
    page = ask(log_in("author"), **sent)
    assert page.status_code == 422
    assert PASSWORD not in page.text
    assert not Leaving.objects.exists()


def test_guessing_the_password_there_is_stopped(people):
    client = log_in("author")
    for _ in range(12):
        page = ask(client, password="guess")
    assert "Too many" in read(page).text
    assert ask(client).status_code == 422
    assert not Leaving.objects.exists()


def test_logging_in_within_the_week_says_so_and_one_can_stay(people):
    ask(log_in("author"))
    client = log_in("author")
    says = read(client.get("/")).all("div", "says")[0]
    assert "will be closed on" in says.text
    assert [(a.text, a.attrs["href"]) for a in says.all("a")] == [("Stay after all", "/me/leave/")]
    assert client.post("/me/leave/", {"act": "stay"}).status_code == 302
    assert not Leaving.objects.exists()
    assert "will be closed" not in read(log_in("author").get("/")).text


def test_others_read_nothing_of_it(people):
    ask(log_in("author"))
    client = log_in("stranger")
    assert "will be closed" not in read(client.get("/")).text
    client.post("/me/leave/", {"act": "stay"})
    assert Leaving.objects.filter(member=people.author).exists()


def test_the_only_editor_reads_what_to_do_first(people):
    page = ask(log_in("editor"))
    assert page.status_code == 422
    assert "only editor" in read(page).text
    assert not Leaving.objects.exists()


def test_somebody_without_a_password_here_confirms_with_the_user_name(people, browser_of):
    Member.objects.filter(pk=people.stranger.pk).update(password="!none")
    client = Client()
    client.force_login(Member.objects.get(pk=people.stranger.pk), "django.contrib.auth.backends.ModelBackend")
    assert ask(client, password="somebody").status_code == 422
    assert ask(client, password="stranger").status_code == 302
    assert Leaving.objects.filter(member=people.stranger).exists()


def test_after_the_week_the_account_opens_nothing(people, article):
    client = log_in("author")
    ask(client)
    Leaving.objects.update(asked=timezone.now() - timedelta(days=7))
    assert leaving.carry_out(Leaving.objects.get().pk)
    assert not is_in(client)
    assert not is_in(log_in("author"))
    assert make_member("author")  # the name is free again


NO_KEYS = ["", "{}", "[]", "1", "null", "9" * 5000, "[" * 100_000, '{"id": 1}', '{"id": "\\ud800"}', '{"response": []}']


@pytest.mark.parametrize("sent", NO_KEYS)
def test_what_is_no_key_opens_nothing_and_breaks_nothing(db, sent):
    stranger = Client()
    answer = stranger.post("/accounts/2fa/webauthn/login/", {"credential": sent})
    assert answer.status_code in {200, 302}
    assert "_auth_user_id" not in stranger.session


HALF_A_KEY = (
    '{"type": "public-key", "id": "AA", "rawId": "AA",'
    ' "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}'
)


@pytest.mark.parametrize("sent", [*NO_KEYS, HALF_A_KEY])
def test_what_is_no_key_is_not_added_and_breaks_nothing(people, sent):
    author = sure_of("author")
    assert author.get("/accounts/2fa/webauthn/add/").status_code == 200
    assert author.post("/accounts/2fa/webauthn/add/", {"name": "Mine", "credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()
