"""What is posted comes back: what the model lets an annotation say beside its words, tags and one place."""

import json

import pytest

from reader.models import Annotation, SuspectWord
from reader.operations import annotating, moderating
from tests.api.annotations import ALL, SOURCE, annotation_on, path, send
from tests.make import fresh, make_note
from tests.pages import read

pytestmark = pytest.mark.django_db

ELSEWHERE = "https://elsewhere.example"
PLACE = {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "second letter"}}
OTHER = {
    "source": f"{ELSEWHERE}/page",
    "selector": {"type": "RangeSelector", "startSelector": {"type": "XPathSelector", "value": "//p[1]"},
                 "endSelector": {"type": "TextQuoteSelector", "exact": "their words"}},
}  # fmt: skip
VIDEO = {"id": f"{ELSEWHERE}/v.mp4", "type": "Video", "format": "video/mp4", "language": ["fr", "en"]}
PART = {
    "type": "SpecificResource", "source": f"{ELSEWHERE}/page", "purpose": "linking",
    "selector": {"type": "FragmentSelector", "value": "t=30,60"},
}  # fmt: skip

EITHER = {"type": "Choice", "items": [VIDEO, f"{ELSEWHERE}/v.ogg", {"source": f"{ELSEWHERE}/v.webm"}]}


def posted(client, **given) -> dict:
    answer = send(client, "POST", ALL, annotation_on() | given)
    assert answer.status_code == 201, answer.content
    return answer.json()


def newest() -> Annotation:
    return Annotation.objects.latest("pk")


@pytest.mark.parametrize(
    "said",
    [
        {"language": "ar", "textDirection": "rtl"},
        {"language": ["fr", "en"], "textDirection": "auto", "processingLanguage": "fr"},
        {"format": "text/plain"},
        {"purpose": "describing"},
        {"format": "text/markdown", "language": "zh-Hant"},
    ],
)
def test_what_is_said_of_words_comes_back_with_them(writer, letters, said):
    kept = posted(writer, body={"type": "TextualBody", "value": "مرحبا"} | said)
    whole = {"type": "TextualBody", "value": "مرحبا", "format": "text/markdown", "purpose": "commenting"} | said
    assert kept["body"][0] == whole
    assert kept["body"][1] == whole | {"format": "text/html", "value": "<p>مرحبا</p>\n"}


def test_of_several_bodies_every_language_is_kept_and_of_what_the_model_allows_once_the_first(writer, letters):
    said = [("مرحبا", "ar", "rtl"), ("Hello", "en", "ltr")]
    bodies = [{"value": words, "language": tongue, "textDirection": way} for words, tongue, way in said]
    kept = posted(writer, body=bodies)["body"][0]
    assert (kept["language"], kept["textDirection"]) == (["ar", "en"], "rtl")


def test_nothing_is_said_of_words_of_which_nothing_was_said(writer, letters):
    assert set(posted(writer)["body"][0]) == {"type", "value", "format", "purpose"}


@pytest.mark.parametrize(
    "body",
    [
        f"{ELSEWHERE}/post", VIDEO, PART, PART | {"purpose": "identifying"}, {"source": VIDEO, "purpose": "describing"},
        EITHER, {"type": "List", "items": [EITHER, f"{ELSEWHERE}/more"]},
    ],
)  # fmt: skip
def test_a_resource_elsewhere_comes_back_as_it_was_sent_and_is_a_link_for_readers(writer, letters, body):
    words = {"type": "TextualBody", "value": "See there.", "format": "text/markdown"}
    kept = posted(writer, body=[words, body])
    assert (kept["body"][0]["value"], kept["body"][-1], len(kept["body"])) == ("See there.", body, 3)
    assert f'href="{ELSEWHERE}/' in writer.get(newest().get_absolute_url()).text
    again = send(writer, "PUT", path(newest()), kept, **{"If-Match": "*"}).json()
    assert again["body"] == kept["body"]
    assert posted(writer, body=body)["body"] == (body if isinstance(body, str) else [body])


@pytest.mark.parametrize(("body", "words"), [(VIDEO, "Seen."), (EITHER, f"<{ELSEWHERE}/v.mp4> <{ELSEWHERE}/v.ogg>")])
def test_a_link_that_was_taken_out_of_the_words_is_a_body_no_more(writer, letters, people, body, words):
    posted(writer, body=body)
    annotating.edit(newest(), by=people.trusted, body=words, tags=[])
    assert body not in writer.get(path(newest())).json()["body"]


def test_further_targets_come_back_and_are_shown(writer, client, letters):
    kept = posted(writer, target=[f"{ELSEWHERE}/first", PLACE, OTHER])
    assert newest().exact == "second letter"
    assert (kept["target"][0]["source"], kept["target"][1:]) == (SOURCE, [f"{ELSEWHERE}/first", OTHER])
    page = client.get(newest().get_absolute_url()).text
    assert (f'href="{ELSEWHERE}/first"' in page, "their words" in page) == (True, True)
    again = send(writer, "PUT", path(newest()), kept | {"target": kept["target"][:2]}, **{"If-Match": "*"})
    assert len(again.json()["target"]) == 2


def test_an_answer_may_be_on_other_things_too(writer, letters, people):
    note = make_note(letters, author=people.trusted)
    kept = posted(writer, target=[f"{ELSEWHERE}/first", f"{SOURCE.split('/articles')[0]}{path(note)}"])
    assert newest().parent == note and kept["target"][1:] == [f"{ELSEWHERE}/first"]


def test_what_could_act_is_no_link(writer, client, letters):
    posted(writer, target=[PLACE, "javascript:alert(1)", {"source": 'x:"><script>'}])
    page = read(client.get(newest().get_absolute_url()))
    assert [a for a in page.all("a") if "javascript" in a.attrs.get("href", "")] == []
    assert "javascript:alert(1)" in page.text


def test_a_name_and_where_it_came_from_are_both_kept(writer, letters):
    kept = posted(writer, id=f"{ELSEWHERE}/a1", via=[f"{ELSEWHERE}/v1", {"id": f"{ELSEWHERE}/v2"}])
    assert kept["via"] == [f"{ELSEWHERE}/a1", f"{ELSEWHERE}/v1", {"id": f"{ELSEWHERE}/v2"}]
    assert send(writer, "PUT", path(newest()), kept, **{"If-Match": "*"}).json()["via"] == kept["via"]
    assert posted(writer, via=f"{ELSEWHERE}/v1")["via"] == f"{ELSEWHERE}/v1"


@pytest.mark.parametrize(
    "said",
    [
        {"rights": "https://creativecommons.org/publicdomain/zero/1.0/"},
        {"audience": {"id": f"{ELSEWHERE}/pupils", "type": "schema:EducationalAudience"}},
        {"stylesheet": {"id": f"{ELSEWHERE}/style.css", "type": "CssStylesheet"}},
    ],
)
def test_what_an_annotation_says_of_itself_comes_back(writer, letters, said):
    assert said.items() <= posted(writer, **said).items()


def test_it_belongs_to_a_wording_and_waits_with_it(browser_of, client, letters, people):
    author = browser_of("author")
    posted(author, target=[PLACE, OTHER], body={"type": "TextualBody", "value": "Salut.", "language": "fr"})
    assert "their words" in browser_of("moderator").get("/moderation/").text
    moderating.approve(newest().latest, by=people.moderator)
    given = author.get(path(newest())).json()
    body = given["body"][0] | {"language": "de"}
    waiting = send(author, "PUT", path(newest()), given | {"body": body, "target": PLACE}, **{"If-Match": "*"}).json()
    assert (waiting["body"][0]["language"], isinstance(waiting["target"], dict)) == ("de", True)
    seen = client.get(path(newest())).json()
    assert (seen["body"][0]["language"], seen["target"][1]) == ("fr", OTHER)
    declined = moderating.edit_and_approve(newest().latest, by=people.moderator, body="Hallo.", tags=[])
    assert declined and client.get(path(newest())).json()["body"][0]["language"] == "de"


def test_an_edit_of_words_on_a_page_keeps_what_is_not_of_them(writer, letters, people):
    posted(writer, target=[PLACE, OTHER], body={"value": "2 * 3 * 4", "format": "text/plain", "language": "fr"})
    annotating.edit(newest(), by=people.trusted, body="*Six.*", tags=[])
    kept = writer.get(path(newest())).json()
    assert (kept["body"][0]["format"], kept["body"][0]["language"], kept["target"][1]) == ("text/markdown", "fr", OTHER)


def test_the_words_on_a_page_say_their_language(writer, client, letters):
    posted(writer, body={"value": "مرحبا", "language": ['ar" onclick="x', "en"], "textDirection": "rtl"})
    shown = next(e for e in read(client.get(newest().get_absolute_url())).all("div") if e.attrs.get("dir"))
    assert (shown.attrs["lang"], shown.attrs["dir"], "onclick" in shown.attrs) == ('ar" onclick="x', "rtl", False)


def test_blocked_words_and_links_are_found_wherever_they_are_said(browser_of, letters, people):
    SuspectWord.objects.create(word="cheap watches", is_blocked=True)
    hidden = OTHER | {"description": "Cheap watches"}
    posted(browser_of("trusted"), target=[PLACE, hidden])
    assert fresh(newest()).latest.held_for == ["blocked-word"]


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity"])
def test_what_is_no_number_is_refused(writer, letters, number):
    given = json.dumps(annotation_on(target=[PLACE, OTHER | {"size": 77}])).replace("77", number)
    assert send(writer, "POST", ALL, given).status_code == 400
