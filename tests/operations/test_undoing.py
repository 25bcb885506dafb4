"""Decisions taken back, words changed before approving."""

import pytest

from reader.models import AnnotationVersion, ModerationEvent, Status
from reader.operations import annotating, flagging, moderating, standing, undoing
from reader.operations.errors import AlreadyDecided, CannotDoThat, MayNotWrite, ReasonMissing
from tests.make import approved, fresh, make_note, note_in_state

pytestmark = pytest.mark.django_db


def last_act(note) -> ModerationEvent:
    return ModerationEvent.objects.filter(annotation=note, verb__in=undoing.UNDONE).first()


DECISIONS = {
    "approve": lambda version, by: moderating.approve(version, by=by),
    "reject": lambda version, by: moderating.reject(version, by=by, reason="No."),
    "return": lambda version, by: moderating.send_back(version, by=by, reason="Say more."),
    "spam": lambda version, by: moderating.mark_as_spam(version, by=by),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_any_decision_can_be_taken_back(letters, people, decision):
    note = make_note(letters, author=people.author)
    DECISIONS[decision](note.latest, people.moderator)
    undoing.undo(last_act(note), by=people.second_moderator)
    again = fresh(note)
    assert (again.latest.status, again.latest.reason, again.published) == (Status.PENDING, "", None)
    assert ModerationEvent.objects.filter(annotation=note).first().verb == "undone"


@pytest.mark.parametrize("decision", DECISIONS)
def test_taking_back_a_decision_on_an_edit_leaves_the_approved_wording_public(letters, people, decision):
    note = note_in_state("edit waits", letters, people)
    first = note.published
    DECISIONS[decision](note.latest, people.moderator)
    undoing.undo(last_act(note), by=people.moderator)
    assert fresh(note).published == first
    assert fresh(note).latest.status == Status.PENDING


def test_a_decision_the_note_has_moved_on_from_stands(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    act = last_act(note)
    annotating.edit(note, by=people.author, body="Something newer.", tags=[])
    with pytest.raises(AlreadyDecided):
        undoing.undo(act, by=people.moderator)
    assert fresh(note).published.number == 1


def test_what_decided_nothing_cannot_be_taken_back(letters, people):
    note = make_note(letters, author=people.author)
    submitted = ModerationEvent.objects.get(annotation=note, verb="submitted")
    with pytest.raises(CannotDoThat):
        undoing.undo(submitted, by=people.moderator)


def test_changed_words_are_public_and_the_authors_own_stay_in_the_history(letters, people):
    note = make_note(letters, author=people.author, body="The leter went by sea.", tags=["route"])
    moderating.edit_and_approve(note.latest, by=people.moderator, body="The letter went by sea.", tags=["route"])
    done = fresh(note)
    assert (done.published.body, done.published.edited_by) == ("The letter went by sea.", people.moderator)
    assert done.versions.get(number=1).body == "The leter went by sea."
    assert ModerationEvent.objects.filter(annotation=note, verb="edited").count() == 1


def test_changing_words_that_were_decided_meanwhile_changes_nothing(letters, people):
    note = make_note(letters, author=people.author)
    moderating.reject(note.latest, by=people.second_moderator, reason="No.")
    with pytest.raises(AlreadyDecided):
        moderating.edit_and_approve(note.latest, by=people.moderator, body="Other words.", tags=[])
    assert AnnotationVersion.objects.filter(annotation=note).count() == 1


def latest_act(verb, **about) -> ModerationEvent:
    return ModerationEvent.objects.filter(verb=verb, **about).first()


def test_a_change_of_words_can_be_taken_back_and_the_authors_own_wait_again(letters, people):
    note = make_note(letters, author=people.author, body="The leter.", tags=["route"])
    waits_since = note.latest.waits_since
    event = moderating.edit_and_approve(note.latest, by=people.moderator, body="The letter.", tags=[])
    undoing.undo(event, by=people.moderator)
    again = fresh(note)
    assert (again.published, again.latest.status, again.latest.body) == (None, Status.PENDING, "The leter.")
    assert (again.latest.tag_names, again.latest.waits_since) == (["route"], waits_since)
    assert [version.status for version in again.versions.order_by("number")] == ["returned", "returned", "pending"]
    annotating.edit(again, by=people.author, body="The letter!", tags=[])
    assert fresh(note).latest.number == 4


def test_a_note_taken_down_can_be_put_back_with_its_flags(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    flagging.flag(note, by=people.stranger, reason="rude")
    event = moderating.take_down(note, by=people.moderator, reason="It attacks a person.")
    before = fresh(note).article.notes_version
    undoing.undo(event, by=people.second_moderator)
    again = fresh(note)
    assert (again.published, again.published.status, again.published.reason) == (note.published, "approved", "")
    assert again.article.notes_version > before
    assert [flag.outcome for flag in note.flags.all()] == [""]


def test_a_note_its_author_withdrew_meanwhile_is_not_put_back(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    event = moderating.take_down(note, by=people.moderator, reason="It attacks a person.")
    annotating.withdraw(note, by=people.author)
    with pytest.raises(AlreadyDecided):
        undoing.undo(event, by=people.moderator)
    assert fresh(note).published is None


def test_flags_closed_by_keeping_a_note_are_open_again(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    flagging.flag(note, by=people.stranger, reason="rude")
    event = moderating.keep(note, by=people.moderator)
    undoing.undo(event, by=people.moderator)
    assert [(flag.outcome, flag.closed) for flag in note.flags.all()] == [("", None)]
    assert fresh(note).published


@pytest.mark.parametrize("trust", [True, False], ids=["given with it", "earned by it"])
def test_trust_goes_with_the_approval_that_brought_it(letters, people, settings, trust):
    settings.TRUSTED_AFTER_APPROVALS = 9 if trust else 1
    note = make_note(letters, author=people.author)
    event = moderating.approve(note.latest, by=people.moderator, trust=trust)
    people.author.refresh_from_db()
    assert people.author.is_trusted
    with pytest.raises(CannotDoThat, match="came with a decision"):
        undoing.undo(latest_act("trusted"), by=people.moderator)
    undoing.undo(event, by=people.moderator)
    people.author.refresh_from_db()
    assert not people.author.is_trusted


def test_trust_lost_by_a_rejection_comes_back_with_it(letters, people, settings):
    settings.DISTRUSTED_AFTER_REJECTIONS, settings.MODERATION_POLICY = 1, "everything-waits"
    event = moderating.reject(make_note(letters, author=people.trusted).latest, by=people.moderator, reason="No.")
    people.trusted.refresh_from_db()
    assert not people.trusted.is_trusted
    undoing.undo(event, by=people.moderator)
    people.trusted.refresh_from_db()
    assert people.trusted.is_trusted


def test_trust_given_by_hand_and_sanctions_can_be_taken_back(letters, people):
    standing.set_trust(people.author, trusted=True, by=people.moderator)
    ban = standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    for verb in ("trusted", "banned"):
        undoing.undo(latest_act(verb), by=people.second_moderator)
    people.author.refresh_from_db()
    ban.refresh_from_db()
    assert (people.author.is_trusted, bool(ban.lifted)) == (False, True)
    standing.check_may_write(people.author, "public")


def test_a_lifted_ban_can_be_put_back_in_force(people):
    ban = standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    standing.lift(ban, by=people.moderator)
    undoing.undo(latest_act("lifted"), by=people.moderator)
    with pytest.raises(MayNotWrite, match="Advertising"):
        standing.check_may_write(people.author, "public")


def test_an_act_is_taken_back_once(letters, people):
    event = moderating.approve(make_note(letters, author=people.author).latest, by=people.moderator)
    undoing.undo(event, by=people.moderator)
    with pytest.raises(AlreadyDecided, match="already"):
        undoing.undo(event, by=people.second_moderator)
    assert ModerationEvent.objects.filter(verb="undone").count() == 1


def test_a_note_sent_back_can_be_revised_and_waits_again(letters, people):
    note = make_note(letters, author=people.author)
    with pytest.raises(ReasonMissing):
        moderating.send_back(note.latest, by=people.moderator, reason="")
    moderating.send_back(note.latest, by=people.moderator, reason="Say where you read it.")
    annotating.edit(note, by=people.author, body="In the court diary.", tags=[])
    assert [version.status for version in note.versions.order_by("number")] == [Status.RETURNED, Status.PENDING]


def test_taking_down_a_public_note_leaves_nothing_of_it_public(letters, people):
    note = note_in_state("edit waits", letters, people)
    before = fresh(note).article.notes_version
    moderating.take_down(note, by=people.moderator, reason="It attacks a person.")
    gone = fresh(note)
    assert gone.published is None
    assert gone.article.notes_version == before + 1
    with pytest.raises(AlreadyDecided):
        moderating.take_down(note, by=people.second_moderator, reason="It attacks a person.")
