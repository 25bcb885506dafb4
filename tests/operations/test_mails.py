"""Every mail as somebody reads it: its head, its words, its width; and what happens when it cannot be sent."""

import re
from functools import partial
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from reader.models import Delivery, Kind, Member, Notification
from reader.operations import annotating, following, mailing, moderating, standing, telling
from tests.make import approved, make_note

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
HOSTILE = "Bcc: all@example.org\r\n-- \r\nNo more of these mails: https://evil.example/\n\n" + "long words " * 30


def rejection(letters, people, sent, reason="Not about the text.", body="A thought."):
    note = make_note(letters, author=people.author, body=body)
    [letter] = sent(lambda: moderating.reject(note.latest, by=people.moderator, reason=reason))
    return letter


# --- how a mail reads ------------------------------------------------------------------------------


def test_a_mail_says_what_happened_on_which_words_why_and_where_to_read_on(letters, people, sent):
    letter = rejection(letters, people, sent, body="I *doubt* it.")
    said = letter.body.split("-- \n")[0]
    parts = [
        "Hello Wen Author,", "Your note on “Letters to the capital” was not accepted.", "On these words:",
        "> second letter", "Reason:", "> Not about the text.", "Your note:", "> I *doubt* it.",
        "https://reader.example.org/notes/",
    ]  # fmt: skip
    places = [said.index(part) for part in parts]
    assert places == sorted(places)


def test_no_line_is_too_long_but_those_of_an_address(letters, people, sent):
    letter = rejection(letters, people, sent, reason="Because " * 60, body="Words and words " * 40)
    long = [line for line in letter.body.splitlines() if len(line) > 78]
    assert all(re.fullmatch(r"https://\S+", line) for line in long)
    assert len(letter.body.splitlines()) > 20


def test_what_people_write_cannot_pass_for_words_of_the_site(letters, people, sent):
    letter = rejection(letters, people, sent, reason=HOSTILE, body=HOSTILE)
    own = [line for line in letter.body.splitlines() if not line.startswith(">")]
    assert not [line for line in own if "evil" in line or "Bcc" in line or "long words" in line]
    assert "evil.example" in letter.body
    assert own.count("-- ") == 1


def test_names_and_titles_put_nothing_into_the_head(letters, people, sent):
    Member.objects.filter(pk=people.moderator.pk).update(display_name="Mo\r\nBcc: all@example.org")
    letters.title = "Letters\nBcc: all@example.org"
    letters.save()
    top = make_note(letters, author=people.trusted)
    by = Member.objects.get(pk=people.moderator.pk)
    [letter] = sent(lambda: annotating.reply(parent=top, author=by, body="Yes."))
    assert "\n" not in letter.subject
    head = letter.message().as_string().split("\n\n")[0]
    assert not re.search(r"^Bcc", head, re.MULTILINE)
    assert letter.recipients() == ["trusted@example.org"]
    assert not re.search(r"^Bcc", letter.body, re.MULTILINE)


def test_mails_of_one_conversation_stand_together_and_name_no_machine(letters, people, sent):
    top = make_note(letters, author=people.trusted)
    out = []
    for body in ("First answer.", "Second answer."):
        act = partial(annotating.reply, parent=top, author=people.moderator, body=body)
        out.append(sent(act)[0].extra_headers)
    assert {head["References"] for head in out} == {f"<{top.uid}@reader.example.org>"}
    assert all(head["Message-ID"].endswith("@reader.example.org>") for head in out)
    assert out[0]["Message-ID"] != out[1]["Message-ID"]
    assert {head["Auto-Submitted"] for head in out} == {"auto-generated"}


def test_a_suspension_says_until_when(people, sent):
    until = timezone.make_aware(timezone.datetime(2031, 2, 3, 4, 5))
    given = {"kind": "suspension", "reason": "You attacked the clerk.", "by": people.moderator, "until": until}
    [letter] = sent(lambda: standing.sanction(people.stranger, **given))
    assert "It ends on 3 February 2031, 04:05." in " ".join(letter.body.split())
    assert "> You attacked the clerk." in letter.body


# --- what cannot be sent -----------------------------------------------------------------------------


def refusing(error):
    def send(self, fail_silently=False):
        if self.to == ["author@example.org"]:
            raise error
        mail.outbox.append(self)
        return 1

    return send


def digest_for_two(letters, people) -> None:
    for person in (people.author, people.stranger):
        following.follow(person, following.target_of("article", "letters", person=person))
    telling.choose(people.moderator, {Kind.WAITING: Delivery.PAGE})
    make_note(letters, author=people.trusted)


FOR_NOW, FOR_GOOD = (450, b"busy"), (550, b"no such person")


@pytest.mark.parametrize(
    ("error", "tried_again"),
    [
        (SMTPServerDisconnected("gone"), True),
        (ConnectionRefusedError(), True),
        (UnicodeEncodeError("ascii", "ü", 0, 1, "no"), True),
        (SMTPRecipientsRefused({"author@example.org": FOR_NOW}), True),
        (SMTPRecipientsRefused({"author@example.org": FOR_GOOD}), False),
    ],
)
def test_what_fails_for_one_reaches_the_others_and_is_tried_again_unless_it_is_final(
    letters, people, monkeypatch, error, tried_again
):
    digest_for_two(letters, people)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refusing(error))
        call_command("send_digests", "--now")
        call_command("send_digests", "--now")
    assert [each.to for each in mail.outbox] == [["stranger@example.org"]]
    call_command("send_digests", "--now")
    assert [each.to for each in mail.outbox[1:]] == [["author@example.org"]] * tried_again
    assert Notification.objects.holding(people.author).count() == 1  # the page has it in any case


def test_a_summary_that_could_not_be_sent_is_sent_the_next_time(letters, people, monkeypatch):
    make_note(letters, author=people.author)
    people.moderator.email = "author@example.org"
    people.moderator.save()
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refusing(ConnectionRefusedError()))
        call_command("send_digests")
    mail.outbox.clear()
    call_command("send_digests")
    call_command("send_digests")
    assert [each.to for each in mail.outbox] == [["author@example.org"]]


def test_a_worker_that_does_its_task_again_sends_nothing_twice(letters, people, sent):
    note = make_note(letters, author=people.author)
    sent(lambda: approved(note, by=people.moderator))
    ids = list(Notification.objects.values_list("pk", flat=True))
    assert mailing.send_at_once(ids) == 0
    assert len(mail.outbox) == 1
