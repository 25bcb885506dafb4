"""Lines for mail programs."""

from hypothesis import given
from hypothesis import strategies as st

from reader.text.folding import WIDTH, fold
from reader.text.orcid import is_orcid


def test_a_long_line_is_folded_between_words_and_an_address_stays_whole():
    address = "https://example.org/" + "a" * 100
    lines = fold(f"{'word ' * 30}{address}", mark="> ").splitlines()
    assert all(line.startswith("> ") and (len(line) <= WIDTH or address in line) for line in lines[:-1])
    assert lines[-1].endswith(address)


@given(st.text(max_size=400))
def test_every_line_bears_the_mark_and_no_word_is_lost(text):
    folded = fold(text, mark="> ")
    assert all(line.startswith(">") for line in folded.splitlines())
    assert "".join("".join(line[1:] for line in folded.splitlines()).split()) == "".join(text.split())


def test_an_orcid_is_known_by_its_check():
    good = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]
    bad = ["0000-0002-1825-0098", "0000000218250097", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1694-233x"]
    bad += ["", "٠٠٠٠-0002-1825-0097"]
    assert [is_orcid(each) for each in good] == [True] * 3
    assert [is_orcid(each) for each in bad] == [False] * 6
