"""The queue: what waits, oldest first, with the passage around it; the second moderator is told."""

import pytest

from reader.models import Annotation
from reader.operations import annotating, moderating
from tests.make import fresh, make_note, note_in_state
from tests.pages import read


@pytest.fixture
def moderator(browser_of):
    return browser_of("moderator")


def items(client) -> list:
    return read(client.get("/moderation/")).all("article", "item")


def decide(client, note, decision, **fields):
    data = {"decision": decision, "version": fresh(note).latest.number} | fields
    return client.post(f"/moderation/{note.uid}/", data, follow=True)


def test_what_waits_is_listed_oldest_first_with_its_passage(letters, people, moderator):
    make_note(letters, author=people.author, on="coast road", body="First thought.")
    make_note(letters, author=people.stranger, on="禮部尚書", body="Second thought.")
    first, second = items(moderator)
    assert "First thought." in first.text
    assert first.all("mark")[0].text == "coast road"
    assert "went by the coast road; 𠮷田" in first.text
    assert second.all("mark")[0].text == "禮部尚書"
    assert "Sam Stranger" in second.text


def test_an_edit_is_shown_beside_what_is_public(letters, people, moderator):
    note_in_state("edit waits", letters, people)
    [item] = items(moderator)
    assert "Kingfisher lamp." in item.text
    assert "Copper umbrella." in item.text


def test_a_reply_is_shown_with_what_it_answers_and_the_passage_of_its_thread(letters, people, moderator):
    note = note_in_state("approved", letters, people, on="coast road")
    annotating.reply(parent=note, author=people.stranger, body="Tin trumpet.")
    [item] = items(moderator)
    assert "Tin trumpet." in item.text
    assert "Kingfisher lamp." in item.text
    assert item.all("mark")[0].text == "coast road"


@pytest.mark.parametrize(
    "decision, status, said",
    [("approve", "approved", "Everyone can see it"), ("reject", "rejected", "The author sees your reason"),
     ("spam", "spam", "Marked as spam")],
)  # fmt: skip
def test_a_decision_is_made_with_one_press(letters, people, moderator, decision, status, said):
    note = make_note(letters, author=people.author)
    page = decide(moderator, note, decision, reason="Not about the text.")
    assert said in page.text
    assert fresh(note).latest.status == status
    assert items(moderator) == []


def test_a_rejection_needs_a_reason_and_its_author_reads_it(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author)
    assert "Say why" in decide(moderator, note, "reject", reason=" ").text
    assert fresh(note).latest.status == "pending"
    decide(moderator, note, "reject", reason="Please name a source.")
    author = browser_of("author")
    for path in (f"/notes/{note.uid}/", "/me/notes/"):
        assert "Please name a source." in author.get(path).text


def test_the_second_moderator_is_told_who_was_quicker(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author)
    second = browser_of("second_moderator")
    decide(moderator, note, "approve")
    page = decide(second, note, "reject", reason="Typed with care.", version=1)
    assert "Mo Moderator was quicker: the note is approved. Your decision changed nothing." in read(page).text
    assert fresh(note).latest.status == "approved"
    assert note.events.filter(verb="rejected").count() == 0


def test_a_decision_on_an_older_wording_is_refused_and_the_reason_kept(letters, people, moderator):
    note = make_note(letters, author=people.author)
    annotating.edit(note, by=people.author, body="Newer words.", tags=[])
    page = decide(moderator, note, "reject", reason="Typed with care.", version=1)
    assert "newer version" in read(page).text
    assert "Typed with care." in read(page).all("textarea")[0].text
    assert fresh(note).latest.status == "pending"


def test_a_reason_that_is_too_long_is_not_lost(letters, people, moderator):
    note = make_note(letters, author=people.author)
    reason = "Because. " * 300
    page = decide(moderator, note, "reject", reason=reason)
    assert "2000" in read(page).text
    assert reason.strip() in read(page).all("textarea")[0].text
    assert fresh(note).latest.status == "pending"


@pytest.mark.parametrize("who, status", [("anonymous", 302), ("author", 404), ("trusted", 404), ("editor", 404)])
def test_only_moderators_decide(letters, people, browser_of, who, status):
    note = make_note(letters, author=people.author)
    answer = browser_of(who).post(f"/moderation/{note.uid}/", {"decision": "approve", "version": 1})
    assert answer.status_code == status
    assert fresh(note).latest.status == "pending"


def test_nobody_decides_on_a_private_note(letters, people, moderator):
    note = note_in_state("private", letters, people)
    answer = moderator.post(f"/moderation/{note.uid}/", {"decision": "approve", "version": 1})
    assert answer.status_code == 404
    assert fresh(note).published is None


def test_a_long_queue_comes_in_pages(letters, people, moderator):
    for number in range(25):
        make_note(letters, author=people.author, body=f"Thought {number:02}.")
    first = read(moderator.get("/moderation/"))
    [further] = [link.attrs["href"] for link in first.all("a") if link.attrs.get("rel") == "next"]
    assert len(first.all("article", "item")) == 20
    for note in list(Annotation.objects.waiting().order_by("pk"))[:3]:
        decide(moderator, note, "approve")
    rest = read(moderator.get(f"/moderation/{further}")).all("article", "item")
    assert [item.all("div", "body")[0].text.strip() for item in rest] == [f"Thought {n}." for n in range(20, 25)]


@pytest.mark.parametrize("mark", ["x", "-", "2026-1", "99999999999999999999-1", "20260101000000000000-x", "\u0661-1"])
def test_a_mark_that_is_none_begins_at_the_oldest(letters, people, moderator, mark):
    make_note(letters, author=people.author)
    assert len(read(moderator.get("/moderation/", {"after": mark})).all("article", "item")) == 1


def test_only_moderators_see_how_many_wait(letters, people, browser_of):
    make_note(letters, author=people.author)
    counts = {
        who: [count.text for count in read(browser_of(who).get("/help/")).all("span", "count")][:1]
        for who in ("anonymous", "author", "trusted", "editor", "moderator")
    }
    assert counts == {"anonymous": [], "author": [], "trusted": [], "editor": [], "moderator": ["1"]}


def test_an_approved_note_is_on_the_page_of_another_reader(letters, people, moderator, browser_of):
    note = make_note(letters, author=people.author, body="Tin trumpet.")
    reader = browser_of("anonymous")
    assert "Tin trumpet." not in reader.get("/articles/letters/").text
    decide(moderator, note, "approve")
    assert "Tin trumpet." in reader.get("/articles/letters/").text


def test_a_moderator_does_not_wait_for_another(letters, people):
    note = make_note(letters, author=people.moderator)
    assert fresh(note).latest.status == "approved"
    assert not moderating.Annotation.objects.waiting().exists()
