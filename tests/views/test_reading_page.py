"""The reading page: the text under its marks, what is kept in caches, what is never kept there."""

import itertools
import re

import brotli
import pytest
from django.core.cache import cache
from django.test import Client

from reader.models import Annotation, Motivation
from reader.operations import annotating
from reader.text.selectors import Span
from tests.make import approved, make_article, make_note, note_in_state, span_of
from tests.pages import read

PAGE = "/articles/letters/"


def paragraphs_on(response) -> list[str]:
    return [element.text for element in read(response).all(class_="p")]


def paragraphs_kept(article) -> list[str]:
    return [paragraph.text for paragraph in article.current.paragraphs.all()]


def mark(article, people, start: int, end: int):
    """A public highlight on code points [start, end)."""
    return make_note(article, author=people.trusted, span=Span(start, end), body="", motivation=Motivation.HIGHLIGHTING)


# --- the text under its marks ---------------------------------------------------------------------


def test_the_real_article_reads_as_it_was_written(article, client):
    assert paragraphs_on(client.get(article.get_absolute_url())) == paragraphs_kept(article)


def test_every_note_mention_and_reference_of_the_real_article_is_on_the_page(article, client):
    page = read(client.get(article.get_absolute_url()))
    assert len(page.all(class_="mention")) == article.current.mentions.count() == 76
    assert len(page.all("article", "note")) == 35
    assert len(page.all("a", "noteref")) == 35
    assert len(page.all("section", "references")[0].all("li")) == 28
    ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    inner = {e.attrs["href"][1:] for e in page.all("a") if e.attrs.get("href", "").startswith("#")}
    assert inner <= set(ids)


def test_the_words_of_each_mention_are_a_link_to_its_card(article, client):
    links = read(client.get(article.get_absolute_url())).all("a", "mention")
    wanted = [
        (f"/cards/{m.card.slug}/", article.current.text[m.start : m.end])
        for m in article.current.mentions.order_by("start").select_related("card")
    ]
    assert [(link.attrs["href"], link.text) for link in links] == wanted


@pytest.mark.parametrize(
    "spans",
    [
        [(0, 9)],
        [(0, 9), (3, 14)],
        [(0, 40), (5, 9), (6, 8)],
        [(5, 9)] * 7,
        [(60, 130)],
        [(10, 250), (90, 110), (0, 105)],
        [(95, 110), (99, 104)],
        "each sign",
        "whole text",
    ],
    ids=str,
)
def test_marks_change_no_sign_of_the_text(letters, people, client, spans):
    length = len(letters.current.text)
    text = letters.current.text
    if spans == "each sign":
        spans = [(at, at + 1) for at in range(length) if text[at].strip()]
    spans = [(0, length)] if spans == "whole text" else spans
    for start, end in spans:
        mark(letters, people, start, end)
    assert paragraphs_on(client.get(PAGE)) == paragraphs_kept(letters)


def test_marked_words_are_the_words_that_were_marked(letters, people, client):
    for words in ("second letter 🙂", "🙂 went", "<in June>", "禮部尚書"):
        span = span_of(letters, words)
        mark(letters, people, span.start, span.end)
    marks = read(client.get(PAGE)).all("mark")
    assert [(m.text, m.classes) for m in marks] == [
        ("<in June>", {"r"}), ("second letter ", {"r"}), ("🙂", {"r", "l2"}), (" went", {"r"}), ("禮部尚書", {"r"})
    ]  # fmt: skip


def test_marks_of_editors_and_readers_are_told_apart_and_grow_denser(letters, people, client):
    for author in ("editor", "trusted", "trusted", "trusted", "trusted", "trusted"):
        make_note(letters, author=people[author], on="coast road")
    marks = read(client.get(PAGE)).all("mark")
    assert [(m.text, m.classes) for m in marks] == [("coast road", {"e", "r", "l6"})]


def test_a_mark_over_two_paragraphs_is_seen_in_both_and_counted_once(letters, people, client):
    start, end = span_of(letters, "<in June>").start, span_of(letters, "second letter").end
    mark(letters, people, start, end)
    page = read(client.get(PAGE))
    assert [m.text for m in page.all("mark")] == ["<in June>.", "The second letter"]
    assert len(page.all("article", "note")) == 1


def test_marks_cross_mentions_and_emphasis_without_breaking_them(article, people, client):
    last = article.current.paragraphs.last()
    mention = article.current.mentions.order_by("start").first()
    mark(article, people, mention.start + 2, mention.end + 5)
    mark(article, people, last.start + 4, last.start + 30)
    page = read(client.get(article.get_absolute_url()))
    assert [element.text for element in page.all(class_="p")] == paragraphs_kept(article)
    assert len(page.all("a", "mention")) == 76
    assert not [link for link in page.all("a") if link.all("a")]
    assert "".join(element.text for element in page.all(class_="p")[-1].all("strong")) == "Liye Hong"


def test_what_looks_like_html_in_a_text_is_text(client, people):
    texts = ['<script>alert("1")</script> & more', "</p><img src=x onerror=alert(1)>"]
    article = make_article(*texts, title="<b>Bold</b> & co", author="<i>Ann</i>")
    make_note(article, author=people.trusted, on="</p><img", body="x")
    page = read(client.get(PAGE))
    assert [element.text for element in page.all(class_="p")] == texts
    assert page.all("h1")[0].text == "<b>Bold</b> & co"
    assert not page.all("img")
    assert not [s for s in page.all("script") if s.text]


# --- kept, and made anew ----------------------------------------------------------------------------


def test_a_page_that_has_not_changed_is_answered_with_304(letters, client):
    first = client.get(PAGE)
    again = client.get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Cookie" in again["Vary"]


@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', 'W/"other",W/{}', "*"])
def test_every_form_of_if_none_match_is_understood(letters, client, given):
    tag = client.get(PAGE)["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": given.replace("{}", tag)}).status_code == 304


def test_another_tag_gets_the_page(letters, client):
    assert client.get(PAGE, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "state, changed",
    [("private", False), ("pending", False), ("rejected", False), ("spam", False), ("approved", True),
     ("edit waits", True)],
)  # fmt: skip
def test_the_tag_changes_when_the_public_part_does(letters, people, client, state, changed):
    tag = client.get(PAGE)["ETag"]
    note_in_state(state, letters, people)
    answer = client.get(PAGE, headers={"If-None-Match": tag})
    assert answer.status_code == (200 if changed else 304)
    assert (answer["ETag"] != tag) is changed


def test_a_corrected_title_is_on_the_page_at_once(letters, client):
    tag = client.get(PAGE)["ETag"]
    letters.title = "Letters, corrected"
    letters.save()
    answer = client.get(PAGE, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "Letters, corrected" in answer.text


def test_the_page_is_sent_compressed_to_whom_asks_for_it(letters, client):
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"Accept-Encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain
    assert packed["ETag"] != plain["ETag"]


@pytest.mark.parametrize(
    "accepted, compressed",
    [("br", True), ("gzip, br;q=0.8", True), ("br;q=1.0,*", True), ("br;q=0, gzip", False), ("br; q=0.0", False),
     ("gzip", False), ("brotli", False), ("", False)],
)  # fmt: skip
def test_nobody_gets_an_encoding_they_did_not_ask_for(letters, client, accepted, compressed):
    answer = client.get(PAGE, headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer) is compressed


def test_the_page_of_the_real_article_is_small(article, client):
    packed = client.get(article.get_absolute_url(), headers={"Accept-Encoding": "br"})
    assert len(packed.content) < 60_000


def test_head_answers_like_get_and_nothing_else_is_taken(letters, client):
    assert client.head(PAGE)["ETag"] == client.get(PAGE)["ETag"]
    assert client.post(PAGE).status_code == 405


# --- nothing of one person in what everybody gets ---------------------------------------------------


SECRETS = ("Private umbrella", "Waiting lantern", "Wen Author")


def test_nothing_of_a_person_reaches_the_kept_page_in_whatever_order_pages_are_made(letters, people, browser_of):
    make_note(letters, author=people.author, body="Private umbrella", visibility="private")
    make_note(letters, author=people.author, body="Waiting lantern")
    visitors = {name: browser_of(name) for name in ("anonymous", "author", "moderator", "stranger")}
    wanted = None
    for order in itertools.permutations(visitors):
        cache.clear()
        for name in order:
            page = visitors[name].get(PAGE)
            if name == "anonymous":
                wanted = wanted or page.content
                assert page.content == wanted
            else:
                assert page["Cache-Control"] == "private, no-cache"
                assert "ETag" not in page
        assert not [secret for secret in SECRETS if secret in wanted.decode()]


@pytest.mark.parametrize("encoding", ["", "br"])
def test_what_only_the_first_visitor_brought_is_not_kept_for_the_next(letters, encoding):
    headers = {"Accept-Encoding": encoding}
    secret = "unmistakable-secret"
    first = Client(headers={"Accept-Language": "zh", "Referer": f"https://{secret}.example/", "User-Agent": secret})
    first.get(f"{PAGE}?note={secret}&next=/{secret}/", headers=headers)
    assert secret not in Client().get(PAGE).text


def test_a_message_for_one_person_is_not_kept_for_the_next(letters, people, browser_of):
    leaving = browser_of("author")
    leaving.post("/accounts/logout/")
    assert "messages" in leaving.cookies
    own = leaving.get(PAGE)
    assert own["Cache-Control"] == "private, no-cache"
    pages = [own.text, Client().get(PAGE).text]
    said = re.compile(r'id="says">\s*<p')
    assert [bool(said.search(page)) for page in pages] == [True, False]


def test_the_kept_page_holds_no_token_of_a_form(letters, client):
    page = client.get(PAGE)
    assert "csrfmiddlewaretoken" not in page.text
    assert not page.cookies


def test_a_stale_session_cookie_gets_the_public_page(letters):
    client = Client()
    client.cookies["sessionid"] = "long-gone"
    page = client.get(PAGE)
    assert page.status_code == 200
    assert paragraphs_on(page) == paragraphs_kept(letters)


def test_a_note_is_gone_from_the_page_as_soon_as_it_is_withdrawn(letters, people, client):
    note = approved(make_note(letters, author=people.author, body="Brass whistle."), by=people.moderator)
    assert "Brass whistle." in client.get(PAGE).text
    annotating.withdraw(note, by=people.author)
    assert "Brass whistle." not in client.get(PAGE).text


def test_the_page_stays_bounded_with_four_hundred_notes(letters, people, client):
    before = len(client.get(PAGE).content)
    for number in range(400):
        make_note(letters, author=people.trusted, on="coast road", body=f"Thought number {number}. " * 8)
    assert Annotation.objects.filter(article=letters).count() == 400
    page = client.get(PAGE)
    assert len(read(page).all("mark")) == 1
    assert len(page.content) < before + 40_000
