"""The pages on which people read what happened, choose how they are told, follow, and end mails."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.models import Annotation, Delivery, Follow, Kind, Notification
from reader.operations import annotating, following, mailing, moderating, telling
from tests.make import approved, fresh, make_note, note_in_state
from tests.pages import read

pytestmark = pytest.mark.django_db
NEWS = "/me/notifications/"


def follow_article(person) -> None:
    following.follow(person, following.target_of("article", "letters", person=person))


def test_an_empty_list_says_what_will_stand_there(browser_of, people):
    text = read(browser_of("stranger").get(NEWS)).text
    assert "Nothing has happened yet" in text
    assert "What you follow" in text


@pytest.mark.parametrize("path", [NEWS, f"{NEWS}preferences/", f"{NEWS}1/", f"{NEWS}follow/article/letters/"])
def test_without_a_log_in_one_is_asked_for_it(letters, client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_unread_come_first_and_are_counted_in_the_menu(letters, people, browser_of):
    author = browser_of("author")
    first = note_in_state("rejected", letters, people)
    second = note_in_state("approved", letters, people, on="first" if "first" in letters.current.text else "In spring")
    page = read(author.get(NEWS))
    assert [item.classes for item in page.all("ul", "told")[0].all("li")] == [{"unread"}, {"unread"}]
    assert "Not about the text." in page.text
    assert "2" in page.all("span", "count")[0].text
    row = Notification.objects.get(annotation=second)
    author.post(f"{NEWS}read/", {"id": row.pk})
    items = read(author.get(NEWS)).all("ul", "told")[0].all("li")
    assert [item.classes for item in items] == [{"unread"}, set()]
    assert Notification.objects.get(annotation=first).read is None


def test_opening_one_leads_to_the_note_and_marks_it_read(letters, people, browser_of):
    note = note_in_state("approved", letters, people)
    row = Notification.objects.get(annotation=note)
    assert browser_of("author").get(f"{NEWS}{row.pk}/")["Location"] == f"/notes/{note.uid}/"
    row.refresh_from_db()
    assert row.read is not None
    assert read(browser_of("author").get(NEWS)).all("span", "count") == []


def test_nobody_opens_or_marks_what_was_told_to_somebody_else(letters, people, browser_of):
    row = Notification.objects.get(annotation=note_in_state("approved", letters, people))
    for name in ("stranger", "moderator"):
        assert browser_of(name).get(f"{NEWS}{row.pk}/").status_code == 404
        browser_of(name).post(f"{NEWS}read/", {"id": row.pk})
    row.refresh_from_db()
    assert row.read is None


def test_marking_all_leaves_what_came_later_unread(letters, people, browser_of):
    for _note in range(35):  # more than a page
        note_in_state("rejected", letters, people)
    author = browser_of("author")
    [button] = [each for each in read(author.get(NEWS)).all("button") if each.attrs.get("name") == "until"]
    late = note_in_state("rejected", letters, people)
    author.post(f"{NEWS}read/", {"until": button.attrs["value"]})
    assert list(Notification.objects.unread().values_list("annotation", flat=True)) == [late.pk]
    author.post(f"{NEWS}read/", {"id": Notification.objects.unread().get().pk})
    page = read(author.get(NEWS))
    assert [each for each in page.all("button") if each.attrs.get("name") == "until"] == []
    assert "2" in page.all("nav", "pages")[0].text


@pytest.mark.parametrize("until", ["", "x", "2026-13-41T99:00", "2026-01-01T00:00:00", "\x00"])
def test_a_time_that_is_none_marks_nothing(letters, people, browser_of, until):
    note_in_state("approved", letters, people)
    assert browser_of("author").post(f"{NEWS}read/", {"until": until}).status_code == 302
    assert Notification.objects.unread().count() == 1


def test_following_much_costs_no_more_questions(letters, people, browser_of):
    def queries() -> int:
        client = browser_of("stranger")
        client.get(NEWS)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(NEWS).status_code == 200
        return len(asked)

    def follow_all_of(note) -> None:
        for kind, name in (("thread", note.uid), ("tag", note.latest.tag_names[0])):
            following.follow(people.stranger, following.target_of(kind, name, person=people.stranger))

    for name in ("letters/1", "letters/2"):
        following.follow(people.stranger, following.target_of("passage", name, person=people.stranger))
    follow_article(people.stranger)
    follow_all_of(make_note(letters, author=people.trusted, tags=["a1"]))
    following.follow(people.stranger, following.target_of("person", "trusted", person=people.stranger))
    few = queries()
    for number in range(6):
        follow_all_of(make_note(letters, author=people.editor, tags=[f"b{number}"]))
    following.follow(people.stranger, following.target_of("person", "editor", person=people.stranger))
    follows = read(browser_of("stranger").get(NEWS)).all("ul", "two-ends")[0]
    assert len(follows.all("a")) == len(follows.all("li")) == 19
    assert queries() == few


@pytest.mark.parametrize("nonsense", ["x", "", "99999999999999999999999", "1\u0661"])
def test_an_id_that_is_none_changes_nothing(letters, people, browser_of, nonsense):
    note_in_state("approved", letters, people)
    assert browser_of("author").post(f"{NEWS}read/", {"id": nonsense}).status_code == 302
    assert Notification.objects.unread().count() == 1


# --- what may not be seen ------------------------------------------------------------------------


def test_news_of_a_note_that_was_taken_away_is_gone_from_the_list_and_the_menu(letters, people, browser_of):
    follow_article(people.stranger)
    note = note_in_state("approved", letters, people)
    stranger = browser_of("stranger")
    row = Notification.objects.get(recipient=people.stranger)
    assert "Wen Author wrote a note" in stranger.get(NEWS).content.decode()
    annotating.withdraw(note, by=people.author)
    page = stranger.get(NEWS).content.decode()
    assert "Wen Author" not in page
    assert 'class="count"' not in page
    assert stranger.get(f"{NEWS}{row.pk}/").status_code == 404
    annotating.restore(fresh(note), by=people.author)
    assert "Wen Author wrote a note" in stranger.get(NEWS).content.decode()


# --- choices -------------------------------------------------------------------------------------


def test_choices_are_kept_and_moderators_have_two_more(people, browser_of, settings):
    settings.CAN_SEND_MAIL = True
    names = {"stranger": len(Kind) - 2, "moderator": len(Kind)}
    for name, most in names.items():
        client = browser_of(name)
        assert len(read(client.get(f"{NEWS}preferences/")).all("select")) == most
        ways = telling.ways_of(people[name]) | {Kind.FOLLOWED: Delivery.WEEKLY, Kind.REPLIED: Delivery.OFF}
        assert client.post(f"{NEWS}preferences/", ways).status_code == 302
        kept = telling.ways_of(people[name])
        assert (kept["followed"], kept["replied"], kept["decided"]) == ("weekly", "off", "at-once")


def test_a_way_that_is_none_is_refused(people, browser_of):
    ways = telling.ways_of(people.stranger) | {Kind.FOLLOWED: "by-pigeon"}
    assert browser_of("stranger").post(f"{NEWS}preferences/", ways).status_code == 422
    assert telling.ways_of(people.stranger)["followed"] == "daily"


# --- following -----------------------------------------------------------------------------------


def test_buttons_follow_and_stop_on_every_page_that_can_be_followed(letters, people, browser_of):
    note = approved(make_note(letters, author=people.author, tags=["coast"]), by=people.moderator)
    client = browser_of("stranger")
    pages = {
        "/articles/letters/": "follow/article/letters/",
        "/articles/letters/p2/": "follow/passage/letters/2/",
        "/tags/coast/": "follow/tag/coast/",
        f"/notes/{note.uid}/": f"follow/thread/{note.uid}/",
    }
    for page, address in pages.items():
        for act, count in (("follow", 1), ("stop", 0)):
            form = _form(client, page, NEWS + address)
            assert form["act"] == act
            response = client.post(NEWS + address, form, follow=True)
            assert response.status_code == 200
            assert Follow.objects.filter(member=people.stranger).count() == count
    assert _form(client, f"/notes/{note.uid}/", f"{NEWS}follow/person/author/")["act"] == "follow"


def _form(client, page: str, action: str) -> dict:
    [form] = [form for form in read(client.get(page)).all("form") if form.attrs.get("action") == action]
    return {field.attrs["name"]: field.attrs["value"] for field in form.all("input")}


def test_a_card_page_has_the_button_and_those_not_logged_in_have_none(article, people, browser_of, client):
    action = f"{NEWS}follow/card/xi-jinping/"
    assert _form(browser_of("stranger"), "/cards/xi-jinping/", action)["act"] == "follow"
    for page in ("/cards/xi-jinping/", article.get_absolute_url()):
        assert "/me/notifications/follow" not in client.get(page).content.decode()


def test_the_reading_page_of_one_does_not_show_what_another_follows(letters, people, browser_of):
    follow_article(people.stranger)
    action = f"{NEWS}follow/article/letters/"
    for _visit in range(2):
        assert _form(browser_of("stranger"), "/articles/letters/", action)["act"] == "stop"
        assert _form(browser_of("trusted"), "/articles/letters/", action)["act"] == "follow"


def test_the_reading_page_counts_what_is_unread_for_each_person(letters, people, browser_of):
    note_in_state("rejected", letters, people)
    for _visit in range(2):
        counts = read(browser_of("author").get("/articles/letters/")).all("span", "count")
        assert {count.text.split()[0] for count in counts} == {"1"}
        assert read(browser_of("stranger").get("/articles/letters/")).all("span", "count") == []


def test_what_one_follows_is_listed_and_ended_from_there(letters, people, browser_of):
    follow_article(people.stranger)
    row = Follow.objects.get()
    assert "Letters to the capital" in read(browser_of("stranger").get(NEWS)).all("ul", "two-ends")[0].text
    assert browser_of("trusted").post(f"{NEWS}stop/{row.pk}/").status_code == 404
    assert browser_of("stranger").post(f"{NEWS}stop/{row.pk}/").status_code == 302
    assert Follow.objects.count() == 0


def test_following_what_is_not_there_or_not_to_be_seen_is_404(letters, people, browser_of):
    waits = make_note(letters, author=people.author, tags=["secret"])
    stranger = browser_of("stranger")
    for name in ("article/none", "passage/letters/9", "passage/letters/x", "card/none", "tag/secret", "person/author",
                 f"thread/{waits.uid}", "planet/mars"):  # fmt: skip
        assert stranger.get(f"{NEWS}follow/{name}/").status_code == 404, name
        assert stranger.post(f"{NEWS}follow/{name}/", {"act": "follow"}).status_code == 404, name
    assert Follow.objects.count() == 0
    assert browser_of("moderator").get(f"{NEWS}follow/thread/{waits.uid}/").status_code == 200


def test_what_was_followed_and_is_not_to_be_seen_any_more_gives_nothing_away(letters, people, browser_of):
    note = approved(make_note(letters, author=people.author, tags=["secret"]), by=people.moderator)
    following.follow(people.stranger, following.target_of("thread", note.uid, person=people.stranger))
    moderating.take_down(fresh(note), by=people.moderator, reason="Private.")
    page = read(browser_of("stranger").get(NEWS)).all("ul", "two-ends")[0].text
    assert "second letter" not in page
    assert "not here any more" in page


# --- ending mails ---------------------------------------------------------------------------------


@pytest.fixture
def address(letters, people, settings, django_capture_on_commit_callbacks) -> str:
    """Where the mail about a decision can be ended, as the mail says it."""
    settings.CAN_SEND_MAIL = True
    people.author.email = "author@example.org"
    people.author.save()
    with django_capture_on_commit_callbacks(execute=True):
        note_in_state("rejected", letters, people)
    header = mail.outbox[-1].extra_headers["List-Unsubscribe"]
    return header.strip("<>").removeprefix(settings.SITE_URL)


def test_one_press_in_the_mail_program_ends_that_kind_without_log_in_cookie_or_token(people, address):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert telling.ways_of(people.author)["decided"] == Delivery.PAGE
    assert telling.ways_of(people.author)["replied"] == Delivery.AT_ONCE


def test_looking_at_the_address_ends_nothing(people, address, client):
    page = client.get(address)
    assert "Shall the mails about this end: A moderator decided on my note" in page.text and "No more" not in page.text
    assert page["Cache-Control"] == "private, no-store" and page["Referrer-Policy"] == "no-referrer"
    assert telling.ways_of(people.author)["decided"] == Delivery.AT_ONCE


def test_an_address_that_was_changed_opens_nothing(people, address, client):
    for bad in (address[:-3] + "x/", "/mail/end/x/", f"/mail/end/{mailing.signing.dumps([1, 'decided'])}/"):
        assert client.post(bad).status_code == 404
    assert telling.ways_of(people.author)["decided"] == Delivery.AT_ONCE


def test_ending_a_digest_ends_all_that_came_in_it(people, client):
    token = mailing.unsubscribe_token(people.author, Delivery.DAILY)
    assert "Shall these mails end?" in client.get(f"/mail/end/{token}/").text
    assert "No more of these mails." in client.post(f"/mail/end/{token}/").text
    ways = telling.ways_of(people.author)
    assert (ways["followed"], ways["revised"], ways["decided"]) == ("page", "page", "at-once")


def test_what_was_gathered_for_a_mail_is_not_sent_after_it_was_ended(letters, people, settings, client):
    settings.CAN_SEND_MAIL = True
    people.stranger.email = "stranger@example.org"
    people.stranger.save()
    follow_article(people.stranger)
    make_note(letters, author=people.trusted)
    client.post(f"/mail/end/{mailing.unsubscribe_token(people.stranger, Kind.FOLLOWED)}/")
    now = Notification.objects.get().at
    later = now + mailing.AT_REST
    assert mailing.send_digests("daily", before=later, now=later) == 0
    assert Annotation.objects.public().filter(article=letters).count() == 1
