"""What is written and what is taken, measured by the Web Annotation Data Model: https://www.w3.org/TR/annotation-model/."""

import json
import os
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from django.conf import settings

from reader.models import Annotation, Motivation
from reader.operations import annotating
from tests.api.annotations import (
    ALL,
    ANNO,
    IRIS,
    MINIMAL,
    ONE_TEXT,
    SOURCE,
    annotation_on,
    path,
    prefer,
    send,
)
from tests.make import make_note

pytestmark = pytest.mark.django_db

OURS = json.loads((Path(__file__).parents[1] / "vectors" / "web_annotation.schema.json").read_text())
# The W3C's own schemas are asked too where their folder is at hand; what they demand stands in ours as well.
THEIRS = Path(os.environ.get("WEB_ANNOTATION_SCHEMAS", settings.BASE_DIR.parent / "shared" / "webannotation-schemas"))
MUSTS = {
    "annotation": "annotations/annotationMusts.test",
    "collection": "collections/collectionMusts.test",
    "page": "collections/pages/pageMusts.test",
}


def broken(given: dict, kind: str) -> list[str]:
    """What the model demands of such a thing and `given` does not have."""
    schema = {**OURS, "$ref": f"#/$defs/{kind}"}
    ours = [f"{list(error.instance_path)}: {error.message}" for error in jsonschema_rs.iter_errors(schema, given)]
    listed = THEIRS / MUSTS[kind]
    theirs = json.loads(listed.read_text())["assertions"] if listed.is_file() else []
    return ours + [name for name in theirs if not _theirs(name)(given)]


@cache
def _theirs(name: str):
    schema = json.loads((THEIRS / name).read_text()) | {"id": f"https://schemas.example/{Path(name).name}"}
    found = jsonschema_rs.Draft4Validator(schema, retriever=_definition, validate_formats=True)
    return lambda given: found.is_valid(given) == (schema.get("expectedResult", "valid") == "valid")


def _definition(address: str) -> dict:
    return json.loads((THEIRS / "definitions" / address.rsplit("/", 1)[-1]).read_text())


@pytest.fixture
def all_kinds(article, public, people, letters):
    """Notes of every kind: the edition's with cards and sources, tagged ones, answers, highlights, bookmarks."""
    annotating.reply(parent=public, author=people.editor, body="A clerk.")
    annotating.annotate(revision=letters.current, span=None, author=people.editor, body="On all of it.")
    for motivation in ("highlighting", "bookmarking"):
        make_note(letters, author=people.editor, body="", motivation=motivation, tags=["roads"])
    note = make_note(letters, author=people.editor, body="Known elsewhere.")
    Annotation.objects.filter(pk=note.pk).update(canonical="urn:uuid:1", via="https://elsewhere.example/1")
    return Annotation.objects.all()


def test_what_is_written_follows_the_model(client, all_kinds):
    for note in all_kinds:
        given = client.get(path(note)).json()
        assert given["@context"] == ANNO and broken(given, "annotation") == []


def test_containers_and_pages_follow_the_model(client, all_kinds):
    for given in (
        client.get(ONE_TEXT).json(),
        prefer(client, MINIMAL).json(),
        prefer(client, IRIS, address=ALL).json(),
    ):
        assert broken(given, "collection") == []
    for query in ("?after=", "?iris=1&after=", f"?after={all_kinds.earliest('pk').uid}"):
        assert broken(client.get(ALL + query).json(), "page") == []


@pytest.mark.parametrize("motivation", sorted(set(Motivation.values) - {"replying"}))
def test_every_motivation_of_the_vocabulary_is_kept(writer, letters, motivation):
    for named in (motivation, f"oa:{motivation}", f"http://www.w3.org/ns/oa#{motivation}", [motivation]):
        body = {"type": "TextualBody", "value": "Words.", "purpose": "describing"}
        kept = send(writer, "POST", ALL, annotation_on(motivation=named) | {"body": body}).json()
        assert kept["motivation"] == motivation


@pytest.mark.parametrize("motivation", ["highlighting", "bookmarking", "tagging"])
def test_some_annotations_need_no_words(writer, letters, motivation):
    given = annotation_on(motivation=motivation)
    given["body"] = {"type": "TextualBody", "value": "roads", "purpose": "tagging"}
    kept = send(writer, "POST", ALL, given).json()
    assert (kept["motivation"], [body["value"] for body in kept["body"]]) == (motivation, ["roads"])


def kept_words(writer, given: dict) -> str:
    answer = send(writer, "POST", ALL, given)
    assert answer.status_code == 201, answer.content
    return Annotation.objects.get(uid=answer["Location"].rsplit("/", 1)[1]).latest.body


@pytest.mark.parametrize(
    "body, words",
    [
        ("https://elsewhere.example/post", "<https://elsewhere.example/post>"),
        ({"id": "https://elsewhere.example/a.mp3", "format": "audio/mpeg", "language": ["fr", "en"]},
         "<https://elsewhere.example/a.mp3>"),
        ({"type": ["TextualBody", "Text"], "value": "Words", "textDirection": "auto"}, "Words"),
        ({"value": "مرحبا", "language": "ar", "textDirection": "rtl"}, "مرحبا"),
        ([{"type": "TextualBody", "value": "One"}, {"type": "TextualBody", "value": "Two"}], "One\n\nTwo"),
        ({"type": "Choice", "items": [{"type": "TextualBody", "value": "Hi"}, {"id": "https://elsewhere.example/fr"}]},
         "Hi\n\n<https://elsewhere.example/fr>"),
        ({"source": "https://elsewhere.example/v", "purpose": "describing",
          "selector": {"type": "FragmentSelector", "value": "t=30,60"}}, "<https://elsewhere.example/v>"),
    ],
)  # fmt: skip
def test_the_words_of_a_body_are_kept_whatever_its_form(writer, letters, body, words):
    assert kept_words(writer, annotation_on() | {"body": body}) == words


def test_a_body_value_is_words(writer, letters):
    given = annotation_on(bodyValue="Only words.")
    del given["body"]
    assert kept_words(writer, given) == "Only words."


def test_where_the_motivation_is_tagging_the_body_is_a_tag(writer, letters):
    given = annotation_on(motivation="tagging") | {"body": {"type": "TextualBody", "value": "roads"}}
    kept = send(writer, "POST", ALL, given).json()
    assert kept["motivation"] == "tagging" and [b["purpose"] for b in kept["body"]] == ["tagging"]


def words(exact: str, **more) -> dict:
    return {"type": "TextQuoteSelector", "exact": exact, **more}


def position(start: int, end: int, **more) -> dict:
    return {"type": "TextPositionSelector", "start": start, "end": end, **more}


def paragraph(number: int, **more) -> dict:
    return {"type": "FragmentSelector", "value": f"p{number}", **more}


def between(start: dict, end: dict) -> dict:
    return {"type": "RangeSelector", "startSelector": start, "endSelector": end}


def selected(selector) -> dict:
    return {"source": SOURCE, "selector": selector}


COAST_ROAD = words("coast road")


@pytest.mark.parametrize(
    "target, expected",
    [
        (SOURCE, ""),  # a whole text
        ({"id": SOURCE, "type": "Text"}, ""),
        (SOURCE.rstrip("/") + "?layer=r#p2", 1),
        (f"{SOURCE}p3/", 2),
        (f"{SOURCE}p3", 2),
        (f"{SOURCE}revisions/1/#p2", 1),
        (SOURCE.replace("http:", "https:"), ""),
        (SOURCE.replace("localhost", "127.0.0.1"), ""),
        (f"{SOURCE}#:~:text=coast%20road", "coast road"),
        (f"{SOURCE}#p2:~:text=carried%20it", "carried it"),
        (f"{SOURCE}#:~:text=coast%20road,carried%20it", "coast road; 𠮷田 carried it"),
        (f"{SOURCE}#:~:text=the-,coast%20road,carried%20it,-.%20The", "coast road; 𠮷田 carried it"),
        (f"{SOURCE}#:~:text=capital,-did", "capital"),  # of two places
        (f"{SOURCE}#:~:text=kept%20it,café", "kept it.\n\nA café"),
        ({"source": SOURCE, "selector": {"type": "FragmentSelector", "value": ":~:text=both-,letters"}}, "letters"),
        ({"source": {"id": SOURCE, "type": "Text"}, "styleClass": "red", "scope": "https://elsewhere.example/",
          "selector": [{"type": "SvgSelector", "value": "<svg/>"}, COAST_ROAD]}, "coast road"),
        ({"source": SOURCE, "state": {"type": "HttpRequestState", "value": "Accept: text/html"},
          "selector": COAST_ROAD}, "coast road"),
        (["https://elsewhere.example/", f"{SOURCE}p3/", SOURCE], 2),  # of several the first that is here
        (selected(between(COAST_ROAD, words("carried it"))), "coast road; 𠮷田 "),
        (selected(between(paragraph(2), paragraph(3))), 1),
        (selected(between(position(0, 9), position(3, 5))), "In "),
        (selected(between(words("kept it"), words("both letters"))), "kept it."
         "\n\nA café owner, שלום, copied "),
        (selected(between(position(3, 3), position(9, 9))), "spring"),
        (selected(words("both letters", refinedBy=words("letters"))), "letters"),
        (selected(words("both letters", refinedBy=position(5, 12))), "letters"),
        (selected(paragraph(2, refinedBy=words("letter"))), "letter"),
        (selected(paragraph(2, refinedBy=words("letter", refinedBy=position(0, 3)))), "let"),
        (selected([words("both letters", refinedBy=words("letters")), COAST_ROAD]), "coast road"),
    ],
)  # fmt: skip
def test_a_target_is_found_by_its_address_and_selectors(writer, letters, target, expected):
    answer = send(writer, "POST", ALL, annotation_on(target=target))
    assert answer.status_code == 201, answer.content
    expected = letters.current.paragraphs.all()[expected].text if isinstance(expected, int) else expected
    assert Annotation.objects.get(uid=answer["Location"].rsplit("/", 1)[1]).exact == expected


WRONG = [
    {"id": ["https://a.example/", "https://b.example/"]},
    {"id": "not an address"},
    {"target": [SOURCE, "page one"]},
    {"target": None},
    {"target": 9},
    {"target": []},
    {"target": {}},
    {"target": "page one"},
    {"target": {"type": "SpecificResource"}},
    {"target": {"source": SOURCE, "selector": 5}},
    {"target": {"source": SOURCE, "selector": {"type": "FragmentSelector"}}},
    {"target": {"source": SOURCE, "selector": {"type": "FragmentSelector", "value": ["p1", "p2"]}}},
    {"target": {"source": SOURCE, "selector": {"type": "TextPositionSelector", "start": 5, "end": 2}}},
    {"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": ["a", "b"]}}},
    {"target": {"source": SOURCE, "state": {"type": "TimeState", "sourceDate": "once"}}},
    {"bodyValue": "twice"},
    {"body": None, "bodyValue": "twice"},
    {"body": "these are words"},
    {"body": 5},
    {"body": {"type": "TextualBody"}},
    {"body": {"type": "TextualBody", "value": ["one", "two"]}},
    {"body": {"id": "these are words", "format": "text/plain"}},
    {"body": {"id": "https://elsewhere.example/", "purpose": "tagging"}},
    {"body": {"type": "TextualBody", "value": "x", "format": 6}},
    {"body": {"type": "TextualBody", "value": "x", "language": 3}},
    {"body": {"type": "TextualBody", "value": "x", "textDirection": "squirrel"}},
    {"body": {"type": "TextualBody", "value": "x", "textDirection": ["ltr", "rtl"]}},
    {"body": {"type": "TextualBody", "value": "x", "processingLanguage": ["en", "de"]}},
    {"body": {"type": "TextualBody", "value": "x", "created": "now"}},
    {"body": {"type": ["Choice", "List"], "items": ["https://a.example/"]}},
    {"body": {"items": ["https://a.example/", "https://b.example/"]}},
    {"body": {"type": "Choice", "items": ["https://a.example/"], "value": "x"}},
    {"body": {"type": "SpecificResource", "source": "https://a.example/", "value": "x"}},
    {"creator": 6},
    {"generator": [42]},
    {"created": "yesterday"},
    {"modified": ["2015-01-28T12:00:00Z", "2015-01-28T12:00:01Z"]},
    {"generated": "now"},
    {"rights": "not an address"},
    {"via": "not an address"},
    {"canonical": "not an address"},
    {"canonical": ["urn:x:1", "urn:x:2"]},
]


@pytest.mark.parametrize("changes", WRONG, ids=lambda changes: json.dumps(changes)[:70])
def test_what_the_model_forbids_is_refused_with_a_sentence(writer, letters, changes):
    answer = send(writer, "POST", ALL, annotation_on() | changes)
    assert answer.status_code in {400, 422} and answer.json()["detail"].endswith(".")
    assert not letters.annotations.exists()
