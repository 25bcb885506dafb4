"""What conversion left is taken out and named; every word is in the text or in what was taken out."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.formats.incoming.model import Raw
from reader.formats.incoming.plain import read_plain
from reader.formats.incoming.reading import made_of
from reader.text.cleaning import clean
from reader.text.lines import Line, join_lines
from reader.text.structure import Block, Found
from tests.formats.test_edition import paragraphs_of_the_file

TITLE = "Xi Jinping's Civil Diplomacy Initiative: Origins, Purpose, and Challenges"
ADDRESS = "https://www.example.org/2023/10/29/civil-diplomacy/"
NOTICE = (
    "This PDF is auto-generated for reference only. As such, it may contain some conversion errors. For all formal "
    "use please refer to the official version on the website, as linked below."
)


def conversion_of(paragraphs: list[str]) -> str:
    """The paragraphs as a PDF conversion has them: heads, notice, address, title again in the middle, rule."""
    head = f"# {TITLE}\n\nWritten by Liye Hong"
    top = f"{head}\n\n{NOTICE}\n\n## {TITLE}\n\n<{ADDRESS}>\n\nLIYE HONG, OCT 29 2023"
    tail = f"---\n\n## About the author:\n\n{paragraphs[9]}"
    return "\n\n".join(["", top, *paragraphs[:5], head, *paragraphs[5:9], tail])


@pytest.fixture(scope="module")
def paragraphs():
    return paragraphs_of_the_file()


@pytest.fixture(scope="module")
def incoming(paragraphs):
    return made_of(read_plain(conversion_of(paragraphs).encode()))


# --- the conversion of the article itself ---------------------------------------------------------


def test_the_conversion_gives_the_ten_paragraphs_to_the_character(incoming, paragraphs):
    assert [block.text for block in incoming.blocks] == [text.replace("**", "") for text in paragraphs]
    assert [block.kind for block in incoming.blocks] == ["paragraph"] * 9 + ["author-note"]
    assert incoming.blocks[9].markup == ((0, 9, "strong", ""),)


def test_what_was_taken_out_of_it_is_named_in_order(incoming):
    wanted = ["title", "byline", "notice", "repeated-title", "address", "dateline", "repeated-title", "repeated-line"]
    assert [gone.reason for gone in incoming.removed] == [*wanted, "author-heading"]


def test_what_it_said_of_itself_is_kept(incoming):
    front = incoming.front
    assert (front.title, front.authors, front.published) == (TITLE, ("Liye Hong",), "2023-10-29")
    assert (front.source_url, front.language) == (ADDRESS, "en")


def test_the_same_words_hard_wrapped_on_pages_give_the_same_paragraphs(paragraphs):
    texts = [text.replace("**", "") for text in paragraphs[:9]]
    made = made_of(read_plain(pages_of(texts).encode()))
    assert [block.text for block in made.blocks] == texts
    assert {gone.reason for gone in made.removed} == {"page-number", "running-head", "title"}
    assert made.front.title == "Civil Diplomacy"


def pages_of(paragraphs: list[str], *, width: int = 70, per_page: int = 24) -> str:
    """Lines of `width` columns, an empty line between paragraphs, a head and a number on each page."""
    lines = ["Civil Diplomacy", ""]
    for text in paragraphs:
        lines += [*wrapped(text, width), ""]
    pages = [lines[at : at + per_page] for at in range(0, len(lines), per_page)]
    return "\f".join(
        "\n".join(["E-International Relations", "", *page, "", str(number)]) for number, page in enumerate(pages, 1)
    )


def wrapped(text: str, width: int) -> list[str]:
    """The words in lines; none is broken at its hyphen, which no reader of lines could tell from one of theirs."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


# --- putting back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["title", "notice", "repeated-title", "repeated-line", "author-heading"])
def test_each_thing_taken_out_can_be_put_back(paragraphs, incoming, reason):
    gone = next(each for each in incoming.removed if each.reason == reason)
    again = made_of(read_plain(conversion_of(paragraphs).encode()), frozenset({gone.key}))
    assert gone.text in [block.text for block in again.blocks]
    assert gone.key not in {each.key for each in again.removed}


def test_with_everything_put_back_nothing_is_missing(paragraphs):
    raw = read_plain(conversion_of(paragraphs).encode())
    keep = frozenset(gone.key for gone in made_of(raw).removed)
    again = made_of(raw, keep)
    assert again.removed == ()
    assert [block.text for block in again.blocks] == [each.block.text for each in raw.blocks]


# --- lines ----------------------------------------------------------------------------------------


def lines_of(*pages: list[str]) -> list[Line]:
    raw = read_plain("\f".join("\n".join(page) for page in pages).encode())
    return list(raw.lines)


def texts(found: list[Found]) -> list[str]:
    return [each.block.text for each in found]


LONG = "Then the envoys went on to the capital with all that they had brought along the coast road"


def test_heads_that_alternate_and_count_are_taken_out():
    pages = [
        [f"Annals {n}" if n % 2 else f"{n} The Envoys", "", f"On day {'x' * n} {LONG}", f"{LONG} {'y' * n}."]
        for n in range(3, 11)
    ]
    found, removed = join_lines(lines_of(*pages))
    assert all("Annals" not in text and "The Envoys" not in text for text in texts(found))
    assert [gone.text for gone in removed] == [page[0] for page in pages]


def test_a_title_on_the_first_page_is_no_running_head():
    pages = [["The Envoys", "", f"{LONG}."], *([["The Envoys", "", f"{LONG} {n}."] for n in "abc"])]
    found, removed = join_lines(lines_of(*pages))
    assert texts(found)[0] == "The Envoys"
    assert len(removed) == 3


@pytest.mark.parametrize("foot", ["{n}", "- {n} -", "Page {n} of 4", "p. {n}", "{n} / 4"])
def test_page_numbers_are_taken_out(foot):
    pages = [[f"{LONG} {word}.", "", foot.format(n=n)] for n, word in enumerate(("one", "two", "three", "four"), 1)]
    found, removed = join_lines(lines_of(*pages))
    assert [gone.reason for gone in removed] == ["page-number"] * 4
    assert len(found) == 4


def test_a_year_at_the_end_of_a_page_is_no_page_number():
    pages = [[f"{LONG}.", "", "It was the year", "1790"], [f"{LONG}."], [f"{LONG}."]]
    assert "1790" in texts(join_lines(lines_of(*pages))[0])[1]


@pytest.mark.parametrize(
    "first, second, wanted",
    [
        ("the govern-", "ment of the province", "the government of the province"),
        ("a well-", "known road", "a well-known road"),
        ("the Sino-", "US relations", "the Sino-US relations"),
        ("from 1790-", "1795 they", "from 1790-1795 they"),
        ("a soft\u00ad", "ened word", "a softened word"),
    ],
)
def test_words_broken_at_a_line_end_are_joined(first, second, wanted):
    [found], removed = join_lines(lines_of([first, second]))
    assert found.block.text == wanted
    assert [gone.reason for gone in removed] == (["hyphen"] if "-" not in wanted else [])


def test_the_text_itself_says_whether_a_hyphen_belongs_to_a_word():
    lines = ["they paid the post-", "man well; a post-man has", "to be paid, and every post-man knows"]
    [found], removed = join_lines(lines_of(lines))
    assert found.block.text.startswith("they paid the post-man well")
    assert removed == []


def test_a_hyphen_is_put_back():
    [found], removed = join_lines(lines_of(["the govern-", "ment"]), frozenset({"h0.1"}))
    assert (found.block.text, removed) == ("the govern-ment", [])


def test_a_sentence_goes_on_over_a_page():
    pages = [[f"On that day {LONG}", LONG], [f"and stayed there {LONG}."]]
    [found], _ = join_lines(lines_of(*pages))
    assert found.block.text == f"On that day {LONG} {LONG} and stayed there {LONG}."


def test_lines_of_chinese_are_joined_without_a_space():
    [found], _ = join_lines(lines_of(["春天使者致书京城,京城没有回复他们,", "第二封信走海路。"]))
    assert found.block.text == "春天使者致书京城,京城没有回复他们,第二封信走海路。"


def test_lists_are_lists():
    found, _ = join_lines(lines_of([f"{LONG}.", "", "  • one thing", "  • another", "", "  1. first", "  2. second"]))
    assert [(each.block.kind, each.block.text, each.block.value("item")) for each in found[1:]] == [
        ("list-item", "one thing", "•"), ("list-item", "another", "•"),
        ("list-item", "first", "1."), ("list-item", "second", "2."),
    ]  # fmt: skip


def test_the_lines_of_a_list_item_hang_together():
    found, _ = join_lines(lines_of([f"{LONG}.", "", f"  • {LONG}", "    to the end of it", "  • another"]))
    assert texts(found)[1:] == [f"{LONG} to the end of it", "another"]


def test_a_table_of_contents_with_its_dots_is_taken_out():
    rows = ["Contents", "", "1 Spring . . . . . . . . 3", "", "2 Summer ........ 17", "", f"{LONG}."]
    found, _ = join_lines(lines_of(rows))
    cleaned = clean(found, title="Letters", of_lines=True)
    assert [gone.reason for gone in cleaned.removed] == ["contents"] * 3
    assert [block.text for block in cleaned.blocks] == [f"{LONG}."]


def test_a_line_of_code_that_repeats_on_pages_is_no_head():
    pages = [[f"{LONG} {word}.", "", "x = 1", "", f"{LONG} and {word}."] for word in ("one", "two", "three")]
    found, _ = join_lines(lines_of(*pages))
    assert sum(block.text == "x = 1" for block in clean(found, title="Letters", of_lines=True).blocks) == 3


# --- nothing is lost ------------------------------------------------------------------------------

words = st.text(st.sampled_from("abcdeXYZ19-.,:é习\u00ad"), min_size=1, max_size=9).filter(lambda w: w.strip())
line = st.one_of(
    st.lists(words, min_size=0, max_size=12).map(" ".join),
    st.sampled_from(["1", "2", "Page 3", "A head", "By Ann Clerk", "About the author", NOTICE, "* * *", "• item", ""]),
)
page = st.lists(line, max_size=12).map("\n".join)


def letters(texts_of: Iterable[str]) -> Counter[str]:
    return Counter(sign for text in texts_of for sign in text if sign.isalnum())


@given(st.lists(page, min_size=1, max_size=5).map("\f".join))
def test_every_letter_of_plain_text_is_kept_or_named(text):
    """Numbers of list items and labels of footnotes are kept as structure; of a hyphen only the hyphen goes."""
    lines = lines_of(*[page.split("\n") for page in text.split("\f")]) if text.strip() else []
    found, removed = join_lines(lines)
    cleaned = clean(found, of_lines=True)
    gone = [each.text for each in (*removed, *cleaned.removed) if each.reason != "hyphen"]
    structure = [
        value for each in found for _s, _e, kind, value in each.block.markup if kind in ("item", "label", "footnote")
    ]
    kept = [block.text for block in cleaned.blocks]
    assert letters([*kept, *gone, *structure]) == letters(line.text for line in lines)


blocks = st.lists(
    st.builds(
        lambda kind, text: Block(kind, text),
        st.sampled_from(["paragraph", "heading", "list-item", "quotation", "footnote"]),
        line.filter(str.strip),
    ),
    max_size=12,
)


@given(blocks, st.sampled_from(["", "A head", "1"]), st.booleans())
def test_every_block_is_kept_or_named(rows, title, of_lines):
    found = [Found(block, 0, number) for number, block in enumerate(rows, 1)]
    cleaned = clean(found, title=title, of_lines=of_lines)
    kept = " ".join(block.text for block in cleaned.blocks).split() + [
        word for gone in cleaned.removed for word in gone.text.split()
    ]
    assert Counter(kept) == Counter(word for block in rows for word in block.text.split())


@given(st.lists(page, min_size=1, max_size=3).map("\f".join).filter(str.strip))
def test_cleaning_never_fails_and_a_raw_comes_back_from_json(text):
    try:
        raw = read_plain(text.encode())
    except Exception as error:  # nothing but white space and signs that are no text
        assert getattr(error, "code", "") in ("empty", "not_text")
        return
    assert Raw.from_plain(raw.plain()) == raw
    made_of(raw)
