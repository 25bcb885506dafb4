"""Telling people: each thing once, only what they may see, never their own acts, nothing from what is not kept."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reader.models import Annotation, Card, Delivery, Kind, Mention, Notification, Status, Visibility
from reader.operations import annotating, flagging, following, moderating, revising, standing, telling, turns, undoing
from reader.operations.errors import ReaderError
from tests.make import approved, fresh, make_article, make_note, note_in_state, span_of
from tests.people import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]


def follow(person, kind: str, name: str) -> None:
    following.follow(person, following.target_of(kind, name, person=person))


def told(person, kind: str = "") -> list[Notification]:
    rows = Notification.objects.holding(person)
    return list(rows.filter(kind=kind) if kind else rows)


def last_decision(note):
    return fresh(note).events.filter(verb__in=undoing.UNDONE).first()


def to(mails, person) -> list:
    return [each for each in mails if each.to == [person.email]]


# --- decisions ------------------------------------------------------------------------------------

DECISIONS = {
    "approved": lambda v, by: moderating.approve(v, by=by),
    "rejected": lambda v, by: moderating.reject(v, by=by, reason="Not about the text."),
    "returned": lambda v, by: moderating.send_back(v, by=by, reason="Name your source."),
    "edited": lambda v, by: moderating.edit_and_approve(v, by=by, body="Better words.", tags=[]),
}
SAID = {
    "approved": "was approved: everyone can read it",
    "rejected": "was not accepted",
    "returned": "asks you to revise",
    "edited": "changed your note",
}


@pytest.mark.parametrize("outcome", DECISIONS)
def test_the_author_is_told_what_was_decided_and_why(letters, people, sent, outcome):
    note = make_note(letters, author=people.author)
    out = sent(lambda: DECISIONS[outcome](note.latest, people.moderator))
    [row] = told(people.author)
    assert (row.kind, row.outcome) == ("decided", outcome)
    [letter] = out
    assert letter.to == ["author@example.org"]
    assert SAID[outcome] in letter.subject
    assert f"https://reader.example.org/notes/{note.uid}/" in letter.body
    reason = {"rejected": "Not about the text.", "returned": "Name your source."}.get(outcome, "")
    assert row.reason == reason
    assert reason in letter.body
    assert told(people.moderator) == told(people.stranger) == []


def test_spam_is_told_to_nobody(letters, people, sent):
    note = make_note(letters, author=people.author)
    assert sent(lambda: moderating.mark_as_spam(note.latest, by=people.moderator)) == []
    assert Notification.objects.count() == 0


def test_a_note_taken_down_is_told_with_its_reason(letters, people, sent):
    note = note_in_state("approved", letters, people)
    [letter] = sent(lambda: moderating.take_down(note, by=people.moderator, reason="It names a child."))
    assert "It names a child." in letter.body
    assert [row.outcome for row in told(people.author)] == ["rejected"]


def test_a_decision_taken_back_and_made_again_is_told_each_time_to_who_had_heard(letters, people, sent):
    note = make_note(letters, author=people.author)
    assert len(sent(lambda: DECISIONS["approved"](fresh(note).latest, people.moderator))) == 1
    undoing.undo(last_decision(note), by=people.moderator)
    assert [row.outcome for row in told(people.author)] == ["undone"]  # «approved» does not hold any more
    assert len(sent(lambda: DECISIONS["approved"](fresh(note).latest, people.moderator))) == 1
    undoing.undo(last_decision(note), by=people.moderator)
    [letter] = sent(lambda: DECISIONS["rejected"](fresh(note).latest, people.moderator))
    assert "not accepted" in letter.subject
    assert [row.outcome for row in told(people.author)] == ["rejected"]


def test_a_decision_made_again_before_anybody_heard_of_it_is_one_piece_of_news(letters, people, sent):
    telling.choose(people.author, {Kind.DECIDED: Delivery.PAGE})
    note = make_note(letters, author=people.author)
    DECISIONS["approved"](fresh(note).latest, people.moderator)
    undoing.undo(last_decision(note), by=people.moderator)
    assert told(people.author) == []
    DECISIONS["approved"](fresh(note).latest, people.moderator)
    assert [row.outcome for row in told(people.author)] == ["approved"]


def test_what_became_of_an_answer_to_a_rejection_is_told(letters, people, sent):
    note = note_in_state("rejected", letters, people)
    turns.appeal(fresh(note).latest, by=people.author, words="It is about the text.")
    again = {"by": people.second_moderator, "reason": "Not about the text."}
    [letter] = sent(lambda: moderating.reject(fresh(note).latest, **again))
    assert "Your answer" in letter.subject


def test_nobody_is_told_of_a_decision_of_their_own(letters, people, sent):
    note = make_note(letters, author=people.moderator)
    for flagger in (people.stranger, people.trusted, people.editor):
        flagging.flag(note, by=flagger, reason="rude")
    assert sent(lambda: moderating.take_down(fresh(note), by=people.moderator, reason="I was wrong.")) == []


# --- news ------------------------------------------------------------------------------------------


def test_a_reply_is_told_once_it_is_approved_and_not_before(letters, people, sent):
    note = make_note(letters, author=people.trusted)
    answers = []
    out = sent(lambda: answers.append(annotating.reply(parent=note, author=people.author, body="I doubt it.")))
    assert (out, told(people.trusted)) == ([], [])
    out = sent(lambda: moderating.approve(fresh(answers[0]).latest, by=people.moderator))
    [letter] = to(out, people.trusted)
    assert "Wen Author replied to your note" in letter.subject
    assert "I doubt it." in letter.body
    assert [row.kind for row in told(people.trusted)] == ["replied"]


@pytest.mark.parametrize("kind", ["article", "passage", "card", "tag", "person", "thread"])
def test_what_is_followed_tells_of_a_new_note_when_it_is_public(letters, people, sent, kind):
    card = Card.objects.create(slug="letter-2", name="Second letter", kind="event")
    span = span_of(letters, "second letter")
    Mention.objects.create(card=card, article=letters, revision=letters.current, start=span.start, end=span.end)
    top = make_note(letters, author=people.author, tags=["coast"])
    approved(top, by=people.moderator)
    names = {
        "article": "letters", "passage": "letters/2", "card": "letter-2", "tag": "coast", "person": "author",
        "thread": top.uid,
    }  # fmt: skip
    follow(people.stranger, kind, names[kind])
    if kind == "thread":
        note = annotating.reply(parent=fresh(top), author=people.author, body="And more.")
    else:
        note = make_note(letters, author=people.author, tags=["coast"])
    assert told(people.stranger) == []
    approved(note, by=people.moderator)
    [row] = told(people.stranger)
    assert (row.kind, row.annotation) == ("followed", note)
    assert told(people.trusted) == []


def test_whoever_follows_an_article_is_told_for_no_further_questions(letters, people):
    make_note(letters, author=people.trusted)  # the text is read for the first one
    costs = []
    for names in (["mei"], ["ana", "ben", "ida"]):
        for name in names:
            follow(make_member(name), "article", "letters")
        with CaptureQueriesContext(connection) as asked:
            note = make_note(letters, author=people.trusted)
        costs.append(len(asked))
    assert costs[0] == costs[1] and Notification.objects.filter(annotation=note).count() == 4


def test_what_appears_at_once_is_mailed_at_once_to_whoever_wants_it_so(letters, people, sent):
    follow(people.stranger, "article", "letters")
    telling.choose(people.stranger, {Kind.FOLLOWED: "at-once"})
    out = sent(lambda: make_note(letters, author=people.trusted))
    assert len(to(out, people.stranger)) == 1


ELSEWHERE = {
    "article": "other", "passage": "letters/1", "card": "nothing", "tag": "road", "person": "trusted", "thread": "",
}  # fmt: skip


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_what_is_not_followed_tells_nothing(letters, people, kind):
    make_article(slug="other")
    Card.objects.create(slug="nothing", name="Nothing", kind="event")
    top = make_note(letters, author=people.trusted, tags=["road"])
    follow(people.stranger, kind, ELSEWHERE[kind] or top.uid)
    approved(make_note(letters, author=people.author, tags=["coast"]), by=people.moderator)
    assert told(people.stranger) == []


def test_who_follows_in_many_ways_is_told_once_and_as_the_one_answered(letters, people, sent):
    note = make_note(letters, author=people.trusted, tags=["coast"])
    for kind, name in {"article": "letters", "passage": "letters/2", "tag": "coast", "thread": note.uid}.items():
        follow(people.trusted, kind, name)
    answer = annotating.reply(parent=note, author=people.author, body="Yes.", tags=["coast"])
    approved(answer, by=people.moderator)
    assert [row.kind for row in told(people.trusted)] == ["replied"]


def test_nobody_is_told_of_their_own_note_nor_of_one_they_approved(letters, people):
    for person in (people.trusted, people.moderator):
        follow(person, "article", "letters")
    make_note(letters, author=people.trusted)
    approved(make_note(letters, author=people.author), by=people.moderator)
    assert [row.annotation.author for row in told(people.trusted)] == [people.author]
    assert [row.annotation.author for row in told(people.moderator)] == [people.trusted]


def test_a_private_note_sets_nothing_off_until_it_is_made_public(letters, people, sent):
    follow(people.stranger, "article", "letters")
    notes = []
    out = sent(lambda: notes.append(make_note(letters, author=people.trusted, visibility=Visibility.PRIVATE)))
    assert (out, Notification.objects.count()) == ([], 0)
    annotating.edit(notes[0], by=people.trusted, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    assert len(told(people.stranger)) == 1


def test_an_edit_is_no_new_note_also_of_one_published_before_anything_was_announced(letters, people):
    note = note_in_state("approved", letters, people)
    note.announcements.all().delete()  # as on a site that is upgraded
    follow(people.stranger, "article", "letters")
    annotating.edit(note, by=people.author, body="Other words.", tags=[])
    approved(note, by=people.moderator)
    assert told(people.stranger) == []


def test_nothing_goes_out_from_an_act_that_is_rolled_back(letters, people, sent):
    note = make_note(letters, author=people.author)

    def act():
        with pytest.raises(RuntimeError), transaction.atomic():
            moderating.approve(note.latest, by=people.moderator)
            raise RuntimeError

    assert sent(act) == []
    assert Notification.objects.count() == 0


STEPS = ("approve", "undo", "reject", "edit", "withdraw", "restore", "spam", "change", "take down")


def do(step: str, note: Annotation, people) -> None:
    """One step, if the note is in a state for it."""
    now, by = fresh(note), people.moderator
    acts = {
        "approve": lambda: moderating.approve(now.latest, by=by),
        "undo": lambda: undoing.undo(last_decision(note), by=by) if last_decision(note) else None,
        "reject": lambda: moderating.reject(now.latest, by=by, reason="No."),
        "edit": lambda: annotating.edit(now, by=people.author, body=f"Words {now.latest.number + 1}.", tags=["coast"]),
        "withdraw": lambda: annotating.withdraw(now, by=people.author),
        "restore": lambda: annotating.restore(now, by=people.author),
        "spam": lambda: moderating.mark_as_spam(now.latest, by=by),
        "change": lambda: moderating.edit_and_approve(now.latest, by=by, body="Changed.", tags=[]),
        "take down": lambda: moderating.take_down(now, by=by, reason="No longer."),
    }
    with suppress(ReaderError):
        acts[step]()


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=9))
def test_whatever_becomes_of_a_note_its_news_goes_out_once_and_only_while_it_is_public(world, steps):
    people, top, sent = world
    sid = transaction.savepoint()
    mail.outbox.clear()
    try:
        note = annotating.reply(parent=top, author=people.author, body="Words 1.")
        was_public = False
        for step in steps:
            sent(lambda step=step: do(step, note, people))
            is_public = fresh(note).published is not None
            was_public |= is_public
            for person in (people.trusted, people.stranger):
                assert len(told(person)) == is_public, step
                assert len(to(mail.outbox, person)) == was_public, step
    finally:
        transaction.savepoint_rollback(sid)


@pytest.fixture
def world(letters, people, sent):
    """A note of one who is told at once of replies, and somebody who follows its article."""
    top = make_note(letters, author=people.trusted)
    follow(people.stranger, "article", "letters")
    telling.choose(people.stranger, {Kind.FOLLOWED: Delivery.AT_ONCE})
    return people, top, sent


# --- revisions, standing, waiting ------------------------------------------------------------------


def test_authors_are_told_when_a_revision_takes_their_words_or_changes_them(letters, people):
    lost = make_note(letters, author=people.trusted, on="went by the coast road")
    kept = make_note(letters, author=people.trusted, on="In spring")
    make_note(letters, author=people.editor, on="went by the coast road")
    private = make_note(letters, author=people.author, on="the coast road", visibility=Visibility.PRIVATE)
    source = letters.current.source.replace("went by the coast road; ", "")
    revising.revise(letters, source=source, by=people.editor, reason="Shorter.")
    rows = told(people.trusted)
    assert [(row.kind, row.annotation) for row in rows] == [("revised", lost)]
    assert rows[0].outcome in {"lost", "changed"}
    assert kept not in [row.annotation for row in rows]
    assert [row.annotation for row in told(people.author)] == [private]
    assert told(people.editor) == []  # their own act


def test_a_sanction_and_its_end_are_told_with_the_reason(people, sent):
    given_to = {"kind": "warning", "reason": "You attacked the clerk.", "by": people.moderator}
    made = []
    [letter] = sent(lambda: made.append(standing.sanction(people.stranger, **given_to)))
    assert letter.to == ["stranger@example.org"]
    assert "You attacked the clerk." in letter.body
    [letter] = sent(lambda: standing.lift(made[0], by=people.moderator))
    assert "lifted" in letter.subject
    assert told(people.author) == []


def test_moderators_hear_once_of_what_waits_too_long(letters, people, sent, settings):
    note = make_note(letters, author=people.author)
    later = timezone.now() + timedelta(hours=settings.WAITING_TOO_LONG_HOURS, minutes=1)
    assert sent(lambda: telling.tell_of_overdue(now=later - timedelta(hours=1))) == []
    out = sent(lambda: telling.tell_of_overdue(now=later))
    assert sorted(each.to[0] for each in out) == ["moderator@example.org", "second-moderator@example.org"]
    assert "waits too long" in out[0].subject
    assert "A thought." not in out[0].body
    assert sent(lambda: telling.tell_of_overdue(now=later)) == []
    assert told(people.author) == told(people.editor) == []
    approved(note, by=people.moderator)
    assert told(people.moderator) == []  # it waits no longer


def test_no_setting_no_alarm(letters, people, sent, settings):
    settings.WAITING_TOO_LONG_HOURS = 0
    make_note(letters, author=people.author)
    assert sent(lambda: telling.tell_of_overdue(now=timezone.now() + timedelta(days=400))) == []


# --- ways ------------------------------------------------------------------------------------------


def test_digests_gather_what_still_holds_and_go_out_once(letters, people, sent):
    follow(people.stranger, "article", "letters")
    stays = approved(make_note(letters, author=people.author, body="It stays."), by=people.moderator)
    goes = approved(make_note(letters, author=people.author, body="It goes."), by=people.moderator)
    annotating.withdraw(goes, by=people.author)
    call_command("send_digests", "--now")
    [letter] = to(mail.outbox, people.stranger)
    assert "1 thing that happened" in letter.subject
    assert "It stays." in letter.body
    assert stays.uid in letter.body
    assert "It goes." not in letter.body
    call_command("send_digests", "--now")
    assert len(to(mail.outbox, people.stranger)) == 1
    annotating.restore(goes, by=people.author)
    call_command("send_digests", "--now")
    assert "It goes." in to(mail.outbox, people.stranger)[1].body


def test_a_digest_shows_the_approved_wording_also_to_a_moderator(letters, people):
    follow(people.second_moderator, "article", "letters")
    telling.choose(people.second_moderator, {Kind.WAITING: Delivery.PAGE})
    note_in_state("edit waits", letters, people)
    call_command("send_digests", "--now")
    [letter] = to(mail.outbox, people.second_moderator)
    assert "Kingfisher lamp" in letter.body
    assert "Copper umbrella" not in letter.body


def test_daily_and_weekly_are_due_at_their_hour_and_not_before(letters, people):
    from reader.management.commands.send_digests import last_due

    tuesday = timezone.make_aware(timezone.datetime(2026, 11, 24, 5, 59))
    assert last_due("daily", tuesday).isoformat().startswith("2026-11-23T06:00")
    assert last_due("daily", tuesday + timedelta(minutes=1)).isoformat().startswith("2026-11-24T06:00")
    assert last_due("weekly", tuesday).isoformat().startswith("2026-11-23T06:00")
    assert last_due("weekly", tuesday - timedelta(days=1)).isoformat().startswith("2026-11-16T06:00")


@pytest.mark.parametrize(
    ("way", "at_once", "daily", "weekly", "page"),
    [("page", 0, 0, 0, 1), ("at-once", 1, 0, 0, 1), ("daily", 0, 1, 0, 1), ("weekly", 0, 0, 1, 1), ("off", 0, 0, 0, 0)],
)
def test_each_kind_comes_by_the_way_that_was_chosen(letters, people, sent, way, at_once, daily, weekly, page):
    from reader.operations import mailing

    telling.choose(people.author, {Kind.DECIDED: way})
    note = make_note(letters, author=people.author)
    out = sent(lambda: approved(note, by=people.moderator))
    assert (len(to(out, people.author)), len(told(people.author))) == (at_once, page)
    soon = timezone.now() + timedelta(minutes=1)
    counts = []
    for rhythm in ("daily", "weekly"):
        mail.outbox.clear()
        mailing.send_digests(rhythm, before=soon, now=soon)
        counts.append(len(to(mail.outbox, people.author)))
    assert counts == [daily, weekly]


def test_moderators_get_a_daily_summary_of_what_waits_and_none_when_nothing_does(letters, people):
    call_command("send_digests", "--now")
    assert mail.outbox == []
    make_note(letters, author=people.author, body="Nobody may read this yet.")
    call_command("send_digests", "--now")
    [letter] = to(mail.outbox, people.moderator)
    assert letter.subject == "1 contribution waits for a moderator"
    assert "https://reader.example.org/moderation/" in letter.body
    assert "Nobody may read this yet." not in letter.body
    assert to(mail.outbox, people.stranger) == to(mail.outbox, people.editor) == []
    mail.outbox.clear()
    call_command("send_digests")
    assert mail.outbox == []


def test_the_summary_counts_what_readers_flagged_once_and_not_the_moderators_own(letters, people):
    waits, flagged, own = (make_note(letters, author=who) for who in (people.author, people.trusted, people.moderator))
    for note in (waits, flagged, own):
        approved(note, by=people.second_moderator) if note is waits else None
        flagging.flag(note, by=people.stranger)
    flagging.flag(flagged, by=people.editor)
    annotating.edit(fresh(waits), by=people.author, body="Changed, and flagged before.", tags=[])
    call_command("send_digests", "--now")
    [letter], [other] = to(mail.outbox, people.moderator), to(mail.outbox, people.second_moderator)
    assert letter.subject == "2 contributions wait for a moderator" and "One of them was published" in letter.body
    assert other.subject == "3 contributions wait for a moderator" and "2 of them were published" in other.body
    for note in (flagged, own):
        moderating.keep(note, by=people.second_moderator)
    mail.outbox.clear()
    call_command("send_digests", "--now")
    [letter] = to(mail.outbox, people.moderator)
    assert letter.subject == "1 contribution waits for a moderator" and "flagged" not in letter.body


def test_a_site_without_mail_puts_nothing_by(letters, people, sent, settings):
    settings.CAN_SEND_MAIL = False
    note = make_note(letters, author=people.author)
    assert sent(lambda: approved(note, by=people.moderator)) == []
    assert len(told(people.author)) == 1
    settings.CAN_SEND_MAIL = True
    telling.choose(people.moderator, {Kind.WAITING: Delivery.PAGE})
    call_command("send_digests", "--now")
    assert to(mail.outbox, people.author) == []


def test_an_address_that_was_never_confirmed_gets_nothing(letters, people, sent):
    people.author.emailaddress_set.create(email=people.author.email, verified=False)
    note = make_note(letters, author=people.author)
    assert sent(lambda: approved(note, by=people.moderator)) == []
    people.author.emailaddress_set.update(verified=True)
    other = make_note(letters, author=people.author)
    assert len(sent(lambda: approved(other, by=people.moderator))) == 1


def test_a_mail_that_could_not_be_sent_is_sent_later_and_the_act_stands(letters, people, sent, settings, monkeypatch):
    note = make_note(letters, author=people.author)

    def refuse(self, fail_silently=False):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert sent(lambda: approved(note, by=people.moderator)) == []
    assert fresh(note).latest.status == Status.APPROVED
    Notification.objects.update(at=timezone.now() - timedelta(minutes=11))
    call_command("send_digests")
    assert len(to(mail.outbox, people.author)) == 1


def test_every_mail_is_plain_and_can_be_ended_with_one_press(letters, people, sent):
    note = make_note(letters, author=people.author)
    [letter] = sent(lambda: approved(note, by=people.moderator))
    assert letter.content_subtype == "plain"
    assert not isinstance(letter, mail.EmailMultiAlternatives)
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].startswith("<https://reader.example.org/mail/end/")
    assert "&lt;" not in letter.body
    assert "&quot;" not in letter.body


def test_following_is_refused_for_what_one_may_not_see(letters, people):
    from django.http import Http404

    waits = make_note(letters, author=people.author)
    for kind, name in {"thread": waits.uid, "person": "author", "tag": "none", "passage": "letters/9"}.items():
        with pytest.raises(Http404):
            following.target_of(kind, name, person=people.stranger)
    assert following.target_of("thread", waits.uid, person=people.author).kind == "thread"


def test_who_is_gone_or_asleep_is_not_told(letters, people):
    sleeper = make_member("sleeper", email="sleeper@example.org")
    follow(sleeper, "article", "letters")
    sleeper.is_active = False
    sleeper.save()
    make_note(letters, author=people.trusted)
    assert Notification.objects.filter(recipient=sleeper).count() == 0
