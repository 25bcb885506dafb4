"""A file is read in a process of its own: what it does to that process, the site does not notice."""

import pytest

from reader.formats.incoming import apart
from reader.formats.incoming.apart import read_apart
from reader.formats.incoming.model import Unreadable
from reader.formats.incoming.reading import Limits, read
from tests.make_files import PARAGRAPHS, docx, pdf_bomb, word_paragraph, zip_bomb

LIMITS = Limits()
MEMORY = 1_000_000_000


def brought(data, name, *, limits=LIMITS, seconds=30, memory=MEMORY):
    return read_apart(data, name, limits=limits, seconds=seconds, memory=memory)


def test_what_is_read_apart_is_what_is_read_here():
    data = docx(*(word_paragraph(words) for words in PARAGRAPHS))
    assert brought(data, "a.docx") == read(data, "a.docx")


@pytest.mark.parametrize(
    "make, name, codes",
    [
        (lambda: zip_bomb(), "a.docx", {"unpacks_too_large"}),
        (lambda: pdf_bomb(), "a.pdf", {"broken", "too_large_to_read", "too_slow", "no_words_in_pdf"}),
        (lambda: b"<p>" * 1_000_000, "a.html", {"too_large_to_read", "too_slow", "empty", "broken"}),
        (lambda: b"<b><i><u>" * 200_000 + b"deep", "a.html", {"too_large_to_read", "too_slow", "empty", "broken"}),
    ],
    ids=["zip bomb", "PDF bomb", "a million paragraphs", "deep"],
)
def test_a_hostile_file_is_refused(make, name, codes):
    try:
        raw = brought(make(), name, seconds=5)
    except Unreadable as error:
        assert error.code in codes
    else:
        assert name == "a.html"  # read after all, in its bounds
        assert sum(len(each.block.text) for each in raw.blocks) < 100


@pytest.mark.parametrize(
    "text", ["> " * 60_000 + "x", "[" * 60_000, "*a " * 50_000, "[^1]: a\n" * 20_000], ids=range(4)
)
def test_hostile_markdown_ends_in_time(text):
    try:
        brought(text.encode(), "a.md", seconds=20)
    except Unreadable as error:
        assert error.code in ("too_slow", "too_large_to_read", "broken", "empty")


def test_more_text_than_is_allowed_is_refused():
    with pytest.raises(Unreadable) as refused:
        brought(b"words " * 50, "a.txt", limits=Limits(characters=100))
    assert (refused.value.code, refused.value.values) == ("too_many_characters", {"most": 100})


def test_reading_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(apart.subprocess, "run", _late(apart.subprocess.run))
    with pytest.raises(Unreadable) as refused:
        brought(b"words", "a.txt", seconds=1)
    assert refused.value.code == "too_slow"


def _late(run):
    def stopped(arguments, *, timeout, **more):
        return run(["/bin/sleep", "5"], timeout=0.1, **more)

    return stopped
