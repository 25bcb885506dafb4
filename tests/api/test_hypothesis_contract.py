"""The API is what its description says: every answer declared, nothing breaks, headers as clients need them."""

import json
import re
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from reader.api import schemas
from reader.api.room import api
from tests.api.programs import Program, sent_note, token_of
from tests.make import approved, make_note

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
# What a schema cannot say is refused although it fits: a grant that nobody gave, words that stand nowhere.
TOO_STRICT = [positive_data_acceptance]
EXAMPLES = settings(
    max_examples=8, phases=[Phase.explicit, Phase.generate], derandomize=True, deadline=None, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def one_connection():
    """A request of WSGI ends with the connection closed, and here with it the test's transaction; Django's own client
    leaves that out."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def asking(letters, people, one_connection):
    """A token that writes, and a note that is there."""
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    return {"Authorization": f"Bearer {token_of(people.moderator)}"}, note


@schema.parametrize()
@EXAMPLES
def test_no_answer_is_undeclared_and_nothing_breaks(asking, case):
    headers, note = asking
    if "uid" in case.path_parameters and case.meta.generation.mode == schemathesis.GenerationMode.POSITIVE:
        case.path_parameters["uid"] = note.uid
    case.call_and_validate(headers=headers, excluded_checks=TOO_STRICT)


@schema.parametrize()
@settings(EXAMPLES, max_examples=2)
def test_nobody_gets_no_undeclared_answer_either(asking, case):
    case.call_and_validate(excluded_checks=TOO_STRICT)


def test_the_description_names_every_route_the_root_lists(db):
    described = set(api.get_openapi_schema()["paths"])

    def urls(part):
        for value in part.values():
            yield from [value["url"]] if "url" in value else urls(value)

    listed = {
        re.sub(r":\w+", "{}", url.removeprefix("http://testserver")) for url in urls(Program().get("")[1]["links"])
    }
    plain = {re.sub(r"{\w+}", "{}", path) for path in described}
    assert listed <= plain


def test_each_door_that_takes_json_shows_an_example_of_it(db):
    described = api.get_openapi_schema()
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    taken = [o["requestBody"]["content"].get("application/json") for o in operations if "requestBody" in o]
    names = {content["schema"]["$ref"].rsplit("/", 1)[1] for content in taken if content}
    assert {"AnnotationIn", "GroupIn"} <= names
    for name in names:
        model = getattr(schemas, name)
        assert [model.model_validate(each) for each in described["components"]["schemas"][name]["examples"]], name


def test_the_description_is_a_page_that_needs_no_other_site(db):
    page = Client().get("/api/docs")
    html = page.content.decode()
    assert page.status_code == 200 and "swagger-ui" in html
    assert "http://" not in html.replace("http://www.w3.org", "") and "https://" not in html


def test_every_answer_may_be_read_by_other_pages(letters, people):
    program = Program()
    for path in ("", "links", "search", "nothing/here", "annotations/none", "search?limit=x"):
        assert program.ask("GET", path)["Access-Control-Allow-Origin"] == "*"
    assert program.ask("POST", "annotations", {})["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in program.ask("GET", "")


def test_a_preflight_is_answered(db):
    answer = Client().options("/api/annotations/x", headers={"Access-Control-Request-Method": "PATCH"})
    assert answer.status_code == 204
    assert "PATCH" in answer["Access-Control-Allow-Methods"]
    allowed = answer["Access-Control-Allow-Headers"]
    assert all(name in allowed for name in ("Authorization", "Hypothesis-Client-Version", "X-Client-Id"))


@pytest.mark.parametrize("accept, status", [
    ("", 200), ("*/*", 200), ("application/json", 200), ("application/vnd.hypothesis.v1+json", 200),
    ("application/vnd.hypothesis.v2+json", 200),
    ("text/html, */*;q=0.8", 200), ("application/vnd.hypothesis.v9+json", 406), ("text/html", 406),
])  # fmt: skip
def test_media_types(db, accept, status):
    answer = Program().ask("GET", "search", Accept=accept)
    assert answer.status_code == status and answer["Content-Type"].startswith("application/json")
    version = "v2" if "v2" in accept else "v1"
    assert answer["Hypothesis-Media-Type"] == f"application/vnd.hypothesis.{version}+json"


@pytest.mark.parametrize("method, path, status", [
    ("GET", "nothing/here", 404), ("GET", "annotations/äöü", 404), ("DELETE", "search", 405), ("PUT", "groups", 405),
    ("POST", "annotations/", 404),
])  # fmt: skip
def test_what_django_refuses_is_json_too(db, method, path, status):
    answer = Program().ask(method, path)
    assert answer.status_code == status
    assert int(answer["Content-Length"]) == len(answer.content)
    assert json.loads(answer.content)["status"] == "failure"


def test_a_head_request_is_answered_like_get_without_the_body(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    for path in ("", "search", f"annotations/{note.uid}", "annotations/none"):
        got, head = Program().ask("GET", path), Program().ask("HEAD", path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head["Content-Length"] == str(len(got.content)) and head["Content-Type"] == got["Content-Type"]


def test_more_than_is_taken_is_refused_with_a_sentence(people, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    status, answer = Program(people.author).send("POST", "annotations", sent_note("year was out", "x" * 1001))
    assert status == 413 and "more than is taken" in answer["reason"]


def test_a_fault_is_json_too(db, monkeypatch):
    monkeypatch.setattr("reader.api.searching.search", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/search")
    assert answer.status_code == 500 and answer.json()["status"] == "failure"


def test_broken_json_is_refused(people):
    program = Program(people.author)
    answer = program.client.post(
        "/api/annotations", "{not json", content_type="application/json", headers=program.headers
    )
    assert answer.status_code == 400 and answer.json()["status"] == "failure"


def test_limits_are_told_and_kept(letters, people, settings):
    settings.API_WRITES_A_MINUTE, settings.API_READS_A_MINUTE = 2, 3
    program = Program(people.trusted)
    answers = [program.ask("POST", "annotations", sent_note("year was out", f"{n}")) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2]["Retry-After"]) <= 60 and json.loads(answers[2].content)["status"] == "failure"
    assert program.ask("GET", "search").status_code == 200  # reading is counted by itself
    assert [Program().ask("GET", "search").status_code for _ in range(4)] == [200, 200, 200, 429]
    settings.API_READS_A_MINUTE = 0
    assert "RateLimit-Limit" not in Program().ask("GET", "search")


def test_tokens_cannot_be_guessed_fast(db, settings):
    settings.API_WRITES_A_MINUTE = 2
    form = urlencode({"grant_type": "refresh_token", "refresh_token": "guess"})
    post = lambda: Client().post("/api/token", form, content_type="application/x-www-form-urlencoded")  # noqa: E731
    assert [post().status_code for _ in range(3)] == [400, 400, 429]
