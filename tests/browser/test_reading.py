"""Reading: notes beside their words, references and the way back, layers, nothing that jumps."""

from itertools import pairwise

from playwright.sync_api import expect

from reader.models import Member
from tests.browser.conftest import NARROW
from tests.make import approved, make_note, span_of

WATCH_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map((e) => e.value)))
    .observe({ type: "layout-shift", buffered: true });
"""


def test_nothing_moves_while_the_page_comes_and_is_read(visit, reading_room):
    for size in ({"width": 1440, "height": 900}, {"width": 768, "height": 1000}, NARROW):
        visitor = visit(size)
        visitor.page.add_init_script(WATCH_SHIFTS)
        visitor.read(reading_room)
        for _ in range(4):
            visitor.page.mouse.wheel(0, 700)
            visitor.page.wait_for_timeout(80)
        assert visitor.page.evaluate("shifts") == []


def test_the_bar_is_one_line_whatever_stands_in_it(visit, reading_room, people):
    Member.objects.filter(pk=people.editor.pk).update(is_moderator=True, display_name="A Name Without an End " * 3)
    make_note(reading_room, author=people.author, on="poignantly")
    visitor = visit().log_in(people.editor)
    for width in (1440, 1150, 1149, 320):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        assert visitor.page.locator("header.top").evaluate("e => [e.offsetHeight < 62, e.scrollWidth]") == [True, width]


def test_on_paper_a_page_is_its_words_dark_on_light(visit, reading_room):
    page = visit().go("/cards/joseph-stilwell/").page
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()


def test_notes_stand_beside_their_words_and_not_on_each_other(visit, reading_room):
    page = visit().read(reading_room).page
    notes = page.locator(".notes > .note.placed")
    expect(notes.first).to_be_visible()
    boxes = [note.bounding_box() for note in notes.all()]
    assert all(one["y"] + one["height"] <= other["y"] for one, other in pairwise(boxes))


def test_a_click_on_words_lights_the_note_on_them_at_their_height(visit, reading_room):
    page = visit().read(reading_room).page
    words = page.locator(".text mark", has_text="the trip").first
    words.click()
    lit = page.locator(".notes > .note.lit")
    expect(lit).to_have_count(1)
    assert abs(lit.bounding_box()["y"] - words.bounding_box()["y"]) < 60


def test_a_click_where_highlights_overlap_lists_all_notes_there(visit, reading_room, people):
    for person, words in [(people.author, "the trip was canceled"), (people.trusted, "trip was canceled following")]:
        note = make_note(reading_room, author=person, on=words, body=f"From {person.username}.")
        if note.latest.status != "approved":
            approved(note, by=people.moderator)
    visitor = visit().read(reading_room)
    visitor.page.locator(".text mark.l3", has_text="trip").first.click()
    expect(visitor.page.locator(".notes > .note.lit")).to_have_count(3)
    small = visit(touch=True).read(reading_room).page
    small.locator(".text mark.l3", has_text="trip").first.tap()
    sheet = small.get_by_role("dialog", name="Notes on these words")
    expect(sheet.locator(".note")).to_have_count(3)
    expect(sheet).to_contain_text("From author.")
    expect(sheet).to_be_in_viewport()


def test_notes_are_reached_by_key_and_the_focus_comes_back(visit, reading_room):
    page = visit().read(reading_room).page
    reference = page.locator(".noteref").first
    reference.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notes > .note.lit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(reference).to_be_focused()


def test_a_reference_shows_its_reason_leads_there_and_back(visit, reading_room):
    page = visit().read(reading_room).page
    home = page.locator(".text .p a.xref[id$=-source]").first
    home.click()
    panel = page.get_by_role("dialog", name=home.get_attribute("aria-label"))
    expect(panel.locator(".reason")).not_to_be_empty()
    there = home.get_attribute("id").replace("-source", "-target")
    panel.locator(f'a[href="#{there}"]').click()
    expect(page.locator(f"#{there}")).to_be_focused()
    expect(page.locator(f"#{there}")).to_be_in_viewport()
    page.get_by_role("button", name="Back to where I was").click()
    expect(home).to_be_focused()
    expect(home).to_be_in_viewport()
    expect(page.get_by_role("button", name="Back to where I was")).to_have_count(0)


def test_highlights_are_switched_off_and_stay_off(visit, reading_room):
    visitor = visit().read(reading_room)
    visitor.page.get_by_label("Editors’ highlights").uncheck()
    visitor.read(reading_room)
    expect(visitor.page.locator("html")).to_have_attribute("data-hide", "editors")
    expect(visitor.page.locator(".notes > .note.e").first).to_be_hidden()


def test_an_address_of_a_note_lights_it(visit, reading_room):
    visitor = visit().read(reading_room)
    uid = visitor.page.locator(".notes > .note").nth(20).get_attribute("data-uid")
    visitor.page.goto("about:blank")
    visitor.go(f"{reading_room.get_absolute_url()}#note-{uid}")
    expect(visitor.page.locator(f"#note-{uid}")).to_have_class("note e placed lit")
    expect(visitor.page.locator(f"#note-{uid}")).to_be_in_viewport()


def test_colours_are_switched_and_stay(visit, reading_room):
    visitor = visit(color_scheme="light").read(reading_room)
    switch = visitor.page.get_by_role("button", name="Light, dark or as the device")
    switch.click()
    visitor.read(reading_room)
    expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
    switch.click()
    expect(visitor.page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_without_scripts_the_notes_and_cards_are_links_that_work(visit, reading_room):
    visitor = visit(java_script_enabled=False)
    page = visitor.go(reading_room.get_absolute_url()).page
    note = page.locator(".noteref").first.get_attribute("href")
    expect(page.locator(note)).to_be_visible()
    page.locator("a.mention[data-card=joseph-stilwell]").first.click()
    expect(page.locator("h1")).to_contain_text("Joseph Stilwell")


def test_positions_of_the_page_are_those_of_the_text(visit, reading_room):
    page = visit().read(reading_room).page
    text = page.evaluate("[...document.querySelectorAll('.text .p')].map((p) => p.textContent).join('\\n\\n')")
    assert text == reading_room.current.text
    span = span_of(reading_room, "spy balloon incident")
    start = page.locator(".notes > .note", has_text="The two governments").first.get_attribute("data-start")
    assert int(start) == span.start
