"""Closing an account: what goes, what stays without a name, and that nothing goes before the week is over."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.utils import timezone

from reader.api import w3c_writing
from reader.models import Annotation, AnnotationVersion, Flag, Leaving, Member, ModerationEvent, Status
from reader.operations import annotating, flagging, following, groups, leaving, moderating, tokens, turns
from tests.api.annotations import annotation_on
from tests.at_once import at_once
from tests.make import NEW_WORDS, OLD_WORDS, fresh, make_group, make_note, note_in_state
from tests.people import PASSWORD, make_member
from tests.views.test_writing import form_for

STATES = ["private", "pending", "approved", "rejected", "spam", "withdrawn", "edit waits"]


def let_pass(days: int = 7) -> None:
    """As if everybody had asked that much earlier."""
    Leaving.objects.update(asked=timezone.now() - timedelta(days=days))


def close(member, *, keeps_notes: bool) -> str:
    leaving.ask(member, keeps_notes=keeps_notes)
    let_pass()
    said = StringIO()
    call_command("close_accounts", stdout=said)
    return said.getvalue()


def trail() -> list[tuple]:
    return list(ModerationEvent.objects.values_list("verb", "annotation_uid", "before", "after").order_by("pk"))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("keeps_notes", [True, False])
def test_only_what_was_public_stays_and_only_when_asked(letters, people, state, keeps_notes):
    note = note_in_state(state, letters, people)
    close(people.author, keeps_notes=keeps_notes)
    left = Annotation.objects.filter(pk=note.pk).first()
    assert (left is not None) == (keeps_notes and state in {"approved", "edit waits"})
    words = " ".join(AnnotationVersion.objects.values_list("body", flat=True))
    assert (OLD_WORDS in words) == (left is not None)
    assert NEW_WORDS not in words
    if left:
        assert left.author is None
        assert left.published_id == left.latest_id
        assert list(left.tags.names()) == ["kingfisher"]


@pytest.mark.parametrize("state", STATES[1:])  # nobody else can answer a private one
@pytest.mark.parametrize("keeps_notes", [True, False])
def test_a_reply_by_somebody_else_stays_in_its_place(letters, people, state, keeps_notes):
    note = note_in_state(state, letters, people)
    first = annotating.reply(parent=note, author=people.author, body="My own answer.")
    other = annotating.reply(parent=first, author=people.moderator, body="Granite teapot.")
    last = annotating.reply(parent=other, author=people.author, body="A last word.")
    close(people.author, keeps_notes=keeps_notes)
    kept = fresh(other)
    assert (kept.published.body, kept.parent_id, kept.thread_id) == ("Granite teapot.", first.pk, note.pk)
    assert Annotation.objects.filter(pk=last.pk).exists() == (keeps_notes and last.published is not None)
    for gone in (fresh(note), fresh(first)):
        if gone.published is None:
            assert gone.author is None
            assert [(v.body, v.tag_names, v.status) for v in gone.versions.all()] == [("", [], Status.WITHDRAWN)]
            assert not gone.tags.exists()


def test_nothing_is_left_of_the_person_but_what_they_did(letters, people, client):
    author = Member.objects.get(pk=people.author.pk)
    Member.objects.filter(pk=author.pk).update(email="wen@example.org", orcid="0000-0002-1825-0097")
    others = make_note(letters, author=people.trusted)
    flagging.flag(fresh(others), by=author, reason="wrong", comment="No source.")
    tokens.make_personal(member=author, name="mine", scope="read")
    note_in_state("approved", letters, people)
    before = trail()
    client.post("/accounts/login/", {"login": "author", "password": "a long enough secret"})
    assert client.get("/me/").status_code == 200
    close(author, keeps_notes=True)
    assert client.get("/me/").status_code == 302
    assert not Member.objects.filter(pk=author.pk).exists()
    assert trail() == before
    names = {name for row in ModerationEvent.objects.values_list("by_name", "about_name") for name in row}
    assert "Wen Author" not in names
    assert "a former member" in names
    flag = Flag.objects.get(annotation=others)
    assert (flag.by, flag.comment, flag.outcome) == (None, "No source.", "")


def test_the_acts_of_others_keep_their_names(letters, people):
    make_note(letters, author=people.stranger)
    note_in_state("rejected", letters, people)
    close(people.author, keeps_notes=False)
    assert set(ModerationEvent.objects.values_list("by_name", "about_name")) == {
        ("Sam Stranger", "Sam Stranger"), ("a former member", "a former member"), ("Mo Moderator", "a former member"),
    }  # fmt: skip


def test_a_moderator_who_leaves_leaves_the_decisions(letters, people):
    note = note_in_state("rejected", letters, people)
    close(people.moderator, keeps_notes=False)
    version = fresh(note).latest
    assert (version.status, version.reason, version.decided_by) == (Status.REJECTED, "Not about the text.", None)


def test_a_flag_without_a_name_can_be_looked_at_and_closed(letters, people, browser_of):
    note = make_note(letters, author=people.trusted)
    flagging.flag(fresh(note), by=people.author, comment="No source.")
    close(people.author, keeps_notes=False)
    page = browser_of("moderator").get("/moderation/?flagged=1")
    assert "No source." in page.text and "A former member" in page.text
    moderating.take_down(fresh(note), by=people.moderator, reason="True.")
    assert Flag.objects.get().outcome == Flag.Outcome.UPHELD


NAMELESS = [
    "/articles/letters/", "/articles/letters/notes/", "/articles/letters/p2/", "/notes/{uid}/", "/notes/{uid}/history/",
    "/notes/{uid}/reply/", "/notes/{uid}/flag/", "/notes/{uid}/cite.bib", "/annotations/{uid}", "/tags/kingfisher/",
    "/articles/letters/annotations/?page=0", "/articles/letters/export.md", "/feeds/notes/", "/api/search",
    "/moderation/log/",
]  # fmt: skip


def test_a_note_without_a_name_is_read_answered_flagged_and_taken_down(letters, people, browser_of):
    note = note_in_state("approved", letters, people)
    close(people.author, keeps_notes=True)
    client = browser_of("moderator")
    pages = {path: client.get(path.format(uid=note.uid)) for path in NAMELESS}
    assert {path: page.status_code for path, page in pages.items() if page.status_code != 200} == {}
    assert {path for path, page in pages.items() if "Wen Author" in str(page)} == set()
    answer = annotating.reply(parent=fresh(note), author=people.trusted, body="Granite teapot.")
    assert answer.published
    flagging.flag(fresh(note), by=people.stranger, comment="No source.")
    assert "No source." in client.get("/moderation/?flagged=1").text
    moderating.take_down(fresh(note), by=people.moderator, reason="True.")
    assert fresh(note).published is None


def test_a_note_without_a_name_that_flags_hide_is_decided_like_others(letters, people, browser_of, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 1
    note = note_in_state("approved", letters, people)
    close(people.author, keeps_notes=True)
    flagging.flag(fresh(note), by=people.stranger, comment="No source.")
    assert fresh(note).published is None
    page = browser_of("moderator").get("/moderation/")
    assert page.status_code == 200 and OLD_WORDS in page.text and "Approve and trust" not in page.text
    moderating.approve(fresh(note).latest, by=people.moderator, trust=True)
    assert fresh(note).published.body == f"{OLD_WORDS}."


@pytest.mark.parametrize("who", ["anonymous", "trusted", "moderator"])
def test_the_place_of_an_erased_note_holds_its_thread_together(letters, people, browser_of, who):
    note = note_in_state("approved", letters, people)
    answer = annotating.reply(parent=note, author=people.trusted, body="Granite teapot.")
    close(people.author, keeps_notes=False)
    client = browser_of(who)
    page = client.get(f"/notes/{answer.uid}/")
    assert page.status_code == 200 and "Granite teapot." in page.text
    others = [
        client.get(path).text for path in ("/articles/letters/", "/articles/letters/notes/", f"/notes/{note.uid}/")
    ]
    assert not any(OLD_WORDS in text for text in [page.text, *others])
    assert client.get(f"/annotations/{note.uid}").status_code == 410


def test_pages_that_were_kept_are_made_anew(letters, people, client):
    note_in_state("approved", letters, people)
    assert OLD_WORDS in client.get("/articles/letters/").text
    close(people.author, keeps_notes=True)
    page = client.get("/articles/letters/").text
    assert OLD_WORDS in page and "A former member" in page and "Wen Author" not in page


def test_erased_notes_leave_the_page(letters, people, client):
    note_in_state("approved", letters, people)
    assert OLD_WORDS in client.get("/articles/letters/").text
    close(people.author, keeps_notes=False)
    assert OLD_WORDS not in client.get("/articles/letters/").text


def test_before_the_week_is_over_nothing_happens(letters, people):
    note = note_in_state("approved", letters, people)
    asked = leaving.ask(people.author, keeps_notes=False)
    let_pass(days=6)
    assert not leaving.carry_out(asked.pk)
    assert fresh(note).author == people.author
    let_pass()
    assert leaving.carry_out(asked.pk)
    assert not Annotation.objects.filter(pk=note.pk).exists()


def test_the_command_run_again_does_nothing_more(letters, people):
    note_in_state("approved", letters, people)
    assert close(people.author, keeps_notes=True) == "1 closed.\n"
    state = list(Annotation.objects.values()), trail(), Member.objects.count()
    said = StringIO()
    call_command("close_accounts", stdout=said)
    assert said.getvalue() == "0 closed.\n"
    assert (list(Annotation.objects.values()), trail(), Member.objects.count()) == state


def test_who_stays_is_not_closed(people):
    asked = leaving.ask(people.author, keeps_notes=False)
    let_pass()
    assert leaving.stay(people.author)
    assert not leaving.carry_out(asked.pk)
    assert not leaving.stay(people.author)
    assert Member.objects.filter(pk=people.author.pk).exists()


def test_asking_again_changes_the_choice_and_not_the_day(people):
    first = leaving.ask(people.author, keeps_notes=False)
    second = leaving.ask(people.author, keeps_notes=True)
    assert (second.pk, second.asked, second.keeps_notes) == (first.pk, first.asked, True)


def test_the_only_editor_stays_until_there_is_another(article, people):
    with pytest.raises(leaving.OnlyEditor):
        leaving.ask(people.editor, keeps_notes=True)
    make_member("second-editor", is_editor=True)
    assert leaving.ask(people.editor, keeps_notes=True)
    with pytest.raises(leaving.OnlyEditor):
        leaving.ask(Member.objects.get(username="second-editor"), keeps_notes=True)


def test_the_only_moderator_stays_until_there_is_another(people):
    leaving.ask(people.second_moderator, keeps_notes=True)
    with pytest.raises(leaving.OnlyModerator):
        leaving.ask(people.moderator, keeps_notes=True)
    make_member("third-moderator", is_moderator=True)
    assert leaving.ask(people.moderator, keeps_notes=True)


def test_who_became_the_last_one_during_the_week_stays_and_reads_why(people, browser_of):
    asked = leaving.ask(people.moderator, keeps_notes=True)
    let_pass()
    Member.objects.filter(pk=people.second_moderator.pk).update(is_active=False)
    assert not leaving.carry_out(asked.pk)
    assert "You are the only moderator" in browser_of("moderator").get("/me/leave/").text
    Member.objects.filter(pk=people.second_moderator.pk).update(is_active=True)
    assert "You are the only moderator" not in browser_of("moderator").get("/me/leave/").text
    assert leaving.carry_out(asked.pk)


def rows_that_say(*words: str) -> set[str]:
    """«model.field» of every text in the database that holds one of the words."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = [str(value) for value in model._base_manager.values_list(field.name, flat=True)]
                found |= {f"{model.__name__}.{field.name}" for value in values if any(word in value for word in words)}
    return found


@pytest.mark.parametrize("keeps_notes", [True, False])
def test_nothing_in_the_database_names_who_has_gone(letters, people, browser_of, keeps_notes):
    member = make_member("zhenyi", display_name="Zhenyi Mo", email="zhenyi@example.org", orcid="0000-0002-1694-233X")
    member.emailaddress_set.create(email=member.email, verified=True, primary=True)
    member.socialaccount_set.create(provider="orcid", uid=member.orcid)
    Authenticator.objects.create(user=member, type="webauthn", data={"name": "Zhenyi's key"})
    tokens.make_personal(member=member, name="Zhenyi's program", scope="read")
    client = Client(headers={"User-Agent": "Zhenyi's browser"})
    client.post("/accounts/login/", {"login": "zhenyi", "password": PASSWORD})
    followed = make_note(letters, author=people.trusted)
    following.follow(member, following.target_of("thread", followed.uid, person=member))
    note = make_note(letters, author=member)
    moderating.reject(note.latest, by=people.moderator, reason="No.")
    turns.appeal(fresh(note).latest, by=member, words="Yes.")
    moderating.approve(fresh(note).latest, by=people.second_moderator)
    names = ["zhenyi", "Zhenyi", "0000-0002-1694-233X"]
    assert rows_that_say(*names) >= {"Member.username", "EmailAddress.email", "ModerationEvent.by_name"}
    close(member, keeps_notes=keeps_notes)
    assert rows_that_say(*names) == set()
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("path", ["/notes/{uid}/", "/annotations/{uid}", "/api/annotations/{uid}"])
def test_the_address_of_an_erased_note_leads_nowhere(letters, people, client, path):
    note = note_in_state("approved", letters, people)
    assert client.get(path.format(uid=note.uid)).status_code == 200
    close(people.author, keeps_notes=False)
    assert client.get(path.format(uid=note.uid)).status_code == 404


def test_what_fails_in_the_middle_changes_nothing(letters, people, monkeypatch):
    note = note_in_state("approved", letters, people)
    asked = leaving.ask(people.author, keeps_notes=False)
    let_pass()
    monkeypatch.setattr(leaving, "_forget", lambda member: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        leaving.carry_out(asked.pk)
    assert fresh(note).published.body == f"{OLD_WORDS}."
    assert Leaving.objects.filter(pk=asked.pk).exists()


# --- at the same moment ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("closed_first", [True, False])
def test_who_leaves_while_they_are_put_out_of_a_group_does_both(people, closed_first):
    group = make_group(people)
    asked = leaving.ask(people.member, keeps_notes=True)
    let_pass()
    acts = [
        lambda: leaving.carry_out(asked.pk),
        lambda: groups.remove(group, people.member, by=people.owner),
    ]
    at_once(*(acts if closed_first else reversed(acts)))
    assert not Member.objects.filter(username="member").exists()
    assert not group.memberships.filter(member__username="member").exists()


SENT = {
    "Hypothesis API": (
        "/api/annotations", {"uri": "http://localhost:8000/articles/letters/", "text": "Kingfisher lamp"}
    ),
    "W3C": ("/annotations/", annotation_on(body="Kingfisher lamp")),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["page", "Hypothesis API", "W3C"])
def test_what_is_sent_while_the_account_is_closed_is_refused_with_a_sentence(letters, people, monkeypatch, door):
    """The account goes after the request was let in and before what it wrote is kept."""
    asked = leaving.ask(people.author, keeps_notes=False)
    let_pass()
    room, step = (w3c_writing, "read_annotation") if door == "W3C" else (annotating, "annotate")
    as_usual = getattr(room, step)

    def close_before(*given, **note):
        leaving.carry_out(asked.pk)
        return as_usual(*given, **note)

    monkeypatch.setattr(room, step, close_before)
    client = Client(raise_request_exception=False)
    if door == "page":
        client.force_login(people.author, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post("/articles/letters/annotate/", form_for(letters, body="Kingfisher lamp"))
    else:
        value = tokens.make_personal(member=people.author, name="Mine", scope="write")
        address, sent = SENT[door]
        answer = client.post(
            address, sent, content_type="application/json", headers={"Authorization": f"Bearer {value}"}
        )
        assert "html" not in answer["Content-Type"]
    assert answer.status_code == 403
    assert "account was closed" in answer.text
    assert ("Kingfisher lamp" in answer.text) == (door == "page")
    assert not letters.annotations.exists()
