"""Places carried from one revision to the next: never an exception, never a guess, and the same words kept."""

import random
import time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reader.text.aligning import Carried, align, carry
from reader.text.selectors import Span

# Latin, CJK, kana, Thai, emoji with joiners and skin tones, combining marks, right-to-left with its marks, odd spaces.
SIGNS = "ab .,-“’\n字の。กำ👩\u200d💻👍🏽e\u0301שָׁ\u200fع\u3000\xa0\x00"
texts = st.one_of(st.text(alphabet=SIGNS, max_size=60), st.text(max_size=60))
WORDS = ["envoy", "tribute", "court", "letter", "silver", "border", "treaty", "winter", "river", "horse", "temple"]

PARAGRAPHS = [
    "In that year the envoys of Kokand reached the capital with horses and a letter.",
    "The court answered with silk and silver. Nobody asked for the letter’s translation.",
    "中國的使者到了浩罕。他們帶來了絲綢和一封信。",
    "Two winters later the border was closed, and the market at Yarkand stood empty.",
]
ARTICLE = "\n\n".join(PARAGRAPHS)


@st.composite
def placed_texts(draw: st.DrawFn) -> tuple[str, Span]:
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    return text, Span(start, draw(st.integers(start, len(text))))


@st.composite
def articles(draw: st.DrawFn) -> list[list[str]]:
    """Paragraphs of words, numbered so that no paragraph says what another says."""
    count = draw(st.integers(3, 8))
    return [
        [f"p{number}", *draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=12)), f"q{number}."]
        for number in range(count)
    ]


def joined(article: list[list[str]]) -> str:
    return "\n\n".join(" ".join(words) for words in article)


def span_of(text: str, words: str) -> Span:
    assert text.count(words) == 1, words
    return Span(text.index(words), text.index(words) + len(words))


def carried(old: str, new: str, words: str) -> tuple[str | None, str]:
    """The words a passage of `old` became, and its state."""
    result = align(old, new).carry(span_of(old, words))
    return (result.span.of(new) if result.span else None), result.state


@given(placed_texts(), texts)
@settings(max_examples=400, deadline=None)
@example(("a", Span(0, 1)), "")
@example(("ab ab ab", Span(3, 5)), "ab")
def test_any_two_texts_give_a_place_within_bounds_or_none(placed: tuple[str, Span], new: str) -> None:
    old, span = placed
    result = align(old, new).carry(span)
    assert (result.span is None) == (result.state == "lost")
    assert 0 <= result.score <= 1
    if result.span is not None:
        assert result.span.end <= len(new)
        assert len(result.span) or not len(span), "words do not become a place without words"
        assert (result.span.of(new) == span.of(old)) == (result.state in ("exact", "moved")) or not len(span)


@given(articles(), articles(), st.data())
@settings(max_examples=80, deadline=None)
def test_any_two_articles_give_places_within_bounds_or_none(
    article: list[list[str]], other: list[list[str]], data: st.DataObject
) -> None:
    """Moves, repeats and edits that short texts have no room for."""
    old = joined(article)
    pool = st.sampled_from(article + other)
    new = joined([words[data.draw(st.integers(0, 3)) :] for words in data.draw(st.lists(pool, max_size=10))])
    for result in carry(old, new, [Span(at, min(len(old), at + 25)) for at in range(0, len(old), 41)]):
        assert (result.span is None) == (result.state == "lost")
        assert result.span is None or 0 <= result.span.start < result.span.end <= len(new)


@given(placed_texts())
@settings(max_examples=400, deadline=None)
@example((" ", Span(0, 1)))
@example(("\n\n\n", Span(1, 2)))
@example(("aaaa", Span(1, 3)))
def test_in_an_unchanged_text_every_place_stays(placed: tuple[str, Span]) -> None:
    text, span = placed
    assert align(text, text).carry(span) == Carried(span, "exact", 1.0)


@given(texts, texts)
@settings(max_examples=300, deadline=None)
def test_differences_cover_both_texts_and_say_what_is_equal(old: str, new: str) -> None:
    made = align(old, new).differences()
    assert "".join(step.old.of(old) for step in made) == old
    assert "".join(step.new.of(new) for step in made) == new
    for step in made:
        assert (step.kind == "equal") == (step.old.of(old) == step.new.of(new))
        assert (len(step.old) == 0) == (step.kind == "insert")
        assert (len(step.new) == 0) == (step.kind == "delete")


@given(articles(), st.data())
@settings(max_examples=200, deadline=None)
def test_words_inserted_far_away_change_no_place(article: list[list[str]], data: st.DataObject) -> None:
    here, there = data.draw(st.permutations(range(len(article))))[:2]
    old = joined(article)
    edited = [list(words) for words in article]
    edited[there].insert(data.draw(st.integers(0, len(edited[there]))), "never seen before")
    new = joined(edited)
    start = len(joined([*article[:here], [""]]))
    first = data.draw(st.integers(start, start + len(" ".join(article[here])) - 1))
    last = data.draw(st.integers(first + 1, start + len(" ".join(article[here]))))
    shift = len(new) - len(old) if there < here else 0
    assert align(old, new).carry(Span(first, last)) == Carried(Span(first + shift, last + shift), "exact", 1.0)


@given(articles(), st.data())
@settings(max_examples=200, deadline=None)
def test_words_that_stand_once_are_placed_there_or_nowhere(article: list[list[str]], data: st.DataObject) -> None:
    """However the paragraphs are shuffled and thinned out around them."""
    old = joined(article)
    kept = data.draw(st.lists(st.sampled_from(article), unique_by=lambda words: words[0], min_size=1))
    new = joined(kept)
    chosen = data.draw(st.sampled_from(article))
    words = " ".join(chosen)
    result = align(old, new).carry(span_of(old, words))
    if chosen in kept:
        assert result.span == span_of(new, words)
        assert result.state in ("exact", "moved")
    elif result.span is not None:
        assert result.state == "changed"


@given(articles(), st.data())
@settings(max_examples=100, deadline=None)
def test_an_undone_edit_brings_exact_places_back(article: list[list[str]], data: st.DataObject) -> None:
    old = joined(article)
    edited = [list(words) for words in article]
    edited[data.draw(st.integers(0, len(edited) - 1))][1] = "rewritten"
    new = joined(edited)
    start = data.draw(st.integers(0, len(old) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(old))))
    there = align(old, new).carry(span)
    assume(there.state == "exact" and there.span is not None)
    assert there.span is not None
    assert align(new, old).carry(there.span).span == span


@pytest.mark.parametrize(
    "words, before, after, becomes, state",
    [
        ("the envoys of Kokand", "In that year", "In the same year", "the envoys of Kokand", "exact"),
        ("the envoys of Kokand", "envoys", "ambassadors", "the ambassadors of Kokand", "changed"),
        ("envoys of Kokand", "envoys of", "envoys and merchants of", "envoys and merchants of Kokand", "changed"),
        ("Kokand reached", "Kokand", "Khokand", "Khokand reached", "changed"),
        ("translation", "letter’s translation", "letter's translation", "translation", "exact"),
        ("letter’s", "letter’s", "letter's", "letter's", "changed"),
        ("silk and silver", "silk and silver. Nobody", "silk and silver; nobody", "silk and silver", "exact"),
        ("and a letter.\n\nThe court", "letter.\n\nThe", "letter. The", "and a letter. The court", "changed"),
        ("使者到了浩罕", "中國的使者", "中國的兩位使者", "使者到了浩罕", "exact"),
        ("使者到了浩罕", "到了", "抵達", "使者抵達浩罕", "changed"),
        ("絲綢和一封信", "絲綢和", "絲綢、馬匹和", "絲綢、馬匹和一封信", "changed"),
        ("market at Yarkand", " and the market at Yarkand stood empty", "", None, "lost"),
        ("Nobody asked for the letter’s translation.", " Nobody asked for the letter’s translation.", "", None, "lost"),
        ("In that year", "In", "Long before, in", "in that year", "changed"),
        ("stood empty.", "stood empty.", "stood empty. The inns were shut.", "stood empty.", "exact"),
    ],
)  # fmt: skip
def test_what_becomes_of_words(words: str, before: str, after: str, becomes: str | None, state: str) -> None:
    assert ARTICLE.count(before) == 1
    assert carried(ARTICLE, ARTICLE.replace(before, after), words) == (becomes, state)


def test_a_paragraph_that_moved_takes_its_notes_along() -> None:
    moved = "\n\n".join([PARAGRAPHS[3], *PARAGRAPHS[:3]])
    assert carried(ARTICLE, moved, "the border was closed") == ("the border was closed", "moved")
    assert carried(ARTICLE, moved, "The court answered") == ("The court answered", "exact")


def test_the_first_words_of_both_texts_may_be_a_block_that_is_found_last() -> None:
    old = (
        "One two three four five six seven eight nine ten eleven. Where is it now? "
        + "Old words only stood in this place. " * 3
    )
    new = "One two three four five six seven eight nine ten eleven, so it goes on with new ones. Nothing else is kept."
    assert carried(old, new, "two three four")[0] == "two three four"


def test_a_paragraph_that_moved_and_was_edited_takes_its_notes_along() -> None:
    edited = PARAGRAPHS[3].replace("the border was closed", "the border with Kashgar was closed")
    moved = "\n\n".join([edited, *PARAGRAPHS[:3]])
    assert carried(ARTICLE, moved, "border was closed") == ("border with Kashgar was closed", "changed")


@pytest.mark.parametrize("joint", [" ", "\n\n"])
def test_paragraphs_split_and_joined_keep_their_notes(joint: str) -> None:
    old, new = ("First one. Second one.\n\nThird one.", f"First one.{joint}Second one.\n\nThird one.")
    for words in ("First one.", "Second one.", "Third one."):
        assert carried(old, new, words) == (words, "exact")
        assert carried(new, old, words) == (words, "exact")


@pytest.mark.parametrize("deleted", range(4))
def test_a_deleted_list_item_does_not_land_on_its_neighbour(deleted: int) -> None:
    items = [f"Envoys from {place} brought horses to the capital in {year}." for place, year in
             (("Kokand", 1757), ("Bukhara", 1761), ("Badakhshan", 1763), ("Kashmir", 1764))]  # fmt: skip
    kept = [item for number, item in enumerate(items) if number != deleted]
    for number, item in enumerate(items):
        expected = (None, "lost") if number == deleted else (item, "exact")
        assert carried("\n\n".join(items), "\n\n".join(kept), item) == expected


def test_a_deleted_passage_does_not_land_on_its_twin() -> None:
    old = "The court was pleased. No letter is kept.\n\nThe khan was not pleased. No letter is kept."
    new = "The court was pleased.\n\nThe khan was not pleased. No letter is kept."
    first, second = Span(old.index("No"), old.index("No") + 18), Span(len(old) - 18, len(old))
    assert first.of(old) == second.of(old) == "No letter is kept."
    assert carry(old, new, [first, second]) == [
        Carried(None, "lost", 0.0),
        Carried(Span(new.index("No"), len(new)), "exact", 1.0),
    ]


def test_a_copy_planted_before_does_not_take_the_note() -> None:
    new = "Preface: the envoys of Kokand, it is said.\n\n" + ARTICLE
    result = align(ARTICLE, new).carry(span_of(ARTICLE, "the envoys of Kokand"))
    assert result.span is not None and result.span.start == new.rindex("the envoys of Kokand")


@pytest.mark.parametrize(
    "old, new, words, becomes",
    [
        ("He saw any thing there.", "He saw anything there.", "any", "any"),
        ("He saw any thing there.", "He saw anything there.", "thing", "thing"),
        ("nach § 5 Abs. 4 anzuzeigen", "nach § 5 Absatz 4 anzuzeigen", "§ 5 Abs.", "§ 5 Absatz"),
        ("We wiat for winter.", "We wait for winter.", "wiat", "wait"),
        ("Un caf\u0065\u0301 noir.", "Un caf\u00e9 noir.", "caf\u0065\u0301", "caf\u00e9"),
        ("הנה שָׁלוֹם לכם", "הנה לנו שָׁלוֹם לכם", "שָׁלוֹם", "שָׁלוֹם"),
        ("Good 👩\u200d💻 work", "Very good 👩\u200d💻 work", "👩\u200d💻", "👩\u200d💻"),
    ],
)
def test_edits_within_words_and_scripts(old: str, new: str, words: str, becomes: str) -> None:
    assert carried(old, new, words)[0] == becomes


def test_the_whole_text_and_places_without_words() -> None:
    new = ARTICLE.replace("In that year", "In that very year")
    whole, front, end = carry(ARTICLE, new, [Span(0, len(ARTICLE)), Span(0, 0), Span(len(ARTICLE), len(ARTICLE))])
    assert whole.span == Span(0, len(new)) and whole.state == "changed"
    assert (front.span, end.span) == (Span(0, 0), Span(len(new), len(new)))
    at = ARTICLE.index("The court")
    assert align(ARTICLE, new).carry(Span(at, at)).span == Span(at + 5, at + 5)


def test_a_span_beyond_the_end_is_cut_off_there() -> None:
    assert align("ab", "ab").carry(Span(1, 9)) == Carried(Span(1, 2), "exact", 1.0)


def test_differences_are_whole_words() -> None:
    made = align("The envoys came late.", "The ambassadors came.").differences()
    assert [
        (step.kind, step.old.of("The envoys came late."), step.new.of("The ambassadors came.")) for step in made
    ] == [
        ("equal", "The ", "The "),
        ("replace", "envoys", "ambassadors"),
        ("equal", " came", " came"),
        ("delete", " late", ""),
        ("equal", ".", "."),
    ]


@pytest.mark.parametrize("text", ["same " * 12_000, "字" * 20_000, "\n" * 20_000, " " * 20_000 + "x"])
def test_texts_that_repeat_themselves_take_no_quadratic_time(text: str) -> None:
    begun = time.process_time()
    result = align(text, text[: len(text) // 3] + "other" + text[len(text) // 3 :]).carry(Span(0, len(text) // 2))
    assert result.span is not None
    assert time.process_time() - begun < 10


def test_unrelated_long_texts_leave_nothing_attached() -> None:
    chance = random.Random(7)
    old, new = (
        " ".join("".join(chance.choices(letters, k=6)) for _ in range(5000)) for letters in ("abcdefgh", "qrstuvwx")
    )
    assert {result.state for result in carry(old, new, [Span(at, at + 50) for at in range(0, 30_000, 3000)])} == {
        "lost"
    }
