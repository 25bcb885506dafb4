"""Proposals in the queue: among the notes, decided by the same forms, taken back, and never overwriting unseen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.models import Card, Proposal
from reader.operations import accepting, turns
from reader.views import queue_items
from tests.make import fresh, make_note, proposed_card, proposed_correction, proposed_mention
from tests.pages import read
from tests.views.test_proposing import form_on


@pytest.fixture
def clerk(db) -> Card:
    return Card.objects.create(slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites")


@pytest.fixture
def moderator(browser_of):
    return browser_of("moderator")


def items(client, **asked) -> list:
    return read(client.get("/moderation/", asked)).all("article", "item")


def send(client, proposal, decision, **fields):
    data = {"decision": decision, "number": proposal.number} | fields
    return client.post(f"/moderation/proposals/{proposal.uid}/", data, follow=True)


def test_notes_and_proposals_wait_together_oldest_first(letters, clerk, people, moderator):
    first = make_note(letters, author=people.author)
    second = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    third = make_note(letters, author=people.author, body="Another thought.")
    fourth = proposed_mention(clerk, author=people.stranger, article=letters, on="minister of rites")
    expected = [f"item-{each.uid}" for each in (first, second, third, fourth)]
    assert [item.attrs["id"] for item in items(moderator)] == expected
    assert [item.attrs["id"] for item in items(moderator, why="card")] == [expected[1], expected[3]]
    assert [item.attrs["id"] for item in items(moderator, person="stranger")] == [expected[3]]
    assert [item.attrs["id"] for item in items(moderator, article="letters")] == [expected[0], expected[2], expected[3]]
    page = read(moderator.get("/moderation/"))
    assert page.text.count("waiting less than a minute") == 4
    offered = [" ".join(each.text.split()) for each in page.all("option")]
    assert offered == ["All", "Letters to the capital (3)", "Wen Author (3)", "Sam Stranger (1)"]
    assert "4 contributions wait" in page.text and page.all("span", "count")[0].text == "4"


def test_no_item_is_passed_over_from_page_to_page(letters, clerk, people, moderator, monkeypatch):
    monkeypatch.setattr(queue_items, "AT_ONCE", 2)
    made = []
    for number in range(3):
        made.append(make_note(letters, author=people.author, body=f"Thought {number}."))
        made.append(proposed_correction(clerk, author=people.author, role=f"Role {number}"))
    Proposal.objects.update(waits_since=fresh(made[0]).latest.waits_since)
    seen, after = [], ""
    while True:
        page = read(moderator.get("/moderation/", {"after": after}))
        seen += [item.attrs["id"] for item in page.all("article", "item")]
        further = [a.attrs["href"] for a in page.all("a") if a.attrs.get("rel") == "next"]
        if not further:
            break
        after = further[0].partition("after=")[2]
    wanted = [made[0], made[1], made[3], made[5], made[2], made[4]]
    assert seen == [f"item-{each.uid}" for each in wanted]


def test_a_correction_shows_what_goes_and_what_comes_and_its_source(clerk, people, moderator):
    proposed_correction(clerk, author=people.author, role="Clerk of seals")
    [item] = items(moderator)
    assert [e.text for e in item.all("del")] == ["[taken out: rites]"]
    assert [e.text for e in item.all("ins")] == ["[put in: seals]"]
    [link] = [a for a in item.all("a") if a.attrs["href"] == "https://annals.example/7"]
    assert {"nofollow", "noopener"} <= set(link.attrs["rel"].split())


def test_the_page_of_a_person_lists_what_they_proposed_and_what_became_of_it(clerk, people, moderator):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    proposed_card(author=people.stranger, name="Not theirs")
    accepting.reject(proposal, number=1, by=people.second_moderator, reason="No.")
    page = read(moderator.get("/moderation/people/author/"))
    [line] = [li for li in page.all("li") if "Ada Clerk" in li.text and li.all("span", "rejected")]
    assert line.all("a")[0].attrs["href"] == f"/proposals/{proposal.uid}/"
    assert "Not theirs" not in page.text


DECISIONS = {"approve": "approved", "trust": "approved", "reject": "rejected", "return": "returned", "spam": "spam"}


def test_the_page_of_a_proposal_leads_moderators_to_where_they_decide(clerk, people, moderator, browser_of):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    where = f"/moderation/?person=author#item-{proposal.uid}"
    assert where in moderator.get(f"/proposals/{proposal.uid}/").text
    assert f'id="item-{proposal.uid}"' in moderator.get("/moderation/?person=author").text
    assert where not in browser_of("author").get(f"/proposals/{proposal.uid}/").text
    send(moderator, proposal, "approve")
    assert where not in moderator.get(f"/proposals/{proposal.uid}/").text


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("by_script", [True, False])
def test_a_proposal_is_decided_and_taken_back(clerk, people, moderator, decision, by_script):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    if by_script:
        headers = {"HX-Request": "true"}
        data = {"decision": decision, "number": 1, "reason": "Because."}
        page = read(moderator.post(f"/moderation/proposals/{proposal.uid}/", data, headers=headers))
        [item] = page.all("article", "item")
        form = item.all("form")[0]
    else:
        page = read(send(moderator, proposal, decision, reason="Because."))
        assert not page.all("article", "item")
        [form] = page.all("form", "last")
    proposal.refresh_from_db()
    assert proposal.status == DECISIONS[decision]
    moderator.post(form.attrs["action"], {})
    proposal.refresh_from_db()
    clerk.refresh_from_db()
    assert (proposal.status, clerk.role) == ("pending", "Clerk of rites")


NONE = [
    {},
    {"decision": "keep"},
    {"decision": "approve", "number": "9" * 30},
    {"decision": "reject", "reason": ""},
    {"decision": "approve", "number": "7"},
]


@pytest.mark.parametrize("fields", NONE)
def test_a_decision_that_is_none_changes_nothing(clerk, people, moderator, fields):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    data = {"number": "1"} | fields
    answer = moderator.post(f"/moderation/proposals/{proposal.uid}/", data, follow=True)
    assert answer.status_code == 200 and read(answer).all("p", "error")
    proposal.refresh_from_db()
    assert proposal.status == "pending"


def test_a_reason_that_decided_nothing_is_kept(clerk, people, moderator):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.reject(proposal, number=1, by=people.second_moderator, reason="No.")
    headers = {"HX-Request": "true"}
    data = {"decision": "reject", "number": 1, "reason": "Kept words"}
    answer = moderator.post(f"/moderation/proposals/{proposal.uid}/", data, headers=headers)
    assert answer.status_code == 409 and "Dee Second was quicker" in answer.text
    assert "Kept words" in answer.text


def test_many_of_both_kinds_are_decided_at_once_and_taken_back(letters, clerk, people, moderator):
    note = make_note(letters, author=people.author)
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    card = proposed_card(author=people.stranger, name="Rites")
    ticked = [
        box.attrs["value"] for item in items(moderator) for box in item.all("input") if "item" in box.attrs["name"]
    ]
    assert len(ticked) == 3
    page = read(moderator.post("/moderation/batch/", {"item": ticked, "decision": "approve"}, follow=True))
    assert "Decided on 3." in page.text and fresh(note).published
    assert set(Proposal.objects.values_list("status", flat=True)) == {"approved"}
    [form] = page.all("form", "last")
    moderator.post(form.attrs["action"], {})
    proposal.refresh_from_db()
    card.refresh_from_db()
    assert (proposal.status, card.status, fresh(note).published) == ("pending", "pending", None)
    moderator.post("/moderation/batch/", {"item": ticked[1:], "decision": "keep"})
    assert set(Proposal.objects.values_list("status", flat=True)) == {"pending"}


def test_a_card_changed_meanwhile_is_shown_and_accepted_only_with_open_eyes(clerk, people, moderator):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    other = proposed_correction(clerk, author=people.stranger, role="Clerk of letters")
    accepting.accept(other, number=1, by=people.second_moderator)
    [item] = items(moderator)
    assert "Changed meanwhile. Now it says: Clerk of letters" in " ".join(item.text.split())
    page = read(send(moderator, proposal, "approve"))
    assert "The card was changed since this was proposed" in page.text
    clerk.refresh_from_db()
    assert clerk.role == "Clerk of letters"
    address = f"/moderation/proposals/{proposal.uid}/change/"
    typed = form_on(read(moderator.get(address)))
    assert typed["role"] == "Clerk of seals"
    answer = moderator.post(address, typed | {"role": "Clerk of letters and seals"}, follow=True)
    assert "Changed and accepted" in answer.text
    clerk.refresh_from_db()
    assert clerk.role == "Clerk of letters and seals"
    assert clerk.versions.last().author_name == "Wen Author"


def test_a_new_card_is_accepted_with_other_words(people, moderator):
    proposal = proposed_card(author=people.author, name="Rites", role="A burreau")
    address = f"/moderation/proposals/{proposal.uid}/change/"
    moderator.post(address, form_on(read(moderator.get(address))) | {"role": "A bureau"})
    assert Card.objects.get(name="Rites").role == "A bureau"


@pytest.mark.parametrize("who, status", [("anonymous", 302), ("author", 404), ("editor", 404), ("moderator", 302)])
def test_only_moderators_decide(clerk, people, browser_of, who, status):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    answer = browser_of(who).post(f"/moderation/proposals/{proposal.uid}/", {"decision": "spam", "number": 1})
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.status == "spam") == (status, who == "moderator")


def test_a_claimed_proposal_is_left_to_whoever_is_at_work_on_it(clerk, people, moderator, browser_of):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    address, second = f"/moderation/proposals/{proposal.uid}/claim/", browser_of("second_moderator")
    script = {"HX-Request": "true"}
    assert "You are at work on it." in moderator.post(address, headers=script).text
    assert "you are at work on it" in items(moderator)[0].text
    [theirs] = items(second)
    assert "Mo Moderator is at work on it" in theirs.text and not theirs.all("form") and not theirs.all("input")
    assert "Mo Moderator is at work on it." in second.post(address, follow=True).text
    change = second.post(f"/moderation/proposals/{proposal.uid}/change/", {"number": 1, "seen": 0, "name": "x"})
    assert change.status_code == 422
    refused = second.post(
        f"/moderation/proposals/{proposal.uid}/", {"decision": "approve", "number": 1}, headers={"HX-Request": "true"}
    )
    assert refused.status_code == 409 and "Your decision changed nothing." in refused.text
    assert "You have left it to the others." in moderator.post(address, headers=script).text
    assert items(second)[0].all("form")
    send(second, proposal, "approve")
    proposal.refresh_from_db()
    assert proposal.decided_by == people.second_moderator


@pytest.mark.parametrize("who, status", [("anonymous", 302), ("author", 404), ("editor", 404), ("moderator", 302)])
def test_only_moderators_claim(clerk, people, browser_of, who, status):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    answer = browser_of(who).post(f"/moderation/proposals/{proposal.uid}/claim/")
    proposal.refresh_from_db()
    assert (answer.status_code, proposal.claimed_by is not None) == (status, who == "moderator")


def test_an_answer_stands_in_the_queue_and_is_another_moderators(clerk, people, moderator, browser_of):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.reject(proposal, number=1, by=people.moderator, reason="Which page?")
    proposal.refresh_from_db()
    turns.appeal(proposal, by=people.author, words="Page seven.")
    [mine], [theirs] = items(moderator, why="appeal"), items(browser_of("second_moderator"), why="appeal")
    assert "You gave it, so another moderator decides now." in mine.text and not mine.all("form")
    for said in ("Page seven.", "Which page?"):
        assert said in theirs.text
    assert theirs.all("form") and "You gave it" not in theirs.text
    send(browser_of("second_moderator"), proposal, "approve")
    clerk.refresh_from_db()
    assert clerk.role == "Clerk of seals"


def test_the_queue_costs_the_same_for_one_proposal_of_a_kind_or_fifteen(letters, clerk, people, moderator):
    def propose(number: int) -> None:
        other = Card.objects.create(slug=f"c{number}", kind="person", name=f"Card {number}")
        proposed_correction(other, author=people.author, role=f"Role {number}")
        proposed_card(author=people.author, name=f"New {number}")
        proposed_mention(other, author=people.author, article=letters, on="letter", occurrence=1)

    def cost(path: str) -> int:
        moderator.get(path)
        with CaptureQueriesContext(connection) as asked:
            moderator.get(path)
        return len(asked)

    propose(0)
    accepting.accept(
        proposed_correction(clerk, author=people.author, role="Clerk of seals"), number=1, by=people.moderator
    )
    paths = ["/moderation/", "/me/proposals/", "/cards/clerk/", "/cards/clerk/history/", "/moderation/log/"]
    before = {path: cost(path) for path in paths}
    for number in range(1, 5):
        propose(number)
        change = proposed_correction(clerk, author=people.author, role=f"Clerk {number}")
        accepting.accept(change, number=1, by=people.moderator)
    assert {path: cost(path) for path in paths} == before


def test_a_name_that_turns_words_around_turns_nothing_beside_it(letters, clerk, people, moderator, browser_of):
    people.author.display_name = "\u202egnp.exe"
    people.author.save()
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    note = make_note(letters, author=people.author)
    accepting.accept(
        proposed_correction(clerk, author=people.author, summary="Of old."), number=1, by=people.second_moderator
    )
    for path in ["/moderation/", f"/proposals/{proposal.uid}/", f"/notes/{note.uid}/", "/cards/clerk/history/"]:
        names = [e.text for e in read(moderator.get(path)).all("bdi")]
        assert "\u202egnp.exe" in names, path
    assert "<bdi>\u202egnp.exe</bdi>" in browser_of("author").get("/help/").text
