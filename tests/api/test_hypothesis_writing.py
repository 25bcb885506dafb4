"""Writing through the Hypothesis API: placed and moderated like every other note."""

import pytest

from reader.models import Annotation, Article, Flag, Status, Visibility
from reader.operations import moderating
from reader.text.selectors import Span
from tests.api.programs import Program, sent_note
from tests.make import approved, fresh, make_article, make_note, span_of


@pytest.mark.parametrize("words", ["second letter 🙂 went", "𠮷田 carried it", "禮部尚書", "café owner, שלום, copied"])
def test_a_note_lies_on_the_words_that_were_selected(letters, people, words):
    status, made = Program(people.author).send("POST", "annotations", sent_note(words))
    assert status == 200, made
    note = Annotation.objects.get(uid=made["id"])
    assert Span(note.start, note.end) == span_of(letters, words)
    assert note.exact == words
    quote = next(s for s in made["target"][0]["selector"] if s["type"] == "TextQuoteSelector")
    assert quote["exact"] == words and quote["prefix"] == note.prefix


def test_half_a_character_at_the_end_of_the_surroundings_is_left_out(letters, people):
    text = letters.current.text
    body = sent_note("wrote again", prefix="They ")
    after = text[text.index(" <in June") :].encode("utf-16-le")
    half = after[: after.index("🙂".encode("utf-16-le")) + 2].decode("utf-16-le", "surrogatepass")
    body["target"][0]["selector"][2]["suffix"] = half
    status, made = Program(people.author).send("POST", "annotations", body)
    assert status == 200 and half[-1] == "\ud83d"
    assert Annotation.objects.get(uid=made["id"]).suffix.startswith(" <in June>.")


def test_answers_count_positions_as_browsers_do(letters, people):
    words = "carried it"  # stands behind two astral characters
    _, made = Program(people.author).send("POST", "annotations", sent_note(words))
    position = next(s for s in made["target"][0]["selector"] if s["type"] == "TextPositionSelector")
    span = span_of(letters, words)
    before = letters.current.text[: span.start].encode("utf-16-le")
    assert (position["start"], position["end"]) == (len(before) // 2, len(before) // 2 + len(words))
    assert position["start"] == span.start + 2


def test_a_position_that_could_mean_other_words_is_not_given(letters, people):
    note = make_note(letters, author=people.author, span=span_of(letters, "letter", 2))
    _, found = Program(people.author).get(f"annotations/{note.uid}")
    assert [s["type"] for s in found["target"][0]["selector"]] == ["TextQuoteSelector"]


def test_a_page_that_says_what_it_shows_before_the_text_gets_positions_in_itself(letters, people):
    note = make_note(letters, author=people.trusted, span=span_of(letters, "letter", 2))
    plain = make_note(letters, author=people.trusted, on="coast road")
    program = Program()
    here = program.get(f"annotations/{plain.uid}")[1]["target"][0]["selector"][0]["start"]
    for page in (812, 90):  # answers to nobody are kept ready, for each page its own
        found = program.get(f"behind/{page}/annotations/{plain.uid}")[1]["target"][0]["selector"][0]
        assert (found["start"], found["end"]) == (page + here, page + here + len("coast road"))
        assert program.get(f"behind/{page}/annotations/{note.uid}")[1]["target"][0]["selector"][0]["start"] > page
    links = program.get("behind/812/")[1]["links"]
    assert links["search"]["url"].endswith("/api/behind/812/search")
    assert program.get("")[1]["links"]["search"]["url"].endswith("/api/search")
    assert program.get("behind/half/search")[0] == program.get("behind/99999999/")[0] == 404


def test_the_surroundings_choose_between_equal_words(letters, people):
    text = letters.current.text
    second = text.index("They wrote")
    body = sent_note("wrote", prefix="They ")
    _, made = Program(people.author).send("POST", "annotations", body)
    assert Annotation.objects.get(uid=made["id"]).start == second + len("They ")


@pytest.mark.parametrize("target", [[], [{"source": "x"}], [{"source": "x", "selector": []}], None])
def test_a_page_note_is_on_the_whole_text(letters, people, target):
    body = sent_note("x", target=target)
    if target is None:
        del body["target"]
    status, made = Program(people.author).send("POST", "annotations", body)
    assert status == 200 and made["target"] == [{"source": made["uri"]}] and "references" not in made
    note = Annotation.objects.get(uid=made["id"])
    assert note.is_on_whole_text and not note.placements.exists() and note.latest.status == Status.PENDING
    approved(note, by=people.moderator)
    page = Program().client.get("/articles/letters/").content.decode()
    assert "Notes on the whole text" in page and "A thought." in page


def test_a_note_on_the_title_is_on_the_whole_text(letters, people):
    _, made = Program(people.author).send("POST", "annotations", sent_note("Letters to  the capital"))
    assert Annotation.objects.get(uid=made["id"]).is_on_whole_text


def test_only_positions_are_no_place(letters, people):
    target = [{"source": "x", "selector": [{"type": "TextPositionSelector", "start": 3, "end": 9}]}]
    status, answer = Program(people.author).send("POST", "annotations", sent_note("x", target=target))
    assert status == 422 and "TextQuoteSelector" in answer["reason"]


@pytest.mark.parametrize("words", ["wrote", "a line that stands nowhere in these letters at all", " "])
def test_words_that_cannot_be_placed_surely_are_refused(letters, people, words):
    status, answer = Program(people.author).send("POST", "annotations", sent_note(words))
    assert status == 422 and answer["reason"]
    assert not Annotation.objects.filter(article=letters).exists()


def test_a_selection_over_a_paragraph_with_furniture_between(letters, people):
    words = "They wrote again <in June>.\n\n1 note Add a note to paragraph 1\nThe second letter 🙂 went"
    _, made = Program(people.author).send("POST", "annotations", sent_note(words))
    note = Annotation.objects.get(uid=made["id"])
    assert note.exact == "They wrote again <in June>.\n\nThe second letter 🙂 went"


def test_an_address_of_another_site_is_no_text_of_ours(letters, people):
    status, answer = Program(people.author).send("POST", "annotations", sent_note("year", uri="https://x.example/"))
    assert status == 404 and "No text" in answer["reason"]


def test_the_address_where_the_text_first_appeared_is_the_text(people):
    make_article(slug="first", source="https://journal.example/2024/letters")
    Article.objects.filter(slug="first").update(source_url="https://journal.example/2024/letters")
    body = sent_note("year was out", uri="http://journal.example/2024/letters/")
    status, made = Program(people.author).send("POST", "annotations", body)
    assert status == 200 and made["uri"].endswith("/articles/first/")


def test_what_the_client_may_not_choose_is_ignored(letters, people):
    _, made = Program(people.author).send("POST", "annotations", sent_note("year was out"))
    assert made["user"] == "acct:author@localhost"
    assert not made["created"].startswith("1999")


@pytest.mark.parametrize("given", [{}, {"permissions": {"read": []}}, {"permissions": {"read": ["group:secret"]}}])
def test_what_does_not_say_that_it_is_shared_is_ones_own(letters, people, given):
    body = sent_note("year was out")
    del body["permissions"]
    _, made = Program(people.author).send("POST", "annotations", body | given)
    assert made["permissions"]["read"] == ["acct:author@localhost"]


def test_the_note_of_a_new_person_waits_and_says_so(letters, people):
    _, made = Program(people.author).send("POST", "annotations", sent_note("year was out"))
    assert made["moderation_status"] == "PENDING"
    assert Program().rows("user=author") == Program(people.stranger).rows("user=author") == []
    note = Annotation.objects.get(uid=made["id"])
    assert note.events.get().verb == "submitted"


def test_a_highlight_is_private_and_nobody_elses(letters, people):
    _, made = Program(people.author).send("POST", "annotations", sent_note("year was out", "", private=True))
    assert made["permissions"]["read"] == ["acct:author@localhost"]
    assert made["moderation_status"] is None
    note = Annotation.objects.get(uid=made["id"])
    assert (note.visibility, note.motivation) == (Visibility.PRIVATE, "highlighting")
    assert Program(people.moderator).get(f"annotations/{note.uid}")[0] == 404


def test_a_reply_belongs_where_its_parent_is(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    stranger = Program(people.stranger)
    body = sent_note("", "I agree.", references=[note.uid], target=[{"source": "x"}], group="elsewhere")
    status, made = stranger.send("POST", "annotations", body)
    assert status == 200 and made["references"] == [note.uid] and "selector" not in made["target"][0]
    _, below = stranger.send("POST", "annotations", sent_note("", "And so on.", references=[note.uid, made["id"]]))
    assert below["references"] == [note.uid, made["id"]]


def test_an_edit_waits_while_the_approved_wording_stays(letters, people):
    note = approved(make_note(letters, author=people.author, body="Old."), by=people.moderator)
    author = Program(people.author)
    whole = author.get(f"annotations/{note.uid}")[1]
    status, changed = author.send("PATCH", f"annotations/{note.uid}", whole | {"text": "New.", "user": "acct:x@y"})
    assert (status, changed["text"], changed["moderation_status"]) == (200, "New.", "PENDING")
    assert Program().get(f"annotations/{note.uid}")[1]["text"] == "Old."


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_what_an_update_leaves_out_stays(letters, people, method):
    note = make_note(letters, author=people.trusted, body="Words.", tags=["one", "two"])
    _, changed = Program(people.trusted).send(method, f"annotations/{note.uid}", {"text": "Other words."})
    assert (changed["text"], changed["tags"]) == ("Other words.", ["one", "two"])


def test_an_update_that_changes_nothing_makes_no_version(letters, people):
    note = make_note(letters, author=people.trusted, body="Words.")
    program = Program(people.trusted)
    program.send("PATCH", f"annotations/{note.uid}", program.get(f"annotations/{note.uid}")[1])
    assert note.versions.count() == 1


def test_a_private_note_can_be_shown_and_a_public_one_not_hidden(letters, people):
    note = make_note(letters, author=people.author, visibility="private")
    program = Program(people.author)
    shared = {"permissions": {"read": ["group:__world__"]}}
    _, changed = program.send("PATCH", f"annotations/{note.uid}", shared)
    assert changed["moderation_status"] == "PENDING"
    status, refused = program.send("PATCH", f"annotations/{note.uid}", {"permissions": {"read": ["acct:me@x"]}})
    assert status == 409 and "Delete it" in refused["reason"]


def test_deleting_withdraws_and_keeps_the_thread(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    reply = Program(people.moderator).send("POST", "annotations", sent_note("", "Yes.", references=[note.uid]))[1]
    author = Program(people.author)
    assert author.send("DELETE", f"annotations/{note.uid}") == (200, {"id": note.uid, "deleted": True})
    assert author.get(f"annotations/{note.uid}")[0] == 404
    assert fresh(note).latest.status == Status.WITHDRAWN
    rows = author.rows("uri=http://localhost:8000/articles/letters/")
    assert [(row["id"], row["references"]) for row in rows] == [(reply["id"], [note.uid])]


def test_a_flag_is_kept_once_and_shown_to_its_person_alone(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    stranger = Program(people.stranger)
    for _time in range(2):
        response = stranger.ask("PUT", f"annotations/{note.uid}/flag")
        assert (response.status_code, response.content) == (204, b"")
    assert Flag.objects.get().version == note.published
    assert stranger.rows()[0]["flagged"] and not Program(people.trusted).rows()[0]["flagged"]
    assert Program(people.moderator).rows()[0]["moderation"] == {"flagCount": 1}
    assert "moderation" not in stranger.rows()[0]
    assert Program(people.author).send("PUT", f"annotations/{note.uid}/flag")[0] == 409


@pytest.mark.parametrize("decided, status", [("APPROVED", "approved"), ("DENIED", "rejected"), ("SPAM", "spam")])
def test_a_moderator_decides_on_what_waits(letters, people, decided, status):
    note = make_note(letters, author=people.author)
    moderator = Program(people.moderator)
    seen = moderator.get(f"annotations/{note.uid}")[1]
    assert seen["actions"] == ["moderate"]
    body = {
        "moderation_status": decided,
        "current_moderation_status": seen["moderation_status"],
        "annotation_updated": seen["updated"],
    }
    answer, _ = moderator.send("PATCH", f"annotations/{note.uid}/moderation", body)
    assert answer == (404 if decided == "SPAM" else 200)  # what is spam is not there any more
    assert fresh(note).latest.status == status


def test_whoever_decides_on_an_older_wording_is_refused(letters, people):
    note = make_note(letters, author=people.author)
    moderator = Program(people.moderator)
    seen = moderator.get(f"annotations/{note.uid}")[1]
    Program(people.author).send("PATCH", f"annotations/{note.uid}", {"text": "Quite other words."})
    body = {"moderation_status": "APPROVED", "annotation_updated": seen["updated"]}
    assert moderator.send("PATCH", f"annotations/{note.uid}/moderation", body)[0] == 409
    assert fresh(note).published is None


def test_what_was_sent_back_is_declined_in_the_clients_words(letters, people):
    note = make_note(letters, author=people.author)
    moderating.send_back(note.latest, by=people.moderator, reason="Which letter?")
    for who in (people.author, people.moderator):
        assert Program(who).get(f"annotations/{note.uid}")[1]["moderation_status"] == "DENIED"


def test_every_decision_can_be_changed(letters, people):
    note = make_note(letters, author=people.author)
    moderator, before = Program(people.moderator), "PENDING"
    for after in ("DENIED", "PENDING", "APPROVED", "PENDING", "APPROVED", "DENIED", "APPROVED", "APPROVED"):
        body = {"moderation_status": after, "current_moderation_status": before}
        status, answer = moderator.send("PATCH", f"annotations/{note.uid}/moderation", body)
        assert (status, answer["moderation_status"]) == (200, after)
        assert (Program().get(f"annotations/{note.uid}")[0] == 200) == (after == "APPROVED")
        before = after
    assert note.events.exclude(verb="flag-closed").count() == 8  # one for each act, and none for the last


def test_what_nobody_decided_cannot_be_taken_back_only_taken_down(letters, people):
    note = make_note(letters, author=people.trusted)
    path, moderator = f"annotations/{note.uid}/moderation", Program(people.moderator)
    assert moderator.send("PATCH", path, {"moderation_status": "PENDING"})[0] == 409
    assert moderator.send("PATCH", path, {"moderation_status": "SPAM"})[0] == 409
    assert fresh(note).published == fresh(note).latest
    assert moderator.send("PATCH", path, {"moderation_status": "DENIED"})[0] == 200
    assert fresh(note).published is None and "no reason there" in fresh(note).latest.reason


def test_hide_and_unhide_decide_too(letters, people):
    first, second = (make_note(letters, author=people.author, body=f"Note {n}.") for n in (1, 2))
    moderator = Program(people.moderator)
    assert moderator.send("PUT", f"annotations/{first.uid}/hide")[0] == 204
    assert moderator.send("DELETE", f"annotations/{second.uid}/hide")[0] == 204
    assert (fresh(first).latest.status, fresh(second).latest.status) == (Status.REJECTED, Status.APPROVED)
    assert fresh(first).latest.reason
    assert moderator.send("PUT", f"annotations/{second.uid}/hide")[0] == 204
    assert Program().get(f"annotations/{second.uid}")[0] == 404
    assert moderator.send("DELETE", f"annotations/{second.uid}/hide")[0] == 204
    assert Program().get(f"annotations/{second.uid}")[0] == 200


@pytest.mark.parametrize("body, status", [
    ({}, 400), ([], 400), ("text", 400), ({"uri": ""}, 400), ({"uri": 7}, 400), ({"uri": "x\x00"}, 400),
    (sent_note("year", tags="one"), 400), (sent_note("year", references=["no id!"]), 400),
    (sent_note("year was out", group="secret"), 400), (sent_note("year was out", "a\x00b"), 400),
    (sent_note("year was out", "x" * 20_001), 422), (sent_note("year was out", tags=["!"]), 422),
    (sent_note("", references=["AAAAAAAAAAAAAAAAAAAAAA"]), 404),
])  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_one_shape(letters, people, body, status):
    answer = Program(people.author).send("POST", "annotations", body)
    assert answer[0] == status and answer[1]["status"] == "failure" and answer[1]["reason"]
    assert not Annotation.objects.filter(article=letters).exists()


@pytest.mark.parametrize(
    "name, on_words, answering",
    [("author", 16, 14), ("trusted", 16, 14), ("moderator", 15, 15)],  # waits; is public at once; is not read for words
)
def test_writing_costs_no_more_than_it_is_known_to_need(
    letters, people, name, on_words, answering, django_assert_max_num_queries
):
    program, top = Program(people[name]), make_note(letters, author=people.trusted)
    notes = [sent_note("coast road"), sent_note("", references=[top.uid])]
    for sent in notes:  # the first ones also note that the token was used, and begin to count
        assert program.send("POST", "annotations", sent)[0] == 200
    for sent, most in zip(notes, (on_words, answering), strict=True):
        with django_assert_max_num_queries(most):
            program.send("POST", "annotations", sent)
