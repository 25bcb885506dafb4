"""Every page and letter of accounts: by the same hand as the rest, saying what to do, with a way on."""

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.cache import cache
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from reader.models import Member
from tests.pages import read
from tests.people import PASSWORD

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = str(ROOT / "templates")
ROOMS = ("account/", "mfa/", "socialaccount/", "usersessions/", "allauth/")
pytestmark = pytest.mark.django_db


@pytest.fixture
def letters_go_out(settings):
    """As with EMAIL_URL."""
    settings.CAN_SEND_MAIL = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.ACCOUNT_LOGIN_METHODS = {"username", "email"}
    settings.ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.SITE_URL = "https://reader.example.org"


@pytest.fixture
def reachable(people):
    """The author, with a confirmed address."""
    people.author.email = "author@example.org"
    people.author.save()
    people.author.emailaddress_set.create(email=people.author.email, verified=True, primary=True)
    return people.author


def log_in(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": name, "password": password})
    return client


def paths() -> list[str]:
    """Every address under /accounts/ that takes no argument."""

    def walk(resolver: URLResolver, before: str):
        for part in resolver.url_patterns:
            path = before + str(part.pattern)
            if isinstance(part, URLResolver):
                yield from walk(part, path)
            elif isinstance(part, URLPattern) and not re.search(r"[<^(]", path):
                yield "/" + path

    return [path for path in walk(get_resolver(), "") if path.startswith("/accounts/")]


BAD_LINKS = ["/accounts/confirm-email/x:y/", "/accounts/password/reset/key/1-x/"]


@pytest.mark.parametrize("path", [*paths(), *BAD_LINKS])
@pytest.mark.parametrize("who", ["anonymous", "author"])
def test_a_page_is_ours_has_one_title_and_a_way_on(letters_go_out, reachable, path, who):
    client = log_in("author") if who == "author" else Client()
    if who == "author":
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(path)
    if page.status_code in {301, 302, 404} or page["Content-Type"] != "text/html; charset=utf-8":
        return
    used = {template.name: template.origin.name for template in page.templates if template.name}
    theirs = {name for name, origin in used.items() if name.startswith(ROOMS) and not origin.startswith(OURS)}
    assert theirs <= {"mfa/webauthn/snippets/login_script.html"}
    whole = read(page)
    assert len(whole.all("h1")) == 1
    [main] = whole.all("main")
    assert main.all("a") or main.all("form")


def test_pages_that_are_not_asked_for_by_address_are_ours_too():
    for name in ("account/verified_email_required.html", "account/signup_closed.html", "socialaccount/signup.html"):
        assert engines["django"].engine.get_template(name).origin.name.startswith(OURS)


# --- an address and a password, with letters --------------------------------------------------------


def link_in(letter) -> str:
    """The first link that leads somewhere to act, on this site."""
    found = re.findall(r"^https://reader\.example\.org(/accounts/\S+)$", letter.body, re.MULTILINE)
    return found[0]


def test_signing_up_by_letter(letters_go_out, client):
    new = {"username": "newcomer", "email": "new@example.org", "password1": "a long enough secret", "display_name": ""}
    answer = client.post("/accounts/signup/", new, follow=True, headers={"host": "localhost:1234"})
    assert "A letter is on its way" in read(answer).text
    assert log_in("newcomer", "a long enough secret").get("/me/").status_code == 302
    letter = mail.outbox[0]
    assert letter.to == ["new@example.org"]
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert letter.extra_headers["Message-ID"].endswith("@reader.example.org>")
    page = read(client.get(link_in(letter)))
    assert "new@example.org will be the address of the account «newcomer»" in page.text
    assert not Member.objects.get(username="newcomer").emailaddress_set.get().verified  # looking changes nothing
    assert client.post(link_in(letter)).status_code == 302
    assert log_in("new@example.org", "a long enough secret").get("/me/").status_code == 200


def test_a_forgotten_password(letters_go_out, reachable, client):
    answer = client.post("/accounts/password/reset/", {"email": "author@example.org"}, follow=True)
    assert "A letter is on its way" in read(answer).text
    form = client.get(link_in(mail.outbox[-1]), follow=True)
    new = {"password1": "another long secret", "password2": "another long secret"}
    action = form.redirect_chain[-1][0]
    assert client.post(action, new | {"password2": "something else"}).status_code == 200
    done = client.post(action, new, follow=True)
    assert "Your password is changed" in read(done).text
    assert log_in("author", "another long secret").get("/me/").status_code == 200
    assert "not good any more" in read(Client().get(link_in(mail.outbox[0]), follow=True)).text
    assert "reset" in mail.outbox[-1].body  # and its owner is told


def test_whoever_asks_does_not_learn_who_has_an_account(letters_go_out, reachable, client):
    said = [
        read(Client().post("/accounts/password/reset/", {"email": address}, follow=True)).text
        for address in ("author@example.org", "nobody@example.org")
    ]
    assert said[0] == said[1]
    taken = {"username": "newcomer", "email": "author@example.org", "password1": "a long enough secret"}
    free = taken | {"username": "other", "email": "free@example.org"}
    said = [read(Client().post("/accounts/signup/", form, follow=True)).text for form in (taken, free)]
    assert said[0].replace("author@", "@") == said[1].replace("free@", "@")


def test_a_new_address_counts_once_it_is_confirmed_and_both_are_told(letters_go_out, reachable):
    client = log_in("author")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "wen@example.org", "action_add": ""})
    page = read(client.get("/accounts/email/"))
    assert "wen@example.org waits to be confirmed" in page.text and "author@example.org" in page.text
    assert Member.objects.get(pk=reachable.pk).email == "author@example.org"
    client.post(link_in(mail.outbox[-1]))
    assert Member.objects.get(pk=reachable.pk).email == "wen@example.org"
    assert "waits to be confirmed" not in read(client.get("/accounts/email/")).text
    assert ["author@example.org"] in [letter.to for letter in mail.outbox]


def test_a_new_address_can_be_given_up_before_it_is_confirmed(letters_go_out, reachable):
    client = log_in("author")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "wen@example.org", "action_add": ""})
    link = link_in(mail.outbox[-1])
    client.post("/accounts/email/", {"email": "wen@example.org", "action_remove": ""})
    client.post(link)
    assert Member.objects.get(pk=reachable.pk).email == "author@example.org"


def test_letters_are_plain_end_with_the_site_and_fit_the_screen(letters_go_out, reachable, client, settings):
    client.post("/accounts/password/reset/", {"email": "author@example.org"})
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    inside = log_in("author")
    new = {"oldpassword": PASSWORD, "password1": "another long secret", "password2": "another long secret"}
    inside.post("/accounts/password/change/", new)
    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        assert letter.alternatives == []
        assert letter.body.endswith(f"-- \n{settings.SITE_NAME} · https://reader.example.org/")
        assert [line for line in letter.body.splitlines() if len(line) > 78 and "://" not in line] == []
        assert "testserver" not in letter.body
        assert "Reader" not in letter.subject and "\n" not in letter.subject


def test_a_mail_server_that_does_not_answer_costs_the_letter_and_not_the_act(letters_go_out, reachable, monkeypatch):
    def refuse(self, fail_silently=False):
        raise ConnectionRefusedError

    new = {"username": "newcomer", "email": "new@example.org", "password1": "a long enough secret", "display_name": ""}
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        for path, form in {
            "/accounts/signup/": new, "/accounts/password/reset/": {"email": "author@example.org"},
        }.items():  # fmt: skip
            answer = Client().post(path, form, follow=True)
            assert answer.status_code == 200
            assert "could not be sent" in read(answer).text
    cache.clear()  # some minutes later it may be asked for again
    assert "A letter is on its way" in read(log_in_page("newcomer")).text
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]


def log_in_page(name: str):
    form = {"login": name, "password": "a long enough secret"}
    return Client().post("/accounts/login/", form, follow=True)


# --- sessions ----------------------------------------------------------------------------------------


def test_one_session_is_ended_and_the_others_go_on(people):
    phone = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
    here, there, third = log_in("author"), Client(headers={"User-Agent": phone}), log_in("author")
    there.post("/accounts/login/", {"login": "author", "password": PASSWORD})
    page = read(here.get("/accounts/sessions/"))
    assert "Firefox, Android" in page.text
    actions = [form.attrs["action"] for form in page.all("form") if "/me/sessions/" in form.attrs.get("action", "")]
    assert len(actions) == 2
    [ended] = [item for item in page.all("li") if "Firefox, Android" in item.text]
    action = ended.all("form")[0].attrs["action"]
    assert log_in("stranger").post(action).status_code == 404
    assert here.get(action).status_code == 405
    assert here.post(action).status_code == 302
    assert [client.get("/me/").status_code for client in (here, there, third)] == [200, 302, 200]
    assert here.post(action).status_code == 404


def test_the_page_of_sessions_is_asked_for_by_its_owner(client):
    assert client.post(reverse("reader:end_session", args=[1])).status_code == 302
