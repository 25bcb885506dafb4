"""DOCX, EPUB, PDF, Markdown and plain text with their structure, and what is told apart by what it begins with."""

import pytest

from reader.formats import markdown_source
from reader.formats.incoming.model import Front, Raw, Unreadable
from reader.formats.incoming.reading import format_of, made_of, read, storable
from reader.text.lines import Line
from tests import make_files
from tests.formats.test_incoming_html import PAGE
from tests.make_files import PARAGRAPHS, docx, epub, pdf, pdf_of_lines, word_paragraph, word_run, word_table

ONE, TWO, THREE = PARAGRAPHS


def brought(data, name=""):
    raw = read(data, name)
    assert Raw.from_plain(raw.plain()) == raw
    return made_of(raw)


def shape(incoming):
    return [(block.kind, block.text) for block in incoming.blocks]


def test_what_was_brought_in_can_be_edited_as_markdown(letter, book):
    """Nobody's correction of a comma may change what stands around it."""
    for incoming in (letter, book, brought(MARKDOWN.encode(), "a.md"), brought(PAGE.encode(), "a.html")):
        assert tuple(markdown_source.read(incoming.source)) == incoming.blocks


# --- DOCX -------------------------------------------------------------------------------------------

_NOTE_SIGN = '<w:r><w:footnoteReference w:id="2"/></w:r>'
_LINK = '<w:hyperlink r:id="web">' + word_run("the register") + "</w:hyperlink>"


@pytest.fixture(scope="module")
def letter():
    return brought(
        docx(
            word_paragraph("The letters", style="Title"),
            word_paragraph("In spring", style="heading1"),
            word_paragraph(ONE, _NOTE_SIGN, " It was ", word_run("cold", "b"), word_run(" then", "i"), "."),
            word_paragraph(TWO, style="Quote"),
            word_paragraph("First.", numbered=True),
            word_paragraph("Second.", numbered=True),
            word_table(("Year", "Letters"), ("1790", "12")),
            word_paragraph(word_run("See "), _LINK, word_run(".")),
            notes={2: "In the register."},
            title="The letters",
            author="Ann Clerk",
        ),
        "letters.docx",
    )  # fmt: skip


def test_a_word_document_keeps_its_structure(letter):
    assert shape(letter) == [
        ("heading", "In spring"), ("paragraph", f"{ONE} It was cold then."), ("quotation", TWO),
        ("list-item", "First."), ("list-item", "Second."), ("table-row", "Year\tLetters"), ("table-row", "1790\t12"),
        ("paragraph", "See the register."), ("footnote", "In the register."),
    ]  # fmt: skip
    assert [block.value("item") for block in letter.blocks[3:5]] == ["1.", "2."]
    assert (4, 16, "link", "https://example.org/") in letter.blocks[7].markup


def test_a_word_document_keeps_emphasis_and_the_sign_of_a_footnote(letter):
    marks = {(letter.blocks[1].text[s:e], kind, value) for s, e, kind, value in letter.blocks[1].markup}
    assert marks == {("", "footnote", "1"), ("cold", "strong", ""), ("then", "emphasis", "")}


def test_a_word_document_says_who_wrote_it(letter):
    assert (letter.front.title, letter.front.authors, letter.front.language) == ("The letters", ("Ann Clerk",), "en")
    assert [gone.reason for gone in letter.removed] == ["title"]


# --- EPUB -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    return brought(
        epub(
            {
                "one.xhtml": f'<h2>One</h2><p>{ONE}<a epub:type="noteref" href="notes.xhtml#n1">1</a></p>',
                "two.xhtml": f'<h2>Two</h2><span epub:type="pagebreak" id="p9">9</span><p>{TWO}</p>',
                "toc.xhtml": '<nav epub:type="toc"><ol><li><a href="one.xhtml">One</a></li></ol></nav>',
                "notes.xhtml": '<aside epub:type="footnote" id="n1"><p>A note.</p></aside>',
            }
        ),
        "letters.epub",
    )


def test_a_book_is_its_chapters_in_order_with_notes_of_other_files(book):
    assert shape(book) == [
        ("heading", "One"), ("paragraph", ONE), ("heading", "Two"), ("paragraph", TWO), ("footnote", "A note."),
    ]  # fmt: skip
    assert book.blocks[1].markup == ((len(ONE), len(ONE), "footnote", "1"),)
    assert [gone.reason for gone in book.removed] == ["page-number", "outside"]


def test_a_book_says_what_it_is(book):
    front = book.front
    assert (front.title, front.authors, front.publisher) == ("Letters", ("Ann Clerk",), "A Press")
    assert (front.published, front.language) == ("2024-05-01", "en")


# --- PDF --------------------------------------------------------------------------------------------

LINES = [
    "In the spring of that year the envoys wrote to the capital, and the capital did",
    "not answer them at all. They wrote again in June with the same words and un-",
    "der the same seals, and were left waiting in the provincial guesthouse until.",
    "",
    "The second letter went by the coast road; a merchant from the south carried it",
    "under his own seal, and nobody asked for copies until the year was out at last",
    "and the embassies were closed.",
]


def test_a_pdf_file_is_paragraphs_without_heads_numbers_and_broken_words():
    numbers = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    lines = [line.replace(" the ", f" the {word} ", 1) for word in numbers for line in LINES]
    made = brought(pdf_of_lines(lines, head="The Quarterly {n}", foot="{n}", per_page=20), "a.pdf")
    assert {block.kind for block in made.blocks} == {"paragraph"}
    assert len(made.blocks) == 16
    assert all(" under the " in block.text for block in made.blocks[::2])
    assert all(block.text.endswith(("until.", "closed.")) for block in made.blocks)
    assert {gone.reason for gone in made.removed} == {"running-head", "page-number", "hyphen"}
    assert {gone.page for gone in made.removed} == {1, 2, 3}


def test_a_pdf_file_keeps_headings_and_footnotes():
    page = [
        (60, 540, 20, "The letters"), (60, 510, 14, "In spring"),
        *((60, 480 - 14 * row, 11, words) for row, words in enumerate(LINES[:3])),
        (60, 60, 8, "1 In the register of the year 1790."),
    ]  # fmt: skip
    made = brought(pdf(page), "a.pdf")
    assert made.front.title == "The letters"
    assert [(block.kind, block.text[:12]) for block in made.blocks] == [
        ("heading", "In spring"), ("paragraph", "In the sprin"), ("footnote", "In the regis"),
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other():
    left = [(40, 500 - 14 * row, 10, words) for row, words in enumerate(["The left column begins", "and ends here."])]
    right = [
        (230, 500 - 14 * row, 10, words) for row, words in enumerate(["The right column begins", "and ends there."])
    ]
    made = brought(pdf([*left, *right]), "a.pdf")
    assert [block.text for block in made.blocks] == [
        "The left column begins and ends here.", "The right column begins and ends there.",
    ]  # fmt: skip


# --- Markdown and plain text ------------------------------------------------------------------------

MARKDOWN = f"""---
title: The letters
author: Ann Clerk; Bo Scribe
date: 2024-05-01
license: CC BY 4.0
url: https://quarterly.example/letters
lang: en
---

# The letters

{ONE}[^a] With *emphasis*, **weight**, `code` and a [link](https://example.org).

[^a]: A note.

| Year | Letters |
| ---- | ------- |
| 1790 | 12 |

> {TWO}

1. one
2. two

<script>alert(1)</script>

They wrote <in June> & left.
"""


def test_markdown_keeps_its_structure_and_its_front_matter():
    made = brought(MARKDOWN.encode(), "letters.md")
    assert [kind for kind, _text in shape(made)] == [
        "paragraph", "table-row", "table-row", "quotation", "list-item", "list-item", "paragraph", "paragraph",
        "footnote",
    ]  # fmt: skip
    front = made.front
    assert (front.title, front.authors, front.published) == ("The letters", ("Ann Clerk", "Bo Scribe"), "2024-05-01")
    assert (front.licence, front.source_url) == ("CC BY 4.0", "https://quarterly.example/letters")


def test_markdown_loses_no_words_in_angle_brackets():
    made = brought(MARKDOWN.encode(), "letters.md")
    assert [block.text for block in made.blocks[-3:-1]] == ["<script>alert(1)</script>", "They wrote <in June> & left."]


@pytest.mark.parametrize(
    "text, wanted",
    [
        (f'{ONE}\n\n<div align="center">\n<h2>Head</h2>\n</div>', [("paragraph", ONE), ("heading", "Head")]),
        (
            "<details><summary>More</summary>\n\nWithin.\n\n</details>",
            [("paragraph", "More"), ("paragraph", "Within.")],
        ),
        ("<table><tr><td>1</td><td>2</td></tr></table>", [("table-row", "1\t2")]),
        ("one<br>two <kbd>Esc</kbd>", [("paragraph", "one\ntwo Esc")]),
        ("<unknown>\nwords\n</unknown>", [("paragraph", "<unknown> words </unknown>")]),
        ("[^1] without a note", [("paragraph", "[^1] without a note")]),
        ("    code\n\n~~~\nmore\n~~~", [("preformatted", "code"), ("preformatted", "more")]),
    ],
)
def test_html_in_markdown_is_structure_where_it_is_known(text, wanted):
    assert shape(brought(text.encode(), "a.md")) == wanted


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_plain_text_is_read_in_whatever_encoding(encoding):
    words = "使者写信给京城。使者又写信给京城,京城没有答复。" if encoding == "gb18030" else f"“{ONE}” — café"
    assert brought(words.encode(encoding), "a.txt").blocks[0].text == words


def test_signs_that_no_database_keeps_are_replaced_and_nothing_shifts():
    raw = Raw(
        "pdf",
        Front(title="a\0b", authors=("c\0",)),
        lines=(Line("one\0 two \ud800", 1, 1, markup=((5, 8, "strong", ""),)),),
    )
    made = storable(raw)
    assert made.lines[0].text == "one\ufffd two \ufffd"
    assert (made.front.title, made.front.authors, made.lines[0].markup) == ("ab", ("c",), raw.lines[0].markup)
    assert storable(made) == made


# --- What a file is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data, name, wanted",
    [
        (b"words", "a.md", "markdown"), (b"words", "a.txt", "plain"), (b"words", "", "plain"),
        (b"<!DOCTYPE html><p>x", "a.txt", "html"), (b"<p>x</p>", "a.htm", "html"), (b"%PDF-1.7 ", "a.txt", "pdf"),
        (docx(word_paragraph("x")), "a.zip", "docx"), (epub({"a.xhtml": "x"}), "book", "epub"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_file_is_what_it_begins_with(data, name, wanted):
    assert format_of(data, name) == wanted


LOCK, LOCKED = "META-INF/encryption.xml", '<e><CipherReference URI="OPS/a.xhtml"/></e>'
TRAP = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data, name, code",
    [
        (b"", "a.txt", "empty"),
        (b" \n\t ", "a.txt", "empty"),
        (b"\x00\x01\x02\x03" * 100, "a.txt", "not_text"),
        (bytes(range(256)) * 8, "a.txt", "not_text"),
        (b"words", "a.pdf", "not_what_it_says"),
        (b"words", "a.docx", "not_what_it_says"),
        (b"words", "a.xyz", "unknown_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "old_word"),
        (b"\x89PNG\r\n", "a.md", "picture"),
        (b"{\\rtf1 x}", "a.rtf", "rtf"),
        (b"PK\x05\x06" + b"\0" * 18, "a.zip", "archive"),
        (docx(word_paragraph("x"))[:400] + b"word/[Content_Types].xml", "a.docx", "broken"),
        (docx(word_paragraph("x"), extra=TRAP), "a.docx", "entities"),
        (docx(), "a.docx", "empty"),
        (make_files.locked(docx(word_paragraph("x"))), "a.docx", "encrypted"),
        (make_files.zip_bomb(), "a.docx", "unpacks_too_large"),
        (epub({"a.xhtml": ""}), "a.epub", "empty"),
        (epub({"a.xhtml": "x"}, extra={LOCK: LOCKED}), "a.epub", "encrypted"),
        (epub({"a.xhtml": "x"}, extra={LOCK: TRAP + "<e/>"}), "a.epub", "entities"),
        (make_files.zipped({"META-INF/container.xml": "<a/>"}), "a.epub", "broken"),
        (make_files.zipped({"META-INF/container.xml": "no xml"}), "a.epub", "broken"),
        (b"%PDF-1.4\nnothing", "a.pdf", "broken"),
        (make_files.locked_pdf(), "a.pdf", "encrypted"),
        (pdf([]), "a.pdf", "no_words_in_pdf"),
        (pdf([(60, 500, 11, "x")])[:300], "a.pdf", "broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(data, name, code):
    with pytest.raises(Unreadable) as refused:
        read(data, name)
    assert refused.value.code == code
