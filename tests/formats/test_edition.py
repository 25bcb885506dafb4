"""Reading an edition from its folder, without a database."""

import json
import shutil

import pytest
import yaml

from reader.formats.edition import LOADER, EditionError, read_edition
from reader.text.normalise import starts
from tests.make import EDITION


@pytest.fixture(scope="module")
def edition():
    return read_edition(EDITION)


def paragraphs_of_the_file() -> list[str]:
    """The paragraphs as a person would count them in article.md: front matter, rule and heading left out."""
    body = (EDITION / "article.md").read_text(encoding="utf-8").split("---\n", 2)[2]
    return [line for line in body.split("\n") if line and line != "---" and not line.startswith("## ")]


def test_ten_paragraphs_are_read_to_the_character(edition):
    assert [block.source for block in edition.blocks] == paragraphs_of_the_file()
    assert len(edition.blocks) == 10


def test_emphasis_becomes_markup_beside_the_text(edition):
    last = edition.blocks[9]
    assert last.kind == "author-note"
    assert last.text == last.source.replace("**", "")
    assert last.markup == [[0, len("Liye Hong"), "strong", ""]]
    assert last.text.startswith("Liye Hong is ")


def test_only_the_last_paragraph_has_markup(edition):
    assert [block.text == block.source for block in edition.blocks] == [True] * 9 + [False]


def test_the_note_on_the_author_is_the_one_of_the_front_matter(edition):
    assert edition.blocks[9].text == edition.front["author_bio"]


def test_positions_in_the_source_become_positions_in_the_text(edition):
    last = edition.blocks[9]
    begin = starts([block.text for block in edition.blocks])[9]
    at = last.source.index("George Washington University")
    anchor = {"paragraph": 10, "quote": "George Washington University", "start": at, "end": at + 28}
    span = edition.span(anchor, "here")
    assert span.of(edition.text) == "George Washington University"
    assert span.start == begin + at - 4


def test_what_lies_inside_emphasis_keeps_its_place(edition):
    anchor = {"paragraph": 10, "quote": "Liye Hong", "start": 2, "end": 11}
    assert edition.span(anchor, "here").of(edition.text) == "Liye Hong"


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"quote": "words that nobody wrote"}, "does not stand in paragraph 1"),
        ({"occurrence": 9}, "does not stand in paragraph 1"),
        ({"start": 10}, "not as written"),
        ({"end": 58}, "not as written"),
        ({"paragraph": 11}, "there is no paragraph 11"),
        ({"paragraph": 0}, "there is no paragraph 0"),
    ],
)
def test_an_anchor_that_does_not_fit_is_refused_with_its_place(edition, change, sentence):
    right = edition.annotations[0]
    assert edition.span(right, "a01").of(edition.text) == right["quote"]
    with pytest.raises(EditionError, match=sentence):
        edition.span(right | change, "a01")


@pytest.fixture
def folder(tmp_path):
    """A copy of the edition that a test may break."""
    return shutil.copytree(EDITION, tmp_path / "edition")


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("article.md", b"No front matter.", "front matter"),
        ("article.md", b"---\ntitle: [\n---\nText.", "article.md"),
        ("article.md", b"---\njust words\n---\nText.", "front matter"),
        ("article.md", b"\xff\xfe", "cannot be read"),
        ("article.md", b"---\ntitle: T\n---\nText with \x00.", "NUL"),
        ("cards.yaml", b"- slug: [", "cards.yaml is not YAML"),
        ("cards.yaml", b"slug: xi-jinping", "cards.yaml"),
        ("annotations.yaml", b"just words", "annotations.yaml"),
        ("annotations.yaml", b"- just words", "annotations.yaml"),
        ("annotations.yaml", b"- !!python/object/apply:os.system ['true']", "annotations.yaml is not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder, name, content, sentence):
    (folder / name).write_bytes(content)
    with pytest.raises(EditionError, match=sentence):
        read_edition(folder)


def test_a_missing_text_is_named(folder):
    (folder / "article.md").unlink()
    with pytest.raises(EditionError, match=r"article\.md cannot be read"):
        read_edition(folder)


def test_an_edition_may_have_a_text_and_nothing_else(folder):
    for path in folder.glob("*.yaml"):
        path.unlink()
    edition = read_edition(folder)
    assert len(edition.blocks) == 10
    assert edition.cards == edition.annotations == edition.sources == []


def test_an_empty_list_is_no_entries(folder):
    (folder / "timeline.yaml").write_text(yaml.safe_dump([]))
    (folder / "crossrefs.yaml").write_text("# nothing yet\n")
    edition = read_edition(folder)
    assert edition.timeline == edition.crossrefs == []


@pytest.mark.parametrize(
    "name, change, sentence",
    [
        ("annotations", {"body": ""}, r"annotations\.yaml, entry 1: «body» is missing"),
        ("annotations", {"id": "a02"}, r"annotations\.yaml: «a02» stands there twice"),
        ("annotations", {"cards": ["nobody"]}, r"annotations\.yaml, a01: there is no card «nobody»"),
        ("annotations", {"sources": [{"id": "nowhere"}]}, r"annotations\.yaml, a01: the source «nowhere»"),
        ("annotations", {"sources": ["nowhere"]}, r"annotations\.yaml, a01"),
        ("cards", {"name": None}, r"cards\.yaml, entry 1: «name» is missing"),
        ("cards", {"slug": "joseph-stilwell"}, r"cards\.yaml: «joseph-stilwell» stands there twice"),
        ("cards", {"related": [{"slug": "nobody", "relation": "met"}]}, r"cards\.yaml, xi-jinping: there is no card"),
        ("cards", {"related": ["bill-gates"]}, r"cards\.yaml, xi-jinping"),
        ("cards", {"sources": [{"id": "nowhere"}]}, r"cards\.yaml, xi-jinping: the source «nowhere»"),
        ("crossrefs", {"target": {"card": "nobody"}}, r"crossrefs\.yaml, x01: there is no card «nobody»"),
        ("crossrefs", {"target": "card"}, r"crossrefs\.yaml, x01"),
        ("timeline", {"card": "nobody"}, r"timeline\.yaml, t01: there is no card «nobody»"),
        ("timeline", {"precision": None}, r"timeline\.yaml, entry 1: «precision» is missing"),
        ("sources", {"title": ""}, r"sources\.yaml, entry 1: «title» is missing"),
    ],
)
def test_an_entry_that_contradicts_the_others_is_named(folder, name, change, sentence):
    path = folder / f"{name}.yaml"
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506
    path.write_text(json.dumps([rows[0] | change, *rows[1:]]))  # JSON is YAML
    with pytest.raises(EditionError, match=sentence):
        read_edition(folder)


def test_a_source_may_be_described_where_it_is_cited(folder):
    (folder / "sources.yaml").unlink()
    assert len(read_edition(folder).annotations) == 35
