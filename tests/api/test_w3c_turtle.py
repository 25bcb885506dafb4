"""Annotations and containers in Turtle: sections 3 and 4.1 of the Web Annotation Protocol."""

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from reader.formats.w3c_turtle import CONTEXT
from tests.api.annotations import ALL, ONE_TEXT, SOURCE, iri, path, prefer, send
from tests.make import approved, make_note

pytestmark = pytest.mark.django_db

OA, LDP = Namespace("http://www.w3.org/ns/oa#"), Namespace("http://www.w3.org/ns/ldp#")
WHOLE = URIRef("http://www.w3.org/2001/XMLSchema#nonNegativeInteger")
AS = Namespace("http://www.w3.org/ns/activitystreams#")


def turtle(client, address: str):
    answer = client.get(address, headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    return answer, Graph().parse(data=answer.content, format="turtle")


def test_an_annotation_says_the_same_in_turtle(client, public):
    _answer, graph = turtle(client, path(public))
    note = URIRef(iri(public))
    assert (note, RDF.type, OA.Annotation) in graph and (note, OA.motivatedBy, OA.commenting) in graph
    target = graph.value(note, OA.hasTarget)
    assert graph.value(target, OA.hasSource) == URIRef(SOURCE)
    selectors = {graph.value(each, RDF.type): each for each in graph.objects(target, OA.hasSelector)}
    assert graph.value(selectors[OA.TextQuoteSelector], OA.exact) == Literal("carried it")
    start = Literal(str(public.start), datatype=WHOLE)
    assert graph.value(selectors[OA.TextPositionSelector], OA.start) == start
    words = {str(graph.value(body, RDF.value)) for body in graph.objects(note, OA.hasBody)}
    assert words == {"Who *is* he?", "<p>Who <em>is</em> he?</p>\n", "envoys", "C++"}


@pytest.mark.parametrize("address", [ALL, ONE_TEXT])
def test_a_container_is_described_in_turtle_without_its_notes(client, public, address):
    answer, graph = turtle(client, address)
    container = URIRef(answer["Content-Location"])
    assert {LDP.BasicContainer, AS.OrderedCollection} == set(graph.objects(container, RDF.type))
    total = client.get(address).json()["total"]
    assert graph.value(container, AS.totalItems) == Literal(str(total), datatype=WHOLE)
    assert str(graph.value(container, AS.first)).endswith("?after=")
    assert not list(graph.subjects(RDF.type, OA.Annotation))


def test_pages_are_not_offered_in_turtle(client, public):
    assert client.get(ONE_TEXT + "?after=", headers={"Accept": "text/turtle"}).status_code == 406


def test_turtle_has_a_tag_of_its_own_that_opens_the_note_too(browser_of, public):
    author = browser_of("author")
    answer, _graph = turtle(author, path(public))
    again, _graph = turtle(author, path(public))
    assert again.content == answer.content and answer["ETag"] != author.get(path(public))["ETag"]
    known = {"Accept": "text/turtle", "If-None-Match": answer["ETag"]}
    assert author.get(path(public), headers=known).status_code == 304
    assert send(author, "DELETE", path(public), "", **{"If-Match": answer["ETag"]}).status_code == 204


def test_no_word_of_what_is_written_is_missing_from_the_terms(client, article, people, letters):
    """What the context does not name would be dropped without a sign wherever JSON-LD is read."""
    approved(make_note(letters, author=people.author, body="Mine.", tags=["roads"]), by=people.moderator)
    for given in (client.get(ALL).json(), prefer(client, address=ALL).json(), client.get(ALL + "?after=").json()):
        assert words_of(given) <= set(CONTEXT) | {"@context"}


def words_of(value) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(words_of, value))
    if not isinstance(value, dict):
        return set()
    types = value.get("type", [])
    named = {*value, *(types if isinstance(types, list) else [types])}
    return named.union(*(words_of(each) for each in value.values()))
