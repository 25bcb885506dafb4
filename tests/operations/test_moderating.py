"""Deciding: once, by one person, with a trace; the second is told."""

import pytest

from reader.models import Member, ModerationEvent, Status
from reader.operations import annotating, moderating
from reader.operations.errors import AlreadyDecided, ReasonMissing
from tests.make import approved, fresh, make_note, note_in_state
from tests.operations.test_publishing import all_rows

DECISIONS = {
    "approved": lambda version, by: moderating.approve(version, by=by),
    "rejected": lambda version, by: moderating.reject(version, by=by, reason="Not about the text."),
    "spam": lambda version, by: moderating.mark_as_spam(version, by=by),
}


@pytest.fixture
def note(letters, people):
    return make_note(letters, author=people.author)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_kept_with_who_and_when_and_leaves_its_trace(note, people, decision):
    DECISIONS[decision](note.latest, people.moderator)
    version = fresh(note).latest
    assert (version.status, version.decided_by) == (decision, people.moderator)
    assert version.decided is not None
    assert (fresh(note).published == version) is (decision == "approved")
    event = note.events.get(verb=decision)
    assert (event.before, event.after, event.version) == ("pending", decision, 1)
    assert (event.by, event.by_name, event.about_name) == (people.moderator, "Mo Moderator", "Wen Author")
    assert event.reason == ("Not about the text." if decision == "rejected" else "")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_nobody_is_rejected_without_a_reason(note, people, reason):
    before = all_rows()
    with pytest.raises(ReasonMissing):
        moderating.reject(note.latest, by=people.moderator, reason=reason)
    assert all_rows() == before


@pytest.mark.parametrize("first", DECISIONS)
@pytest.mark.parametrize("second", DECISIONS)
def test_the_second_of_two_moderators_is_told_and_changes_nothing(note, people, first, second):
    seen_by_both = [fresh(note).latest, fresh(note).latest]
    DECISIONS[first](seen_by_both[0], people.moderator)
    before = all_rows()
    with pytest.raises(AlreadyDecided, match=r"Mo Moderator was quicker: the note is .*changed nothing"):
        DECISIONS[second](seen_by_both[1], people.second_moderator)
    assert all_rows() == before


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_stale_version_is_not_decided(note, people, decision):
    old = fresh(note).latest
    annotating.edit(note, by=people.author, body="Newer words.", tags=[])
    before = all_rows()
    with pytest.raises(AlreadyDecided, match="newer version"):
        DECISIONS[decision](old, people.moderator)
    assert all_rows() == before
    DECISIONS[decision](fresh(note).latest, people.moderator)


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_its_author_withdrew_is_not_decided(note, people, decision):
    version = fresh(note).latest
    annotating.withdraw(note, by=people.author)
    with pytest.raises(AlreadyDecided, match="withdrawn by now"):
        DECISIONS[decision](version, people.moderator)
    assert fresh(note).latest.status == Status.WITHDRAWN


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_private_note_is_not_decided(letters, people, decision):
    note = note_in_state("private", letters, people)
    with pytest.raises(AlreadyDecided):
        DECISIONS[decision](note.latest, people.moderator)
    assert (fresh(note).latest.status, fresh(note).published) == (Status.PENDING, None)
    assert not note.events.exists()


def test_three_approved_notes_make_a_person_trusted(letters, people):
    notes = [make_note(letters, author=people.author, body=f"Thought {n}.") for n in range(4)]
    standing = []
    for note in notes[:3]:
        approved(note, by=people.moderator)
        standing.append(Member.objects.get(pk=people.author.pk).is_trusted)
    assert standing == [False, False, True]
    event = ModerationEvent.objects.get(verb="trusted")
    assert (event.about_name, event.by) == ("Wen Author", people.moderator)
    approved(notes[3], by=people.moderator)
    assert ModerationEvent.objects.filter(verb="trusted").count() == 1
    author = Member.objects.get(pk=people.author.pk)
    assert make_note(letters, author=author).latest.status == Status.APPROVED


def test_three_edits_of_one_note_are_one_contribution(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    for n in range(3):
        annotating.edit(note, by=people.author, body=f"Thought {n}.", tags=[])
        approved(note, by=people.moderator)
    assert not Member.objects.get(pk=people.author.pk).is_trusted


def test_how_many_approvals_make_trust_is_a_setting(letters, people, settings):
    settings.TRUSTED_AFTER_APPROVALS = 1
    approved(make_note(letters, author=people.author), by=people.moderator)
    assert Member.objects.get(pk=people.author.pk).is_trusted


def test_every_act_on_a_note_leaves_one_line_in_the_trail(letters, people):
    note = make_note(letters, author=people.author)
    moderating.approve(note.latest, by=people.moderator)
    annotating.edit(note, by=people.author, body="Second.", tags=[])
    moderating.reject(fresh(note).latest, by=people.second_moderator, reason="Why?")
    annotating.edit(note, by=people.author, body="Third.", tags=[])
    moderating.mark_as_spam(fresh(note).latest, by=people.moderator)
    lines = [(e.verb, e.version, e.by_name) for e in reversed(note.events.all())]
    assert lines == [
        ("submitted", 1, "Wen Author"),
        ("approved", 1, "Mo Moderator"),
        ("submitted", 2, "Wen Author"),
        ("rejected", 2, "Dee Second"),
        ("submitted", 3, "Wen Author"),
        ("spam", 3, "Mo Moderator"),
    ]
