"""Files to take away: what is in them for whom, and whether other programs can read them."""

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from lxml import html

from reader.formats.csv_table import harmless, plain
from reader.models import Placement
from reader.operations import annotating, revising
from reader.views.exporting import OF_ARTICLE
from tests.api.test_w3c_model import broken
from tests.make import NEW_WORDS, OLD_WORDS, make_article, make_note, note_in_state, span_of

TEI, XHTML = "{http://www.tei-c.org/ns/1.0}", "{http://www.w3.org/1999/xhtml}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
OPF = "{http://www.idpf.org/2007/opf}"
FORMS = list(OF_ARTICLE)

pytestmark = pytest.mark.django_db


def file_of(client, ending: str, slug: str = "letters") -> bytes:
    answer = client.get(f"/articles/{slug}/export.{ending}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{slug}.{ending}"'
    assert "Cookie" in answer["Vary"] and "private" in answer["Cache-Control"]
    return answer.getvalue()


def parsed(xml: bytes) -> ElementTree.Element:
    """Well-formed XML, or an error."""
    return ElementTree.fromstring(xml)  # noqa: S314 (we wrote it)


def words_of(client, ending: str, slug: str = "letters") -> str:
    """The words of the file; of a book, those of the text in it."""
    given = file_of(client, ending, slug)
    if ending == "epub":
        given = zipfile.ZipFile(io.BytesIO(given)).read("EPUB/text.xhtml")
    return given.decode()


# Who finds a note's words in a file of its text: a the author, m a moderator, everyone.
WHO = {
    "private": "a", "pending": "am", "approved": "everyone", "rejected": "am", "spam": "", "withdrawn": "",
}  # fmt: skip
CAST = {"anonymous": "n", "stranger": "n", "editor": "n", "author": "a", "moderator": "m"}


@pytest.mark.parametrize("ending", FORMS)
@pytest.mark.parametrize("state", WHO)
def test_a_file_holds_what_its_reader_may_see(browser_of, letters, people, ending, state):
    note = note_in_state(state, letters, people)
    for who, letter in CAST.items():
        seen = WHO[state] == "everyone" or letter in WHO[state]
        words = words_of(browser_of(who), ending)
        assert (OLD_WORDS in words, note.uid in words) == (seen, seen), who


@pytest.mark.parametrize("ending", FORMS)
def test_while_an_edit_waits_files_hold_the_approved_words(browser_of, letters, people, ending):
    note_in_state("edit waits", letters, people)
    given = words_of(browser_of("anonymous"), ending)
    assert OLD_WORDS in given and NEW_WORDS not in given
    assert NEW_WORDS in words_of(browser_of("author"), ending)


@pytest.mark.parametrize("ending", FORMS)
def test_every_file_says_whose_the_text_is_and_its_licence(client, article, ending):
    answer = client.get(f"/articles/civil-diplomacy/export.{ending}").getvalue()
    if ending == "epub":
        answer = zipfile.ZipFile(io.BytesIO(answer)).read("EPUB/text.xhtml")
    given = answer.decode()
    assert "Liye Hong" in given and ("CC BY-NC 4.0" in given or "creativecommons.org/licenses/by-nc/4.0" in given)


@pytest.fixture
def rich(letters, people):
    """Answers, a note across two paragraphs, one whose words are gone, signs that break markup."""
    across = span_of(letters, "in June>.\n\nThe second")
    wide = make_note(letters, author=people.editor, span=across, body="Across <b>two</b> & more\n\n***\n\nend")
    annotating.reply(parent=wide, author=people.editor, body="An answer: 🙂 ]]> `code`")
    lost = make_note(letters, author=people.editor, on="café", body="Nowhere now.")
    Placement.objects.filter(annotation=lost).update(start=None, end=None, state="lost", score=0)
    make_note(letters, author=people.editor, on="𠮷田", body="=cmd()", tags=["a b", "7"])
    return letters


def test_markdown_has_notes_under_their_passages(client, rich):
    given = file_of(client, "md").decode()
    head, body = given.split("\n---\n", 1)
    assert head.startswith('---\ntitle: "Letters to the capital"') and 'author: ["A. Clerk"]' in head
    assert body.index("in June>") < body.index("^p1") < body.index("Across") < body.index("^p2") < body.index("=cmd()")
    assert "> [!note] Ed Editor" in body and "> > [!note] Ed Editor" in body and "==𠮷田==" in body
    assert "#a-b" in body and "#7" not in body
    assert body.index("no longer in the text") < body.index("Nowhere now.")


@pytest.mark.parametrize(
    "body, kept",
    [
        ("<img src=https://spy.example/> and <b>", "\\<img src=https://spy.example/> and \\<b>"),
        ("![a](https://spy.example/a.png)", "\\![a](https://spy.example/a.png)"),
        ("<https://x.example/> <a@b.example> [c](<https://x.example/a b>)",) * 2,
        ("`<b>` 1 < 2 \n\n```\n<b>\n```",) * 2,
    ],
)
def test_what_a_note_shows_as_words_acts_nowhere_else(client, letters, people, body, kept):
    """Obsidian runs HTML and fetches pictures; the words of a note hold neither."""
    make_note(letters, author=people.editor, body=body)
    given = file_of(client, "md").decode()
    assert kept.split("\n")[0] in given and kept.split("\n")[-1] in given


def test_words_of_the_text_are_marked_as_they_stand(client, people):
    make_note(make_article("It == *this* <b>."), author=people.editor, on="It == *this* <b>.")
    assert "> ==It \\=\\= \\*this\\* \\<b>.==" in file_of(client, "md").decode()


def test_html_stands_alone(client, rich):
    given = file_of(client, "html").decode()
    assert "<script" not in given and "src=" not in given and 'rel="stylesheet"' not in given
    assert given.count('<mark class="e">') >= 3  # one of them in both paragraphs
    for uid in (note.uid for note in rich.annotations.filter(placements__start__isnull=False)):
        assert given.count(f'id="n-{uid}"') == given.count(f'id="r-{uid}"') == 1
    assert "Across &lt;b&gt;two&lt;/b&gt; &amp; more" in given


def test_epub_is_a_book_with_footnotes(client, rich):
    """OCF: mimetype first, plain and without extra field. Every sign leads to a footnote of the same file."""
    given = file_of(client, "epub")
    assert given[30:58] == b"mimetypeapplication/epub+zip"
    book = zipfile.ZipFile(io.BytesIO(given))
    assert book.infolist()[0].compress_type == zipfile.ZIP_STORED and book.testzip() is None
    container = parsed(book.read("META-INF/container.xml"))
    package = parsed(book.read(next(container.iter()).find(".//*[@full-path]").get("full-path")))
    items = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    assert set(items) <= {name.removeprefix("EPUB/") for name in book.namelist()}
    assert items["nav.xhtml"].get("properties") == "nav"
    text = parsed(book.read("EPUB/text.xhtml"))
    ids = [element.get("id") for element in text.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    signs = [a for a in text.iter(f"{XHTML}a") if a.get("role") == "doc-noteref"]
    assert len(signs) == 2 and {a.get("href")[1:] for a in signs} <= set(ids)
    navigation = parsed(book.read("EPUB/nav.xhtml"))
    assert {a.get("href").partition("#")[2] for a in navigation.iter(f"{XHTML}a")} - {""} <= set(ids)


def test_tei_points_at_the_words(client, rich):
    root = parsed(file_of(client, "tei"))
    ids = [element.get(XML_ID) for element in root.iter() if element.get(XML_ID)]
    assert len(ids) == len(set(ids))
    notes = [note for note in root.iter(f"{TEI}note") if note.get("target")]
    pointers = [note.get(name)[1:] for note in notes for name in ("target", "targetEnd")]
    assert len(pointers) == 4 and set(pointers) <= set(ids)
    assert paragraphs_of(root) == [row.text for row in rich.current.paragraphs.all()]


def paragraphs_of(root: ElementTree.Element) -> list[str]:
    """The words of each element of the body that is a paragraph of the text, the cells of rows parted as there."""
    found = (each for each in root.find(f".//{TEI}body").iter() if re.fullmatch(r"p\d+", each.get(XML_ID, "")))
    return ["\t".join("".join(part.itertext()) for part in each.findall(f"{TEI}cell") or [each]) for each in found]


STRUCTURED = """Before any heading.[^1] A [link](https://x.example/?a=1&b=2).

## First

- one
- two, **strong**

  goes on

  1. nested
  2. again

- three

### Within

| Year | Letters |
| --- | --- |
| 2024 | many & *long* |

## Second

> Quoted.

    code

3. third
4. fourth

[^1]: What is below.
"""


@pytest.fixture
def structured(letters, people):
    """Headings, lists within lists, a table and a footnote, with notes across items and across cells."""
    revising.revise(letters, source=STRUCTURED, by=people.editor, reason="A test.")
    letters.refresh_from_db()
    for words in ("two, strong\n\ngoes", "2024\tmany", "fourth"):
        make_note(letters, author=people.editor, on=words, body=f"On «{words}».")
    return letters


TEI_WITHIN = {
    "div": {"body", "div", "back"}, "head": {"div"}, "list": {"item", "div", "body"}, "item": {"list"},
    "table": {"div", "body"}, "row": {"table"}, "cell": {"row"},
}  # fmt: skip


@pytest.mark.parametrize("which", ["structured", "article"])
def test_tei_has_lists_tables_divisions_and_footnotes(client, request, which):
    text = request.getfixturevalue(which)
    root = parsed(file_of(client, "tei", text.slug))
    assert paragraphs_of(root) == [row.text for row in text.current.paragraphs.all()]
    ids = [each.get(XML_ID) for each in root.iter() if each.get(XML_ID)]
    pointers = [each.get(name) for each in root.iter() for name in ("target", "targetEnd") if each.get(name)]
    assert len(ids) == len(set(ids)) and {to[1:] for to in pointers if to.startswith("#")} <= set(ids)
    for parent in root.iter():
        for each in parent:
            name, around = each.tag.removeprefix(TEI), parent.tag.removeprefix(TEI)
            assert around in TEI_WITHIN.get(name, {around}), f"{name} in {around}"


def test_tei_nests_as_the_text_does(client, structured):
    body = parsed(file_of(client, "tei")).find(f".//{TEI}body")
    first, second = body.findall(f"{TEI}div")
    assert [each.tag.removeprefix(TEI) for each in body] == ["p", "div", "div"]
    assert [each.tag.removeprefix(TEI) for each in first] == ["head", "list", "div"]
    assert [each.tag.removeprefix(TEI) for each in second] == ["head", "quote", "ab", "list", "note"]
    two = first.find(f"{TEI}list")[1]
    assert [each.tag.removeprefix(TEI) for each in two] == ["p", "p", "list"]
    assert [item.get("n") for item in two.iter(f"{TEI}item")] == [None, "1", "2"]
    assert [item.get("n") for item in second.iter(f"{TEI}item")] == ["3", "4"]
    rows = list(first.iter(f"{TEI}row"))
    assert [(row.get("role"), len(row)) for row in rows] == [("label", 2), (None, 2)]
    note = second.find(f"{TEI}note")
    assert (note.get("place"), note.get("n")) == ("bottom", "1")
    assert body.find(f".//{TEI}ptr").get("target") == "#" + note.get(XML_ID)


@pytest.mark.parametrize("ending", ["html", "epub", "tei"])
def test_the_words_of_the_text_are_all_there(client, rich, ending):
    """Signs and marks stand between the words, never in place of them."""
    given = words_of(client, ending)
    for words in ("&amp; the capital did not answer", "🙂 went by", "(禮部尚書) kept it", "שלום, copied"):
        assert words in given


@pytest.mark.parametrize("ending", ["html", "epub"])
@pytest.mark.parametrize("which", ["structured", "article"])
def test_pages_have_lists_tables_and_footnotes(client, request, ending, which):
    text = request.getfixturevalue(which)
    root = html.document_fromstring(words_of(client, ending, text.slug).encode())
    for sign in root.xpath("//*[contains(@class, 'sign')] | //sup"):
        sign.drop_tree()
    for row in text.current.paragraphs.all():
        (element,) = root.xpath(f"//*[@id='p{row.number}']")
        cells = element.xpath("td | th") or [element]
        assert "\t".join(cell.text_content() for cell in cells).strip() == row.text
    assert all(each.getparent().tag in ("ul", "ol") for each in root.iter("li"))
    assert {each.tag for lists in root.iter("ul", "ol", "table") for each in lists} <= {"li", "tr", "tbody"}


@pytest.mark.parametrize("ending", ["html", "epub"])
def test_pages_nest_as_the_text_does(client, structured, ending):
    root = html.document_fromstring(words_of(client, ending).encode())
    assert root.xpath("//ul/li/ol/li/@value") == ["1", "2"] and root.xpath("//body/ol/li/@value") == ["3", "4"]
    assert [len(root.xpath(path)) for path in ("//tr/th", "//tr/td/mark", "//h3[@id='p9']", "//blockquote/p")] == [
        2, 2, 1, 1,
    ]  # fmt: skip
    assert root.xpath("//p[@id='p1']/sup/a/@href") == ["#p17"] and root.xpath("//p[@id='p17']/sup/text()") == ["1"]


def test_json_ld_is_one_collection_and_lines_are_annotations(client, rich):
    whole = json.loads(file_of(client, "jsonld"))
    assert whole["type"] == "AnnotationCollection" and whole["total"] == len(whole["first"]["items"]) == 4
    rows = [json.loads(line) for line in file_of(client, "jsonl").decode().splitlines()]
    assert [row["id"] for row in rows] == [item["id"] for item in whole["first"]["items"]]
    assert all(row["@context"] == "http://www.w3.org/ns/anno.jsonld" for row in rows)
    assert [broken(row, "annotation") for row in rows] == [[]] * 4
    assert whole["last"] == whole["first"]["id"] and whole["first"]["partOf"] == whole["id"]


def test_lines_of_json_end_nowhere_else(client, letters, people):
    """Many programs end a line at these signs as well, which JSON leaves as they are."""
    body = "one\x85two\u2028three\u2029four"
    make_note(letters, author=people.editor, body=body)
    for ending in ("jsonl", "jsonld"):
        given = file_of(client, ending).decode()
        assert given.splitlines() == given.removesuffix("\n").split("\n")
    assert json.loads(file_of(client, "jsonl"))["body"][0]["value"] == body


def test_json_ld_of_a_text_without_notes(client, letters):
    whole = json.loads(file_of(client, "jsonld"))
    assert (whole["total"], whole["first"]["items"]) == (0, [])


def test_a_spreadsheet_finds_no_formula(client, rich):
    rows = list(csv.DictReader(io.StringIO(file_of(client, "csv").decode())))
    assert [row["text"] for row in rows if "cmd" in row["text"]] == ["'=cmd()"]
    text = rich.current.text
    assert all(text[int(row["start"]) : int(row["end"])] == row["quote"] for row in rows if row["quote"])


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=x", "＝x", "plain", "'quoted'", "", "'=x"]
)
def test_harmless_cells_are_read_back_as_they_were(cell):
    assert not harmless(cell).startswith(("=", "+", "-", "@", "＝", "\t", "\r", "\n"))
    assert plain(harmless(cell)) == cell or cell == "'=x"  # what began with an apostrophe and a formula loses the first


def test_pages_offer_the_files(browser_of, letters, people):
    page = browser_of("anonymous").get("/articles/letters/export/").content.decode()
    assert all(f"/articles/letters/export.{ending}" in page for ending in FORMS) and 'class="origin"' in page
    assert "/articles/letters/export/" in browser_of("anonymous").get("/articles/letters/").content.decode()
    make_note(letters, author=people.author)
    assert "/me/export/all.jsonld" in browser_of("author").get("/me/export/").content.decode()
    assert "not written anything" in browser_of("stranger").get("/me/export/").content.decode()


@pytest.mark.parametrize(
    "address", ["/articles/nowhere/export.md", "/articles/letters/export.exe", "/me/export/all.exe"]
)
def test_files_that_do_not_exist(browser_of, letters, address):
    assert browser_of("author").get(address).status_code == 404


STATES = ["private", "pending", "approved", "rejected", "spam", "withdrawn", "edit waits"]


@pytest.mark.parametrize("ending", ["jsonld", "jsonl", "csv", "md"])
def test_everything_of_mine_and_nothing_of_others(browser_of, letters, people, ending):
    mine = {state: note_in_state(state, letters, people) for state in STATES}
    theirs = make_note(letters, author=people.trusted, body="Another's.")
    answer = browser_of("author").get(f"/me/export/all.{ending}")
    given = answer.getvalue().decode()
    assert answer["Content-Disposition"] == f'attachment; filename="author.{ending}"'
    assert all(note.uid in given for note in mine.values()) and NEW_WORDS in given
    assert theirs.uid not in given and "Another" not in given


@pytest.mark.parametrize("ending", ["html", "epub", "tei"])
def test_the_texts_i_wrote_on_with_my_notes_and_what_i_answered(browser_of, article, letters, people, ending):
    note_in_state("private", letters, people)
    make_note(letters, author=people.trusted, body="Another's.")
    asked = make_note(letters, author=people.editor, body="What do you think?")
    annotating.reply(parent=asked, author=people.author, body="I doubt it.")
    answer = browser_of("author").get(f"/me/export/all.{ending}")
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert answer["Content-Disposition"] == f'attachment; filename="author-{ending}.zip"'
    assert archive.namelist() == [f"letters.{ending}"]
    words = archive.read(f"letters.{ending}")
    words = zipfile.ZipFile(io.BytesIO(words)).read("EPUB/text.xhtml") if ending == "epub" else words
    assert all(each in words.decode() for each in (OLD_WORDS, "What do you think?", "I doubt it."))
    assert b"Another" not in words


def test_mine_has_every_wording_and_what_was_decided(browser_of, letters, people):
    note_in_state("edit waits", letters, people)
    note_in_state("rejected", letters, people)
    whole = json.loads(browser_of("author").get("/me/export/all.jsonld").getvalue())
    edited, declined = (item["schema:version"] for item in whole["first"]["items"])
    assert [v["schema:creativeWorkStatus"] for v in edited] == ["approved", "pending"]
    assert OLD_WORDS in edited[0]["schema:text"] and NEW_WORDS in edited[1]["schema:text"]
    assert declined[0]["schema:reviewBody"] == "Not about the text."


def test_nobody_s_export_asks_to_log_in(client, db):
    assert client.get("/me/export/all.jsonld").status_code == 302


@pytest.mark.parametrize("ending", ["jsonl", "csv", "md", "html", "tei"])
def test_more_notes_ask_no_more_of_the_database(client, letters, people, django_assert_max_num_queries, ending):
    def queries() -> int:
        with django_assert_max_num_queries(60) as counted:
            file_of(client, ending)
        return len(counted)

    make_note(letters, author=people.editor)
    one = queries()
    for number in range(6):
        make_note(letters, author=people.editor, body=f"Note {number}.", tags=["a"])
    assert queries() == one
