"""Blocks written as Markdown are read as the same blocks: an editor corrects one comma and nothing else changes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.formats.incoming.markdown import blocks_in
from reader.text.source import write_markdown
from reader.text.structure import Block, ordered, whole

SIGNS = "ab Z9.,*_`[]()<>#+-!|~&^\\:/'\"=\té习🙂\u0301"
TEXT = st.text(st.sampled_from(SIGNS), min_size=1, max_size=30).map(lambda text: " ".join(text.split()))
TRAPS = [
    "1. x", "- x", "# x", "> x", "===", "---", "| a |", "&amp;", "<b>x</b>", "    x", "[^1]", "[^1]: x", "1790) x",
    "+ x", "https://x.org", "``` x", "~~~", "<in June>", "* * *", "-", "1.", "##",
]  # fmt: skip
WORDS = st.one_of(TEXT, st.sampled_from(TRAPS)).map(str.strip).filter(bool)
INLINE_KINDS = ["strong", "emphasis", "strike", "superscript", "subscript", "code"]


@st.composite
def marked(draw, kind="paragraph"):
    """A paragraph with some marks on it, none of which begins or ends at a space."""
    text = draw(WORDS)
    marks = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if not text[start].isspace() and not text[end - 1].isspace():
            marks.append((start, end, draw(st.sampled_from(INLINE_KINDS)), ""))
    if draw(st.booleans()) and len(text) > 2 and not text[0].isspace() and not text[1].isspace():
        marks.append((0, 2, "link", "https://example.org/a_(b)?c=d&e"))
    return Block(kind, text, ordered(marks))


def same(blocks):
    return blocks_in(write_markdown(blocks))


@given(st.lists(marked(), min_size=1, max_size=3))
@example([Block("paragraph", "a**b"), Block("paragraph", "# no heading")])
@example([Block("paragraph", "ab", ordered([(0, 1, "strong", ""), (1, 2, "emphasis", "")]))])
def test_paragraphs_are_read_as_they_were_written(blocks):
    assert same(blocks) == blocks


@given(
    st.lists(marked(), min_size=1, max_size=3), st.sampled_from(["heading", "quotation", "list-item", "author-note"])
)
def test_other_kinds_are_read_as_they_were_written(rows, kind):
    made = []
    for number, row in enumerate(rows, 1):
        more = {"heading": ("level", "2"), "list-item": ("item", f"{number}.")}.get(kind)
        marks = [mark for mark in row.markup if not (kind == "heading" and mark[2] == "strong")]
        made.append(Block(kind, row.text, ordered([*marks, *([whole(row.text, *more)] if more else [])])))
    start = [Block("paragraph", "Before.")]
    assert same([*start, *made]) == [*start, *made]


def item(text, sign="•", depth=""):
    marks = [whole(text, "item", sign)] if sign else []
    return Block("list-item", text, ordered([*marks, *([whole(text, "depth", depth)] if depth else [])]))


def row(text, *names):
    return Block("table-row", text, ordered(whole(text, name) for name in names))


@pytest.mark.parametrize(
    "blocks",
    [
        [item("one"), item("two"), item("within", depth="1"), item("three")],
        [item("three", "3."), item("four", "4."), item("more of four", ""), Block("paragraph", "After.")],
        [row("a\tb", "header", "table"), row("1\t2"), row("\t3")],
        [row("1\t2", "table"), row("3\t4")],
        [row("1\t2", "header", "table"), row("5\t6", "header", "table")],
        [Block("preformatted", "if x:\n\n    y  = ```z```", ((0, 23, "code", ""),)), Block("paragraph", "After.")],
        [Block("quotation", "one\ntwo"), Block("paragraph", "After."), Block("quotation", "three")],
        [Block("paragraph", "So.", ((2, 2, "footnote", "1"),)), Block("footnote", "Where.", ((0, 6, "label", "1"),))],
        [Block("paragraph", "A line\nand another")],
        [Block("paragraph", "Text."), Block("author-note", "Ann is a clerk.", ((0, 3, "strong", ""),))],
    ],
    ids=["bullets", "numbers", "table", "no header", "two tables", "code", "quotations", "footnote", "lines", "author"],
)  # fmt: skip
def test_structure_is_read_as_it_was_written(blocks):
    assert same(blocks) == blocks


def test_the_markdown_is_what_a_person_would_write():
    blocks = [
        Block("heading", "In spring", ((0, 9, "level", "2"),)),
        Block("paragraph", "They wrote to the capital.", ((5, 10, "emphasis", ""), (18, 25, "strong", ""))),
        item("one"),
    ]
    assert write_markdown(blocks) == "## In spring\n\nThey *wrote* to the **capital**.\n\n-   one\n"


def test_an_empty_text_is_empty():
    assert (write_markdown([]), blocks_in(""), blocks_in("\n\n")) == ("", [], [])
