"""The Web Annotation Protocol and Data Model, checked from what the two W3C Recommendations say."""

import json

import pytest
from django.conf import settings
from django.test import Client

from reader.api import containers
from reader.models import Annotation, ModerationEvent
from reader.operations import annotating
from tests.make import NEW_WORDS, OLD_WORDS, approved, fresh, make_note, note_in_state

ANNO = "http://www.w3.org/ns/anno.jsonld"
LD = f'application/ld+json; profile="{ANNO}"'
LDP = "http://www.w3.org/ns/ldp#"
OA = "http://www.w3.org/ns/oa#"
ALL, ONE_TEXT = "/annotations/", "/articles/letters/annotations/"
SOURCE = f"{settings.SITE_URL}/articles/letters/"

pytestmark = pytest.mark.django_db


def iri(note) -> str:
    return f"{settings.SITE_URL}/annotations/{note.uid}"


def path(note) -> str:
    return f"/annotations/{note.uid}"


def annotation_on(exact="second letter", body="A thought.", **more) -> dict:
    target = {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": exact}}
    words = {"type": "TextualBody", "value": body, "format": "text/markdown"}
    return {"@context": ANNO, "type": "Annotation", "body": words, "target": target, "motivation": "commenting"} | more


def send(client: Client, method: str, address: str, given, **headers):
    body = given if isinstance(given, str) else json.dumps(given)
    return client.generic(method, address, body, content_type=headers.pop("type", LD), headers=headers)


@pytest.fixture
def public(letters, people):
    """An approved note on astral text: its position differs in code points and in UTF-16."""
    note = make_note(letters, author=people.author, on="carried it", body="Who *is* he?", tags=["envoys", "C++"])
    return approved(note, by=people.moderator)


# --- one annotation -----------------------------------------------------------------------------


def test_an_annotation_carries_what_the_model_asks_for(client, public, letters):
    given = client.get(path(public)).json()
    assert given["@context"] == ANNO
    assert (given["id"], given["type"], given["motivation"]) == (iri(public), "Annotation", "commenting")
    assert given["creator"] == {"type": "Person", "name": "Wen Author"}
    assert given["created"].endswith("Z") and given["modified"].endswith("Z")
    assert [b["value"] for b in given["body"] if b.get("purpose") == "tagging"] == ["envoys", "C++"]
    words = {b["format"]: b["value"] for b in given["body"] if "format" in b}
    assert words == {"text/markdown": "Who *is* he?", "text/html": "<p>Who <em>is</em> he?</p>\n"}


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
        ("text/turtle", 406, "application/problem+json"),
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


@pytest.mark.parametrize("address", [ALL, ONE_TEXT])
def test_headers_of_a_container(client, public, address):
    answer = client.get(address)
    assert answer["Content-Type"] == LD
    assert f'<{LDP}BasicContainer>; rel="type"' in answer["Link"]
    assert f'<http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}constrainedBy"' in answer["Link"]
    assert LD in answer["Accept-Post"] and "POST" in answer["Allow"]
    assert {"Accept", "Prefer"} <= {each.strip() for each in answer["Vary"].split(",")}
    assert answer["ETag"] and answer["Content-Location"] == settings.SITE_URL + address


def test_a_container_is_a_collection_of_this_text_alone(client, public, article):
    given = client.get(ONE_TEXT).json()
    assert given["@context"] == [ANNO, "http://www.w3.org/ns/ldp.jsonld"]
    assert given["type"] == ["BasicContainer", "AnnotationCollection"]
    assert given["id"] == settings.SITE_URL + ONE_TEXT and given["total"] == 1
    assert [each["id"] for each in given["first"]["items"]] == [iri(public)]
    assert client.get(ALL).json()["total"] == 1 + article.annotations.count()


def prefer(client, *iris: str, address=ONE_TEXT):
    return client.get(address, headers={"Prefer": f'return=representation;include="{" ".join(iris)}"'})


def test_the_three_representations(client, public):
    minimal = prefer(client, LDP + "PreferMinimalContainer")
    iris = prefer(client, OA + "PreferContainedIRIs")
    whole = prefer(client, OA + "PreferContainedDescriptions")
    assert {a["Preference-Applied"] for a in (minimal, iris, whole)} == {"return=representation"}
    assert isinstance(minimal.json()["first"], str)
    assert iris.json()["first"]["items"] == [iri(public)]
    assert iris.json()["id"] == iris["Content-Location"] == f"{settings.SITE_URL}{ONE_TEXT}?iris=1"
    assert whole.json()["first"]["items"][0]["id"] == iri(public)
    assert whole.json() == client.get(ONE_TEXT).json()  # it is the representation without a preference too
    assert len({a["ETag"] for a in (minimal, iris, whole)}) == 3
    assert "Preference-Applied" not in client.get(ONE_TEXT)


def test_an_empty_container_has_no_pages(client, letters):
    given = client.get(ONE_TEXT).json()
    assert given["total"] == 0 and "first" not in given and "last" not in given


@pytest.fixture
def many(letters, people, monkeypatch):
    """Seven notes on pages of three."""
    monkeypatch.setattr(containers, "A_PAGE", 3)
    return [make_note(letters, author=people.editor, body=f"Note {n}.") for n in range(7)]


def walk(client, address: str) -> list[dict]:
    pages = []
    while address:
        pages.append(client.get(address.removeprefix(settings.SITE_URL)).json())
        address = pages[-1].get("next", "")
    return pages


def test_pages_lead_from_the_first_to_the_last_and_back(client, many):
    given = client.get(ONE_TEXT).json()
    pages = walk(client, given["first"]["id"])
    assert [[i["id"] for i in p["items"]] for p in pages] == [
        [iri(n) for n in many[:3]], [iri(n) for n in many[3:6]], [iri(many[6])],
    ]  # fmt: skip
    assert [p["startIndex"] for p in pages] == [0, 3, 6]
    assert {p["type"] for p in pages} == {"AnnotationPage"} and {p["partOf"]["total"] for p in pages} == {7}
    assert pages[0]["id"] == given["first"]["id"] and pages[-1]["id"] == given["last"]
    assert [p.get("prev") for p in pages] == [None, pages[0]["id"], pages[1]["id"]]
    assert pages[0]["@context"] == ANNO


def test_pages_do_not_shift_while_notes_arrive(client, many, letters, people):
    first = client.get(ONE_TEXT).json()["first"]
    newer = make_note(letters, author=people.editor, body="While you read.")
    rest = walk(client, first["next"])
    seen = [i["id"] for p in [first, *rest] for i in p["items"]]
    assert seen == [iri(n) for n in [*many, newer]]


def test_pages_hold_iris_where_iris_were_preferred(client, many):
    given = prefer(client, OA + "PreferContainedIRIs").json()
    pages = walk(client, given["first"]["id"])
    assert [i for p in pages for i in p["items"]] == [iri(n) for n in many]


def test_a_page_after_nothing_known_is_not_there(client, many):
    answer = client.get(ONE_TEXT + "?after=nobody")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_page_costs_the_same_for_one_note_and_for_many(client, letters, people, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(20) as counted:
            assert client.get(ONE_TEXT + "?after=").status_code == 200
        return len(counted)

    make_note(letters, author=people.editor)
    one = queries()
    for number in range(20):
        make_note(letters, author=people.editor, body=f"Note {number}.", tags=["a", "b"])
    assert queries() == one


# --- what waits -----------------------------------------------------------------------------------

STATES = ["private", "pending", "rejected", "spam", "withdrawn"]
WHO_SEES = {  # who gets the note by its address: - nobody, a the author, m a moderator
    "private": "a", "pending": "am", "rejected": "am", "spam": "am", "withdrawn": "-",
}  # fmt: skip
WHO_LISTS = WHO_SEES | {"spam": "-"}


@pytest.mark.parametrize("who", ["anonymous", "stranger", "trusted", "editor", "author", "moderator"])
@pytest.mark.parametrize("state", STATES)
def test_what_is_not_public_is_seen_by_those_only_who_may(browser_of, letters, people, state, who):
    note = note_in_state(state, letters, people)
    letter = {"author": "a", "moderator": "m"}.get(who, "-")
    answer = browser_of(who).get(path(note))
    assert (answer.status_code == 200) == (letter in WHO_SEES[state] and letter != "-")
    assert (OLD_WORDS in answer.content.decode()) == (answer.status_code == 200)
    for address in (ALL, ONE_TEXT, ONE_TEXT + "?after="):
        for headers in ({}, {"Prefer": f'return=representation;include="{OA}PreferContainedIRIs"'}):
            shown = browser_of(who).get(address, headers=headers).content.decode()
            assert (iri(note) in shown) == (letter in WHO_LISTS[state] and letter != "-")


@pytest.mark.parametrize("who, words", [("anonymous", OLD_WORDS), ("stranger", OLD_WORDS), ("author", NEW_WORDS)])
def test_while_an_edit_waits_the_approved_words_stay(browser_of, letters, people, who, words):
    note = note_in_state("edit waits", letters, people)
    given = browser_of(who).get(path(note)).json()
    assert words in json.dumps(given["body"])
    assert ("schema:creativeWorkStatus" in given) == (who == "author")


def test_counts_and_dates_do_not_give_away_what_waits(client, public, people, letters):
    before = client.get(ONE_TEXT).json()
    make_note(letters, author=people.author, body="Waiting.")
    annotating.edit(public, by=people.author, body="A waiting edit.", tags=[])
    assert client.get(ONE_TEXT).json() == before


# --- writing --------------------------------------------------------------------------------------


@pytest.fixture
def writer(browser_of):
    return browser_of("trusted")


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
    assert kept["body"][0]["value"] == "An *old* road\n\n<https://maps.example/road>"


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"target": "https://elsewhere.example/page"}, 422),
        ({"target": f"{settings.SITE_URL}/articles/nowhere/"}, 422),
        ({"target": f"{settings.SITE_URL}/annotations/nobody"}, 422),
        ({"target": [SOURCE, SOURCE]}, 422),
        ({"target": SOURCE}, 422),
        ({"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "no such words"}}}, 422),
        ({"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "letter"}}}, 422),
        ({"target": {"source": SOURCE, "selector": {"type": "TextPositionSelector", "start": 5, "end": 2}}}, 422),
        ({"target": {"source": SOURCE, "selector": {"type": "TextPositionSelector", "start": 5, "end": 99999}}}, 422),
        ({"target": None}, 422),
        ({"type": "Note"}, 422),
        ({"@context": "http://schema.org/"}, 422),
        ({"id": ["https://a.example/", "https://b.example/"]}, 422),
        ({"created": "yesterday"}, 422),
        ({"canonical": "not an address"}, 422),
        ({"bodyValue": "twice"}, 422),
        ({"body": {"type": "TextualBody"}}, 422),
        ({"body": {"type": "TextualBody", "value": "x" * 20_001}}, 422),
        ({"body": {"type": "TextualBody", "value": "a\x00b"}}, 422),
        ({"body": {"type": "TextualBody", "value": "x", "purpose": "tagging"}, "motivation": "tagging"}, 201),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(writer, letters, changes, status):
    answer = send(writer, "POST", ONE_TEXT, annotation_on() | changes)
    assert answer.status_code == status, answer.content
    if status != 201:
        said = answer.json()
        assert answer["Content-Type"] == "application/problem+json"
        assert said["status"] == status and said["detail"] and said["code"] and said["title"]
        assert not letters.annotations.exists()


@pytest.mark.parametrize(
    "body, media_type, status",
    [
        ("{", LD, 400), ("[]", LD, 422), ("3", LD, 422), ("[" * 100_000, LD, 400),
        ("{}", "text/plain", 415), ("a=b", "application/x-www-form-urlencoded", 415), (" " * 200_001, LD, 413),
        ("\xff\xfe", LD, 400),
    ],
)  # fmt: skip
def test_what_is_no_annotation_at_all(writer, letters, body, media_type, status):
    answer = send(writer, "POST", ALL, body, type=media_type)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_a_text_s_container_takes_notes_on_that_text_only(writer, letters, article):
    assert send(writer, "POST", "/articles/civil-diplomacy/annotations/", annotation_on()).status_code == 422


@pytest.mark.parametrize("method, address", [("POST", ALL), ("PUT", "note"), ("DELETE", "note")])
def test_who_is_not_known_is_asked_to_say_who_they_are(client, public, method, address):
    answer = send(client, method, path(public) if address == "note" else address, annotation_on(), **{"If-Match": "*"})
    assert answer.status_code == 401 and answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_its_author_changes_a_note_and_what_is_unseen_is_not_there(browser_of, letters, people, public, method):
    assert send(browser_of("stranger"), method, path(public), annotation_on(), **{"If-Match": "*"}).status_code == 403
    waiting = make_note(letters, author=people.author, body="Waiting.")
    assert send(browser_of("stranger"), method, path(waiting), annotation_on(), **{"If-Match": "*"}).status_code == 404


def test_a_session_needs_the_csrf_token(people, letters):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.trusted, backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, "POST", ALL, annotation_on()).status_code == 403
    assert not letters.annotations.exists()


def given_back(client, note, body: str) -> dict:
    """What a client does that edits: gets the annotation, changes its words, sends all of it back."""
    given = client.get(path(note)).json()
    given["body"] = [b | {"value": body} if b.get("format") == "text/markdown" else b for b in given["body"]]
    return given


def test_put_keeps_a_new_wording(browser_of, public):
    author = browser_of("author")
    tag = author.get(path(public))["ETag"]
    answer = send(author, "PUT", path(public), given_back(author, public, "He is a clerk."), **{"If-Match": tag})
    assert answer.status_code == 200 and answer["ETag"] != tag
    note = fresh(public)
    assert (note.latest.number, note.latest.body, note.latest.tag_names) == (2, "He is a clerk.", ["envoys", "C++"])
    assert note.published.body == "Who *is* he?"  # the edit of somebody new waits


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    "match, status", [(None, 428), ('"old"', 412), ("W/now", 412), ("now", 0), ('"old", now', 0), ("*", 0)]
)
def test_a_change_names_what_it_changes(browser_of, public, method, match, status):
    author = browser_of("author")
    now = author.get(path(public))["ETag"]
    headers = {"If-Match": match.replace("now", now)} if match else {}
    answer = send(author, method, path(public), given_back(author, public, "Newer."), **headers)
    assert answer.status_code == (status or {"PUT": 200, "DELETE": 204}[method])
    assert (fresh(public).latest.number == 1) == (bool(status) or method == "DELETE")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "https://elsewhere.example/1"},
        {"canonical": "https://elsewhere.example/1"},
        {"target": {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": "spring"}}},
        {"target": "https://elsewhere.example/1"},
    ],
)
def test_put_does_not_move_a_note(browser_of, public, changes):
    author = browser_of("author")
    answer = send(author, "PUT", path(public), given_back(author, public, "x") | changes, **{"If-Match": "*"})
    assert answer.status_code == 409 and fresh(public).latest.number == 1


def test_after_delete_it_is_gone_for_everyone(browser_of, client, public):
    author = browser_of("author")
    tag = author.get(path(public))["ETag"]
    assert send(author, "DELETE", path(public), "", **{"If-Match": tag}).status_code == 204
    for who in (client, author, browser_of("moderator")):
        assert who.get(path(public)).status_code == 410
    assert send(author, "DELETE", path(public), "", **{"If-Match": tag}).status_code == 410
    assert iri(public) not in client.get(ONE_TEXT).content.decode()


def test_a_withdrawn_note_that_never_was_public_was_never_there(browser_of, client, letters, people):
    note = make_note(letters, author=people.author, body="Waiting.")
    annotating.withdraw(note, by=people.author)
    assert client.get(path(note)).status_code == 404
    assert browser_of("author").get(path(note)).status_code == 410


def test_a_private_note_is_written_and_told_apart(browser_of, letters, people):
    author = browser_of("author")
    given = annotation_on(**{"schema:creativeWorkStatus": "private"})
    kept = send(author, "POST", ALL, given).json()
    assert kept["schema:creativeWorkStatus"] == "private"
    note = Annotation.objects.get(author=people.author)
    sent = given_back(author, note, "Still mine.")
    forgetful = {name: value for name, value in sent.items() if not name.startswith("schema:")}
    for given in (sent, forgetful):
        assert send(author, "PUT", path(note), given, **{"If-Match": "*"}).status_code == 200
        assert fresh(note).visibility == "private"
    opened = sent | {"schema:creativeWorkStatus": "public"}
    assert send(author, "PUT", path(note), opened, **{"If-Match": "*"}).status_code == 200
    assert fresh(note).visibility == "public"


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


@pytest.mark.parametrize("scope, status", [("write", 201), ("read", 403)])
def test_a_token_writes_without_a_session_when_it_may(client, people, letters, scope, status):
    from reader.models import ApiToken
    from reader.models.tokens import token_digest

    ApiToken.objects.create(member=people.trusted, name="t", scope=scope, digest=token_digest("secret"))
    client = Client(enforce_csrf_checks=True)
    bearer = {"Authorization": "Bearer secret"}
    assert send(client, "POST", ALL, annotation_on(), **bearer).status_code == status
    assert send(client, "POST", ALL, annotation_on(), Authorization="Bearer wrong").status_code == 401


def test_addresses_of_nothing(client, public):
    for address in ("/annotations/nobody", "/articles/nowhere/annotations/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_an_editor_s_note_stands_where_it_was_written(client, article):
    """The real edition: every position of every note, checked against the canonical text."""
    text = client.get("/articles/civil-diplomacy/text").content.decode()
    items = client.get("/articles/civil-diplomacy/annotations/").json()["first"]["items"]
    assert len(items) == 35
    for each in items:
        found = {s["type"]: s for s in each["target"]["selector"]}
        place = found["TextPositionSelector"]
        assert text[place["start"] : place["end"]] == found["TextQuoteSelector"]["exact"]
