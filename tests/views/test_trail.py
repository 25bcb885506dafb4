"""The trail and its numbers, and what people read of how they stand."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reader.models import AnnotationVersion, Card, ModerationEvent
from reader.operations import accepting, flagging, moderating, standing, turns, undoing
from tests.api.programs import Program, sent_note
from tests.make import approved, fresh, make_article, make_note, note_in_state, proposed_correction, proposed_mention
from tests.operations.test_leaving import close
from tests.pages import read

LETTER = "a thought that stands nowhere else"


@pytest.fixture
def moderator(browser_of):
    return browser_of("moderator")


def rows(client, **asked) -> list[str]:
    [trail] = read(client.get("/moderation/log/", asked)).all("ol", "trail")
    return [line.text for line in trail.all("li") if "empty" not in line.classes]


def test_the_trail_can_be_filtered_and_exported_and_no_spreadsheet_carries_it_out(letters, people, moderator):
    note = make_note(letters, author=people.author)
    moderating.reject(note.latest, by=people.moderator, reason="=HYPERLINK(1)")
    approved(make_note(letters, author=people.stranger), by=people.moderator)
    page = read(moderator.get("/moderation/log/", {"verb": "rejected"}))
    assert len(page.all("ol", "trail")[0].all("li")) == 1
    lines = b"".join(moderator.get("/moderation/log/", {"export": "csv"}).streaming_content).decode().splitlines()
    assert lines[0].startswith("at,by_name,verb")
    assert any("'=HYPERLINK(1)" in line for line in lines)


def test_the_trail_outlives_the_note_and_the_people(letters, people, moderator):
    note = approved(make_note(letters, author=people.author), by=people.second_moderator)
    note.placements.all().delete()
    note.delete()
    people.author.delete()
    people.second_moderator.delete()
    text = read(moderator.get("/moderation/log/")).text
    assert "Dee Second" in text
    assert "Wen Author" in text
    assert "a note that is gone" in text


def test_the_numbers_are_for_everyone_and_hold_neither_names_nor_words(letters, people, browser_of):
    note = make_note(letters, author=people.author, body=LETTER)
    approved(note, by=people.moderator)
    make_note(letters, author=people.stranger, body=LETTER)
    text = " ".join(read(browser_of("anonymous").get("/moderation/numbers/")).text.split())
    assert "1 were decided" in text
    for secret in ("wait now", LETTER, "Wen Author", "Mo Moderator", "Sam Stranger"):
        assert secret not in text


@pytest.mark.parametrize("gone", ["note", "author", "article"])
def test_an_article_is_found_in_the_trail_when_what_was_on_it_is_gone(letters, people, moderator, gone):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    card = Card.objects.create(slug="clerk", kind="person", name="Ada Clerk")
    proposal = proposed_mention(card, author=people.author, article=letters, on="minister of rites")
    make_note(make_article(slug="other-letters"), author=people.author)
    if gone == "author":
        close(people.author, keeps_notes=False)
    else:
        note.delete()
        proposal.delete()
    if gone == "article":
        letters.delete()
    assert len(rows(moderator, article="letters")) == 3
    answer = moderator.get("/moderation/log/", {"article": "letters", "export": "jsonl"})
    exported = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert {each["article_slug"] for each in exported} == {"letters"} and len(exported) == 3
    options = [e.text.strip() for e in read(moderator.get("/moderation/log/")).all("option")]
    assert ("letters" if gone == "article" else "Letters to the capital") in options


def test_an_article_with_another_address_keeps_its_trail(letters, people, moderator):
    make_note(letters, author=people.author)
    letters.slug = "letters-to-the-capital"
    letters.save()
    make_note(letters, author=people.author, body="Another thought.")
    assert len(rows(moderator, article="letters-to-the-capital")) == 2


def test_the_trail_is_narrowed_by_person_article_and_day(letters, people, moderator):
    other = make_article(slug="other-letters")
    approved(make_note(letters, author=people.author), by=people.moderator)
    approved(make_note(other, author=people.stranger), by=people.second_moderator)
    today, day = timezone.localdate(), timedelta(days=1)
    assert len(rows(moderator)) == 4
    assert len(rows(moderator, by="second-moderator")) == 1
    assert len(rows(moderator, about="Wen")) == 2
    assert len(rows(moderator, article="letters")) == 2
    assert len(rows(moderator, article="letters", verb="approved")) == 1
    assert len(rows(moderator, since=today.isoformat(), until=today.isoformat())) == 4
    assert not rows(moderator, since=(today + day).isoformat())
    assert not rows(moderator, until=(today - day).isoformat())


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "\x00", "9" * 5000])
def test_a_day_that_is_none_narrows_nothing(letters, people, moderator, day):
    approved(make_note(letters, author=people.author), by=people.moderator)
    answer = moderator.get("/moderation/log/", {"since": day})
    assert answer.status_code == (400 if "\x00" in day else 200)


def test_json_lines_carry_every_row_with_its_act(letters, people, moderator):
    note = make_note(letters, author=people.author)
    flagging.flag(approved(note, by=people.moderator), by=people.stranger)
    moderating.take_down(note, by=people.moderator, reason="An “attack”.")
    answer = moderator.get("/moderation/log/", {"export": "jsonl"})
    assert answer["Content-Type"].startswith("application/x-ndjson")
    told = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert len(told) == ModerationEvent.objects.count()
    down, closed = (next(row for row in told if row["verb"] == verb) for verb in ("rejected", "flag-closed"))
    assert (down["reason"], down["act"]) == ("An “attack”.", closed["act"])


def test_an_act_is_taken_back_from_the_trail_and_only_while_it_can_be(letters, people, moderator):
    note = make_note(letters, author=people.author)
    flagging.flag(approved(note, by=people.moderator), by=people.stranger)
    moderating.take_down(note, by=people.second_moderator, reason="An attack.")
    page = read(moderator.get("/moderation/log/"))
    actions = [form.attrs["action"] for form in page.all("ol", "trail")[0].all("form")]
    assert len(actions) == 2  # the approval and the taking down; flags were closed by that
    answer = moderator.post(actions[0], {"next": "/moderation/log/"})
    assert answer["Location"] == "/moderation/log/"
    assert fresh(note).published
    page = read(moderator.get("/moderation/log/"))
    assert len(page.all("ol", "trail")[0].all("form")) == 1


def decided_after(minutes: int, letters, people, verdict="approve"):
    note = make_note(letters, author=people.author, body=f"Waited {minutes}.")
    began = timezone.now() - timedelta(minutes=minutes)
    AnnotationVersion.objects.filter(annotation=note).update(waits_since=began)
    if verdict == "approve":
        return moderating.approve(fresh(note).latest, by=people.moderator)
    return moderating.reject(fresh(note).latest, by=people.moderator, reason="No.")


def test_the_numbers_are_what_was_done(letters, people, moderator, settings):
    settings.TRUSTED_AFTER_APPROVALS = 99
    for minutes in (10, 20, 30, 40, 50, 60, 70, 80, 90, 600):
        event = decided_after(minutes, letters, people)
    undoing.undo(event, by=people.moderator)
    refused = decided_after(5, letters, people, "reject").annotation
    turns.appeal(fresh(refused).latest, by=people.author, words="Look at line two.")
    moderating.approve(fresh(refused).latest, by=people.second_moderator)
    text = " ".join(read(moderator.get("/moderation/numbers/")).text.split())
    assert "12 were decided" in text
    assert "17 % were reversed: 1 taken back, 1 after the author had answered a rejection." in text
    assert "Half of the notes were decided within 40 minutes, nine of ten within 1 hour, 30 minutes." in text


def test_an_answer_about_one_proposal_reverses_no_other(letters, people, moderator):
    card = Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")
    one, other = (proposed_correction(card, author=people.author, role=role) for role in ("Seals", "Letters"))
    accepting.reject(one, number=1, by=people.moderator, reason="Which page?")
    one.refresh_from_db()
    turns.appeal(one, by=people.author, words="Page seven.")
    accepting.accept(other, number=1, by=people.moderator)
    assert "0 after the author" in " ".join(read(moderator.get("/moderation/numbers/")).text.split())
    accepting.reject(one, number=1, by=people.second_moderator, reason="Not there.")
    assert not ModerationEvent.objects.overturned().exists()


def test_a_note_taken_down_had_not_waited(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    assert moderating.take_down(note, by=people.moderator, reason="No.").waited is None


def test_the_numbers_ask_as_often_of_a_long_trail(letters, people, moderator, django_assert_num_queries):
    decided_after(3, letters, people)
    with CaptureQueriesContext(connection) as short:
        moderator.get("/moderation/numbers/")
    for minutes in range(15):
        decided_after(minutes, letters, people)
    with django_assert_num_queries(len(short)):
        moderator.get("/moderation/numbers/")


def test_people_read_how_they_stand_and_why(letters, people, browser_of):
    standing.set_trust(people.author, trusted=True, by=people.moderator)
    standing.set_trust(people.author, trusted=False, by=people.moderator, reason="Three rejections.")
    standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    text = read(browser_of("author").get("/me/standing/")).text
    for said in ("Became trusted", "No longer trusted", "Three rejections.", "Banned", "Advertising."):
        assert said in text
    assert "Mo Moderator" not in text and "your notes appear at once" not in text
    assert "your notes appear at once" in read(browser_of("stranger").get("/me/standing/")).text
    assert "Advertising." not in read(browser_of("stranger").get("/me/standing/")).text


def test_people_read_what_became_of_their_flags(letters, people, browser_of):
    stays, goes = (approved(make_note(letters, author=people.author), by=people.moderator) for _ in range(2))
    for note in (stays, goes):
        flagging.flag(note, by=people.stranger, reason="wrong")
    stranger = browser_of("stranger")
    assert read(stranger.get("/me/standing/")).text.count("Not looked at yet") == 2
    moderating.keep(stays, by=people.moderator)
    moderating.take_down(goes, by=people.moderator, reason="No source.")
    page = read(stranger.get("/me/standing/"))
    assert "The note stays" in page.text
    assert "The note was taken away" in page.text
    links = [link.attrs["href"] for link in page.all("ul", "trail")[0].all("a")]
    assert links == [stays.get_absolute_url()]  # the other one does not exist for them any more


@pytest.mark.parametrize("kind", ["suspension", "ban"])
def test_who_may_not_write_may_not_flag_and_reads_why(letters, people, browser_of, kind):
    until = timezone.now() + timedelta(days=1) if kind == "suspension" else None
    standing.sanction(people.stranger, kind=kind, reason="Advertising.", by=people.moderator, until=until)
    note = note_in_state("approved", letters, people)
    answer = browser_of("stranger").post(f"/notes/{note.uid}/flag/", {"reason": "rude", "comment": "Kept words."})
    assert answer.status_code == 403
    assert "Advertising." in read(answer).text
    assert "Kept words." in read(answer).text
    assert not note.flags.exists()


def test_programs_are_told_why_somebody_may_not_write(letters, people):
    standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    program = Program(people.author)
    status, said = program.send("POST", "annotations", sent_note("year was out"))
    assert (status, "Advertising." in said["reason"]) == (403, True)
    written = {
        "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation",
        "body": {"type": "TextualBody", "value": "A thought.", "format": "text/markdown"},
        "target": {"source": "http://localhost:8000/articles/letters/",
                   "selector": {"type": "TextQuoteSelector", "exact": "year was out"}},
    }  # fmt: skip
    response = program.client.post(
        "/articles/letters/annotations/", json.dumps(written), content_type="application/ld+json",
        headers=program.headers,
    )  # fmt: skip
    assert (response.status_code, response.json()["code"]) == (403, "may_not_write")
    assert "Advertising." in response.json()["detail"]
    assert not people.author.annotations.exists()
