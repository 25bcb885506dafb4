"""Trust earned and lost, sanctions, the pace of writing, and why a wording waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reader.models import HeldFor, Member, ModerationEvent, Sanction, Status, SuspectWord
from reader.operations import annotating, flagging, moderating, standing
from reader.operations.errors import CannotDoThat, MayNotWrite, ReasonMissing
from tests.make import approved, fresh, make_note

pytestmark = pytest.mark.django_db


def refreshed(member: Member) -> Member:
    return Member.objects.get(pk=member.pk)


def verbs_about(member: Member) -> list[str]:
    return list(ModerationEvent.objects.filter(about=member).order_by("pk").values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("A thought.", {HeldFor.NEW_PERSON}),
        ("See https://example.org now.", {HeldFor.NEW_PERSON, HeldFor.LINK}),
        ("Buy CHEAP watches.", {HeldFor.NEW_PERSON, HeldFor.SUSPECT_WORD}),
    ],
)
def test_the_reasons_are_kept_on_the_wording(letters, people, body, why):
    SuspectWord.objects.create(word="cheap watches")
    assert set(make_note(letters, author=people.author, body=body).latest.held_for) == why


@pytest.mark.parametrize(
    ("is_blocked", "held"), [(False, {"author"}), (True, {"author", "trusted"})], ids=["suspect", "blocked"]
)
def test_a_suspect_word_holds_new_people_a_blocked_one_everybody_but_moderators(
    letters, people, settings, is_blocked, held
):
    settings.MODERATION_POLICY = "nothing-waits"
    SuspectWord.objects.create(word="casino", is_blocked=is_blocked)
    writers = ("author", "trusted", "moderator", "editor")
    notes = {who: make_note(letters, author=people[who], body="The Casino of rites.") for who in writers}
    assert {who for who, note in notes.items() if note.latest.status == Status.PENDING} == held
    why = {code for note in notes.values() for code in note.latest.held_for}
    assert why == {HeldFor.BLOCKED_WORD if is_blocked else HeldFor.SUSPECT_WORD}


def test_many_notes_in_a_short_time_are_said_to_be_many(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = 4
    notes = [make_note(letters, author=people.author, body=f"Thought {n}.") for n in range(3)]
    assert HeldFor.TOO_FAST not in notes[1].latest.held_for
    assert HeldFor.TOO_FAST in notes[2].latest.held_for


def test_trust_is_lost_by_rejections_and_both_are_in_the_trail(letters, people, settings):
    settings.DISTRUSTED_AFTER_REJECTIONS = 2
    settings.TRUSTED_AFTER_APPROVALS = 1
    approved(make_note(letters, author=people.author), by=people.moderator)
    assert refreshed(people.author).is_trusted
    settings.MODERATION_POLICY = "everything-waits"
    for n in range(2):
        note = make_note(letters, author=refreshed(people.author), body=f"Off the text {n}.")
        assert refreshed(people.author).is_trusted
        moderating.reject(note.latest, by=people.moderator, reason="Off the text.")
    assert not refreshed(people.author).is_trusted
    assert verbs_about(people.author)[-1] == "distrusted"
    assert "trusted" in verbs_about(people.author)


def test_being_asked_for_a_revision_costs_no_trust(letters, people, settings):
    settings.DISTRUSTED_AFTER_REJECTIONS = 1
    settings.MODERATION_POLICY = "everything-waits"
    note = make_note(letters, author=people.trusted)
    moderating.send_back(note.latest, by=people.moderator, reason="Say where you read it.")
    assert refreshed(people.trusted).is_trusted


def test_a_suspended_person_is_told_until_when_and_why_and_may_write_for_themselves(letters, people):
    until = timezone.now() + timedelta(days=3)
    standing.sanction(people.author, kind="suspension", reason="Three attacks.", by=people.moderator, until=until)
    with pytest.raises(MayNotWrite, match=r"until .* Reason: Three attacks\."):
        make_note(letters, author=people.author)
    assert make_note(letters, author=people.author, visibility="private").pk
    assert make_note(letters, author=people.stranger).pk


def test_a_suspension_runs_out_and_a_warning_stops_nobody(letters, people):
    past = timezone.now() - timedelta(minutes=1)
    standing.sanction(people.author, kind="suspension", reason="Short.", by=people.moderator, until=past)
    standing.sanction(people.author, kind="warning", reason="Mind the tone.", by=people.moderator)
    assert make_note(letters, author=people.author).pk


def test_a_ban_stops_replies_and_edits_until_it_is_lifted(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    ban = standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    with pytest.raises(MayNotWrite, match="Advertising"):
        annotating.reply(parent=note, author=people.author, body="Again.")
    with pytest.raises(MayNotWrite, match="Advertising"):
        annotating.edit(note, by=people.author, body="Again.", tags=[])
    standing.lift(ban, by=people.moderator)
    assert annotating.reply(parent=note, author=people.author, body="Sorry.").pk
    assert verbs_about(people.author)[-2:] == ["lifted", "submitted"]


@pytest.mark.parametrize("who", ["moderator", "second_moderator", "editor"])
def test_those_who_keep_the_site_are_not_sanctioned(people, who):
    with pytest.raises(CannotDoThat):
        standing.sanction(people[who], kind="ban", reason="A quarrel.", by=people.moderator)
    assert not Sanction.objects.exists()


def test_a_sanction_needs_a_reason(people):
    with pytest.raises(ReasonMissing):
        standing.sanction(people.author, kind="ban", reason="  ", by=people.moderator)
    assert not Sanction.objects.exists()


def test_flags_hide_a_note_when_their_weight_is_enough(letters, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 2
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    before = fresh(note).article.notes_version
    flagging.flag(note, by=people.stranger, reason="rude")
    assert fresh(note).published
    flagging.flag(note, by=people.trusted, reason="rude")
    hidden = fresh(note)
    assert hidden.published is None
    assert hidden.latest.status == Status.PENDING
    assert HeldFor.FLAGGED in hidden.latest.held_for
    assert hidden.article.notes_version == before + 1


def test_a_declined_edit_does_not_come_out_with_the_wording_that_flags_hid(letters, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 1
    note = approved(make_note(letters, author=people.author, body="What everyone read."), by=people.moderator)
    annotating.edit(note, by=people.author, body="A declined edit.", tags=[])
    moderating.reject(fresh(note).latest, by=people.moderator, reason="It attacks a person.")
    flagging.flag(note, by=people.stranger, reason="wrong")
    hidden = fresh(note)
    assert (hidden.published, hidden.latest.body, hidden.latest.status) == (None, "What everyone read.", "pending")
    moderating.approve(hidden.latest, by=people.moderator)
    assert fresh(note).published.body == "What everyone read."
    assert note.versions.get(body="A declined edit.").status == Status.REJECTED


def test_the_second_flag_of_one_person_counts_nothing(letters, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 2
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    for _again in range(3):
        flagging.flag(note, by=people.stranger, reason="rude")
    assert fresh(note).published
    assert note.flags.count() == 1


def test_a_flag_has_an_outcome_and_it_changes_what_the_next_one_weighs(letters, people):
    for keeps in (False, True):
        note = approved(make_note(letters, author=people.author), by=people.moderator)
        flagging.flag(note, by=people.stranger, reason="wrong")
        if keeps:
            moderating.keep(note, by=people.moderator)
        else:
            moderating.take_down(note, by=people.moderator, reason="It attacks a person.")
    outcomes = sorted(people.stranger.flags.values_list("outcome", flat=True))
    assert outcomes == ["dismissed", "upheld"]
    assert flagging.weight_of(people.stranger) == 1.25
    assert flagging.weight_of(people.trusted) == 1


def test_notes_of_editors_are_not_hidden_by_flags(letters, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 1
    note = make_note(letters, author=people.editor)
    flagging.flag(note, by=people.stranger, reason="wrong")
    assert fresh(note).published
