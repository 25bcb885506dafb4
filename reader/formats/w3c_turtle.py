"""Web Annotations in Turtle (https://www.w3.org/TR/turtle/), by the terms that they have as JSON-LD.

CONTEXT holds what this site writes, as the published contexts for annotations and for containers define it: nothing is
fetched to read them.
"""

import json
from itertools import count
from typing import Any

from reader.formats.w3c import Json
from reader.models import Motivation

MEDIA_TYPE = "text/turtle; charset=utf-8"


def _address(name: str) -> Json:
    return {"@id": name, "@type": "@id"}


def _moment(name: str) -> Json:
    return {"@id": name, "@type": "xsd:dateTime"}


def _number(name: str) -> Json:
    return {"@id": name, "@type": "xsd:nonNegativeInteger"}


PREFIXES = {
    "as": "http://www.w3.org/ns/activitystreams#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "dctypes": "http://purl.org/dc/dcmitype/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ldp": "http://www.w3.org/ns/ldp#",
    "oa": "http://www.w3.org/ns/oa#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
OF_OA = [
    "Annotation", "CssSelector", "CssStyle", "DataPositionSelector", "FragmentSelector", "HttpRequestState",
    "RangeSelector", "ResourceSelection", "SpecificResource", "SvgSelector", "TextPositionSelector",
    "TextQuoteSelector", "TextualBody", "TimeState", "XPathSelector", "exact", "prefix", "styleClass", "suffix",
    *Motivation.values,
]  # fmt: skip
OF_DC = {"Dataset": "Dataset", "Image": "StillImage", "Video": "MovingImage", "Sound": "Sound", "Text": "Text"}
CONTEXT: Json = {
    **PREFIXES,
    **{name: f"oa:{name}" for name in OF_OA}, **{name: f"dctypes:{kind}" for name, kind in OF_DC.items()},
    "auto": "oa:autoDirection", "ltr": "oa:ltrDirection", "rtl": "oa:rtlDirection",
    "textDirection": {"@id": "oa:textDirection", "@type": "@vocab"}, "language": "dc:language",
    "processingLanguage": "oa:processingLanguage", "stylesheet": _address("oa:styledBy"),
    "scope": _address("oa:hasScope"), "renderedVia": _address("oa:renderedVia"),
    "startSelector": _address("oa:hasStartSelector"), "endSelector": _address("oa:hasEndSelector"),
    "accessibility": "schema:accessibilityFeature",
    "id": "@id", "type": "@type",
    "AnnotationCollection": "as:OrderedCollection", "AnnotationPage": "as:OrderedCollectionPage",
    "BasicContainer": "ldp:BasicContainer", "Person": "foaf:Person", "Software": "as:Application",
    "body": _address("oa:hasBody"), "target": _address("oa:hasTarget"), "source": _address("oa:hasSource"),
    "selector": _address("oa:hasSelector"), "state": _address("oa:hasState"), "refinedBy": _address("oa:refinedBy"),
    "cached": _address("oa:cachedSource"), "canonical": _address("oa:canonical"), "via": _address("oa:via"),
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"}, "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "creator": _address("dcterms:creator"), "generator": _address("as:generator"),
    "audience": _address("schema:audience"), "rights": _address("dcterms:rights"),
    "conformsTo": _address("dcterms:conformsTo"),
    "created": _moment("dcterms:created"), "modified": _moment("dcterms:modified"),
    "sourceDate": _moment("oa:sourceDate"), "start": _number("oa:start"), "end": _number("oa:end"),
    "name": "foaf:name", "nickname": "foaf:nick", "label": "rdfs:label", "value": "rdf:value", "format": "dc:format",
    "first": _address("as:first"), "last": _address("as:last"), "next": _address("as:next"),
    "prev": _address("as:prev"), "partOf": _address("as:partOf"),
    "total": _number("as:totalItems"), "startIndex": _number("as:startIndex"),
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
}  # fmt: skip


def to_turtle(described: Json) -> bytes:
    """The same statements: for the same JSON-LD the same bytes."""
    from rdflib import Graph  # slow to load, and seldom asked for

    known = _named(described, count(1)) | {"@context": CONTEXT}
    graph = Graph()
    graph.parse(data=json.dumps(known), format="json-ld")
    return graph.serialize(format="turtle").encode()


def _named(value: Any, numbers: count) -> Any:
    """With a number for each thing that has no name, so that they come in one order."""
    if isinstance(value, list):
        return [_named(each, numbers) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _named(each, numbers) for name, each in value.items()}
    return inner if "id" in inner else {"id": f"_:b{next(numbers):04}", **inner}
