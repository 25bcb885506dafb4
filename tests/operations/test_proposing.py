"""Proposals: what readers may propose, what becomes of it, who is named, and that nothing is overwritten unseen."""

import pytest
from django.db import IntegrityError, transaction

from reader.models import (
    Card,
    CardVersion,
    Fact,
    Member,
    Mention,
    ModerationEvent,
    Notification,
    Proposal,
    Status,
    SuspectWord,
)
from reader.operations import accepting, card_history, proposing, revising, standing, undoing
from reader.operations.card_history import CardChanged
from reader.operations.errors import (
    AlreadyDecided,
    CannotDoThat,
    MayNotWrite,
    NoSuchPlace,
    NotStorable,
    ReasonMissing,
    TooLong,
)
from reader.operations.proposing import AlreadyProposed, BadAddress, Grounds, NothingProposed, SourceMissing, TurnsWords
from reader.operations.taking import AlreadyLinked, CardExists, WordsGone
from reader.text.selectors import Span
from tests.make import proposed_card, proposed_correction, proposed_mention
from tests.operations.test_publishing import all_rows

SOURCE = Grounds(title="Annals of the Bureau", url="https://annals.example/7", why="The annals say so.")


@pytest.fixture
def clerk(db) -> Card:
    card = Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")
    Fact.objects.create(card=card, position=1, date="1900", text="Born.")
    return card


def now(row):
    """The row as the database has it now."""
    return type(row)._default_manager.get(pk=row.pk)


def accept(proposal, people, **more):
    return accepting.accept(proposal, number=proposal.number, by=people.moderator, **more)


def verbs(proposal) -> list[str]:
    return [event.verb for event in reversed(proposal.events.all())]


# --- proposing -----------------------------------------------------------------------------------


def test_a_correction_waits_and_changes_nothing(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    assert (proposal.values, proposal.before) == ({"role": "Clerk of seals"}, {"role": "Clerk of rites"})
    assert proposal.status == Status.PENDING and "card" in proposal.held_for and "new-person" in proposal.held_for
    assert now(clerk).role == "Clerk of rites"
    assert (verbs(proposal), clerk.versions.count()) == (["submitted"], 0)


@pytest.mark.parametrize("who, waits", [("author", True), ("trusted", True), ("moderator", False), ("editor", False)])
def test_only_editors_and_moderators_do_not_wait(clerk, people, who, waits):
    proposal = proposed_correction(clerk, author=people[who], role="Clerk of seals")
    assert (now(proposal).status == Status.PENDING) is waits
    assert (now(clerk).role == "Clerk of rites") is waits
    assert verbs(proposal) == ["submitted" if waits else "published"]


REFUSED = {
    "no source": (SourceMissing, {"role": "x"}, Grounds(why="Because.")),
    "nothing new": (NothingProposed, {"role": "Clerk of rites"}, SOURCE),
    "a script as address": (BadAddress, {"role": "x"}, Grounds(url="javascript:alert(1)")),
    "a file as address": (BadAddress, {"role": "x"}, Grounds(url="ftp://files.example/a")),
    "signs that turn words": (TurnsWords, {"name": "Ada \u202egnp.exe"}, SOURCE),
    "NUL": (NotStorable, {"role": "a\x00b"}, SOURCE),
    "half a character": (NotStorable, {"role": "a\ud800b"}, SOURCE),
    "a giant summary": (TooLong, {"summary": "x" * 50_000}, SOURCE),
    "no name left": (proposing.BadValue, {"name": ""}, SOURCE),
    "too long a name": (proposing.BadValue, {"name": "x" * 201}, SOURCE),
    "an unknown kind": (proposing.BadValue, {"kind": "ghost"}, SOURCE),
    "no date": (proposing.BadValue, {"date_start": "soon"}, SOURCE),
    "too many names": (proposing.BadValue, {"aliases": [str(n) for n in range(41)]}, SOURCE),
    "a name of the list too long": (proposing.BadValue, {"other_names": ["x" * 201]}, SOURCE),
    "too many facts": (proposing.BadValue, {"facts": [["", "x"]] * 61}, SOURCE),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_no_card_could_hold_is_refused_and_nothing_is_kept(clerk, people, case):
    error, values, grounds = REFUSED[case]
    before = all_rows()
    with pytest.raises(error):
        proposing.propose_correction(clerk, author=people.author, values=values, grounds=grounds)
    assert all_rows() == before


def test_the_same_again_is_told_and_not_kept_twice(clerk, people):
    proposed_correction(clerk, author=people.author, role="Clerk of seals")
    with pytest.raises(AlreadyProposed):
        proposed_correction(clerk, author=people.author, role="Clerk of seals")
    proposed_correction(clerk, author=people.stranger, role="Clerk of seals")
    assert Proposal.objects.count() == 2


def test_who_may_not_write_may_not_propose(clerk, people):
    standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    with pytest.raises(MayNotWrite, match="Advertising"):
        proposed_correction(clerk, author=people.author, role="x")
    assert not Proposal.objects.exists()


def test_a_suspect_word_is_named_to_the_moderator(clerk, people):
    SuspectWord.objects.create(word="casino")
    assert "suspect-word" in proposed_correction(clerk, author=people.author, role="Casino").held_for


def test_the_database_itself_refuses_what_must_never_be(clerk, people, letters):
    right = {"author": people.author, "about": "x", "waits_since": letters.current.created}
    wrong = [
        {"kind": "correction"},
        {"kind": "mention"},
        {"kind": "card", "start": 1, "end": 2},
        {"kind": "card", "status": "rejected"},
        {"kind": "mention", "article": letters, "revision": letters.current, "start": 2, "end": 2},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.create(**right | fields)


# --- corrections ---------------------------------------------------------------------------------


def test_an_accepted_correction_is_on_the_card_with_its_source_and_its_authors_name(clerk, people):
    facts = [["1900", "Born."], ["1921", "Became clerk of seals."]]
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals", facts=facts)
    accept(proposal, people)
    assert now(clerk).role == "Clerk of seals"
    assert [[f.date, f.text] for f in clerk.facts.all()] == facts
    assert clerk.sources.get().url == "https://annals.example/7"
    first, second = clerk.versions.order_by("number")
    assert (first.kind, first.snapshot["role"]) == ("before", "Clerk of rites")
    assert (second.kind, second.by_name, second.author_name) == ("corrected", "Mo Moderator", "Wen Author")
    assert (second.why, second.source.title) == ("The annals say so.", "Annals of the Bureau")
    assert card_history.contributors(clerk.versions.order_by("number")) == ["Wen Author"]
    event = proposal.events.get(verb="approved")
    assert (event.before, event.after, event.card_slug, event.about_name) == (
        "pending", "approved", "clerk", "Wen Author",
    )  # fmt: skip


def test_a_known_source_is_not_made_twice(clerk, people):
    for number, role in enumerate(["Clerk of seals", "Clerk of letters"], 1):
        accept(proposed_correction(clerk, author=people.author, role=role), people)
        assert clerk.sources.count() == 1, number


def test_the_texts_that_name_the_card_are_shown_anew(article, people):
    card = Card.objects.get(slug="joseph-stilwell")
    proposal = proposed_correction(card, author=people.author, role="General")
    before = now(article).notes_version
    accept(proposal, people)
    assert now(article).notes_version > before


def test_a_newer_change_of_the_same_field_is_never_overwritten(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals", summary="Kept the seals.")
    accept(proposed_correction(clerk, author=people.stranger, role="Clerk of letters"), people)
    before = all_rows()
    with pytest.raises(CardChanged):
        accept(proposal, people)
    assert all_rows() == before
    assert now(clerk).role == "Clerk of letters"


def test_changes_of_other_fields_live_together(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accept(proposed_correction(clerk, author=people.stranger, summary="Kept the seals."), people)
    accept(proposal, people)
    assert (now(clerk).role, now(clerk).summary) == ("Clerk of seals", "Kept the seals.")
    assert card_history.contributors(clerk.versions.order_by("number")) == ["Sam Stranger", "Wen Author"]


def test_a_moderator_may_accept_with_other_values_and_the_author_keeps_the_name(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="clerk of seels")
    values = {"role": "Clerk of seals", "summary": "Kept the seals."}
    accepting.accept_with(proposal, number=1, by=people.moderator, values=values, seen=0, grounds=SOURCE)
    assert now(clerk).role == "Clerk of seals"
    kept = now(proposal)
    assert (kept.values, kept.taken["role"], kept.changed_by) == (
        {"role": "clerk of seels"}, "Clerk of seals", people.moderator,
    )  # fmt: skip
    assert clerk.versions.last().author_name == "Wen Author"
    assert Notification.objects.get(recipient=people.author).outcome == "edited"


def test_with_other_values_only_on_the_card_that_was_shown(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accept(proposed_correction(clerk, author=people.stranger, role="Clerk of letters"), people)
    change = {"number": 1, "by": people.moderator, "values": {"role": "Clerk of both"}, "grounds": SOURCE}
    with pytest.raises(CardChanged):
        accepting.accept_with(proposal, **change, seen=0)
    accepting.accept_with(proposal, **change, seen=card_history.number_of(clerk))
    assert now(clerk).role == "Clerk of both"


# --- deciding ------------------------------------------------------------------------------------

DECISIONS = {
    "approved": lambda proposal, by: accepting.accept(proposal, number=proposal.number, by=by),
    "rejected": lambda proposal, by: accepting.reject(proposal, number=proposal.number, by=by, reason="No source."),
    "returned": lambda proposal, by: accepting.send_back(proposal, number=proposal.number, by=by, reason="Which?"),
    "spam": lambda proposal, by: accepting.mark_as_spam(proposal, number=proposal.number, by=by),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_is_kept_written_down_and_told(clerk, people, decision):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    DECISIONS[decision](proposal, people.moderator)
    kept = now(proposal)
    assert (kept.status, kept.decided_by) == (decision, people.moderator) and kept.decided
    assert verbs(proposal) == ["submitted", decision]
    told = Notification.objects.holding(people.author)
    assert [row.outcome for row in told] == ([] if decision == "spam" else [decision])
    assert (now(clerk).role == "Clerk of seals") is (decision == "approved")


@pytest.mark.parametrize("first", DECISIONS)
@pytest.mark.parametrize("second", DECISIONS)
def test_the_second_of_two_moderators_is_told_and_changes_nothing(clerk, people, first, second):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    DECISIONS[first](proposal, people.moderator)
    before = all_rows()
    with pytest.raises(AlreadyDecided, match="Mo Moderator was quicker"):
        DECISIONS[second](proposal, people.second_moderator)
    assert all_rows() == before


@pytest.mark.parametrize("decide", [accepting.reject, accepting.send_back])
def test_nobody_is_declined_without_a_reason(clerk, people, decide):
    proposal = proposed_correction(clerk, author=people.author, role="x")
    with pytest.raises(ReasonMissing):
        decide(proposal, number=1, by=people.moderator, reason=" \n")
    assert now(proposal).status == Status.PENDING


def test_a_wording_that_is_old_by_now_is_not_decided(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    again = {"by": people.author, "number": 1, "grounds": SOURCE, "card": None}
    proposing.revise(proposal, values={"role": "Clerk of letters"}, **again)
    with pytest.raises(AlreadyDecided, match="newer version"):
        accept(proposal, people)
    assert now(clerk).role == "Clerk of rites"
    accept(now(proposal), people)
    assert now(clerk).role == "Clerk of letters"


@pytest.mark.parametrize("state, may", [("returned", True), ("rejected", True), ("approved", False), ("spam", False)])
def test_what_was_sent_back_is_revised_and_waits_again(clerk, people, state, may):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    DECISIONS[state](proposal, people.moderator)
    again = {"by": people.author, "number": 1, "grounds": SOURCE, "card": None, "values": {"role": "Clerk of letters"}}
    if not may:
        with pytest.raises(CannotDoThat):
            proposing.revise(proposal, **again)
        return
    proposing.revise(proposal, **again)
    kept = now(proposal)
    assert (kept.status, kept.number, kept.reason, kept.decided_by) == (Status.PENDING, 2, "", None)
    assert not Notification.objects.holding(people.author).exists()
    with pytest.raises(CannotDoThat):
        proposing.revise(proposal, **again)


def test_what_was_withdrawn_is_not_decided(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    proposing.withdraw(proposal, by=people.author)
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        accept(proposal, people)
    with pytest.raises(CannotDoThat):
        proposing.withdraw(proposal, by=people.author)
    assert verbs(proposal) == ["submitted", "withdrawn"]


def test_accepted_proposals_earn_trust_and_rejected_ones_lose_it(clerk, people):
    for role in ("a", "b", "c"):
        accept(proposed_correction(clerk, author=people.author, role=role), people)
    assert now(people.author).is_trusted
    for role in ("d", "e", "f"):
        DECISIONS["rejected"](proposed_correction(clerk, author=people.author, role=role), people.moderator)
    assert not now(people.author).is_trusted


# --- new cards -----------------------------------------------------------------------------------


def test_an_accepted_card_has_a_page_a_source_a_history_and_its_first_mention(letters, people):
    proposal = proposed_card(
        author=people.author, name="Minister of rites", article=letters, on="minister of rites",
        facts=[["1912", "The office ended."]],
    )  # fmt: skip
    assert not Card.objects.filter(name="Minister of rites").exists()
    accept(proposal, people)
    card = Card.objects.get(slug="minister-of-rites")
    assert (card.kind, card.facts.get().date, card.sources.count()) == ("concept", "1912", 1)
    [mention] = card.mentions.all()
    assert letters.current.text[mention.start : mention.end] == "minister of rites"
    [version] = card.versions.all()
    assert (version.kind, version.author_name, version.by_name) == ("made", "Wen Author", "Mo Moderator")


def test_facts_of_a_new_card_need_a_source(people):
    facts = {"name": "Rites", "kind": "concept", "facts": [["1912", "Ended."]]}
    with pytest.raises(SourceMissing):
        proposing.propose_card(author=people.author, values=facts, grounds=Grounds())
    bare = {"name": "Rites", "kind": "concept"}
    assert proposing.propose_card(author=people.author, values=bare, grounds=Grounds()).status == Status.PENDING


@pytest.mark.parametrize("name", ["Ada Clerk", "ada clerk", " Ada Clerk "])
def test_two_cards_of_one_name_do_not_arise(clerk, people, name):
    with pytest.raises(CardExists):
        proposed_card(author=people.author, name=name)


def test_the_same_card_proposed_by_two_is_made_once(people):
    first, second = (proposed_card(author=people[who], name="Rites") for who in ("author", "stranger"))
    accept(first, people)
    with pytest.raises(CardExists):
        accept(second, people)
    assert now(second).status == Status.PENDING


def test_addresses_of_cards_are_free_ones(people):
    names = ["Suggest", "礼部", "Rites!", "Rites?"]
    for name in names:
        accept(proposed_card(author=people.author, name=name), people)
    assert [Card.objects.get(name=name).slug for name in names] == ["suggest-2", "concept", "rites", "rites-2"]


# --- mentions ------------------------------------------------------------------------------------


def test_an_accepted_mention_is_in_the_text_and_follows_it_through_revisions(letters, clerk, people, client):
    proposal = proposed_mention(clerk, author=people.author, article=letters, on="second letter")
    assert "data-card" not in client.get("/articles/letters/").text
    accept(proposal, people)
    assert 'data-card="clerk"' in client.get("/articles/letters/").text
    revising.revise(letters, source=f"A new beginning.\n\n{letters.current.text}", by=people.editor, reason="More.")
    letters.refresh_from_db()
    mention = Mention.objects.get(revision=letters.current)
    assert (mention.card, mention.proposal) == (clerk, proposal)
    assert letters.current.text[mention.start : mention.end] == "second letter"


def test_a_mention_proposed_on_an_older_text_is_carried_to_the_one_of_now(letters, clerk, people):
    proposal = proposed_mention(clerk, author=people.author, article=letters, on="second letter")
    revising.revise(letters, source=f"A new beginning.\n\n{letters.current.text}", by=people.editor, reason="More.")
    accept(proposal, people)
    letters.refresh_from_db()
    [mention] = clerk.mentions.all()
    assert mention.revision == letters.current
    assert letters.current.text[mention.start : mention.end] == "second letter"


def test_a_mention_whose_words_are_gone_is_not_put_elsewhere(letters, clerk, people):
    proposal = proposed_mention(clerk, author=people.author, article=letters, on="second letter")
    source = letters.current.text.replace("The second letter", "It")
    revising.revise(letters, source=source, by=people.editor, reason="Shorter.")
    with pytest.raises(WordsGone):
        accept(proposal, people)
    assert now(proposal).status == Status.PENDING and not clerk.mentions.exists()


def test_words_that_lead_somewhere_already_lead_nowhere_else(letters, clerk, people):
    proposal = proposed_mention(clerk, author=people.author, article=letters, on="second letter")
    accept(proposed_mention(clerk, author=people.stranger, article=letters, on="letter"), people)
    with pytest.raises(AlreadyLinked):
        accept(proposal, people)
    with pytest.raises(AlreadyLinked):
        proposed_mention(clerk, author=people.author, article=letters, on="second letter 🙂")


def test_a_mention_lies_on_words_of_one_paragraph(letters, clerk, people):
    text = letters.current.text
    for span in (Span(0, len(text)), Span(5, 5), Span(len(text) - 2, len(text) + 9)):
        place = proposing.Place(letters.current, span)
        with pytest.raises(NoSuchPlace):
            proposing.propose_mention(clerk, author=people.author, place=place, grounds=Grounds())


# --- taking back ---------------------------------------------------------------------------------


def undo(proposal, people) -> None:
    undoing.undo(proposal.events.exclude(verb="trusted").first(), by=people.moderator)


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_taken_back_leaves_all_as_it_was(clerk, people, decision):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    DECISIONS[decision](proposal, people.moderator)
    undo(proposal, people)
    assert (now(proposal).status, now(clerk).role) == (Status.PENDING, "Clerk of rites")
    assert not clerk.sources.exists()
    assert not Notification.objects.holding(people.author).exists()  # no mail had told of it
    assert verbs(proposal) == ["submitted", decision, "undone"]
    assert card_history.contributors(clerk.versions.order_by("number")) == []
    with pytest.raises(CannotDoThat):
        undo(proposal, people)
    DECISIONS[decision](now(proposal), people.second_moderator)
    assert now(proposal).decided_by == people.second_moderator


def test_a_correction_taken_back_leaves_later_ones_of_other_fields(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accept(proposal, people)
    accept(proposed_correction(clerk, author=people.stranger, summary="Kept the seals."), people)
    undo(proposal, people)
    assert (now(clerk).role, now(clerk).summary) == ("Clerk of rites", "Kept the seals.")
    assert card_history.contributors(clerk.versions.order_by("number")) == ["Sam Stranger"]


def test_what_others_have_built_on_is_not_taken_back(clerk, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accept(proposal, people)
    accept(proposed_correction(clerk, author=people.stranger, role="Clerk of letters"), people)
    with pytest.raises(CardChanged):
        undo(proposal, people)
    assert (now(proposal).status, now(clerk).role) == (Status.APPROVED, "Clerk of letters")


def test_a_new_card_taken_back_is_gone_with_its_mention(letters, people):
    proposal = proposed_card(author=people.author, name="Minister of rites", article=letters, on="minister of rites")
    accept(proposal, people)
    undo(now(proposal), people)
    assert not Card.objects.filter(name="Minister of rites").exists() and not letters.mentions.exists()
    assert (now(proposal).status, now(proposal).card) == (Status.PENDING, None)
    assert ModerationEvent.objects.get(verb="approved").card_slug == "minister-of-rites"
    accept(now(proposal), people)
    assert Card.objects.get(name="Minister of rites").mentions.count() == 1


def test_a_new_card_that_others_use_stays(letters, people):
    proposal = proposed_card(author=people.author, name="Minister of rites")
    accept(proposal, people)
    card = Card.objects.get(name="Minister of rites")
    accept(proposed_mention(card, author=people.stranger, article=letters, on="minister of rites"), people)
    with pytest.raises(CannotDoThat, match="in use"):
        undo(now(proposal), people)
    assert now(proposal).status == Status.APPROVED


def test_a_mention_taken_back_leaves_the_text_and_does_not_return(letters, clerk, people, client):
    proposal = proposed_mention(clerk, author=people.author, article=letters, on="second letter")
    accept(proposal, people)
    undo(proposal, people)
    assert "data-card" not in client.get("/articles/letters/").text
    revising.revise(letters, source=f"A new beginning.\n\n{letters.current.text}", by=people.editor, reason="More.")
    assert not letters.mentions.exists()


# --- the history ---------------------------------------------------------------------------------


def test_a_card_is_put_back_and_that_is_a_version_too(clerk, people):
    accept(proposed_correction(clerk, author=people.author, role="Clerk of seals", aliases=["Ada"]), people)
    accept(proposed_correction(clerk, author=people.stranger, role="Clerk of letters"), people)
    card_history.put_back(clerk, 1, seen=3, by=people.editor, why="Both wrong.")
    assert (now(clerk).role, now(clerk).aliases, clerk.sources.count()) == ("Clerk of rites", [], 0)
    last = clerk.versions.last()
    assert (last.number, last.kind, last.restored, last.by_name, last.why) == (
        4, "put-back", 1, "Ed Editor", "Both wrong.",
    )  # fmt: skip
    assert card_history.contributors(clerk.versions.order_by("number")) == []
    assert ModerationEvent.objects.get(verb="put-back").card_slug == "clerk"
    card_history.put_back(clerk, 2, seen=4, by=people.editor)
    assert card_history.contributors(clerk.versions.order_by("number")) == ["Wen Author"]
    assert now(clerk).role == "Clerk of seals"


def test_two_editors_at_once_do_not_overwrite_each_other(clerk, people):
    accept(proposed_correction(clerk, author=people.author, role="Clerk of seals"), people)
    card_history.put_back(clerk, 1, seen=2, by=people.editor)
    with pytest.raises(CardChanged):
        card_history.put_back(clerk, 2, seen=2, by=people.editor)
    with pytest.raises(card_history.NothingToChange):
        card_history.put_back(clerk, 1, seen=3, by=people.editor)


def test_relations_facts_sources_and_tags_come_back(article, people):
    card = Card.objects.get(slug="xi-jinping")
    before = card_history.snapshot(card)
    card_history.begin(Card.objects.filter(pk=card.pk))
    card_history.write(card, before | {"facts": [], "sources": [], "tags": ["x"], "relations": [], "name": "X"})
    card_history.keep(card, CardVersion.Kind.EDITED, by=people.editor)
    assert card_history.snapshot(card) != before
    card_history.put_back(card, 1, seen=2, by=people.editor)
    assert card_history.snapshot(card) == before


def test_a_snapshot_of_many_costs_what_one_costs(article, django_assert_num_queries):
    with django_assert_num_queries(7):
        card_history.snapshots(Card.objects.filter(slug="xi-jinping"))
    with django_assert_num_queries(7):
        card_history.snapshots(Card.objects.all())


def test_a_name_that_changes_is_told_as_it_was(clerk, people):
    accept(proposed_correction(clerk, author=people.author, role="Clerk of seals"), people)
    Member.objects.filter(pk=people.author.pk).delete()
    version = clerk.versions.last()
    assert (version.author, version.author_name) == (None, "Wen Author")
