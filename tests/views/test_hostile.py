"""Hostile input over HTTP: stored harmless or refused with a sentence; never a page that breaks."""

from urllib.parse import quote

import pytest
from django.test import Client

from reader.models import Annotation, AnnotationVersion, Card, Member
from tests.make import LETTERS, approved, make_group, make_note
from tests.pages import read
from tests.text.test_markdown import HOSTILE
from tests.views.test_writing import ANNOTATE, form_for

HARMLESS_LINKS = ("http:", "https:", "mailto:", "/", "#", "?")
PAGES = [
    "/articles/letters/", "/articles/letters/p2/", "/articles/letters/notes/", "/tags/{tag}/", "/me/notes/",
    "/moderation/", "/notes/{uid}/", "/notes/{uid}/edit/", "/notes/{uid}/reply/", "/notes/{uid}/history/",
    "/tags/complete?q=%3C",
]  # fmt: skip


def harm_on(page) -> list:
    """What a browser would run or fetch from elsewhere."""
    found = []
    for element in read(page).all():
        found += [element.tag for _ in "x" if element.tag in {"iframe", "object", "embed", "base", "style", "img"}]
        found += [(element.tag, name) for name in element.attrs if name.startswith("on") or name == "style"]
        found += [element.text for _ in "x" if element.tag == "script" and element.text.strip()]
        found += [(element.tag, element.attrs[n]) for n in ("href", "src", "action", "formaction")
                  if not (element.attrs.get(n) or "#").startswith(HARMLESS_LINKS)]  # fmt: skip
    return found


@pytest.fixture
def boss(people, browser_of):
    """Sees every page: author and moderator in one."""
    people.author.is_moderator = True
    people.author.save()
    return browser_of("author")


NAMES = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}{% load x %}", "\u202egnp.exe"]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_body_tag_and_name_do_no_harm_on_any_page(letters, people, boss, name):
    people.author.display_name = name[:80]
    people.author.save()
    body = "\n\n".join(HOSTILE)
    assert boss.post(ANNOTATE, form_for(letters, body=body, tags=f"{name[:40]},x1")).status_code == 302
    note = Annotation.objects.get(latest__body=body)
    note.cards.add(Card.objects.create(slug="c", kind="person", name=name, native_name=name, summary=name, role=name))
    tag = quote(note.tags.first().slug, safe="")
    for path in [*PAGES, "/cards/c/", "/cards/", "/me/"]:
        answer = boss.get(path.format(uid=note.uid, tag=tag))
        assert answer.status_code == 200, path
        if answer["Content-Type"].startswith("text/html"):
            assert harm_on(answer) == [], path
    assert name in read(boss.get("/articles/letters/")).text
    part = boss.get("/cards/c/", headers={"HX-Request": "true"})
    assert harm_on(part) == []


def test_a_hostile_quote_is_shown_as_the_words_it_is(letters, people, boss):
    note = make_note(letters, author=people.author, on="<in June>")
    for path in PAGES[:4] + PAGES[5:10]:
        answer = boss.get(path.format(uid=note.uid, tag="x"))
        assert answer.status_code in {200, 404}, path
        assert harm_on(answer) == []
    assert "<in June>" in read(boss.get(f"/notes/{note.uid}/")).text


BROKEN = {
    "NUL": ("body", b"words%00and", 422, "Null characters"),
    "NUL in a tag": ("tags", b"a%00b", 422, "Null characters"),
    "NUL in the quote": ("exact", b"a%00b", 422, "Select the words again"),
    "a megabyte": ("body", b"x" * 1_000_000, 422, "at most 20000 characters"),
    "a megabyte of quote": ("exact", b"x" * 1_000_000, 409, "The text has changed"),
    "a megabyte of tags": ("tags", b"x" * 1_000_000, 422, "at most 700 characters"),
    "half a character": ("exact", b"second%20%ED%A0%BDletter", 409, "The text has changed"),
    "a lone byte": ("exact", b"second%20%FFletter", 409, "The text has changed"),
    "a huge revision": ("revision", b"9" * 30, 409, "The text has changed"),
    "a huge start": ("start", b"9" * 30, 422, "Select at least one word"),
    "a huge end": ("end", b"9" * 30, 422, "do not lie in the text"),
    "a negative start": ("start", b"-1", 422, "do not lie in the text"),
    "a fraction": ("start", b"1.5", 422, "do not lie in the text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_kept_is_refused_in_a_sentence_and_nothing_is_stored(letters, browser_of, case):
    field, raw, status, sentence = BROKEN[case]
    fields = {name: quote(str(value)).encode() for name, value in form_for(letters).items()}
    if case == "a huge revision":
        fields["exact"] = b"other"
    data = b"&".join(name.encode() + b"=" + value for name, value in (fields | {field: raw}).items())
    before = (Annotation.objects.count(), AnnotationVersion.objects.count())
    client = browser_of("author")
    page = client.post(ANNOTATE, data, content_type="application/x-www-form-urlencoded")
    assert page.status_code == status
    assert sentence in read(page).text
    if field != "body":
        assert "Walnut compass" in page.text
    answer = client.post(
        ANNOTATE, data, content_type="application/x-www-form-urlencoded", headers={"Accept": "application/json"}
    )
    assert (answer.status_code, sentence in answer.json()["message"]) == (status, True)
    assert (Annotation.objects.count(), AnnotationVersion.objects.count()) == before


@pytest.mark.parametrize("raw", [b"caf%FF%FE", b"half%ED%A0%BD", b"%C3", b"%F5%80%80%80"])
def test_broken_unicode_in_a_note_becomes_a_sign_that_says_so(letters, people, browser_of, raw):
    fields = {name: quote(str(value)).encode() for name, value in form_for(letters).items()} | {"body": raw}
    data = b"&".join(name.encode() + b"=" + value for name, value in fields.items())
    client = browser_of("author")
    assert client.post(ANNOTATE, data, content_type="application/x-www-form-urlencoded").status_code == 302
    body = Annotation.objects.get(author=people.author).latest.body
    assert "\ufffd" in body
    assert body.encode("utf-8")


def test_more_than_a_form_may_be_is_refused(letters, browser_of):
    answer = browser_of("author").post(ANNOTATE, form_for(letters, body="x" * 6_000_000))
    assert answer.status_code in {400, 413}
    assert read(answer).all("h1")


ODD = ["%00", "%ED%A0%BD", "%FF", "9" * 5000, "-1", "x'; DROP TABLE reader_article;--", "../../etc/passwd",
       "%0d%0aX: y", "٣", "²", "1e9", "🙂", "<script>", "a" * 5000]  # fmt: skip
ODD_ADDRESSES = [
    "/articles/letters/notes/?at={}", "/articles/letters/notes/?paragraph={}", "/articles/letters/notes/?page={}",
    "/articles/letters/annotate/?paragraph={}", "/articles/letters/annotate/?paragraph=1&sentence={}",
    "/articles/letters/annotate/?start={}&end={}", "/articles/letters/annotate/?start=0&end=5&motivation={}",
    "/articles/{}/", "/articles/letters/p{}/", "/notes/{}/", "/notes/{}/edit/", "/notes/{}/reply/", "/tags/{}/",
    "/tags/complete?q={}", "/cards/{}/", "/cards/?kind={}", "/me/notes/?article={}", "/me/notes/?tag={}",
    "/me/notes/?state={}", "/me/notes/?page={}", "/moderation/?page={}", "/welcome/{}/", "/?page={}",
    "/tags/x1/?page={}", "/notes/{}/history/",
]  # fmt: skip


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_no_address_breaks_a_page(letters, people, boss, address):
    make_note(letters, author=people.author, tags=["x1"])
    for odd in ODD:
        odd = odd if odd.startswith("%") else quote(odd, safe="/")
        answer = boss.get(address.replace("{}", odd))
        assert answer.status_code in {200, 301, 302, 400, 404}, odd[:40]
        if answer.status_code != 302 and answer["Content-Type"].startswith("text/html"):
            assert harm_on(answer) == [], odd[:40]


@pytest.mark.parametrize(
    "fields",
    [{}, {"decision": "explode", "version": "1"}, {"decision": "approve"}, {"decision": "approve", "version": "9" * 40},
     {"decision": "approve", "version": "-1"}, {"decision": "reject", "version": "1", "reason": "a\x00b"}],
)  # fmt: skip
def test_a_decision_that_is_none_changes_nothing(letters, people, browser_of, fields):
    note = make_note(letters, author=people.author)
    answer = browser_of("moderator").post(f"/moderation/{note.uid}/", fields)
    assert answer.status_code in {302, 404}
    assert note.versions.get().status == "pending"


BEFORE_TIME, AFTER_TIME = "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"
BY_HAND = [
    ("moderator", "/moderation/batch/", {"decision": "approve", "item": "a\x00b:1"}, 302),
    ("moderator", "/moderation/batch/", {"decision": "approve", "item": "proposal/a\x00b:1"}, 302),
    ("moderator", "/moderation/batch/", {"decision": "approve", "item": f"x:{'9' * 5000}"}, 302),
    ("moderator", "/moderation/batch/", {"decision": "approve", "everything_by": "author", "until": BEFORE_TIME}, 302),
    ("moderator", "/moderation/batch/", {"decision": "approve", "everything_by": "author", "until": AFTER_TIME}, 302),
    ("moderator", "/moderation/people/author/", {"lift": "9" * 5000}, 404),
    ("owner", "/groups/{group}/invite/", {"take-back": "a\x00b"}, 404),
    ("author", "/me/notifications/read/", {"until": BEFORE_TIME}, 302),
    ("author", "/me/notifications/read/", {"until": AFTER_TIME}, 302),
]


@pytest.mark.parametrize(("who", "address", "fields", "status"), BY_HAND)
def test_what_no_page_of_ours_would_send_changes_nothing(letters, people, browser_of, who, address, fields, status):
    group, note = make_group(people), make_note(letters, author=people.author)
    assert browser_of(who).post(address.format(group=group.uid), fields).status_code == status
    assert note.versions.get().status == "pending"


EMPTY = [
    ("author", "/notes/{note}/edit/"), ("author", "/notes/{note}/reply/"), ("stranger", "/notes/{public}/flag/"),
    ("author", "/cards/suggest/"), ("author", "/cards/c/correct/"),
    ("author", "/articles/letters/suggest/?start=1&end=5"),
    ("author", "/groups/start/"), ("owner", "/groups/{group}/settings/"), ("owner", "/groups/{group}/invite/"),
    ("author", "/me/tokens/"), ("author", "/me/leave/"), ("author", "/me/import/"),
    ("author", "/me/notifications/preferences/"), ("moderator", "/moderation/people/author/"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "address"), EMPTY)
def test_a_form_sent_without_anything_says_what_it_lacks(letters, people, browser_of, who, address):
    group, note = make_group(people), make_note(letters, author=people.author)
    public = approved(make_note(letters, author=people.author, on="coast road"), by=people.moderator)
    Card.objects.create(slug="c", kind="person", name="Clerk")
    answer = browser_of(who).post(address.format(note=note.uid, public=public.uid, group=group.uid))
    page = read(answer)
    assert answer.status_code == 422
    assert page.all(class_="errorlist") or page.all(class_="problem")


def test_a_form_without_what_nobody_sees_in_it_says_what_to_do(letters, people, browser_of):
    group = make_group(people)
    note = make_note(letters, author=people.author, group=group)
    page = browser_of("owner").post(f"/groups/{group.uid}/notes/{note.uid}/", {"reason": "Typed with care."})
    assert (page.status_code, "by one of the buttons" in read(page).text) == (422, True)
    assert "Typed with care." in read(page).text
    fields = {"source": LETTERS[0], "reason": "Typed with care.", "step": "look", "base": "x"}
    page = browser_of("editor").post("/articles/letters/edit/", fields)
    assert (page.status_code, "did not come whole" in read(page).text) == (422, True)
    assert LETTERS[0] in read(page).text


@pytest.mark.parametrize("fields", [{"display_name": "x" * 81}, {"display_name": "a\x00b"}, {"orcid": "0" * 99}])
def test_a_name_that_cannot_be_kept_is_refused(people, browser_of, fields):
    answer = browser_of("author").post("/me/", {"display_name": "", "orcid": ""} | fields)
    assert answer.status_code == 422
    assert Member.objects.get(pk=people.author.pk).display_name == "Wen Author"


def test_a_preview_takes_anything(letters):
    client = Client()
    for body in [*HOSTILE, "\x00", "x" * 1_000_000, "> " * 9000, "[" * 20_000]:
        answer = client.post("/notes/preview/", {"body": body})
        assert answer.status_code == 200
        assert harm_on(answer) == []


def test_the_text_of_the_tests_is_hostile_enough():
    assert "<in June>" in LETTERS[0]
    assert "&" in LETTERS[0]
