"""Writing: a selection becomes a highlight or a note, and nothing typed is ever lost."""

import re

import pytest
from playwright.sync_api import expect

from reader.models import Annotation, Visibility
from tests.browser.conftest import NARROW
from tests.make import make_article, span_of

WORDS = "expand its contacts"
HOSTILE = (
    '<script>document.title = "taken"</script><img src=x onerror="document.title = \'taken\'">'
    "[words](javascript:document.title='taken') ![x](data:image/svg+xml,<svg/onload=1>) \u202e\ufdd0 <b onclick=1>"
)


@pytest.fixture
def author(visit, reading_room, people):
    """Somebody logged in with the reading page open."""
    visitor = visit().log_in(people.author)
    return visitor.read(reading_room)


def write(visitor, words: str, body: str, tags: str = "") -> None:
    visitor.select(words)
    visitor.selection_toolbar("Note").click()
    visitor.page.get_by_label("Your note").fill(body)
    visitor.page.get_by_label("Tags").fill(tags)


def test_a_selection_becomes_a_highlight_that_stays(author, reading_room):
    author.select(WORDS)
    author.selection_toolbar("Highlight").click()
    expect(author.status).to_contain_text("Saved. Only you can see it.")
    note = Annotation.objects.get(author__username="author")
    assert (note.exact, note.visibility, note.motivation) == (WORDS, Visibility.PRIVATE, "highlighting")
    assert note.start == span_of(reading_room, WORDS).start
    author.page.reload()
    assert author.wait_painted("mine", 1) == [WORDS]


def test_a_highlight_is_painted_within_two_frames_before_any_answer(author):
    author.page.route("**/annotate/", lambda route: None)  # the site never answers
    author.select(WORDS)
    painted = author.page.evaluate("""async () => {
      document.querySelector('civ-toolbar [data-act=highlight]').click();
      await new Promise(requestAnimationFrame);
      return [...CSS.highlights.get('draft')].map(String);
    }""")
    assert painted == [WORDS]
    expect(author.status).to_have_text("Saving…")
    author.page.unroute_all(behavior="ignoreErrors")


def test_a_highlight_across_paragraphs_and_signs_has_the_very_words(visit, reading_room, people):
    letters = make_article()
    visitor = visit().log_in(people.author).read(letters)
    visitor.select("🙂 went by", "copied both")
    visitor.selection_toolbar("Highlight").click()
    expect(visitor.status).to_contain_text("Saved.")
    note = Annotation.objects.get(author=people.author)
    assert note.exact.startswith("🙂 went by") and note.exact.endswith("שלום, copied both")
    assert note.exact == letters.current.text[note.start : note.end] and "\n\n" in note.exact
    assert "\n\n".join(visitor.wait_painted("mine", 2)) == note.exact


def test_a_note_waits_is_approved_and_then_seen(author, visit, reading_room, people):
    write(author, WORDS, "Which **organisations**?", "letters, non-governmental")
    author.page.get_by_role("button", name="Preview").click()
    expect(author.page.locator("[data-preview-shown] strong")).to_have_text("organisations")
    author.page.get_by_role("button", name="Save").click()
    expect(author.status).to_contain_text("It waits for a moderator")
    expect(author.page.locator("civ-composer")).to_have_count(0)
    stranger = visit().read(reading_room)
    expect(stranger.page.locator(".text mark.r")).to_have_count(0)

    moderator = visit().log_in(people.moderator, then="/moderation/")
    moderator.page.get_by_role("button", name="Approve").first.click()
    expect(moderator.page.locator(".item.done")).to_contain_text("Approved")  # decided in place, by a request
    stranger.read(reading_room)
    stranger.page.locator(".text mark.r", has_text=WORDS).click()
    lit = stranger.page.locator(".notes > .note.lit")
    expect(lit.locator("strong")).to_have_text("organisations")
    expect(lit.get_by_role("link", name="non-governmental")).to_be_visible()


def test_ones_own_waiting_note_is_read_by_a_click_on_its_words(author):
    write(author, WORDS, "Only I see this yet.")
    author.page.get_by_role("button", name="Save").click()
    expect(author.status).to_contain_text("Saved.")
    author.wait_painted("mine-waiting", 1)
    author.click_painted("mine-waiting")
    expect(author.page.get_by_role("dialog", name="Notes on these words")).to_contain_text("Only I see this yet.")


def test_tags_in_use_complete_the_last_name(author):
    write(author, WORDS, "A thought.")
    author.page.get_by_label("Tags").press_sequentially("new, pand")
    option = author.page.locator("civ-composer datalist option").first
    expect(option).to_have_attribute("value", "new, pandemic")


def test_typed_words_survive_a_reload_and_can_be_discarded(author):
    write(author, WORDS, "Half a thou", "letters")
    author.page.reload()
    body = author.page.get_by_label("Your note")
    expect(body).to_have_value("Half a thou")
    expect(author.page.get_by_label("Tags")).to_have_value("letters")
    author.page.get_by_role("button", name="Discard it").click()
    expect(body).to_have_value("")
    author.page.reload()
    author.page.locator(".notes > .note.placed").first.wait_for()
    expect(author.page.locator("civ-composer")).to_have_count(0)


def test_a_cancelled_note_is_kept_on_its_words(author):
    write(author, WORDS, "Not now")
    author.page.keyboard.press("Escape")
    expect(author.page.locator("civ-composer")).to_have_count(0)
    assert author.painted("draft") == [WORDS]
    author.status.get_by_role("button", name="Go on").click()
    expect(author.page.get_by_label("Your note")).to_have_value("Not now")


def test_a_lost_connection_loses_nothing(author):
    author.expects_failures = True
    author.select(WORDS)
    author.page.context.set_offline(True)
    author.selection_toolbar("Highlight").click()
    expect(author.status).to_contain_text("Not saved")
    assert Annotation.objects.filter(author__username="author").count() == 0
    author.page.context.set_offline(False)
    author.page.reload()
    author.status.get_by_role("button", name="Try again").click()
    expect(author.status).to_contain_text("Saved.")
    assert Annotation.objects.get(author__username="author").exact == WORDS


def test_typed_words_survive_a_session_that_ended(author, people):
    author.expects_failures = True
    write(author, WORDS, "Written before the session ended.")
    author.page.context.clear_cookies()
    author.page.get_by_role("button", name="Save").click()
    author.status.get_by_role("link", name="Log in").click()
    author.fill_log_in(people.author)
    expect(author.page.get_by_label("Your note")).to_have_value("Written before the session ended.")
    author.page.get_by_role("button", name="Save").click()
    expect(author.status).to_contain_text("It waits for a moderator")


def test_a_highlight_chosen_before_the_log_in_is_saved_after_it(visit, reading_room, people):
    visitor = visit().read(reading_room)
    visitor.select(WORDS)
    visitor.selection_toolbar("Highlight").click()
    visitor.status.get_by_role("link", name="Log in").click()
    visitor.fill_log_in(people.author)
    expect(visitor.status).to_contain_text("Saved. Only you can see it.")
    assert Annotation.objects.get(author=people.author).exact == WORDS


def test_by_key_alone(author):
    author.select(WORDS)
    author.page.keyboard.press("n")
    expect(author.page.get_by_label("Your note")).to_be_focused()
    author.page.keyboard.type("By key.")
    author.page.keyboard.press("Control+Enter")
    expect(author.status).to_contain_text("Saved.")
    expect(author.page.locator("p.p").first).to_be_focused()


def test_by_touch_the_composer_comes_in_the_sheet(visit, reading_room, people):
    visitor = visit(touch=True).log_in(people.author).read(reading_room)
    visitor.select(WORDS)
    visitor.selection_toolbar("Note").tap()
    sheet = visitor.page.get_by_role("dialog", name="Write a note")
    sheet.get_by_label("Your note").fill("From the train.")
    sheet.get_by_role("button", name="Save").tap()
    expect(visitor.status).to_contain_text("Saved.")
    expect(sheet).to_have_count(0)


def test_no_card_lies_over_the_form_that_somebody_writes_in(visit, reading_room, people):
    visitor = visit(size=NARROW).log_in(people.author).read(reading_room)
    page, waiting = visitor.page, []
    page.route("**/annotate/?*", lambda route: waiting.append(route))  # the form is slow to come
    visitor.select("have been attempting")
    visitor.selection_toolbar("Note").click()
    page.locator("a.mention").locator("visible=true").first.hover()
    expect(page.locator("civ-card")).to_be_visible()
    waiting[0].continue_()
    expect(page.get_by_label("Your note")).to_be_focused()
    expect(page.locator("civ-card")).to_have_count(0)


def test_who_sees_a_highlight_is_said_before_and_remembered(author, reading_room):
    author.select(WORDS)
    author.selection_toolbar("Who sees a highlight: only me").click()
    author.read(reading_room).select(WORDS)
    expect(author.selection_toolbar("Who sees a highlight: everyone")).to_be_visible()
    author.selection_toolbar("Highlight").click()
    expect(author.status).to_contain_text("It waits for a moderator")


def test_a_link_to_the_words_is_copied(author):
    author.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    author.select(WORDS)
    author.selection_toolbar("Copy link").click()
    expect(author.status).to_contain_text("The link is copied.")
    link = author.page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/articles/civil-diplomacy/#p1:~:text=to-,expand%20its%20contacts,-with$", link)


def test_hostile_words_do_nothing(author, visit, reading_room, people):
    people.author.is_trusted = True
    people.author.save()
    write(author, WORDS, HOSTILE, "<script>alert(1)</script>")
    author.page.get_by_role("button", name="Preview").click()
    expect(author.page.locator("[data-preview-shown]")).to_contain_text("words")
    author.page.get_by_role("button", name="Save").click()
    expect(author.status).to_contain_text("Saved. Everyone can see it.")
    for size in ({"width": 1440, "height": 900}, NARROW):
        visitor = visit(size).read(reading_room)
        visitor.page.locator(".text mark.r", has_text=WORDS).click()
        expect(visitor.page.locator(".note:visible", has_text="document.title").first).to_be_visible()
        assert "taken" not in visitor.page.title()
        assert visitor.page.locator(".note :is(script, img, [onclick], [onerror], a[href^=javascript])").count() == 0


def test_without_scripts_a_sentence_then_its_words_then_the_note(visit, reading_room, people):
    visitor = visit(java_script_enabled=False).log_in(people.author, then=reading_room.get_absolute_url())
    page = visitor.page
    page.get_by_role("link", name="Add a note to paragraph 1", exact=True).click()
    page.get_by_role("link", name="Choose words in it").nth(1).click()
    page.get_by_label("to", exact=True).select_option(index=4)
    page.get_by_role("button", name="Write the note").click()
    page.get_by_label("Your note").fill("Without scripts.")
    page.get_by_role("button", name="Save").click()
    note = Annotation.objects.get(author=people.author)
    assert len(note.exact.split()) == 5 and note.latest.body == "Without scripts."


def test_drafts_of_a_reply_and_an_edit_survive_a_reload(author, reading_room):
    uid = Annotation.objects.filter(author__is_editor=True).first().uid
    body = author.go(f"/notes/{uid}/").page.get_by_label("Your note")
    author.page.get_by_role("button", name="Preview").wait_for()  # the scripts are there
    body.fill("Half an answer")
    author.page.reload()
    expect(body).to_have_value("Half an answer")
    expect(author.page.locator("[data-draft-kept]")).to_be_visible()
    author.page.get_by_role("button", name="Reply").click()
    author.go(f"/notes/{uid}/")
    expect(body).to_have_value("")


@pytest.mark.parametrize("words", ["with the U.S", "local governments and public institutions face in engaging", "Xi"])
def test_a_copied_link_leads_to_those_words_and_no_others(author, visit, words):
    """«Xi» stands in every paragraph: the words around it tell which one was meant."""
    author.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    author.select(words)
    author.selection_toolbar("Copy link").click()
    expect(author.status).to_contain_text("The link is copied.")
    link = author.page.evaluate("navigator.clipboard.readText()")
    page = visit({"width": 390, "height": 300}).page
    page.goto(link)
    assert 0 < page.evaluate(WORDS_TOP, words) < 300, link


WORDS_TOP = """async (words) => {
  const p = [...document.querySelectorAll(".text .p")].find((each) => each.textContent.includes(words));
  const range = document.createRange(), walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  let at = p.textContent.indexOf(words);
  while (walker.nextNode() && at >= walker.currentNode.length) at -= walker.currentNode.length;
  range.setStart(walker.currentNode, at);
  range.setEnd(walker.currentNode, at + 1);
  const top = () => range.getBoundingClientRect().top;  // browsers go there some time after the page is there
  for (let frames = 0; frames < 300 && (top() < 0 || top() > innerHeight); frames++)
    await new Promise(requestAnimationFrame);
  return top();
}"""
