"""What people hear after a decision: followers of a card that it was corrected, authors that it was taken back."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reader.models import Card, Delivery, Kind, Notification
from reader.operations import accepting, annotating, following, mailing, moderating, proposing, telling, turns, undoing
from reader.operations.proposing import Grounds
from tests.make import fresh, make_note, note_in_state, proposed_card, proposed_correction, proposed_mention
from tests.people import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
FOLLOWERS = ("stranger", "trusted", "editor", "author", "moderator")


@pytest.fixture
def clerk(people) -> Card:
    """A card that FOLLOWERS follow and hear of at once."""
    card = Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")
    for name in FOLLOWERS:
        following.follow(people[name], following.target_of("card", "clerk", person=people[name]))
        telling.choose(people[name], {Kind.CORRECTED: Delivery.AT_ONCE})
    return card


def correction(clerk, people, **more):
    return proposed_correction(clerk, author=people.author, **{"role": "Clerk of seals"} | more)


def accept(proposal, by):
    return accepting.accept(proposal, number=proposal.number, by=by)


def hear(kind="corrected") -> set[str]:
    """Who finds it on their page now."""
    people = {row.recipient for row in Notification.objects.filter(kind=kind)}
    return {p.username for p in people if Notification.objects.holding(p).filter(kind=kind).exists()}


OTHERS = {"stranger", "trusted", "editor"}  # followers who neither proposed nor accepted it


# --- a card corrected -----------------------------------------------------------------------------


def test_followers_of_a_card_hear_of_a_correction_when_it_is_accepted(clerk, people, sent):
    proposal = correction(clerk, people)
    make_member("passer-by")
    assert hear() == set() and not Notification.objects.filter(kind=Kind.CORRECTED).exists()
    letters = [each for each in sent(lambda: accept(proposal, people.moderator)) if "corrected" in each.subject]
    assert hear() == OTHERS == {each.to[0].split("@")[0] for each in letters}
    assert letters[0].subject == "The card “Ada Clerk”, which you follow, was corrected."
    assert "https://reader.example.org/cards/clerk/history/" in letters[0].body
    assert proposal.uid not in letters[0].body


def test_they_hear_of_it_once_whatever_becomes_of_the_decision(clerk, people, sent):
    proposal = correction(clerk, people)
    sent(lambda: accept(proposal, people.moderator))
    event = proposal.events.get(verb="approved")
    following.follow(people.second_moderator, following.target_of("card", "clerk", person=people.second_moderator))
    undoing.undo(event, by=people.moderator)
    assert hear() == set()
    again = sent(lambda: accept(fresh_of(proposal), people.moderator))
    assert hear() == OTHERS and not [each for each in again if "corrected" in each.subject]


def fresh_of(proposal):
    return type(proposal).objects.get(pk=proposal.pk)


def test_what_an_editor_corrects_at_once_is_told_and_not_to_the_editor(clerk, people):
    proposed_correction(clerk, author=people.editor, role="Clerk of seals")
    assert hear() == set(FOLLOWERS) - {"editor"}


def test_a_correction_accepted_with_other_words_is_told_too(clerk, people):
    values = {"role": "Clerk of the seals"}
    accepting.accept_with(
        correction(clerk, people), number=1, by=people.moderator, values=values, seen=0, grounds=Grounds(title="Annals")
    )
    assert hear() == OTHERS


REFUSALS = {
    "it waits": lambda proposal, people: None,
    "it is rejected": lambda proposal, people: accepting.reject(proposal, number=1, by=people.moderator, reason="No."),
    "it is sent back": lambda proposal, people: accepting.send_back(
        proposal, number=1, by=people.moderator, reason="Which page?"
    ),
    "it is spam": lambda proposal, people: accepting.mark_as_spam(proposal, number=1, by=people.moderator),
    "it is withdrawn": lambda proposal, people: proposing.withdraw(proposal, by=people.author),
}


@pytest.mark.parametrize("state", REFUSALS)
def test_what_is_not_accepted_is_news_to_nobody(clerk, people, sent, state):
    said = sent(lambda: REFUSALS[state](correction(clerk, people), people))
    assert not Notification.objects.filter(kind=Kind.CORRECTED).exists()
    assert not [each for each in said if each.to != ["author@example.org"]]


def test_new_cards_and_mentions_are_no_corrections(clerk, letters, people):
    accept(proposed_card(author=people.author, name="Rites"), people.moderator)
    accept(proposed_mention(clerk, author=people.author, article=letters, on="second letter"), people.moderator)
    assert hear() == set()


@pytest.mark.parametrize(
    "way, at_once, daily, on_page",
    [(Delivery.OFF, 0, 0, 0), (Delivery.PAGE, 0, 0, 1), (Delivery.AT_ONCE, 1, 0, 1), (Delivery.DAILY, 0, 1, 1)],
)
def test_it_comes_by_the_way_that_was_chosen(clerk, people, sent, way, at_once, daily, on_page):
    telling.choose(people.stranger, {Kind.CORRECTED: way})
    said = sent(lambda: accept(correction(clerk, people), people.moderator))
    assert len([each for each in said if each.to == ["stranger@example.org"]]) == at_once
    mail.outbox.clear()
    later = timezone.now() + mailing.AT_REST
    mailing.send_digests("daily", before=later, now=later)
    assert len([each for each in mail.outbox if each.to == ["stranger@example.org"]]) == daily
    assert Notification.objects.holding(people.stranger).count() == on_page


def test_a_card_that_is_gone_leaves_no_news(clerk, people):
    accept(correction(clerk, people), people.moderator)
    clerk.delete()
    assert hear() == set()


def test_many_followers_cost_as_many_questions_as_five(clerk, people, settings):
    settings.TRUSTED_AFTER_APPROVALS = 99

    def cost(role: str) -> int:
        proposal = correction(clerk, people, role=role)
        with CaptureQueriesContext(connection) as asked:
            accept(proposal, people.moderator)
        return len(asked)

    cost("Clerk of doors")  # the first one begins the history of the card
    before = cost("Clerk of seals")
    for number in range(30):
        person = make_member(f"reader-{number}")
        following.follow(person, following.target_of("card", "clerk", person=person))
    assert cost("Clerk of keys") == before


# --- a decision taken back ------------------------------------------------------------------------

DECISIONS = {
    "approved": lambda v, by: moderating.approve(v, by=by),
    "rejected": lambda v, by: moderating.reject(v, by=by, reason="Not about the text."),
    "returned": lambda v, by: moderating.send_back(v, by=by, reason="Name your source."),
    "edited": lambda v, by: moderating.edit_and_approve(v, by=by, body="Better words.", tags=[]),
}
OF_PROPOSALS = {
    "approved": lambda p, by: accepting.accept(p, number=1, by=by),
    "rejected": lambda p, by: accepting.reject(p, number=1, by=by, reason="Which page?"),
    "returned": lambda p, by: accepting.send_back(p, number=1, by=by, reason="Which page?"),
}


def outcomes(person) -> list[str]:
    rows = Notification.objects.holding(person).filter(kind=Kind.DECIDED)
    return [row.outcome for row in rows]


@pytest.mark.parametrize("decision", DECISIONS)
def test_an_author_who_had_the_mail_hears_that_it_was_taken_back(letters, people, sent, decision):
    note = make_note(letters, author=people.author)
    sent(lambda: DECISIONS[decision](note.latest, people.moderator))
    [letter] = sent(lambda: undoing.undo(decision_on(note), by=people.second_moderator))
    assert letter.to == ["author@example.org"]
    assert letter.subject == (
        "The decision on your note on “Letters to the capital” was taken back: it waits for a moderator again."
    )
    assert "A thought." in letter.body and "Not about the text." not in letter.body
    assert outcomes(people.author) == ["undone"]


def decision_on(note):
    return fresh(note).events.filter(verb__in=undoing.UNDONE).first()


@pytest.mark.parametrize("decision", OF_PROPOSALS)
def test_so_does_whoever_proposed_something(clerk, people, sent, decision):
    proposal = correction(clerk, people)
    sent(lambda: OF_PROPOSALS[decision](proposal, people.moderator))
    event = proposal.events.exclude(verb="trusted").first()
    letters = sent(lambda: undoing.undo(event, by=people.moderator))
    assert [each.subject for each in letters] == [
        "The decision on what you proposed about “Ada Clerk” was taken back: it waits for a moderator again."
    ]
    assert outcomes(people.author) == ["undone"]


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("was_read", [True, False])
def test_without_a_mail_it_is_told_to_who_has_read_and_else_disappears(letters, people, sent, decision, was_read):
    telling.choose(people.author, {Kind.DECIDED: Delivery.DAILY})
    note = make_note(letters, author=people.author)
    DECISIONS[decision](note.latest, people.moderator)
    if was_read:
        telling.mark_all_read(people.author, until=timezone.now())
    assert sent(lambda: undoing.undo(decision_on(note), by=people.moderator)) == []
    assert outcomes(people.author) == ["undone"] * was_read
    assert Notification.objects.holding(people.author).unread().count() == was_read


def test_a_note_taken_down_and_shown_again_is_told_so(letters, people, sent):
    note = note_in_state("approved", letters, people)
    sent(lambda: moderating.take_down(note, by=people.moderator, reason="It names a child."))
    [letter] = sent(lambda: undoing.undo(decision_on(note), by=people.moderator))
    assert "is public again: the decision to take it down was taken back" in letter.subject
    assert outcomes(people.author)[0] == "shown-again"


def test_spam_taken_back_is_told_to_nobody(letters, people, sent):
    note = make_note(letters, author=people.author)
    moderating.mark_as_spam(note.latest, by=people.moderator)
    assert sent(lambda: undoing.undo(decision_on(note), by=people.moderator)) == []
    assert not Notification.objects.exists()


def test_the_next_decision_takes_the_place_of_the_news(letters, people, sent):
    note = make_note(letters, author=people.author)
    sent(lambda: DECISIONS["approved"](note.latest, people.moderator))
    sent(lambda: undoing.undo(decision_on(note), by=people.moderator))
    [letter] = sent(lambda: DECISIONS["rejected"](fresh(note).latest, people.moderator))
    assert "was not accepted" in letter.subject
    assert outcomes(people.author) == ["rejected"]


@pytest.mark.parametrize("act", ["edit", "withdraw"])
def test_it_is_no_news_once_the_author_has_moved_on(letters, people, sent, act):
    note = make_note(letters, author=people.author)
    sent(lambda: DECISIONS["rejected"](note.latest, people.moderator))
    undoing.undo(decision_on(note), by=people.moderator)
    if act == "edit":
        annotating.edit(fresh(note), by=people.author, body="Newer.", tags=[])
    else:
        annotating.withdraw(fresh(note), by=people.author)
    assert outcomes(people.author) == []


def test_what_became_of_an_answer_about_a_proposal_is_told(clerk, people, sent):
    proposal = correction(clerk, people)
    accepting.reject(proposal, number=1, by=people.moderator, reason="Which page?")
    turns.appeal(fresh_of(proposal), by=people.author, words="Page seven.")
    [letter] = sent(
        lambda: accepting.reject(fresh_of(proposal), number=1, by=people.second_moderator, reason="Not there.")
    )
    assert "Your answer about what you proposed for “Ada Clerk” was read" in letter.subject
    assert "> Not there." in letter.body
    assert outcomes(people.author) == ["upheld"]
