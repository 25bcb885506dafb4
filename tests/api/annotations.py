"""Web annotations as programs ask for them and send them."""

import json

from django.conf import settings
from django.test import Client

ANNO = "http://www.w3.org/ns/anno.jsonld"
LD = f'application/ld+json; profile="{ANNO}"'
LDP = "http://www.w3.org/ns/ldp#"
OA = "http://www.w3.org/ns/oa#"
MINIMAL, IRIS, DESCRIPTIONS = (
    f"{LDP}PreferMinimalContainer",
    f"{OA}PreferContainedIRIs",
    f"{OA}PreferContainedDescriptions",
)
ALL, ONE_TEXT = "/annotations/", "/articles/letters/annotations/"
SOURCE = f"{settings.SITE_URL}/articles/letters/"


def iri(note) -> str:
    return f"{settings.SITE_URL}/annotations/{note.uid}"


def path(note) -> str:
    return f"/annotations/{note.uid}"


def annotation_on(exact="second letter", body="A thought.", **more) -> dict:
    """One to post, on words of the letters."""
    target = {"source": SOURCE, "selector": {"type": "TextQuoteSelector", "exact": exact}}
    words = {"type": "TextualBody", "value": body, "format": "text/markdown"}
    return {"@context": ANNO, "type": "Annotation", "body": words, "target": target, "motivation": "commenting"} | more


def send(client: Client, method: str, address: str, given, **headers):
    """Send JSON, or text as it is; `type` is its media type."""
    body = given if isinstance(given, str) else json.dumps(given)
    return client.generic(method, address, body, content_type=headers.pop("type", LD), headers=headers)


def prefer(client, *iris: str, address=ONE_TEXT):
    """The container, asked for with these preferences."""
    return client.get(address, headers={"Prefer": f'return=representation;include="{" ".join(iris)}"'})


def walk(client, address: str) -> list[dict]:
    """The page at `address` and all that follow it."""
    pages = []
    while address:
        pages.append(client.get(address.removeprefix(settings.SITE_URL)).json())
        address = pages[-1].get("next", "")
    return pages


def links(answer) -> set[tuple[str, str]]:
    """(target, rel) of every link in the answer's headers."""
    parts = [part.split(">; rel=") for part in answer.get("Link", "").split(", <")]
    return {(part[0].lstrip("<"), part[1].strip('"')) for part in parts if len(part) == 2}


def names(header: str) -> set[str]:
    """The members of a header that is a list."""
    return {each.strip() for each in header.split(",")}
