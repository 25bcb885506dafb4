"""Citing, and what other programs read from a page."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from reader.formats import citing
from reader.models import Article, Card
from reader.views import sitemaps
from tests.make import OLD_WORDS, approved, make_note, note_in_state
from tests.pages import read

CITED = ["/articles/civil-diplomacy/", "/articles/civil-diplomacy/p2/", "/cards/{card}/", "/notes/{note}/"]

pytestmark = pytest.mark.django_db


@pytest.fixture(params=CITED)
def base(request, article):
    return request.param.format(card=Card.objects.first().slug, note=article.annotations.first().uid)


def test_everything_can_be_cited_in_three_styles_and_three_files(client, base):
    page = client.get(f"{base}cite/").content.decode()
    assert all(f"<h2>{style}</h2>" in page for style in ("APA", "Chicago", "MLA"))
    for ending, begins in {"bib": "@", "ris": "TY  - ", "json": "["}.items():
        answer = client.get(f"{base}cite.{ending}")
        assert answer.status_code == 200 and answer.content.decode().startswith(begins)
        assert (
            answer["Content-Disposition"].startswith("attachment; ") and f".{ending}" in answer["Content-Disposition"]
        )
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert f"{base}cite.{ending}" in page


def test_the_article_is_cited_as_it_first_appeared(article):
    written = {style: citing.plain(text) for style, text in citing.written(citing.of_article(article))}
    title, address = article.title, article.source_url
    assert written["APA"] == f"Hong, L. (2023). {title}. E-International Relations. {address}"
    assert written["Chicago"] == f"Hong, Liye. 2023. “{title}.” E-International Relations, October 29. {address}."
    assert written["MLA"] == f"Hong, Liye. “{title}.” E-International Relations, Oct. 2023, {address}."


def test_a_paragraph_is_cited_with_its_number_and_address(article):
    item = citing.of_paragraph(article, article.current.paragraphs.get(number=2))
    assert all(text.endswith(" ¶2") and "/articles/civil-diplomacy/p2/" in text for _, text in citing.written(item))
    assert "note = {¶2}" in citing.bibtex(item)


def test_the_files_say_the_same(client, article):
    bib = client.get("/articles/civil-diplomacy/cite.bib").content.decode()
    assert bib.startswith("@article{civil-diplomacy,") and "author = {Hong, Liye}" in bib and "year = {2023}" in bib
    ris = client.get("/articles/civil-diplomacy/cite.ris").content.decode()
    assert "AU  - Hong, Liye\r\n" in ris and ris.endswith("ER  - \r\n") and "DA  - 2023/10/29" in ris
    [item] = json.loads(client.get("/articles/civil-diplomacy/cite.json").content)
    assert item["issued"] == {"date-parts": [[2023, 10, 29]]} and item["author"] == [
        {"family": "Hong", "given": "Liye"}
    ]


@pytest.mark.parametrize(
    "name, parts",
    [
        ("Liye Hong", {"family": "Hong", "given": "Liye"}),
        ("Ludwig van Beethoven", {"family": "van Beethoven", "given": "Ludwig"}),
        ("Hong, Liye", {"family": "Hong", "given": "Liye"}),
        ("毛泽东", {"literal": "毛泽东"}),
        ("Editors", {"literal": "Editors"}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("Institut für Sinologie, Heidelberg", {"literal": "Institut für Sinologie, Heidelberg"}),
        ("Martin Luther King, Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
    ],
)
def test_names_are_taken_apart(name, parts):
    assert citing.a_name(name) == parts


def test_a_text_without_author_or_date_is_cited_by_who_publishes_it(letters):
    letters.title, letters.authors, letters.publisher, letters.published = "On\n roads", [], "Press & Co", None
    for style, text in citing.written(citing.of_article(letters)):
        said = citing.plain(text)
        assert (said.startswith("Press & Co."), said.lower().count("roads")) == (True, 1), style
        assert "ccessed" in said or "Retrieved" in said


def test_the_title_of_a_note_ends_with_one_full_stop(letters, people):
    note = approved(make_note(letters, author=people.author, body="Postponed, they said."), by=people.moderator)
    for style, text in citing.written(citing.of_note(note, note.published)):
        said = citing.plain(text)
        assert "hey said" in said and ".." not in said, style


@pytest.mark.parametrize("title", ["a { b", "a } b", "{", "a\\"])
def test_braces_of_a_title_are_none_of_the_file(letters, title):
    letters.title, letters.source_url = title, "https://elsewhere.example/{x"
    bib = citing.bibtex(citing.of_article(letters))
    assert (bib.count("{"), "\\{" in bib, "%7Bx" in bib) == (bib.count("}"), False, True)


def test_what_is_written_on_several_lines_stays_one_field(letters):
    letters.title, letters.summary = "On roads\nER  - ", "s\r\nTY  - BOOK"
    lines = citing.ris(citing.of_article(letters)).splitlines()
    assert [line for line in lines if line.startswith(("ER", "TY"))] == [lines[0], lines[-1]]


@pytest.mark.parametrize("title", ["<script>x</script> & {braces} 100% $5 #1 a_b ~ ^ \\end", "”.", "x" * 300])
def test_titles_break_nothing(client, letters, title):
    Article.objects.filter(pk=letters.pk).update(title=title)
    page = read(client.get("/articles/letters/cite/"))
    assert {each.tag for line in page.all("p", "address") for each in line.all()} <= {"i", "b"}
    assert all(title[:7].lower() in line.text.lower() for line in page.all("p", "address")[:3])
    bib = client.get("/articles/letters/cite.bib").content.decode()
    assert bib.count("{") == bib.count("}")
    assert len(client.get("/articles/letters/cite.ris").content.decode().splitlines()) > 4
    assert "<script>x" not in client.get("/articles/letters/").content.decode()


@pytest.mark.parametrize("state", ["private", "pending", "rejected", "spam", "withdrawn"])
def test_what_is_not_public_is_neither_cited_nor_embedded(browser_of, letters, people, state):
    note = note_in_state(state, letters, people)
    for who in ("anonymous", "author", "moderator"):
        for path in (f"/notes/{note.uid}/cite/", f"/notes/{note.uid}/cite.bib", oembed(f"/notes/{note.uid}/")):
            answer = browser_of(who).get(path)
            assert answer.status_code == 404 and OLD_WORDS not in answer.content.decode()


def oembed(path: str, more: str = "") -> str:
    return f"/oembed?url={settings.SITE_URL}{path.replace('#', '%23')}{more}"


@pytest.mark.parametrize("path", ["/articles/letters/", "/articles/letters/p2/", "/articles/letters/#p2"])
def test_oembed_of_a_text(client, letters, path):
    made = client.get(oembed(path)).json()
    assert (made["version"], made["type"], made["title"]) == ("1.0", "rich", letters.title)
    assert "A. Clerk" in made["html"] and ("second letter" in made["html"]) == ("p2" in path)
    xml = client.get(oembed(path, "&format=xml"))
    assert xml["Content-Type"].startswith("text/xml")
    assert ElementTree.fromstring(xml.content).findtext("html") == made["html"]  # noqa: S314 (we wrote it)
    assert client.get(oembed(path, "&format=toml")).status_code == 501
    assert client.get(oembed(path, "&maxwidth=200")).json()["width"] == 200


def test_oembed_of_a_public_note_is_clean(client, letters, people):
    note = approved(make_note(letters, author=people.author, body="<script>x</script> *so*"), by=people.moderator)
    made = client.get(oembed(f"/notes/{note.uid}/")).json()
    assert "<script" not in made["html"] and "<em>so</em>" in made["html"] and made["author_name"] == "Wen Author"
    assert client.get("/oembed?url=https://elsewhere.example/").status_code == 404
    assert client.get("/oembed").status_code == 404


def test_the_page_tells_programs_what_it_is(client, article):
    page = client.get("/articles/civil-diplomacy/").content.decode()
    metas = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page))
    assert metas["citation_author"] == metas["dcterms.creator"] == "Liye Hong"
    assert metas["citation_publication_date"] == "2023/10/29" and metas["citation_issn"] == article.issn
    assert metas["dcterms.rightsHolder"] == article.copyright_holder
    assert metas["og:type"] == "article" and metas["dcterms.license"] == article.licence_url
    assert "application/ld+json" in page and "<script type" not in re.sub(r'<script type="module"', "", page)
    for kind in ("application/json\\+oembed", "application/atom\\+xml", "application/ld\\+json"):
        address = re.search(rf'type="{kind}"[^>]*href="([^"]+)"', page)[1].replace("&amp;", "&")
        assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/articles/letters/", "/articles/letters/p1/", "/articles/letters/notes/", "/articles/letters/timeline/",
     "/cards/", "/people/editor/", "/tags/kingfisher/"],
)  # fmt: skip
def test_every_page_says_its_one_address(client, letters, people, path):
    make_note(letters, author=people.editor, tags=["kingfisher"])
    for query in ("", "?at=3", "?utm_source=x&page=1"):
        page = client.get(path + query).content.decode()
        assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [settings.SITE_URL + path]


def test_a_later_page_of_a_list_is_a_page_of_its_own(client, letters, people):
    for _ in range(51):
        make_note(letters, author=people.editor)
    page = client.get("/people/editor/?page=2&x=1").content.decode()
    assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [f"{settings.SITE_URL}/people/editor/?page=2"]


def test_schema_org(client, article):
    made = json.loads(client.get("/articles/civil-diplomacy/schema.jsonld").content)
    assert made["@type"] == "ScholarlyArticle" and made["license"] == article.licence_url
    assert made["author"] == [{"@type": "Person", "name": "Liye Hong"}]


def test_crawlers_find_texts_and_cards_and_leave_the_rest(client, article):
    sitemap = client.get("/sitemap.xml").content.decode()
    for path in ("/articles/civil-diplomacy/", f"/cards/{Card.objects.first().slug}/"):
        assert f"<loc>{settings.SITE_URL}{path}</loc>" in sitemap
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /me/" in robots and f"Sitemap: {settings.SITE_URL}/sitemap.xml" in robots


def test_many_texts_are_in_several_files_under_an_index(client, article, letters, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 30)
    index = client.get("/sitemap.xml").content.decode()
    files = re.findall(r"<loc>([^<]+)</loc>", index)
    paths = [file.removeprefix(settings.SITE_URL) for file in files]
    assert "<sitemapindex" in index and paths == [
        "/sitemap-texts-1.xml",
        "/sitemap-cards-1.xml",
        "/sitemap-cards-2.xml",
    ]
    found = [loc for path in paths for loc in re.findall(r"<loc>([^<]+)</loc>", client.get(path).content.decode())]
    assert len(found) == len(set(found)) == 2 * 2 + Card.objects.count()
    for path in ("/sitemap-texts-0.xml", "/sitemap-texts-9.xml", "/sitemap-notes-1.xml"):
        assert client.get(path).status_code == 404


def test_a_text_that_is_not_published_is_in_no_file(client, letters):
    assert "/articles/letters/" in client.get("/sitemap.xml").content.decode()
    Article.objects.filter(pk=letters.pk).update(current=None)
    assert "/articles/letters/" not in client.get("/sitemap.xml").content.decode()


def test_nothing_to_cite(db):
    client = Client()
    for path in ("/articles/x/cite/", "/articles/civil-diplomacy/p999/cite/", "/cards/x/cite.bib", "/notes/x/cite/"):
        assert client.get(path).status_code == 404
