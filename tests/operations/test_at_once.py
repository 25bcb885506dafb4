"""Two people at once: neither act is lost, nothing happens twice, and the trail tells what came of it."""

from functools import partial

import pytest
from django.core.exceptions import ObjectDoesNotExist

from reader.models import (
    Annotation,
    Card,
    Flag,
    ModerationEvent,
    Placement,
    Proposal,
    ReadingGroup,
    Revision,
    Sanction,
    Status,
)
from reader.models.annotations import new_uid
from reader.operations import (
    accepting,
    annotating,
    flagging,
    groups,
    moderating,
    proposing,
    revising,
    standing,
    turns,
    undoing,
)
from reader.operations.once import once
from reader.text.selectors import Span
from tests.at_once import at_once
from tests.make import approved, fresh, make_note, proposed_correction, span_of

pytestmark = pytest.mark.django_db(transaction=True)
Verb = ModerationEvent.Verb


def verbs(note) -> list[str]:
    """What happened to the note, in order."""
    return list(note.events.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def note(letters, people):
    return make_note(letters, author=people.author)


@pytest.fixture
def public(note, people):
    return approved(note, by=people.moderator)


def test_two_edits_at_once_make_two_versions(public, people):
    seen = [fresh(public), fresh(public)]
    said = at_once(
        lambda: annotating.edit(seen[0], by=people.author, body="One.", tags=[]),
        lambda: annotating.edit(seen[1], by=people.author, body="Other.", tags=[]),
    )
    assert said == [None, None]
    assert list(public.versions.values_list("number", "body")) == [(1, "A thought."), (2, "One."), (3, "Other.")]
    assert fresh(public).latest.number == 3


def test_a_form_sent_twice_at_once_makes_one(letters, people):
    """What stands before the second act looks, the first one has made: a note, a proposal, a group, a warning."""
    uid, card = new_uid(), Card.objects.create(slug="c", kind="person", name="C")
    place = {"revision": letters.current, "span": span_of(letters, "second letter")}
    write = partial(annotating.annotate, author=people.trusted, body="A thought.", **place)
    acts = {
        None: lambda: once(uid, author=people.trusted, body="A thought.", write=lambda name: write(uid=name)),
        "already_proposed": lambda: proposed_correction(card, author=people.trusted, role="Clerk"),
        "same_name": lambda: groups.start(owner=people.trusted, name="Coast road circle"),
        "already_decided": lambda: standing.sanction(
            people.author, kind="warning", reason="Keep to the text.", by=people.moderator
        ),
    }
    assert [getattr(at_once(act, act)[1], "code", None) for act in acts.values()] == list(acts)
    made = [Annotation.objects.filter(author=people.trusted), Proposal.objects, ReadingGroup.objects, Sanction.objects]
    assert [each.count() for each in made] == [1, 1, 1, 1]


def test_what_is_approved_while_it_is_withdrawn_can_be_restored_as_approved(note, people):
    version, own = fresh(note).latest, fresh(note)
    assert at_once(
        lambda: moderating.approve(version, by=people.moderator), lambda: annotating.withdraw(own, by=people.author)
    ) == [None, None]
    annotating.restore(fresh(note), by=people.author)
    assert fresh(note).published == fresh(note).latest
    assert verbs(note) == [Verb.SUBMITTED, Verb.APPROVED, Verb.WITHDRAWN, Verb.RESTORED]


def test_what_is_withdrawn_while_it_is_approved_stays_withdrawn(note, people):
    version, own = fresh(note).latest, fresh(note)
    _, refused = at_once(
        lambda: annotating.withdraw(own, by=people.author), lambda: moderating.approve(version, by=people.moderator)
    )
    assert "is withdrawn by now" in str(refused)
    assert (fresh(note).published, fresh(note).latest.status) == (None, Status.WITHDRAWN)


def test_two_flags_at_once_weigh_together_and_hide_once(public, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 2
    seen = [fresh(public), fresh(public)]
    assert at_once(
        lambda: flagging.flag(seen[0], by=people.stranger), lambda: flagging.flag(seen[1], by=people.trusted)
    ) == [None, None]
    assert verbs(public)[2:] == [Verb.FLAGGED, Verb.FLAGGED, Verb.HIDDEN]
    assert (fresh(public).published, fresh(public).latest.status) == (None, Status.PENDING)


def test_a_flag_does_not_bring_back_what_its_author_withdrew(public, people, settings):
    settings.FLAG_WEIGHT_THAT_HIDES = 1
    seen = [fresh(public), fresh(public)]
    _, refused = at_once(
        lambda: annotating.withdraw(seen[0], by=people.author), lambda: flagging.flag(seen[1], by=people.stranger)
    )
    assert refused.code == "cannot_do_that"
    assert fresh(public).latest.status == Status.WITHDRAWN
    assert not Flag.objects.exists()


def test_a_flag_that_comes_while_flags_are_closed_stays_open(public, people):
    flagging.flag(public, by=people.stranger)
    seen = [fresh(public), fresh(public)]
    at_once(lambda: moderating.keep(seen[0], by=people.moderator), lambda: flagging.flag(seen[1], by=people.trusted))
    outcomes = dict(Flag.objects.values_list("by__username", "outcome"))
    assert outcomes == {"stranger": Flag.Outcome.DISMISSED, "trusted": Flag.Outcome.OPEN}


def test_two_approvals_at_once_count_together_and_make_trusted_once(letters, people, settings):
    settings.TRUSTED_AFTER_APPROVALS = 2
    seen = [fresh(make_note(letters, author=people.author)).latest for _ in range(2)]
    at_once(
        lambda: moderating.approve(seen[0], by=people.moderator),
        lambda: moderating.approve(seen[1], by=people.second_moderator),
    )
    people.author.refresh_from_db()
    assert people.author.is_trusted
    assert ModerationEvent.objects.filter(verb=Verb.TRUSTED).count() == 1


def test_trusted_by_hand_and_by_number_is_said_once(note, people, settings):
    settings.TRUSTED_AFTER_APPROVALS = 1
    moderating.approve(note.latest, by=people.moderator, trust=True)
    assert ModerationEvent.objects.filter(verb=Verb.TRUSTED).count() == 1


def test_a_rejection_is_answered_once(note, people):
    moderating.reject(note.latest, by=people.moderator, reason="Not about the text.")
    seen = [fresh(note).latest, fresh(note).latest]
    _, refused = at_once(
        lambda: turns.appeal(seen[0], by=people.author, words="It is."),
        lambda: turns.appeal(seen[1], by=people.author, words="It is!"),
    )
    assert "answered once" in str(refused)
    assert (fresh(note).latest.appeal, verbs(note).count(Verb.APPEALED)) == ("It is.", 1)


def test_an_answer_to_a_rejection_that_is_taken_back_is_refused(note, people):
    moderating.reject(note.latest, by=people.moderator, reason="Not about the text.")
    event, seen = note.events.get(verb=Verb.REJECTED), fresh(note).latest
    _, refused = at_once(
        lambda: undoing.undo(event, by=people.moderator),
        lambda: turns.appeal(seen, by=people.author, words="It is."),
    )
    assert refused is not None
    assert (fresh(note).latest.status, fresh(note).latest.appeal) == (Status.PENDING, "")


def test_a_decision_is_taken_back_once(note, people):
    moderating.approve(note.latest, by=people.moderator)
    event = note.events.get(verb=Verb.APPROVED)
    _, refused = at_once(
        lambda: undoing.undo(event, by=people.moderator), lambda: undoing.undo(event, by=people.second_moderator)
    )
    assert refused.code == "already_decided"
    assert verbs(note) == [Verb.SUBMITTED, Verb.APPROVED, Verb.UNDONE]


def test_a_decision_taken_back_before_does_not_take_back_the_next_one(note, people):
    moderating.approve(note.latest, by=people.moderator)
    event = note.events.get(verb=Verb.APPROVED)
    undoing.undo(event, by=people.moderator)
    moderating.approve(fresh(note).latest, by=people.second_moderator)
    with pytest.raises(undoing.AlreadyDecided):
        undoing.undo(event, by=people.moderator)
    assert fresh(note).published is not None


def test_sanctions_and_notes_at_once_both_stand(note, people):
    said = at_once(
        lambda: standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator),
        lambda: moderating.approve(fresh(note).latest, by=people.second_moderator),
    )
    assert said == [None, None]
    assert fresh(note).published is not None


@pytest.mark.parametrize("note_first", [True, False])
def test_a_note_written_while_the_text_is_revised_has_a_place_in_it(letters, people, note_first):
    """Written first, it is carried over; written second, it is brought forward."""
    old, source = letters.current, "New words first.\n\n" + letters.current.source
    acts = [
        lambda: annotating.annotate(revision=old, span=Span(0, 9), author=people.author, body="Which?"),
        lambda: revising.revise(letters, source=source, by=people.editor, reason="A word."),
    ]
    assert at_once(*(acts if note_first else reversed(acts))) == [None, None]
    current = Revision.objects.get(number=2)
    place = Placement.objects.get(revision=current)
    assert current.text[place.start : place.end] == "In spring"


def test_a_published_reply_and_a_decision_on_its_parent_do_not_block_each_other(note, people):
    parent, version = fresh(note), fresh(note).latest
    assert at_once(
        lambda: moderating.approve(version, by=people.moderator),
        lambda: annotating.reply(parent=parent, author=people.trusted, body="Indeed."),
    ) == [None, None]
    assert at_once(
        lambda: annotating.reply(parent=fresh(note), author=people.trusted, body="Indeed!"),
        lambda: flagging.flag(fresh(note), by=people.stranger),
    ) == [None, None]


def test_what_is_erased_meanwhile_is_refused_with_a_sentence(note, people):
    seen = fresh(note)
    type(note).objects.filter(pk=note.pk).delete()
    with pytest.raises((annotating.CannotDoThat, ObjectDoesNotExist)) as refused:
        annotating.withdraw(seen, by=people.author)
    assert refused.type is annotating.CannotDoThat


@pytest.fixture
def clerk(letters) -> Card:
    return Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")


def test_one_of_two_moderators_decides_on_a_proposal_and_the_other_is_told(clerk, people):
    seen = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepted, refused = at_once(
        lambda: accepting.accept(seen, number=1, by=people.moderator),
        lambda: accepting.reject(seen, number=1, by=people.second_moderator, reason="Which page?"),
    )
    assert accepted is None
    assert str(refused) == "Mo Moderator was quicker: the proposal is approved. Your decision changed nothing."
    now, clerk = Proposal.objects.get(), Card.objects.get(slug="clerk")
    assert (now.decided_by, now.reason, clerk.role) == (people.moderator, "", "Clerk of seals")
    assert verbs(now) == [Verb.SUBMITTED, Verb.APPROVED]


def test_of_two_corrections_accepted_at_once_neither_overwrites_the_other(clerk, people):
    one = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    other = proposed_correction(clerk, author=people.stranger, role="Clerk of letters")
    _, refused = at_once(
        lambda: accepting.accept(one, number=1, by=people.moderator),
        lambda: accepting.accept(other, number=1, by=people.second_moderator),
    )
    assert "was changed since this was proposed" in str(refused)
    other.refresh_from_db()
    assert (Card.objects.get(slug="clerk").role, other.status) == ("Clerk of seals", Status.PENDING)


def test_a_proposal_withdrawn_meanwhile_is_not_accepted(clerk, people):
    seen = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    _, refused = at_once(
        lambda: proposing.withdraw(seen, by=people.author),
        lambda: accepting.accept(seen, number=1, by=people.moderator),
    )
    assert "is withdrawn by now" in str(refused)
    assert Card.objects.get(slug="clerk").role == "Clerk of rites"


def test_a_rejection_of_a_proposal_is_answered_once(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.reject(proposal, number=1, by=people.moderator, reason="Which page?")
    seen = [Proposal.objects.get(), Proposal.objects.get()]
    _, refused = at_once(
        lambda: turns.appeal(seen[0], by=people.author, words="Page seven."),
        lambda: turns.appeal(seen[1], by=people.author, words="Page eight."),
    )
    assert "answered once" in str(refused)
    assert (Proposal.objects.get().appeal, verbs(proposal).count(Verb.APPEALED)) == ("Page seven.", 1)


def test_a_proposal_claimed_meanwhile_is_not_decided_by_another(clerk, people):
    seen = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    _, refused = at_once(
        lambda: turns.claim(Proposal.objects.get(), by=people.moderator),
        lambda: accepting.accept(seen, number=1, by=people.second_moderator),
    )
    assert str(refused) == "Mo Moderator is at work on it. Your decision changed nothing."
    assert Card.objects.get(slug="clerk").role == "Clerk of rites"
