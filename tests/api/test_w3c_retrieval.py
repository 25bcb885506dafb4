"""Annotations as they are read: section 3 of the Web Annotation Protocol, and the Data Model."""

import pytest
from django.conf import settings

from reader.operations import annotating
from tests.api.annotations import ALL, ANNO, LD, LDP, ONE_TEXT, SOURCE, iri, links, path
from tests.make import approved, make_note

pytestmark = pytest.mark.django_db


def test_an_annotation_carries_what_the_model_asks_for(client, public, letters):
    given = client.get(path(public)).json()
    assert given["@context"] == ANNO
    assert (given["id"], given["type"], given["motivation"]) == (iri(public), "Annotation", "commenting")
    page = f"{settings.SITE_URL}/people/author/"
    assert given["creator"] == {"id": page, "type": "Person", "name": "Wen Author", "nickname": "author"}
    assert given["created"].endswith("Z") and given["modified"].endswith("Z")
    assert [b["value"] for b in given["body"] if b.get("purpose") == "tagging"] == ["envoys", "C++"]
    words = {b["format"]: b["value"] for b in given["body"] if b.get("purpose") == "commenting"}
    assert words == {"text/markdown": "Who *is* he?", "text/html": "<p>Who <em>is</em> he?</p>\n"}


def test_an_author_has_an_address_once_everyone_sees_the_note(browser_of, client, letters, people):
    note = make_note(letters, author=people.author, body="Waiting.")
    creator = browser_of("author").get(path(note)).json()["creator"]
    assert creator == {"type": "Person", "name": "Wen Author"} and client.get("/people/author/").status_code == 404
    approved(note, by=people.moderator)
    creator = client.get(path(note)).json()["creator"]
    assert client.get(creator["id"].removeprefix(settings.SITE_URL)).status_code == 200


def test_the_target_is_named_three_ways_in_code_points_of_a_dated_wording(client, public, letters):
    target = client.get(path(public)).json()["target"]
    selectors = {each["type"]: each for each in target["selector"]}
    text = client.get("/articles/letters/text").content.decode()
    position = selectors["TextPositionSelector"]
    assert target["source"] == SOURCE
    assert text[position["start"] : position["end"]] == selectors["TextQuoteSelector"]["exact"] == "carried it"
    assert text[: position["start"]].endswith(selectors["TextQuoteSelector"]["prefix"])
    assert selectors["FragmentSelector"]["value"] == "p2"
    assert target["state"]["cached"] == f"{SOURCE}revisions/1/"
    assert target["state"]["sourceDate"].startswith(f"{letters.current.created:%Y-%m-%d}")


def test_the_target_says_whose_its_words_are_and_under_which_licence(client, public, letters):
    letters.licence_url = "https://creativecommons.org/licenses/by-nc/4.0/"
    letters.save()
    target = client.get(path(public)).json()["target"]
    assert target["creator"] == [{"type": "Person", "name": "A. Clerk"}]
    assert target["rights"] == "https://creativecommons.org/licenses/by-nc/4.0/"


def test_a_reply_targets_the_annotation_it_answers(client, public, people):
    answer = annotating.reply(parent=public, author=people.editor, body="A clerk.")
    given = client.get(path(answer)).json()
    assert (given["target"], given["motivation"]) == (iri(public), "replying")
    assert given["rights"] == "https://creativecommons.org/licenses/by/4.0/"  # an editor's


def test_headers_of_an_annotation(client, public):
    answer = client.get(path(public))
    assert answer["Content-Type"] == LD
    assert f'<{LDP}Resource>; rel="type"' in answer["Link"]
    assert {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"} == set(answer["Allow"].split(", "))
    assert answer["ETag"].startswith('"') and "Accept" in answer["Vary"]
    assert answer["Access-Control-Allow-Origin"] == "*" and "ETag" in answer["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("address", [ALL, ONE_TEXT, "note"])
def test_head_says_what_get_says(client, public, address):
    address = path(public) if address == "note" else address
    got, head = client.get(address), client.head(address)
    same = [{n: v for n, v in answer.headers.items() if not n.startswith("RateLimit")} for answer in (got, head)]
    assert head.content == b"" and same[0] == same[1]


@pytest.mark.parametrize("address", [ALL, ONE_TEXT, "note"])
def test_options_lets_other_sites_ask(client, public, address):
    answer = client.options(path(public) if address == "note" else address)
    assert answer.status_code == 200 and "GET" in answer["Allow"]
    assert answer["Access-Control-Allow-Methods"] == answer["Allow"]
    assert {"Authorization", "Content-Type", "If-Match", "Prefer"} <= set(
        answer["Access-Control-Allow-Headers"].split(", ")
    )


@pytest.mark.parametrize("address", [ALL, ONE_TEXT, "note"])
def test_what_is_known_costs_a_304(client, public, address):
    address = path(public) if address == "note" else address
    tag = client.get(address)["ETag"]
    again = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    "accept, status, media_type",
    [
        ("", 200, LD),
        ("*/*", 200, LD),
        (LD, 200, LD),
        ("application/json", 200, "application/json"),
        ("application/ld+json;q=0.2, application/json", 200, "application/json"),
        ("text/turtle", 200, "text/turtle; charset=utf-8"),
        ("application/rdf+xml", 406, "application/problem+json"),
        ("image/*, application/ld+json;q=0", 406, "application/problem+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 303, ""),
    ],
)
def test_media_types_are_negotiated(client, public, accept, status, media_type):
    answer = client.get(path(public), headers={"Accept": accept} if accept else {})
    assert answer.status_code == status
    assert not media_type or answer["Content-Type"] == media_type
    assert status != 303 or answer["Location"] == public.get_absolute_url()


def test_a_carried_note_says_where_it_is_now_and_where_it_was(client, public, letters, people):
    from reader.models import Article, Paragraph, Placement, Revision

    text = "A line before.\n\n" + letters.current.text
    newer = Revision.objects.create(article=letters, number=2, source=text, text=text)
    Paragraph.objects.create(revision=newer, number=1, key="a", text="A line before.", start=0)
    for row in letters.current.paragraphs.all():
        Paragraph.objects.create(
            revision=newer, number=row.number + 1, key=row.key, text=row.text, start=row.start + 16
        )
    Placement.objects.create(
        annotation=public, revision=newer, start=public.start + 16, end=public.end + 16, state="moved"
    )
    Article.objects.filter(pk=letters.pk).update(current=newer)
    target = client.get(path(public)).json()["target"]
    now = {each["type"]: each for each in target["selector"]}
    assert text[now["TextPositionSelector"]["start"] : now["TextPositionSelector"]["end"]] == "carried it"
    assert now["FragmentSelector"]["value"] == "p3"
    here, then = target["state"]
    assert (here["cached"], then["cached"]) == (f"{SOURCE}revisions/2/", f"{SOURCE}revisions/1/")
    before = {each["type"]: each for each in then["refinedBy"]}
    assert before["TextPositionSelector"]["start"] == public.start and before["FragmentSelector"]["value"] == "p2"


# --- containers ---------------------------------------------------------------------------------


def test_an_editor_s_note_stands_where_it_was_written(client, article):
    """The real edition: every position of every note, checked against the canonical text."""
    text = client.get("/articles/civil-diplomacy/text").content.decode()
    items = client.get("/articles/civil-diplomacy/annotations/").json()["first"]["items"]
    assert len(items) == 35
    for each in items:
        found = {s["type"]: s for s in each["target"]["selector"]}
        place = found["TextPositionSelector"]
        assert text[place["start"] : place["end"]] == found["TextQuoteSelector"]["exact"]


def test_a_text_says_where_its_annotations_are(browser_of, letters):
    for who in ("anonymous", "author"):
        for address in ("/articles/letters/", "/articles/letters/text"):
            said = (f"{settings.SITE_URL}{ONE_TEXT}", "http://www.w3.org/ns/oa#annotationService")
            assert said in links(browser_of(who).get(address))


def test_addresses_of_nothing(client, public):
    for address in ("/annotations/nobody", "/articles/nowhere/annotations/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("address", [ALL, "note"])
def test_other_methods_are_refused_with_those_that_are_taken(client, public, address):
    answer = client.patch(path(public) if address == "note" else address)
    assert answer.status_code == 405 and "GET" in answer["Allow"] and answer.json()["status"] == 405


def test_who_asks_too_often_is_told_when_to_come_again(client, public, settings):
    settings.API_READS_A_MINUTE = 1
    assert client.get(ALL)["RateLimit-Remaining"] == "0"
    answer = client.get(ALL)
    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(answer["Retry-After"]) <= 60
