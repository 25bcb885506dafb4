"""Who is at work on an item, and who decides after a rejection was answered: the same for notes and proposals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reader.models import AnnotationVersion, Card, HeldFor, Proposal, Status
from reader.operations import accepting, annotating, moderating, proposing, turns, undoing
from reader.operations.errors import AlreadyDecided, CannotDoThat, NothingWritten, TooLong
from reader.operations.proposing import Grounds
from tests.make import make_note, proposed_correction

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["note", "proposal"])
def item(request, letters, people):
    """What waits: the wording of a note, or a proposal; both by people.author."""
    if request.param == "note":
        return make_note(letters, author=people.author).latest
    clerk = Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")
    return proposed_correction(clerk, author=people.author, role="Clerk of seals")


def now(item):
    return type(item)._default_manager.get(pk=item.pk)


def approve(item, by):
    if isinstance(item, Proposal):
        return accepting.accept(now(item), number=item.number, by=by)
    return moderating.approve(now(item), by=by)


def reject(item, by, reason="No source."):
    if isinstance(item, Proposal):
        return accepting.reject(now(item), number=item.number, by=by, reason=reason)
    return moderating.reject(now(item), by=by, reason=reason)


def revised(item, people):
    """The next wording, by its author."""
    if isinstance(item, Proposal):
        grounds = Grounds(title="Annals of the Bureau")
        return proposing.revise(
            now(item), by=people.author, number=item.number, grounds=grounds, values={"role": "Seals"}, card=None
        )
    return annotating.edit(item.annotation, by=people.author, body="Better.", tags=[])


def age(item, **times):
    type(item)._default_manager.filter(pk=item.pk).update(**times)


# --- at work on it --------------------------------------------------------------------------------


def test_nobody_decides_on_what_another_is_at_work_on(item, people):
    turns.claim(item, by=people.moderator)
    for decide in (approve, reject):
        with pytest.raises(AlreadyDecided, match="Mo Moderator is at work on it"):
            decide(item, people.second_moderator)
    assert now(item).status == Status.PENDING
    approve(item, people.moderator)
    assert (now(item).status, now(item).claimed_by) == (Status.APPROVED, None)


def test_a_claim_keeps_the_others_away_until_it_runs_out(item, people):
    turns.claim(item, by=people.moderator)
    with pytest.raises(AlreadyDecided, match="Mo Moderator is at work"):
        turns.claim(now(item), by=people.second_moderator)
    age(item, claimed=timezone.now() - turns.CLAIMED_FOR - timedelta(seconds=1))
    assert not turns.is_claimed(now(item))
    turns.claim(now(item), by=people.second_moderator)
    assert now(item).claimed_by == people.second_moderator


def test_a_claim_is_given_back_by_its_holder_alone(item, people):
    turns.claim(item, by=people.moderator)
    turns.release(now(item), by=people.second_moderator)
    assert now(item).claimed_by == people.moderator
    turns.release(now(item), by=people.moderator)
    assert now(item).claimed_by is None


def test_what_is_decided_is_claimed_by_nobody(item, people):
    reject(item, people.moderator)
    with pytest.raises(AlreadyDecided, match="waits no longer: it is not accepted"):
        turns.claim(item, by=people.second_moderator)
    assert now(item).claimed_by is None


def test_a_new_wording_is_claimed_by_nobody(item, people):
    turns.claim(item, by=people.moderator)
    revised(item, people)
    waiting = now(item) if isinstance(item, Proposal) else AnnotationVersion.objects.get(number=2)
    assert (waiting.status, waiting.claimed_by) == (Status.PENDING, None)


# --- a rejection answered -------------------------------------------------------------------------


def test_a_rejection_is_answered_once_and_another_moderator_decides(item, people):
    reject(item, people.moderator)
    turns.appeal(now(item), by=people.author, words=" It is in the annals. ")
    asked = now(item)
    assert (asked.status, asked.appeal, asked.held_for[-1]) == (Status.PENDING, "It is in the annals.", HeldFor.APPEAL)
    for decide in (approve, reject):
        with pytest.raises(CannotDoThat, match="another moderator"):
            decide(item, people.moderator)
    reject(item, people.second_moderator, "Still no.")
    with pytest.raises(CannotDoThat, match="once"):
        turns.appeal(now(item), by=people.author, words="Please.")
    assert [each.verb for each in trail(item)] == ["submitted", "rejected", "appealed", "rejected"]
    assert trail(item)[2].reason == "It is in the annals."


def trail(item):
    events = item.events if isinstance(item, Proposal) else item.annotation.events
    return list(events.order_by("pk"))


def test_the_only_moderator_decides_on_the_answer_too(item, people):
    reject(item, people.moderator)
    turns.appeal(now(item), by=people.author, words="It is in the annals.")
    people.second_moderator.is_active = False
    people.second_moderator.save()
    approve(item, people.moderator)
    assert now(item).status == Status.APPROVED


def test_a_decision_on_an_answer_that_is_taken_back_still_is_not_the_first_moderators(item, people):
    reject(item, people.moderator, "Which page?")
    turns.appeal(now(item), by=people.author, words="It is in the annals.")
    undoing.undo(reject(item, people.second_moderator, "Still no."), by=people.second_moderator)
    again = now(item)
    assert (again.status, again.reason, again.decided_by) == (Status.PENDING, "Which page?", people.moderator)
    with pytest.raises(CannotDoThat, match="another moderator"):
        approve(item, people.moderator)
    approve(item, people.second_moderator)


def test_an_answer_waits_from_when_it_was_given(item, people):
    age(item, waits_since=timezone.now() - timedelta(days=3))
    assert reject(item, people.moderator).waited >= 3 * 24 * 3600 - 1
    turns.appeal(now(item), by=people.author, words="It is in the annals.")
    assert approve(item, people.second_moderator).waited < 3600


@pytest.mark.parametrize("who", ["stranger", "moderator"])
def test_nobody_answers_for_somebody_else(item, people, who):
    reject(item, people.moderator)
    with pytest.raises(CannotDoThat):
        turns.appeal(now(item), by=people[who], words="Look again.")
    assert (now(item).status, now(item).appeal) == (Status.REJECTED, "")


@pytest.mark.parametrize("decide", [None, approve])
def test_only_a_rejection_is_answered(item, people, decide):
    if decide:
        decide(item, people.moderator)
    before = now(item).status
    with pytest.raises(CannotDoThat):
        turns.appeal(now(item), by=people.author, words="Look again.")
    assert now(item).status == before


@pytest.mark.parametrize("words, error", [(" \n", NothingWritten), ("x" * (turns.LONGEST_APPEAL + 1), TooLong)])
def test_an_answer_has_words_and_not_too_many(item, people, words, error):
    reject(item, people.moderator)
    with pytest.raises(error):
        turns.appeal(now(item), by=people.author, words=words)
    assert now(item).status == Status.REJECTED


def test_a_new_wording_begins_anew(item, people):
    """Its rejection can be answered too, and whoever rejected the one before decides on it."""
    reject(item, people.moderator)
    turns.appeal(now(item), by=people.author, words="It is in the annals.")
    reject(item, people.second_moderator)
    revised(now(item), people)
    newest = now(item) if isinstance(item, Proposal) else AnnotationVersion.objects.get(number=2)
    assert (newest.status, newest.appeal, newest.appealed) == (Status.PENDING, "", None)
    reject(newest, people.moderator)
    turns.appeal(now(newest), by=people.author, words="It is in the annals, now.")
    assert now(newest).status == Status.PENDING
