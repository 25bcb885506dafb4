"""Annotations that arrive: sections 5.1 and 5.2 of the Web Annotation Protocol."""

import pytest
from django.conf import settings
from django.test import Client

from reader.api import w3c_writing
from reader.models import Annotation, ModerationEvent
from tests.api.annotations import ALL, ANNO, LD, LDP, ONE_TEXT, SOURCE, annotation_on, iri, links, names, path, send

pytestmark = pytest.mark.django_db


def test_a_posted_annotation_is_there(writer, letters, people):
    text = letters.current.text
    start = text.index("second letter")
    position = {"type": "TextPositionSelector", "start": start, "end": start + 13}
    target = {"source": SOURCE, "selector": [{"type": "TextQuoteSelector", "exact": "second letter"}, position]}
    bodies = [
        {"type": "TextualBody", "value": "Which *coast*?", "format": "text/markdown"},
        {"type": "TextualBody", "value": "roads", "purpose": "tagging"},
    ]
    answer = send(writer, "POST", ALL, annotation_on(target=target, motivation="questioning") | {"body": bodies})
    assert answer.status_code == 201 and answer["Content-Type"] == LD
    note = Annotation.objects.get(uid=answer["Location"].rsplit("/", 1)[1])
    assert answer["Location"] == iri(note) == answer.json()["id"]
    assert (note.start, note.exact, note.motivation, note.author) == (
        start,
        "second letter",
        "questioning",
        people.trusted,
    )
    assert (note.latest.body, note.latest.tag_names, note.latest.status) == ("Which *coast*?", ["roads"], "approved")
    assert writer.get(path(note))["ETag"] == answer["ETag"]
    assert {(f"{LDP}Resource", "type"), (f"{LDP}BasicContainer", "type")} <= links(answer)
    assert {"Accept", "Prefer"} <= names(answer["Vary"])


def test_what_a_new_person_posts_waits(browser_of, letters):
    answer = send(browser_of("author"), "POST", ONE_TEXT, annotation_on())
    assert answer.status_code == 201 and answer.json()["schema:creativeWorkStatus"] == "pending"
    assert Client().get(ONE_TEXT).json()["total"] == 0
    assert ModerationEvent.objects.get().verb == "submitted"


def test_a_client_s_id_becomes_via_and_canonical_is_kept(writer, letters):
    given = annotation_on(id="https://elsewhere.example/a1", canonical="urn:uuid:dbfb1861-0ecf-41ad-be94-a584e5c4f1df")
    kept = send(writer, "POST", ALL, given).json()
    assert kept["id"].startswith(settings.SITE_URL)
    assert (kept["via"], kept["canonical"]) == (given["id"], given["canonical"])


@pytest.mark.parametrize(
    "selector, words",
    [
        ({"type": "TextQuoteSelector", "exact": "letters", "prefix": "copied both "}, "letters"),
        ({"type": "FragmentSelector", "value": "p3"}, None),
        (
            {
                "type": "FragmentSelector",
                "value": "p2",
                "refinedBy": {"type": "TextPositionSelector", "start": 4, "end": 10},
            },
            "second",
        ),
        (
            [
                {"type": "TextPositionSelector", "start": 0, "end": 3},
                {"type": "TextQuoteSelector", "exact": "minister of rites"},
            ],
            "minister of rites",
        ),
        ([{"type": "CssSelector", "value": "p"}, {"type": "TextQuoteSelector", "exact": "coast road"}], "coast road"),
        ({"type": "Choice", "items": [{"type": "TextQuoteSelector", "exact": "coast road"}]}, "coast road"),
    ],
)
def test_words_are_found_by_any_selector_that_leads_to_them(writer, letters, selector, words):
    answer = send(writer, "POST", ALL, annotation_on(target={"source": SOURCE, "selector": selector}))
    assert answer.status_code == 201, answer.content
    note = Annotation.objects.get(uid=answer["Location"].rsplit("/", 1)[1])
    assert (
        letters.current.text[note.start : note.end] == note.exact == (words or letters.current.paragraphs.last().text)
    )


def test_a_reply_and_a_highlight_can_be_posted(writer, public, people):
    answer = send(writer, "POST", ALL, annotation_on(target=iri(public), motivation="replying"))
    assert answer.status_code == 201 and answer.json()["target"] == iri(public)
    assert Annotation.objects.get(parent=public).author == people.trusted
    mark = annotation_on(motivation="highlighting")
    del mark["body"]
    assert send(writer, "POST", ALL, mark).json()["motivation"] == "highlighting"


def test_html_and_links_of_a_body_are_kept_as_markdown(writer, letters):
    bodies = [
        {"type": "TextualBody", "value": "<p>An <em>old</em> road<script>x</script></p>", "format": "text/html"},
        "https://maps.example/road",
    ]
    kept = send(writer, "POST", ALL, annotation_on() | {"body": bodies}).json()
    assert (kept["body"][0]["value"], kept["body"][-1]) == ("An *old* road", bodies[1])
    assert letters.annotations.get().latest.body == "An *old* road\n\n<https://maps.example/road>"


@pytest.mark.parametrize(
    "changes",
    [
        {"target": "https://elsewhere.example/page"},
        {"target": f"{settings.SITE_URL}/articles/nowhere/"},
        {"target": f"{settings.SITE_URL}/annotations/nobody"},
        {"target": f"{SOURCE}#xywh=1,2,3,4"},
        {"target": ["https://elsewhere.example/page", "https://elsewhere.example/other"]},
        {"target": {"type": "List", "items": [SOURCE, SOURCE]}},
        {"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "no such words"}}},
        {"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "letter"}}},
        {"target": {"source": SOURCE, "selector": {"type": "TextPositionSelector", "start": 5, "end": 99999}}},
        {"target": {"source": SOURCE, "selector": {"type": "CssSelector", "value": "p"}}},
        {
            "target": {
                "source": SOURCE,
                "selector": {
                    "type": "CssSelector",
                    "value": "p",
                    "refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 5},
                },
            }
        },
        {"body": {"type": "TextualBody", "value": "x" * 20_001}},
        {"body": {"type": "TextualBody", "value": "a\x00b"}},
        {"target": [SOURCE, "https://elsewhere.example/" + "x" * 20_001]},
        {"target": [SOURCE, {"source": "https://elsewhere.example/", "note": "a\x00b"}]},
    ],
)
def test_what_cannot_be_kept_here_is_refused_with_a_sentence(writer, letters, changes):
    answer = send(writer, "POST", ONE_TEXT, annotation_on() | changes)
    said = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert said["status"] == 422 and said["detail"] and said["code"] and said["title"]
    assert not letters.annotations.exists()


@pytest.mark.parametrize(
    "body, media_type, status",
    [
        ("{", LD, 400), ("[" * 100_000, LD, 400), ("\xff\xfe", LD, 400), (" " * 200_001, LD, 413),
        ("{}", "text/plain", 415), ("a=b", "application/x-www-form-urlencoded", 415),
        ("[]", LD, 415), ("3", LD, 415), ("null", LD, 415), ("{}", LD, 415),
        (f'{{"@context": "{ANNO}", "type": "Note", "target": "{SOURCE}"}}', LD, 415),
        (f'{{"@context": "http://schema.org/", "type": "Annotation", "target": "{SOURCE}"}}', LD, 415),
    ],
)  # fmt: skip
def test_what_is_no_annotation_at_all(writer, letters, body, media_type, status):
    answer = send(writer, "POST", ALL, body, type=media_type)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


@pytest.mark.parametrize("depth", [100, 900])
def test_what_is_nested_without_end_does_not_break_the_server(writer, letters, depth):
    inner = '{"type": "TextQuoteSelector", "exact": "In spring"}'
    selector = '{"type": "XPathSelector", "value": "/p", "refinedBy": ' * depth + inner + "}" * depth
    target = f'{{"source": "{SOURCE}", "selector": {selector}}}'
    given = f'{{"@context": "{ANNO}", "type": "Annotation", "bodyValue": "Deep.", "target": {target}}}'
    assert send(writer, "POST", ALL, given).status_code == (201 if depth == 100 else 400)


@pytest.mark.parametrize("media_type", [LD, f"{LD}; charset=utf-8", "application/ld+json", "application/json"])
def test_json_ld_is_taken_under_each_of_its_names(writer, letters, media_type):
    assert send(writer, "POST", ALL, annotation_on(), type=media_type).status_code == 201


def test_a_name_that_is_suggested_and_free_is_used(writer, letters):
    first, second = (
        send(writer, "POST", ALL, annotation_on(), Slug=slug) for slug in ('"my_first-note"', "my_first-note")
    )
    assert first["Location"] == f"{settings.SITE_URL}/annotations/my_first-note"
    assert second.status_code == 201 and second["Location"] != first["Location"]


@pytest.mark.parametrize("slug", ["", "preview", "a/b", "../x", "%2e%2e", "é", "x" * 23, "a b"])
def test_a_name_that_no_note_can_have_is_passed_over(writer, letters, slug):
    answer = send(writer, "POST", ALL, annotation_on(), Slug=slug)
    assert answer.status_code == 201 and len(answer["Location"].rsplit("/", 1)[1]) == 22


def test_a_private_note_takes_no_name_that_could_be_guessed(writer, letters):
    given = annotation_on(**{"schema:creativeWorkStatus": "private"})
    assert not send(writer, "POST", ALL, given, Slug="secret").json()["id"].endswith("secret")


@pytest.mark.parametrize("said", [[], {}, ["private"], {"id": "x"}, 1, None])
def test_a_status_that_is_no_word_is_none(writer, letters, said):
    assert send(writer, "POST", ALL, annotation_on(**{"schema:creativeWorkStatus": said})).status_code == 201


def test_a_text_s_container_takes_notes_on_that_text_only(writer, letters, article):
    assert send(writer, "POST", "/articles/civil-diplomacy/annotations/", annotation_on()).status_code == 422


def test_of_two_who_bring_the_same_name_at_once_the_later_is_asked_to_send_again(writer, letters, monkeypatch):
    first = send(writer, "POST", ALL, annotation_on(), Slug="mine").json()["id"]
    monkeypatch.setattr(w3c_writing, "_suggested", lambda _slug: "mine")  # it was free when the later one looked
    answer = send(writer, "POST", ALL, annotation_on(), Slug="mine")
    assert (answer.status_code, "Send the annotation again" in answer.json()["detail"]) == (409, True)
    assert [iri(note) for note in letters.annotations.all()] == [first]
