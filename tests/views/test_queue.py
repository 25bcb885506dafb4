"""The queue in depth: filters, batches, claims, undo; the trail; how people stand; flags and answers by page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reader.models import Annotation, Flag, ReasonTemplate, Sanction, Status, SuspectWord
from reader.operations import annotating, flagging, moderating, standing, turns
from tests.make import approved, fresh, make_article, make_note, note_in_state
from tests.pages import read

LETTER = "a thought that stands nowhere else"


@pytest.fixture
def moderator(browser_of):
    return browser_of("moderator")


def items(client, **asked) -> list:
    return read(client.get("/moderation/", asked)).all("article", "item")


def test_the_queue_can_be_narrowed_to_an_article_a_person_and_a_reason(letters, people, moderator):
    other = make_article(slug="other-letters")
    make_note(letters, author=people.author, body="See https://example.org here.")
    make_note(other, author=people.author)
    make_note(letters, author=people.stranger)
    assert len(items(moderator)) == 3
    assert len(items(moderator, article="letters")) == 2
    assert len(items(moderator, person="stranger")) == 1
    assert len(items(moderator, why="link")) == 1
    assert len(items(moderator, article="letters", person="author", why="link")) == 1
    assert "Nothing like this waits" in read(moderator.get("/moderation/", {"person": "nobody"})).text


def test_a_public_note_that_was_flagged_stands_in_the_queue_until_its_flags_are_closed(letters, people, moderator):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    flagging.flag(note, by=people.stranger, reason="rude", comment="It attacks the clerk.")
    shown = items(moderator, why="flagged")
    assert len(shown) == 1
    assert "It attacks the clerk." in shown[0].text
    page = read(moderator.get("/moderation/"))
    assert "1 contribution waits" in page.text and page.all("span", "count")[0].text == "1"  # in the menu too
    moderator.post(f"/moderation/{note.uid}/", {"decision": "keep", "version": 1})
    assert not items(moderator)
    assert fresh(note).published


def test_a_flagged_note_is_taken_down_with_a_reason(letters, people, moderator):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    flagging.flag(note, by=people.stranger)
    refused = moderator.post(f"/moderation/{note.uid}/", {"decision": "take-down", "version": 1}, follow=True)
    assert "Say why" in read(refused).text
    assert fresh(note).published
    moderator.post(f"/moderation/{note.uid}/", {"decision": "take-down", "version": 1, "reason": "An attack."})
    assert fresh(note).published is None
    assert fresh(note).latest.status == Status.REJECTED


def batch(client, notes, **fields):
    data = {"item": [f"{note.uid}:{fresh(note).latest.number}" for note in notes]} | fields
    return read(client.post("/moderation/batch/", data, follow=True))


def test_many_are_decided_at_once_and_those_that_moved_on_are_counted(letters, people, moderator):
    notes = [make_note(letters, author=people.author, body=f"Thought {n}.") for n in range(3)]
    moderating.reject(notes[2].latest, by=people.second_moderator, reason="No.")
    page = batch(moderator, notes, decision="approve")
    assert "Decided on 2." in page.text
    assert "1 was left as it is" in page.text
    assert [fresh(note).latest.status for note in notes] == ["approved", "approved", "rejected"]


@pytest.mark.parametrize("fields", [{"decision": "approve"}, {"item": "x", "decision": "explode"}])
def test_a_batch_of_nothing_or_of_nonsense_changes_nothing(letters, people, moderator, fields):
    note = make_note(letters, author=people.author)
    page = read(moderator.post("/moderation/batch/", fields, follow=True))
    assert "Tick at least one note" in page.text
    assert fresh(note).latest.status == Status.PENDING


def test_a_batch_never_reaches_a_private_note(letters, people, moderator):
    note = note_in_state("private", letters, people)
    page = batch(moderator, [note], decision="approve")
    assert "1 was left as it is" in page.text
    assert fresh(note).published is None


def test_a_batch_of_rejections_without_a_reason_is_refused(letters, people, moderator):
    notes = [make_note(letters, author=people.author, body=f"Thought {n}.") for n in range(2)]
    assert "Say why" in batch(moderator, notes, decision="reject").text
    assert all(fresh(note).latest.status == Status.PENDING for note in notes)


def test_the_last_decision_is_taken_back_from_the_queue(letters, people, moderator):
    note = make_note(letters, author=people.author)
    moderator.post(f"/moderation/{note.uid}/", {"decision": "spam", "version": 1})
    page = read(moderator.get("/moderation/"))
    [form] = page.all("form", "last")
    moderator.post(form.attrs["action"], {})
    assert fresh(note).latest.status == Status.PENDING
    assert not read(moderator.get("/moderation/")).all("form", "last")


def test_a_claimed_item_says_who_is_at_work_on_it(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author)
    moderator.post(f"/moderation/{note.uid}/claim/", {})
    assert "Mo Moderator is at work on it" in items(browser_of("second_moderator"))[0].text
    refused = browser_of("second_moderator").post(f"/moderation/{note.uid}/claim/", {}, follow=True)
    assert "Mo Moderator is at work on it." in read(refused).text


def test_a_claim_that_ran_out_is_made_anew(letters, people, moderator):
    note = make_note(letters, author=people.author)
    ran_out = timezone.now() - turns.CLAIMED_FOR - timedelta(seconds=1)
    note.versions.update(claimed_by=people.moderator, claimed=ran_out)
    assert "I am at work on it" in items(moderator)[0].text
    moderator.post(f"/moderation/{note.uid}/claim/", {})
    assert "you are at work on it" in items(moderator)[0].text
    moderator.post(f"/moderation/{note.uid}/claim/", {})
    assert "at work on it" not in items(moderator)[0].text.replace("I am at work on it", "")


def test_words_are_changed_before_approving_and_the_author_sees_it(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author, body="The leter.")
    data = {"decision": "edit", "version": 1, "body": "The letter.", "tags": ""}
    moderator.post(f"/moderation/{note.uid}/", data)
    assert fresh(note).published.body == "The letter."
    assert "A moderator changed the wording" in read(browser_of("author").get(note.get_absolute_url())).text


def test_kept_reasons_are_offered(letters, people, moderator):
    make_note(letters, author=people.author)
    ReasonTemplate.objects.create(title="Off the text", words="This is not about the text.")
    offered = [b for b in read(moderator.get("/moderation/")).all("button") if b.attrs.get("data-reason")]
    assert [(b.attrs["data-reason"], b.text) for b in offered] == [("This is not about the text.", "Off the text")]


def test_the_way_back_is_to_the_same_filtered_queue_and_nowhere_else(letters, people, moderator):
    note, other = (make_note(letters, author=people.author, body=f"Thought {n}.") for n in range(2))
    data = {"decision": "approve", "version": 1}
    answer = moderator.post(f"/moderation/{note.uid}/", data | {"next": "/moderation/?person=author"})
    assert answer["Location"] == "/moderation/?person=author"
    answer = moderator.post(f"/moderation/{other.uid}/", data | {"next": "https://elsewhere.example/moderation/"})
    assert answer["Location"] == "/moderation/"


FOR_MODERATORS = [
    "/moderation/",
    "/moderation/log/",
    "/moderation/log/?export=csv",
    "/moderation/log/?export=jsonl",
    "/moderation/people/author/",
    "/moderation/reasons/",
]


@pytest.mark.parametrize("path", FOR_MODERATORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("author", 404), ("trusted", 404), ("editor", 404), ("moderator", 200)],
)
def test_moderators_alone_come_in(letters, people, browser_of, path, who, status):
    assert browser_of(who).get(path).status_code == status


@pytest.mark.parametrize("who", ["author", "stranger", "editor"])
def test_acts_of_moderation_are_moderators_alone(letters, people, browser_of, who):
    note = make_note(letters, author=people.author)
    client = browser_of(who)
    assert client.post("/moderation/batch/", {"decision": "approve", "item": f"{note.uid}:1"}).status_code == 404
    assert client.post(f"/moderation/{note.uid}/claim/", {}).status_code == 404
    assert client.post("/moderation/people/stranger/", {"trust": "yes"}).status_code == 404
    assert fresh(note).latest.status == Status.PENDING


def test_a_person_is_suspended_from_their_page_and_told_when_they_write(letters, people, moderator, browser_of):
    form = {"kind": "suspension", "days": "3", "reason": "Three attacks in a day."}
    moderator.post("/moderation/people/author/", form)
    data = {
        "start": 0, "end": 9, "revision": 1, "body": LETTER, "motivation": "commenting", "visibility": "public",
        "exact": letters.current.text[:9],
    }  # fmt: skip
    answer = browser_of("author").post("/articles/letters/annotate/", data)
    assert answer.status_code == 403
    text = read(answer).text
    assert "Three attacks in a day." in text
    assert LETTER in text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"kind": "suspension", "reason": "Why."}, "Say for how many days"),
        ({"kind": "ban", "reason": ""}, "This field is required"),
    ],
)
def test_half_a_sanction_is_refused_and_keeps_what_was_typed(letters, people, moderator, form, says):
    answer = moderator.post("/moderation/people/author/", form)
    assert answer.status_code == 422
    assert says in read(answer).text
    assert not Sanction.objects.exists()


def test_trust_is_given_and_taken_by_hand_and_stands_in_the_trail(letters, people, moderator):
    moderator.post("/moderation/people/author/", {"trust": "yes"})
    people.author.refresh_from_db()
    assert people.author.is_trusted
    moderator.post("/moderation/people/author/", {"trust": "no"})
    people.author.refresh_from_db()
    assert not people.author.is_trusted
    text = read(moderator.get("/moderation/people/author/")).text
    assert "became trusted" in text
    assert "no longer trusted" in text


def test_a_sanction_is_lifted_from_the_page(letters, people, moderator):
    ban = standing.sanction(people.author, kind="ban", reason="Advertising.", by=people.moderator)
    moderator.post("/moderation/people/author/", {"lift": ban.pk})
    ban.refresh_from_db()
    assert ban.lifted


def test_a_reader_flags_and_sees_the_outcome(letters, people, browser_of):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    stranger = browser_of("stranger")
    stranger.post(f"/notes/{note.uid}/flag/", {"reason": "wrong", "comment": "No source."})
    assert "not looked at yet" in read(stranger.get(f"/notes/{note.uid}/flag/")).text
    moderating.keep(note, by=people.moderator)
    assert "the note stays" in read(stranger.get(f"/notes/{note.uid}/flag/")).text


@pytest.mark.parametrize("state", ["private", "pending", "rejected", "spam", "withdrawn"])
def test_what_is_not_public_cannot_be_flagged(letters, people, browser_of, state):
    note = note_in_state(state, letters, people)
    assert browser_of("stranger").post(f"/notes/{note.uid}/flag/", {"reason": "rude"}).status_code == 404
    assert not Flag.objects.exists()


def test_nobody_flags_their_own(letters, people, browser_of):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    assert browser_of("author").get(f"/notes/{note.uid}/flag/").status_code == 404


def test_a_rejection_is_answered_from_the_notes_page(letters, people, browser_of, moderator):
    note = note_in_state("rejected", letters, people)
    author = browser_of("author")
    assert "Answer the rejection" in read(author.get(note.get_absolute_url())).text
    author.post(f"/notes/{note.uid}/appeal/", {"words": "It is about line two."})
    assert "It is about line two." in items(browser_of("second_moderator"))[0].text
    [mine] = items(moderator)
    assert "You gave it, so another moderator decides now." in mine.text and not mine.all("form")
    assert author.get(f"/notes/{note.uid}/appeal/").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "moderator", "editor"])
def test_only_its_author_answers_a_rejection(letters, people, browser_of, who):
    note = note_in_state("rejected", letters, people)
    assert browser_of(who).post(f"/notes/{note.uid}/appeal/", {"words": "Look."}).status_code == 404
    assert fresh(note).latest.status == Status.REJECTED


def test_moderators_keep_reasons_and_words_and_take_them_out_again(people, moderator):
    moderator.post("/moderation/reasons/", {"kind": "reason", "title": "No source", "words": "Say where you read it."})
    moderator.post("/moderation/reasons/", {"kind": "word", "word": "casino"})
    text = read(moderator.get("/moderation/reasons/")).text
    assert "Say where you read it." in text
    assert "casino" in text
    moderator.post("/moderation/reasons/", {"kind": "reason", "out": ReasonTemplate.objects.get().pk})
    assert not ReasonTemplate.objects.exists()


def test_a_kept_reason_and_a_word_are_changed_in_place(people, moderator):
    reason = ReasonTemplate.objects.create(title="No source", words="Say where.")
    word = SuspectWord.objects.create(word="casino")
    assert "Say where." in moderator.get(f"/moderation/reasons/?reason={reason.pk}").text
    changed = {"kind": "reason", "title": "No source", "words": "Say where you read it."}
    moderator.post(f"/moderation/reasons/?reason={reason.pk}", changed)
    moderator.post(f"/moderation/reasons/?word={word.pk}", {"kind": "word", "word": "casino", "is_blocked": "on"})
    assert list(ReasonTemplate.objects.values_list("words", flat=True)) == ["Say where you read it."]
    assert SuspectWord.objects.get().is_blocked
    assert moderator.get("/moderation/reasons/?word=999999").status_code == 404


def test_half_a_reason_is_refused_and_keeps_what_was_typed(people, moderator):
    answer = moderator.post("/moderation/reasons/", {"kind": "reason", "title": "", "words": "Say where you read it."})
    assert answer.status_code == 422
    assert "Say where you read it." in read(answer).text
    assert not ReasonTemplate.objects.exists()


def ask(client, path, **data):
    """As the script asks: for what stands in the item's place then."""
    return client.post(path, data, headers={"HX-Request": "true"})


def test_a_script_gets_what_stands_in_the_items_place(letters, people, moderator):
    note = make_note(letters, author=people.author)
    answer = ask(moderator, f"/moderation/{note.uid}/", decision="approve", version=1)
    [done] = read(answer).all("article", "done")
    assert (answer.status_code, done.attrs["id"]) == (200, f"item-{note.uid}")
    assert "Approved. Everyone can see it now." in done.text
    again = ask(moderator, done.all("form")[0].attrs["action"])
    [item] = read(again).all("article", "item")
    assert "done" not in item.classes
    assert fresh(note).latest.status == Status.PENDING


def test_a_script_is_told_of_a_refusal_in_the_items_place(letters, people, moderator):
    note = make_note(letters, author=people.author)
    answer = ask(moderator, f"/moderation/{note.uid}/", decision="reject", version=1, reason=" ", body="Kept words.")
    assert answer.status_code == 422
    assert "Say why" in read(answer).all("div", "problem")[0].text
    moderating.approve(note.latest, by=people.second_moderator)
    answer = ask(moderator, f"/moderation/{note.uid}/", decision="reject", version=1, reason="Typed with care.")
    assert answer.status_code == 409
    assert "Dee Second was quicker" in read(answer).text
    assert "Typed with care." in read(answer).text


def test_an_item_has_a_page_of_its_own(letters, people, moderator, browser_of):
    """A mail about what waits too long leads there."""
    note = make_note(letters, author=people.author, body=LETTER)
    assert LETTER in moderator.get(f"/moderation/{note.uid}/").text
    assert browser_of("author").get(f"/moderation/{note.uid}/").status_code == 404
    private = note_in_state("private", letters, people)
    assert moderator.get(f"/moderation/{private.uid}/").status_code == 404


def test_what_another_is_at_work_on_cannot_be_decided(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author)
    browser_of("second_moderator").post(f"/moderation/{note.uid}/claim/", {})
    assert not items(moderator)[0].all("form", "decision")
    page = read(moderator.post(f"/moderation/{note.uid}/", {"decision": "approve", "version": 1}, follow=True))
    assert "Dee Second is at work on it. Your decision changed nothing." in page.text
    assert fresh(note).latest.status == Status.PENDING


def test_what_waits_is_counted_by_reason(letters, people, moderator):
    make_note(letters, author=people.author, body="See https://example.org here.")
    make_note(letters, author=people.stranger)
    flagging.flag(approved(make_note(letters, author=people.author), by=people.moderator), by=people.stranger)
    [whys] = read(moderator.get("/moderation/")).all("ul", "whys")
    assert [" ".join(link.text.split()) for link in whys.all("a")] == [
        "new person 2", "link from a new person 1", "flagged by readers 1",
    ]  # fmt: skip


def test_everything_by_one_person_is_decided_at_once_and_taken_back(letters, people, moderator):
    for number in range(23):
        make_note(letters, author=people.author, body=f"Thought {number}.")
    other = make_note(letters, author=people.stranger)
    page = read(moderator.get("/moderation/", {"person": "author"}))
    [until] = [field.attrs["value"] for field in page.all("input") if field.attrs.get("name") == "until"]
    later = make_note(letters, author=people.author, body="Written since.")
    data = {"decision": "reject", "reason": "Advertising.", "everything_by": "author", "until": until}
    page = read(moderator.post("/moderation/batch/", data, follow=True))
    assert "Decided on 23." in page.text
    assert {fresh(note).latest.status for note in (other, later)} == {"pending"}
    page = read(moderator.post("/moderation/undo/", {}, follow=True))
    assert "Taken back: 23." in page.text
    assert {note.latest.status for note in Annotation.objects.filter(author=people.author)} == {"pending"}


def test_what_appeared_at_once_can_be_looked_at_afterwards(letters, people, moderator):
    note = make_note(letters, author=people.trusted, body=LETTER)
    make_note(letters, author=people.editor)
    assert not items(moderator)
    [item] = items(moderator, why="unseen")
    assert LETTER in item.text
    moderator.post(f"/moderation/{note.uid}/", {"decision": "keep", "version": 1})
    assert not items(moderator, why="unseen")
    assert fresh(note).published
    second = moderator.post(f"/moderation/{note.uid}/", {"decision": "keep", "version": 1}, follow=True)
    assert "Somebody has looked at it already" in read(second).text


def test_the_conversation_is_shown_with_what_is_public_of_it(letters, people, moderator):
    note = approved(make_note(letters, author=people.author, body="The first."), by=people.moderator)
    annotating.reply(parent=note, author=people.trusted, body="The second.")
    annotating.reply(parent=note, author=people.stranger, body="A waiting one.")
    answer = annotating.reply(parent=note, author=people.author, body="The last.")
    shown = {item.attrs["id"]: item for item in items(moderator)}[f"item-{answer.uid}"]
    [talk] = shown.all("details", "conversation")
    assert "The second." in talk.text
    assert "A waiting one." not in talk.text


def test_the_queue_asks_as_often_for_twenty_conversations_as_for_one(
    letters, people, moderator, django_assert_num_queries
):
    def fill(notes):
        for number in range(notes):
            note = approved(make_note(letters, author=people.author, body=f"{number}."), by=people.moderator)
            annotating.reply(parent=note, author=people.stranger, body="Yes.")
            flagging.flag(note, by=people.trusted)

    fill(1)
    moderator.get("/moderation/")
    with CaptureQueriesContext(connection) as one:
        moderator.get("/moderation/")
    fill(12)
    with django_assert_num_queries(len(one)):
        moderator.get("/moderation/")
