"""An open page: what others make public comes by itself, costs a 304 until then, and disturbs nobody."""

import pytest
from playwright.sync_api import expect

from reader.operations import annotating, moderating
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_reading import WATCH_SHIFTS
from tests.make import approved, fresh, make_group, make_note

A_MINUTE = 61_000


class Reader:
    """Somebody before an open page, with a clock that we turn and a list of what the page asked the site."""

    def __init__(self, visitor, path: str):
        self.visitor, self.page, self.answers = visitor, visitor.page, []
        self.page.clock.install()
        self.page.add_init_script(WATCH_SHIFTS)
        self.page.on("response", self._answered)
        visitor.go(path)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("shifts.length = 0")
        self.answers.clear()

    def _answered(self, response):
        if response.request.resource_type == "fetch" and "mine" not in response.url:
            self.answers.append(response.status)

    def wait(self, milliseconds: int = A_MINUTE) -> None:
        """Let time go by until the page has asked and had its answer."""
        with self.page.expect_response(lambda response: response.request.resource_type == "fetch"):
            self.page.clock.run_for(milliseconds)


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_note_of_somebody_else_comes_by_itself_and_nothing_jumps(visit, reading_room, people, size):
    reader = Reader(visit(size), reading_room.get_absolute_url())
    reader.wait()
    assert reader.answers == [304]
    waiting = make_note(reading_room, author=people.author, on="spy balloon incident", body="From afar.")
    reader.wait()
    assert reader.answers == [304, 304]
    approved(waiting, by=people.moderator)
    reader.wait()
    expect(reader.page.locator(".text mark.l2", has_text="spy balloon incident")).to_be_visible()
    expect(reader.visitor.status).to_contain_text("New notes: 1")
    expect(reader.page.locator(".facts")).to_contain_text("36 notes")
    assert reader.page.evaluate("shifts") == [] and reader.answers == [304, 304, 200]
    reader.visitor.status.get_by_role("button", name="Show").click()
    expect(reader.page.locator(".note:visible", has_text="From afar.").first).to_be_in_viewport()


def test_what_is_withdrawn_goes_and_what_is_edited_changes(visit, reading_room, people):
    note, other = (
        make_note(reading_room, author=people.trusted, on="spy balloon", body=b) for b in ("Kingfisher.", "Heron.")
    )
    reader = Reader(visit(), reading_room.get_absolute_url())
    annotating.withdraw(note, by=people.trusted)
    annotating.edit(fresh(other), by=people.trusted, body="Cormorant.", tags=[])
    reader.wait()
    expect(reader.page.locator(".notes > .note", has_text="Cormorant.")).to_have_count(1)
    expect(reader.page.locator(".notes > .note", has_text="Kingfisher.")).to_have_count(0)
    expect(reader.page.locator(f"#note-{other.uid}.placed")).to_be_visible()


def test_words_that_are_selected_stay_so_and_the_note_comes_afterwards(visit, reading_room, people):
    reader = Reader(visit(), reading_room.get_absolute_url())
    reader.visitor.select("spy balloon")
    make_note(reading_room, author=people.trusted, on="spy balloon incident")
    reader.wait()
    assert reader.page.evaluate("String(getSelection())") == "spy balloon"
    expect(reader.page.locator(".text mark.l2")).to_have_count(0)
    reader.page.evaluate("getSelection().removeAllRanges()")
    reader.page.clock.run_for(6000)
    expect(reader.page.locator(".text mark.l2", has_text="spy balloon incident")).to_be_visible()


def test_a_page_that_nobody_sees_asks_nothing(visit, reading_room, people):
    reader = Reader(visit(), reading_room.get_absolute_url())
    hide = """(hidden) => { Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange")); }"""
    reader.page.evaluate(hide, True)
    reader.page.clock.run_for(10 * A_MINUTE)
    assert reader.answers == []
    with reader.page.expect_response(lambda response: response.request.resource_type == "fetch"):
        reader.page.evaluate(hide, False)


def test_a_site_that_does_not_answer_is_asked_less_and_less(visit, reading_room):
    visitor = visit()
    visitor.expects_failures = True
    reader = Reader(visitor, reading_room.get_absolute_url())
    reader.page.route("**/articles/**", lambda route: route.fulfill(status=503))
    for minutes in (1, 2, 4):
        asked = len(reader.answers)
        reader.page.clock.run_for((minutes - 1) * 60_000 + 50_000)
        assert len(reader.answers) == asked
        reader.wait(11_000)
        reader.page.wait_for_load_state("networkidle")
    reader.page.unroute("**/articles/**")
    reader.wait(8 * 60_000 + 1000)
    assert reader.answers == [503, 503, 503, 304]


def test_an_answer_comes_into_the_open_conversation(visit, reading_room, people):
    note = make_note(reading_room, author=people.trusted, on="spy balloon incident")
    visitor = visit().log_in(people.stranger)
    reader = Reader(visitor, note.get_absolute_url())
    reader.page.locator("textarea").fill("I am writing.")
    at = reader.page.locator("textarea").bounding_box()
    answer = annotating.reply(parent=note, author=people.author, body="From afar.")
    reader.wait()
    expect(reader.page.get_by_text("From afar.")).to_have_count(0)
    moderating.approve(fresh(answer).latest, by=people.moderator)
    reader.wait()
    expect(reader.page.get_by_text("From afar.")).to_be_visible()
    expect(reader.visitor.status).to_contain_text("New replies: 1")
    expect(reader.page.locator("textarea")).to_have_value("I am writing.")
    assert abs(reader.page.locator("textarea").bounding_box()["y"] - at["y"]) < 1
    assert reader.page.evaluate("shifts") == []


def test_what_a_member_writes_for_the_group_comes_by_itself_and_to_members_only(visit, reading_room, people):
    group = make_group(people)
    reader = Reader(visit().log_in(people.member), reading_room.get_absolute_url())
    stranger = Reader(visit().log_in(people.stranger), reading_room.get_absolute_url())
    make_note(reading_room, author=people.author, on="spy balloon incident", body="For us.", group=group)
    for each in (reader, stranger):
        with each.page.expect_response("**/mine") as mine:
            each.page.clock.run_for(A_MINUTE)
        assert mine.value.status == (200 if each is reader else 304)
    assert reader.visitor.wait_painted("groups", 1) == ["spy balloon incident"]
    expect(reader.visitor.status).to_contain_text("New notes: 1")
    assert reader.page.evaluate("shifts") == []
    assert stranger.visitor.painted("groups") == []
    reader.visitor.status.get_by_role("button", name="Show").click()
    expect(reader.page.locator("civ-sheet .note", has_text="For us.")).to_be_visible()
    with reader.page.expect_response("**/mine") as mine:
        reader.page.clock.run_for(A_MINUTE)
    assert mine.value.status == 304


def test_an_answer_in_a_group_comes_into_the_open_conversation(visit, reading_room, people):
    note = make_note(reading_room, author=people.author, on="spy balloon incident", group=make_group(people))
    reader = Reader(visit().log_in(people.member), note.get_absolute_url())
    reader.wait()
    annotating.reply(parent=note, author=people.author, body="From among us.")
    reader.wait()
    expect(reader.page.get_by_text("From among us.")).to_be_visible()
    expect(reader.visitor.status).to_contain_text("New replies: 1")
    assert reader.answers[:2] == [304, 200]
