"""The queue worked with the keyboard alone, and its pages by the rules of WCAG."""

import pytest
from playwright.sync_api import expect

from benchmarks.crowd import crowd_that_waits
from reader.models import Annotation, Card, ModerationEvent, ReasonTemplate
from reader.operations import moderating
from tests.make import make_note, proposed_correction

REASON = "just ask us: a source, please?"  # every letter of it that is a key must stay a letter


def waiting() -> list[str]:
    ordered = Annotation.objects.waiting().order_by("latest__waits_since", "pk")
    return list(ordered.values_list("uid", flat=True)[:30])


def statuses(uids) -> list[str]:
    found = dict(Annotation.objects.filter(uid__in=uids).values_list("uid", "latest__status"))
    return [found[uid] for uid in uids]


class Worker:
    """A moderator who has no mouse."""

    def __init__(self, visitor):
        self.page = visitor.page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def is_at(self, uid: str) -> None:
        expect(self.page.locator(f"#item-{uid}:not(.done)")).to_be_focused()


@pytest.fixture
def worker(visit, reading_room, people) -> Worker:
    return Worker(visit().log_in(people.moderator, then="/moderation/"))


def test_five_thousand_items_are_worked_with_the_keyboard_alone(reading_room, people, visit):
    crowd_that_waits(reading_room, 5000)
    oldest = waiting()
    worker = Worker(visit().log_in(people.moderator, then="/moderation/"))
    expect(worker.page.locator(".lead")).to_contain_text("5000 contributions wait")
    worker.press("j")
    for at in range(24):  # over the end of the first page, which has twenty
        worker.is_at(oldest[at])
        worker.press("a")
    worker.is_at(oldest[24])
    assert "after=" in worker.page.url
    assert statuses(oldest[:26]) == ["approved"] * 24 + ["pending"] * 2
    worker.press("r")
    worker.page.keyboard.type(REASON)
    worker.press("Control+Enter")
    worker.is_at(oldest[25])
    worker.press("s")
    worker.is_at(oldest[26])
    assert statuses(oldest[24:27]) == ["rejected", "spam", "pending"]
    worker.press("u")
    worker.is_at(oldest[25])
    assert statuses(oldest[24:26]) == ["rejected", "pending"]
    assert Annotation.objects.get(uid=oldest[24]).latest.reason == REASON
    assert ModerationEvent.objects.filter(verb="undone").count() == 1


def test_every_key_does_what_it_says(visit, article_with_three, people):
    worker = Worker(visit().log_in(people.moderator, then="/moderation/"))
    first, second, third = waiting()
    worker.press("j", "j", "j", "k")
    worker.is_at(second)
    worker.press("x")
    expect(worker.page.locator(f"#item-{second} [name=item]")).to_be_checked()
    worker.press("r", "j", "Escape")
    worker.is_at(second)
    expect(worker.page.locator(f"#reason-{second}")).to_have_value("j")
    worker.press("e")
    expect(worker.page.locator(f"#body-{second}")).to_be_focused()
    worker.press("Control+End", "!", "Control+Enter")
    worker.is_at(third)
    assert Annotation.objects.get(uid=second).published.body == "Thought 1.!"
    worker.press("?")
    expect(worker.page.locator(".keys dl")).to_be_visible()
    worker.page.get_by_label("Keys act on this page").uncheck()
    worker.press("Tab", "k", "s")
    assert statuses([first, third]) == ["pending", "pending"]


@pytest.fixture
def article_with_three(reading_room, people):
    for number in range(3):
        make_note(reading_room, author=people.author, on="flamboyant", body=f"Thought {number}.")
    return reading_room


def test_what_another_moderator_decided_meanwhile_is_said_in_its_place(visit, article_with_three, people):
    visitor = visit().log_in(people.moderator, then="/moderation/")
    visitor.expects_failures = True
    worker = Worker(visitor)
    first, second, _third = waiting()
    moderating.approve(Annotation.objects.get(uid=first).latest, by=people.second_moderator)
    worker.press("j", "r")
    worker.page.keyboard.type("Typed with care.")
    worker.press("Control+Enter")
    item = worker.page.locator(f"#item-{first}")
    expect(item.get_by_role("alert")).to_contain_text("Dee Second was quicker: the note is approved.")
    expect(item.locator("[name=reason]")).to_have_value("Typed with care.")
    worker.press("j")
    worker.is_at(second)


def test_a_kept_reason_is_put_in_and_everything_on_the_page_ticked(visit, article_with_three, people):
    ReasonTemplate.objects.create(title="No source", words="Say where you read it.")
    visitor = visit(touch=True).log_in(people.moderator, then="/moderation/")
    page, first = visitor.page, waiting()[0]
    item = page.locator(f"#item-{first}")
    item.get_by_text("Reject, or ask for a revision").click()
    item.get_by_role("button", name="No source").click()
    item.get_by_role("button", name="Reject", exact=True).click()
    expect(page.locator(f"#item-{first}.done")).to_contain_text("Rejected")
    assert Annotation.objects.get(uid=first).latest.reason == "Say where you read it."
    page.get_by_label("Tick all on this page").check()
    page.get_by_role("button", name="Approve the ticked").click()
    expect(page.locator("#says")).to_contain_text("Decided on 2.")
    page.get_by_role("button", name="Take all of it back").click()
    expect(page.locator("#says")).to_contain_text("Taken back: 2.")
    assert len(waiting()) == 2


def test_a_proposal_is_claimed_accepted_taken_back_and_opened_for_changes_by_keys(visit, reading_room, people):
    card = Card.objects.order_by("pk").first()
    proposal = proposed_correction(card, author=people.author, role="Kingfisher lamp")
    worker = Worker(visit().log_in(people.moderator, then="/moderation/"))
    said = worker.page.locator("#says")
    worker.press("j", "c")
    expect(worker.page.locator(f"#item-{proposal.uid} .claimed")).to_have_text("you are at work on it")
    expect(said).to_have_text("You are at work on it.")
    worker.press("a")
    expect(said).to_contain_text("Accepted.")
    worker.press("u")
    worker.is_at(proposal.uid)
    expect(said).to_have_text("Taken back.")
    worker.press("e")
    expect(worker.page.get_by_label("Role")).to_have_value("Kingfisher lamp")
