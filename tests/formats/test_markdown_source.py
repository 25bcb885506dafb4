"""What an editor's Markdown makes of a text, and that a text written as Markdown is the same text when read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.formats.edition import read_edition
from reader.formats.markdown_source import read, without_front_matter
from reader.formats.markdown_writing import write
from reader.text.structure import Block, Mark, ordered, whole
from tests.make import EDITION


def marked(text: str, *marks: Mark, kind: str = "paragraph") -> Block:
    return Block(kind, text, ordered(marks))


def item(text: str, sign: str = "•", depth: int = 0) -> Block:
    marks = [whole(text, "item", sign)] if sign else []
    return Block("list-item", text, ordered([*marks, *([whole(text, "depth", str(depth))] if depth else [])]))


@pytest.mark.parametrize(
    "source, blocks",
    [
        ("One.\n\nTwo.", [Block("paragraph", "One."), Block("paragraph", "Two.")]),
        ("wrapped\nline", [Block("paragraph", "wrapped line")]),
        ("禮部\n尚書", [Block("paragraph", "禮部尚書")]),
        ("kept\\\nbreak", [Block("paragraph", "kept\nbreak")]),
        ("## A head", [marked("A head", (0, 6, "level", "2"), kind="heading")]),
        ("> said", [Block("quotation", "said")]),
        ("a **b** *c*", [marked("a b c", (2, 3, "strong", ""), (4, 5, "emphasis", ""))]),
        ("[x](https://a.b/ü)", [marked("x", (0, 1, "link", "https://a.b/ü"))]),
        ("[x](javascript:alert(1))", [Block("paragraph", "[x](javascript:alert(1))")]),
        ('<a href="javascript:x">y</a>', [Block("paragraph", "y")]),
        ("<script>alert(1)</script>", [Block("paragraph", "<script>alert(1)</script>")]),
        ("w<em>or</em>d", [marked("word", (1, 3, "emphasis", ""))]),
        ("- a\n- b\n  1. c", [item("a"), item("b"), item("c", "1.", 1)]),
        ("x[^1]", [marked("x", (1, 1, "footnote", "1"))]),
        ("[^1]: note", [marked("note", (0, 4, "label", "1"), kind="footnote")]),
        ("---\n\n## About the author:\n\nMe.", [Block("author-note", "Me.")]),
        ("---\ntitle: T\nauthor: A\n---\n\nText.", [Block("paragraph", "Text.")]),
        ("---\n\nText.\n\n---\n\nMore.", [Block("paragraph", "Text."), Block("paragraph", "More.")]),
        ("```\ncode\n\nmore\n```", [marked("code\n\nmore", (0, 10, "code", ""), kind="preformatted")]),
        ("```text\nas it is\n```", [Block("preformatted", "as it is")]),
        ("1. a\n1. b\n5. c", [item("a", "1."), item("b", "2."), item("c", "5.")]),
        ("", []),
        ("&nbsp;\n\n<!-- -->", [Block("paragraph", "<!-- -->")]),
    ],
)  # fmt: skip
def test_reading(source, blocks):
    assert read(source) == blocks


def test_tables_are_rows_of_cells():
    rows = read("| a | b |\n| --- | --- |\n| c\\|d | *e* |")
    assert [row.text for row in rows] == ["a\tb", "c|d\te"]
    assert [row.kind for row in rows] == ["table-row", "table-row"]
    assert rows[0].value("header") == "" and rows[0].value("table") == ""
    assert rows[1].markup == ((4, 5, "emphasis", ""),)


def test_windows_line_ends_are_line_ends():
    assert read("One.\r\n\r\nTwo.") == read("One.\n\nTwo.")


def test_the_edition_reads_as_it_was_loaded():
    edition = read_edition(EDITION)
    blocks = [Block(b.kind, b.text, tuple(map(tuple, b.markup))) for b in edition.blocks]
    assert read(edition.source) == blocks
    assert read(write(blocks)) == blocks


def test_what_stands_together_stays_apart():
    blocks = [
        item("one"), item("two", depth=1), item("more of two", "", 1), item("three"), Block("paragraph", "p"),
        item("seven", "7."), item("eight", "8."), Block("quotation", "q"), Block("quotation", "r"),
        marked("a\tb", (0, 3, "header", ""), (0, 3, "table", ""), kind="table-row"),
        marked("c|\td", (3, 4, "strong", ""), kind="table-row"),
        marked("e\tf", (0, 3, "table", ""), kind="table-row"),
        Block("preformatted", "x\n\n  ```y"), marked("A head", (0, 6, "level", "4"), kind="heading"),
        Block("author-note", "Me."), Block("paragraph", "after"),
        marked("words", (0, 5, "label", "*"), kind="footnote"),
    ]  # fmt: skip
    assert read(write(blocks)) == blocks


def test_rows_of_unequal_length_keep_their_words():
    rows = [Block("table-row", "a\tb\tc", ((0, 5, "table", ""),)), Block("table-row", "d")]
    assert [block.text for block in read(write(rows))] == ["a\tb\tc", "d"]


SIGNS = st.text(st.sampled_from(" ab1.-+*_[]()<>&;#!`~|\\\"'^:=\n\t禮é🙂\u00a0\u3000"), min_size=1, max_size=30)
TEXTS = SIGNS.filter(lambda text: text.strip() and "\n\n" not in text)
KINDS = ["strong", "emphasis", "strike", "code", "superscript", "subscript"]


@st.composite
def marked_texts(draw) -> Block:
    text = draw(TEXTS)
    marks = []
    for kind in draw(st.lists(st.sampled_from([*KINDS, "link", "footnote"]), max_size=4)):
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        value = {"link": "https://a.b/(c)?d=e&f", "footnote": "1"}.get(kind, "")
        marks.append((start, start if kind == "footnote" else end, kind, value))
    return Block("paragraph", text, ordered(marks))


@given(st.lists(marked_texts(), min_size=1, max_size=3))
def test_any_words_with_any_marks_come_back(blocks):
    assert read(write(blocks)) == blocks


@given(TEXTS, st.sampled_from(["heading", "quotation", "list-item", "footnote", "author-note"]))
def test_any_words_of_any_kind_come_back(text, kind):
    value = {"heading": ("level", "3"), "list-item": ("item", "•"), "footnote": ("label", "n")}.get(kind)
    block = Block(kind, text, (whole(text, *value),) if value else ())
    assert read(write([block, Block("paragraph", "after")])) == [block, Block("paragraph", "after")]


@given(st.text(max_size=200))
def test_no_source_is_an_error(source):
    for block in read(source):
        assert block.text.strip()
        assert all(0 <= start <= end <= len(block.text) for start, end, _kind, _value in block.markup)


@given(st.text(max_size=100))
def test_only_fields_at_the_very_beginning_are_front_matter(text):
    assert without_front_matter("Text.\n\n---\na: b\n---\n" + text).startswith("Text.")
