"""Web pages: the article with its structure; menus and the like are named as what lies outside."""

import pytest

from reader.formats.incoming.html import read_html
from reader.formats.incoming.model import Unreadable
from reader.formats.incoming.reading import made_of
from tests.make_files import PARAGRAPHS

ONE, TWO, THREE = PARAGRAPHS
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>The letters | The Quarterly</title>
<meta name="author" content="Ann Clerk"><meta property="og:site_name" content="The Quarterly">
<meta property="article:published_time" content="2024-05-01T10:00:00Z">
<link rel="canonical" href="https://quarterly.example/letters">
<script>var words = "never shown";</script><style>p {{ color: red }}</style></head><body>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav></header>
<main><article><h1>The letters</h1>
<p>{ONE}<sup id="r1"><a href="#n1">1</a></sup> It was <em>late</em> and <strong>cold</strong> in the capital.</p>
<h2>In summer</h2><p>{TWO} See <a href="https://archive.example/7">the register</a>.</p>
<blockquote><p>{THREE}</p></blockquote>
<ul><li>{ONE}<ul><li>{TWO}</li></ul></li><li>Short.</li></ul>
<ol start="3"><li>{THREE}</li><li>Four.</li></ol>
<table><caption>Letters sent</caption>
<tr><th>Year</th><th>Letters</th></tr><tr><td>1790</td><td><b>12</b></td></tr></table>
<pre>line one
   line two</pre>
<p>{THREE} <img src="seal.png" alt="The seal of the province"></p>
<p>First line<br>second line</p>
<aside class="related"><p>Read also: ten more letters that may interest you this week.</p></aside>
<section class="footnotes"><ol><li id="n1">{TWO} <a href="#r1">↩</a></li></ol></section>
</article></main><footer><p>© The Quarterly. All about cookies and terms of use.</p></footer></body></html>"""


@pytest.fixture(scope="module")
def incoming():
    return made_of(read_html(PAGE.encode()))


def blocks_of(incoming, kind):
    return [block for block in incoming.blocks if block.kind == kind]


def test_the_page_says_what_it_is(incoming):
    front = incoming.front
    assert (front.title, front.authors, front.publisher) == ("The letters", ("Ann Clerk",), "The Quarterly")
    assert (front.published, front.language) == ("2024-05-01", "en-GB")
    assert front.source_url == "https://quarterly.example/letters"


def test_menus_related_texts_and_feet_are_outside(incoming):
    outside = [gone.text for gone in incoming.removed if gone.reason == "outside"]
    assert {"Home", "About us"} <= set(outside)
    assert any(text.startswith("Read also") for text in outside)
    assert any("terms of use" in text for text in outside)
    kept = " ".join(block.text for block in incoming.blocks)
    assert not any(words in kept for words in ("Home", "Read also", "cookies", "never shown", "color: red"))


def test_headings_quotations_and_code_are_kinds(incoming):
    assert [(b.text, b.value("level")) for b in blocks_of(incoming, "heading")] == [("In summer", "2")]
    assert [b.text for b in blocks_of(incoming, "quotation")] == [THREE]
    assert [b.text for b in blocks_of(incoming, "preformatted")] == ["line one\n   line two"]


def test_lists_keep_their_signs_and_depth(incoming):
    rows = [(b.text, b.value("item"), b.value("depth")) for b in blocks_of(incoming, "list-item")]
    assert rows == [
        (ONE, "•", None),
        (TWO, "•", "1"),
        ("Short.", "•", None),
        (THREE, "3.", None),
        ("Four.", "4.", None),
    ]


def test_a_table_is_rows_of_cells(incoming):
    rows = blocks_of(incoming, "table-row")
    assert [row.text for row in rows] == ["Year\tLetters", "1790\t12"]
    assert [row.value("header") is not None for row in rows] == [True, False]
    assert (5, 7, "strong", "") in rows[1].markup


def test_a_footnote_and_its_sign_are_structure_and_no_text(incoming):
    first = incoming.blocks[0]
    assert first.text == f"{ONE} It was late and cold in the capital."
    assert (len(ONE), len(ONE), "footnote", "1") in first.markup
    [note] = blocks_of(incoming, "footnote")
    assert (note.text, note.value("label")) == (TWO, "1")
    assert incoming.blocks[-1] == note


def test_emphasis_and_links_are_marks(incoming):
    marks = {(first.text[s:e], kind, value) for first in incoming.blocks for s, e, kind, value in first.markup}
    assert {("late", "emphasis", ""), ("cold", "strong", "")} <= marks
    assert ("the register", "link", "https://archive.example/7") in marks


def test_pictures_are_named_and_line_breaks_kept(incoming):
    assert [gone.text for gone in incoming.removed if gone.reason == "picture"] == ["The seal of the province"]
    assert "First line\nsecond line" in [block.text for block in incoming.blocks]


@pytest.mark.parametrize(
    "markup, wanted",
    [
        ("<p>one<p>two<li>three", ["one", "two", "three"]),
        ("<p>one<br><br>two</p>", ["one", "two"]),
        ("<div>loose <b>words</b><div>within</div>after</div>", ["loose words", "within", "after"]),
        ("<b><p>one</p><p>two</p></b>", ["one", "two"]),
        ("<p>a&nbsp;b &lt;c&gt; &amp;amp;</p>", ["a\u00a0b <c> &amp;"]),
        ("<table><tr><td><p>a page</p><p>set in a table</p></td></tr></table>", ["a page", "set in a table"]),
        ("<p>一<ruby>二<rt>er</rt></ruby></p>", ["一二"]),
        ("<a href='javascript:alert(1)'>click</a>", ["click"]),
    ],
)
def test_broken_and_odd_html_keeps_its_words(markup, wanted):
    made = made_of(read_html(f"<html><body>{markup}</body></html>".encode()))
    assert [block.text for block in made.blocks] == wanted
    assert all("javascript" not in value for block in made.blocks for *_place, value in block.markup)


@pytest.mark.parametrize(
    "sign, note",
    [
        (
            '<sup class="reference"><a href="#cite_note-3">[3]</a></sup>',
            '<li id="cite_note-3"><b><a href="#r">^</a></b> {}</li>',
        ),
        (
            '<a class="footnote-ref" href="#fn3" id="r"><sup>3</sup></a>',
            '<li id="fn3"><p>{} <a class="footnote-back" href="#r">↩</a></p></li>',
        ),
        ('<a name="_ftnref3" href="#_ftn3">[3]</a>', '<p><a name="_ftn3" href="#_ftnref3">[3]</a> {}</p>'),
        ('<a epub:type="noteref" href="#en3">3</a>', '<aside epub:type="footnote" id="en3"><p>{}</p></aside>'),
    ],
    ids=["Wikipedia", "Pandoc", "Word", "EPUB"],
)  # fmt: skip
def test_footnotes_of_each_hand_are_found(sign, note):
    page = f'<p id="r">Words{sign} and more.</p><ol>{note.format("What it says.")}</ol>'
    made = made_of(read_html(f"<html><body>{page}</body></html>".encode()))
    assert [block.text for block in made.blocks] == ["Words and more.", "What it says."]
    assert made.blocks[0].markup == ((5, 5, "footnote", "3"),)
    assert (made.blocks[1].kind, made.blocks[1].value("label")) == ("footnote", "3")


@pytest.mark.parametrize("encoding, named", [("gb18030", "gb18030"), ("windows-1252", "iso-8859-1"), ("utf-16", "")])
def test_a_page_is_read_in_the_encoding_it_says(encoding, named):
    words = "使者" if encoding != "windows-1252" else "Café – naïve"
    page = f'<html><head><meta charset="{named}"></head><body><p>{words}</p></body></html>'.encode(encoding)
    assert [block.text for block in made_of(read_html(page)).blocks] == [words]


def test_the_title_is_the_heading_that_the_page_names_itself_by():
    boxes = "<div id='help'><h2>Keyboard shortcuts</h2></div><h1>The Book</h1>"
    page = f"<html><head><title>Letters - The Book of All</title></head><body>{boxes}<main><h1>Letters</h1><p>{ONE}</p>"
    assert read_html(page.encode()).front.title == "The Book"
    assert read_html(page.replace("The Book</h1>", "Menu</h1>").encode()).front.title == "Letters"


def test_a_page_without_words_is_refused():
    with pytest.raises(Unreadable, match="empty"):
        read_html(b"<html><body><script>1</script></body></html>")
