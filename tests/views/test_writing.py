"""Writing through pages, with and without a script: what was typed is kept, shown again, or said to be wrong."""

import pytest
from django.test import Client

from reader.models import Annotation, Member, Visibility
from tests.make import approved, fresh, make_article, make_note, note_in_state, span_of
from tests.pages import read
from tests.people import PASSWORD

ANNOTATE = "/articles/letters/annotate/"
TYPED = "Walnut compass, typed by hand."


def form_for(article, on="second letter", **changes) -> dict:
    """What the composer sends."""
    span = span_of(article, on)
    return {
        "start": span.start, "end": span.end, "revision": article.current.number, "exact": on, "body": TYPED,
        "tags": "letters, coast road", "motivation": "commenting", "visibility": "public",
    } | changes  # fmt: skip


def written() -> Annotation:
    return Annotation.objects.select_related("latest").get(latest__body=TYPED)


@pytest.fixture
def author(browser_of):
    return browser_of("author")


def test_a_note_is_kept_as_the_composer_sent_it(letters, people, author):
    answer = author.post(ANNOTATE, form_for(letters))
    note = written()
    assert (answer.status_code, answer["Location"]) == (302, f"/notes/{note.uid}/")
    assert (note.author, note.exact, note.motivation) == (people.author, "second letter", "commenting")
    assert note.latest.tag_names == ["letters", "coast road"]
    assert "It waits for a moderator" in author.get(answer["Location"]).text


@pytest.mark.parametrize(
    "who, changes, said",
    [
        ("author", {}, "It waits for a moderator"),
        ("trusted", {}, "Everyone can see it"),
        ("author", {"visibility": "private"}, "Only you can see it"),
        ("trusted", {"visibility": "private"}, "Only you can see it"),
    ],
)
def test_the_answer_says_honestly_who_sees_it(letters, browser_of, who, changes, said):
    client = browser_of(who)
    assert said in client.post(ANNOTATE, form_for(letters, **changes), follow=True).text
    assert (
        said
        in client.post(ANNOTATE, form_for(letters, **changes), headers={"Accept": "application/json"}).json()["message"]
    )


def test_a_script_gets_data_and_the_right_status(letters, author):
    answer = author.post(ANNOTATE, form_for(letters), headers={"Accept": "application/json"})
    note = written()
    assert answer.status_code == 201
    assert answer.json() | {"message": ""} == {
        "uid": note.uid, "state": "pending", "url": f"/notes/{note.uid}/", "message": ""
    }  # fmt: skip


def test_a_passage_over_two_paragraphs_is_kept_although_forms_change_its_line_feeds(letters, author):
    text = letters.current.text
    start, end = text.index("<in June>"), text.index(" 🙂")
    words = text[start:end]
    assert "\n\n" in words
    sent = form_for(letters, start=start, end=end, exact=words.replace("\n", "\r\n"), body=TYPED)
    assert author.post(ANNOTATE, sent).status_code == 302
    assert written().exact == words


def test_line_feeds_of_a_note_are_kept_as_typed(letters, author):
    author.post(ANNOTATE, form_for(letters, body="One.\r\n\r\nTwo."))
    assert Annotation.objects.get(latest__body="One.\n\nTwo.")


def test_spaces_at_the_edges_of_the_words_are_evidence(letters, author):
    span = span_of(letters, " second letter ")
    sent = form_for(letters, start=span.start, end=span.end, exact=" second letter ")
    assert author.post(ANNOTATE, sent).status_code == 302
    assert written().exact == " second letter "


@pytest.mark.parametrize(
    "changes, status, said",
    [
        ({"body": " "}, 422, "Write a note first"),
        ({"start": 10**9, "end": 10**9 + 5}, 422, "do not lie in the text"),
        ({"start": 5, "end": 5}, 422, "Select at least one word"),
        ({"start": 9, "end": 5}, 422, "Select at least one word"),
        ({"start": -5}, 422, "do not lie in the text"),
        ({"start": "x"}, 422, "do not lie in the text"),
        ({"start": "9" * 5000}, 422, "do not lie in the text"),
        ({"revision": "0"}, 422, "do not lie in the text"),
        ({"start": ""}, 422, "do not lie in the text"),
        ({"exact": "other words"}, 409, "The text has changed"),
        ({"tags": "x" * 51}, 422, "At most 12 tags"),
        ({"tags": ",".join(f"t{n}" for n in range(13))}, 422, "At most 12 tags"),
        ({"tags": "!!!"}, 422, "At most 12 tags"),
        ({"motivation": "replying"}, 422, "replying"),
        ({"visibility": "friends"}, 422, "friends"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(letters, author, changes, status, said):
    before = Annotation.objects.count()
    sent = form_for(letters, **{"body": TYPED} | changes)
    page = author.post(ANNOTATE, sent)
    assert page.status_code == status
    assert said in read(page).text
    assert read(page).all("textarea")[0].text.removeprefix("\n").strip() == sent["body"].strip()
    answer = author.post(ANNOTATE, sent, headers={"Accept": "application/json"})
    assert (answer.status_code, said in answer.json()["message"]) == (status, True)
    assert Annotation.objects.count() == before


def test_a_note_on_an_older_wording_is_refused_not_misplaced(letters, author):
    sent = form_for(letters)
    make_article("A new first paragraph stands here now.", *letters.current.text.split("\n\n"))
    page = author.post(ANNOTATE, sent | {"revision": 2})
    assert page.status_code == 409
    assert TYPED in page.text
    assert not Annotation.objects.filter(latest__body=TYPED).exists()


# --- choosing words without a script --------------------------------------------------------------


def test_sentences_and_then_words_lead_to_the_composer(letters, author):
    page = read(author.get(f"{ANNOTATE}?paragraph=2"))
    assert "The second letter 🙂 went by the coast road; 𠮷田 carried it." in page.all("main")[0].text
    composer = author.get(f"{ANNOTATE}?start=0&end=9")
    assert read(composer).all("blockquote")[0].text.strip() == "In spring"


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "9" * 5000, "1.5", ""])
def test_there_are_no_words_to_choose_in_a_paragraph_that_is_not_there(letters, author, number):
    assert author.get(f"{ANNOTATE}?paragraph=1").status_code == 200
    assert author.get(ANNOTATE, {"paragraph": number}).status_code == 404


@pytest.mark.parametrize(
    "start, end", [("5", "5"), ("-1", "5"), ("x", "y"), ("0", "9" * 5000), ("", "7"), ("0", "99999"), ("٣", "")]
)
def test_positions_that_hold_no_words_lead_back_to_choosing(letters, author, start, end):
    page = author.get(ANNOTATE, {"start": start, "end": end}, follow=True)
    assert page.redirect_chain == [(ANNOTATE, 302)]
    assert "do not lie in the text" in page.text


# --- editing, replying, withdrawing -----------------------------------------------------------------


def test_an_edit_shows_the_words_and_keeps_the_new_ones(letters, people, author):
    note = note_in_state("approved", letters, people)
    page = read(author.get(f"/notes/{note.uid}/edit/"))
    assert "Kingfisher lamp." in page.all("textarea")[0].text
    answer = author.post(f"/notes/{note.uid}/edit/", {"body": TYPED, "tags": "new"}, follow=True)
    assert "stays public until then" in answer.text
    assert (written().pk, written().latest.tag_names) == (note.pk, ["new"])


def test_a_private_note_is_made_public_by_an_edit(letters, people, author):
    note = note_in_state("private", letters, people)
    author.post(f"/notes/{note.uid}/edit/", {"body": TYPED, "tags": "", "visibility": "public"})
    assert fresh(note).visibility == Visibility.PUBLIC


def test_an_edit_that_is_refused_keeps_what_was_typed(letters, people, author):
    note = note_in_state("approved", letters, people)
    page = author.post(f"/notes/{note.uid}/edit/", {"body": TYPED, "tags": "x" * 51})
    assert page.status_code == 422
    assert TYPED in page.text
    assert "x" * 51 in page.text
    assert fresh(note).latest.number == 1


def test_a_reply_is_written_on_the_page_of_the_note(letters, people, author):
    note = approved(make_note(letters, author=people.stranger), by=people.moderator)
    answer = author.post(f"/notes/{note.uid}/reply/", {"body": TYPED, "tags": ""}, follow=True)
    assert written().parent == note
    assert TYPED in answer.text


def name_in(page, of="uid") -> str:
    return next(field.attrs["value"] for field in read(page).all("input") if field.attrs.get("name") == of)


def test_the_same_form_sent_twice_is_one_note_and_other_words_are_another(letters, people, author):
    start, end = span_of(letters, "second letter").start, span_of(letters, "second letter").end
    uid = name_in(author.get(ANNOTATE, {"start": start, "end": end}))
    first, second = (author.post(ANNOTATE, form_for(letters, uid=uid)) for _ in range(2))
    assert first["Location"] == second["Location"] == f"/notes/{uid}/"
    assert author.post(ANNOTATE, form_for(letters, uid=uid, body="Another."))["Location"] != first["Location"]
    reply = {"uid": name_in(author.get(f"/notes/{uid}/")), "body": "So it was.", "tags": ""}
    first, second = (author.post(f"/notes/{uid}/reply/", reply) for _ in range(2))
    assert first["Location"] == second["Location"]
    mine = Annotation.objects.filter(author=people.author).values_list("latest__body", flat=True)
    assert sorted(mine) == ["Another.", "So it was.", TYPED]


def test_nobody_gets_at_a_note_by_its_name(letters, people, browser_of):
    uid = make_note(letters, author=people.author, visibility="private", body=TYPED).uid
    answer = browser_of("stranger").post(ANNOTATE, form_for(letters, uid=uid))
    assert Annotation.objects.get(author=people.stranger).get_absolute_url() == answer["Location"] != f"/notes/{uid}/"


@pytest.mark.parametrize("body", ["", " \r\n "])
def test_a_reply_without_words_is_refused(letters, people, author, body):
    note = approved(make_note(letters, author=people.stranger), by=people.moderator)
    page = author.post(f"/notes/{note.uid}/reply/", {"body": body, "tags": "kept tag"})
    assert page.status_code == 422
    assert "kept tag" in page.text
    assert not note.replies.exists()


def test_withdrawing_asks_first_and_can_be_taken_back(letters, people, author):
    note = note_in_state("approved", letters, people)
    assert author.get(f"/notes/{note.uid}/withdraw/").status_code == 200
    assert fresh(note).published
    author.post(f"/notes/{note.uid}/withdraw/")
    assert fresh(note).published is None
    assert author.get(f"/notes/{note.uid}/restore/").status_code == 405
    author.post(f"/notes/{note.uid}/restore/")
    assert fresh(note).published


def test_an_address_that_takes_forms_alone_says_so(letters, people, author):
    note = note_in_state("approved", letters, people)
    page = author.get(f"/notes/{note.uid}/restore/", headers={"Accept": "text/html"})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address is no page" in page.text and "To the library" in page.text
    assert author.get(f"/notes/{note.uid}/restore/", headers={"Accept": "application/json"}).content == b""


@pytest.mark.parametrize("what", ["edit", "withdraw", "restore"])
@pytest.mark.parametrize("who", ["stranger", "moderator", "editor", "anonymous"])
def test_nobody_changes_a_note_of_somebody_else(letters, people, browser_of, what, who):
    state = "withdrawn" if what == "restore" else "approved"
    note = note_in_state(state, letters, people)
    answer = browser_of(who).post(f"/notes/{note.uid}/{what}/", {"body": "Taken over.", "tags": ""})
    assert answer.status_code == (302 if who == "anonymous" else 404)
    now = fresh(note)
    assert (now.latest.body, now.latest.status) == ("Kingfisher lamp.", state)
    own = browser_of("author").post(f"/notes/{note.uid}/{what}/", {"body": "Mine.", "tags": ""})
    assert own.status_code == 302


@pytest.mark.parametrize("state", ["private", "pending", "rejected", "spam", "withdrawn"])
def test_nobody_replies_to_what_they_may_not_see(letters, people, browser_of, state):
    note = note_in_state(state, letters, people)
    answer = browser_of("stranger").post(f"/notes/{note.uid}/reply/", {"body": TYPED, "tags": ""})
    assert answer.status_code == 404
    assert not note.replies.exists()


def test_the_preview_shows_markdown_made_safe(letters, client):
    answer = client.post("/notes/preview/", {"body": "*one* <script>alert(1)</script>"})
    assert "<em>one</em>" in answer.text
    assert "<script" not in answer.text


# --- words typed before a log-in, or in a session that has ended -------------------------------------


def test_a_note_typed_before_logging_in_waits_in_the_composer(letters, people):
    client = Client()
    asked = client.post(ANNOTATE, form_for(letters))
    assert (asked.status_code, asked["Location"]) == (302, f"/accounts/login/?next={ANNOTATE}")
    assert not Annotation.objects.filter(latest__body=TYPED).exists()
    answer = client.post(asked["Location"], {"login": "author", "password": PASSWORD})
    assert answer["Location"] == ANNOTATE
    for _reload in range(2):
        page = read(client.get(ANNOTATE))
        assert TYPED in page.all("textarea")[0].text
        assert page.all("blockquote")[0].text.strip() == "second letter"
    fields = {e.attrs["name"]: e.attrs.get("value", "") for e in page.all("input") if "name" in e.attrs}
    assert (fields["tags"], fields["start"]) == ("letters, coast road", str(span_of(letters, "second letter").start))
    assert client.post(ANNOTATE, form_for(letters)).status_code == 302
    assert written().author == people.author
    assert TYPED not in client.get(f"{ANNOTATE}?paragraph=1").text
    assert TYPED not in client.get(ANNOTATE).text


def test_words_kept_for_one_article_are_not_put_into_another(letters, people, article):
    client = Client()
    asked = client.post(ANNOTATE, form_for(letters))
    client.post(asked["Location"], {"login": "author", "password": PASSWORD})
    assert TYPED not in client.get(f"{article.get_absolute_url()}annotate/").text
    assert TYPED in client.get(ANNOTATE).text


def test_words_kept_for_one_person_are_gone_when_they_log_out(letters, people):
    client = Client()
    asked = client.post(ANNOTATE, form_for(letters))
    client.post(asked["Location"], {"login": "author", "password": PASSWORD})
    client.post("/accounts/logout/")
    client.post(f"/accounts/login/?next={ANNOTATE}", {"login": "stranger", "password": PASSWORD})
    assert TYPED not in client.get(ANNOTATE).text


@pytest.mark.parametrize("what", ["reply", "edit"])
def test_words_typed_in_a_session_that_has_ended_are_not_lost(letters, people, author, what):
    note = note_in_state("approved", letters, people)
    author.cookies.pop("sessionid")
    asked = author.post(f"/notes/{note.uid}/{what}/", {"body": TYPED, "tags": "kept"})
    assert asked.status_code == 302
    answer = author.post(asked["Location"], {"login": "author", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[0][0] == f"/notes/{note.uid}/{what}/"
    page = read(answer)
    assert TYPED in page.all("textarea")[0].text
    assert "kept" in {e.attrs.get("value") for e in page.all("input")}
    assert fresh(note).latest.number == 1


def test_the_session_keeps_what_the_composer_has_and_no_more(letters):
    client = Client()
    client.post(ANNOTATE, form_for(letters, body="x" * 100_000, other="y" * 1000, csrfmiddlewaretoken="z"))
    kept = client.session["typed-before-log-in"]["typed"]
    assert set(kept) == set(form_for(letters))
    assert len(kept["body"]) == 30_000


def test_a_script_is_told_to_log_in_and_where(letters):
    answer = Client().post(ANNOTATE, form_for(letters), headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["login"].startswith("/accounts/login/?next=")
    assert "What you wrote is kept" in answer.json()["message"]


def test_an_old_page_shows_what_was_typed_and_sends_it_again(letters, people):
    client = Client(enforce_csrf_checks=True)
    client.force_login(Member.objects.get(username="author"), "django.contrib.auth.backends.ModelBackend")
    page = client.post(ANNOTATE, form_for(letters, body=TYPED + "\n\n<b>&"))
    assert page.status_code == 403
    assert not Annotation.objects.filter(latest__body__startswith=TYPED).exists()
    again = read(page).all("form")[-1]
    fields = {e.attrs["name"]: e.text.removeprefix("\n") for e in again.all("textarea")}
    token = {e.attrs["name"]: e.attrs["value"] for e in again.all("input")}
    assert again.attrs["action"] == ANNOTATE
    answer = client.post(ANNOTATE, fields | token)
    assert answer.status_code == 302
    assert Annotation.objects.get(latest__body=TYPED + "\n\n<b>&").exact == "second letter"


def test_an_old_log_in_page_does_not_show_the_password(db):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/accounts/login/", {"login": "author", "password": "very secret"})
    assert page.status_code == 403
    assert "very secret" not in page.text
