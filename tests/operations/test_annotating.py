"""Writing: what is kept, who sees it next, and what is refused."""

import pytest

from reader.models import Annotation, AnnotationVersion, ModerationEvent, Motivation, Placement, Status, Visibility
from reader.operations import annotating, moderating
from reader.operations.annotating import clean_tags
from reader.operations.errors import (
    BadTags,
    CannotDoThat,
    NoSuchPlace,
    NothingWritten,
    NotStorable,
    TooLong,
    WordsChanged,
)
from reader.text.selectors import Span
from tests.make import NEW_WORDS, OLD_WORDS, approved, fresh, make_note, note_in_state, span_of


def last_act(note) -> tuple:
    event = note.events.first()
    return (event.verb, event.before, event.after, event.version, event.by_name)


@pytest.fixture
def nothing_kept(db):
    """Call it at the end: no row was added since the test began."""
    tables = (Annotation, AnnotationVersion, Placement, ModerationEvent)
    before = [table.objects.count() for table in tables]

    def check():
        assert [table.objects.count() for table in tables] == before

    return check


# --- a new note -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "second letter",
        "🙂",
        "𠮷田 carried it",
        "禮部尚書",
        "שלום",
        "café",
        "<in June>",
        "capital, & the capital",
        "In spring",
    ],
)
def test_a_note_keeps_the_words_its_author_saw(letters, people, words):
    note = make_note(letters, author=people.author, on=words)
    text = letters.current.text
    assert text[note.start : note.end] == note.exact == words
    assert text[: note.start].endswith(note.prefix) and text[note.end :].startswith(note.suffix)
    place = note.placements.get()
    assert (place.start, place.end, place.state, place.score) == (note.start, note.end, "exact", 1.0)


def test_a_note_may_run_across_paragraphs(letters, people):
    text = letters.current.text
    span = Span(text.index("<in June>"), text.index("The minister"))
    note = make_note(letters, author=people.author, span=span)
    assert "\n\n" in note.exact
    assert note.exact == span.of(text)


def test_a_note_may_cover_the_whole_text_to_its_last_sign(letters, people):
    text = letters.current.text
    assert make_note(letters, author=people.author, span=Span(0, len(text))).exact == text


def test_a_highlight_needs_no_words_and_a_note_does(letters, people, nothing_kept):
    for body in ("", "  \n "):
        with pytest.raises(NothingWritten):
            make_note(letters, author=people.author, body=body)
    nothing_kept()
    note = make_note(letters, author=people.author, body="", motivation=Motivation.HIGHLIGHTING)
    assert note.latest.body == ""


@pytest.mark.parametrize(
    "place",
    [lambda n: Span(n - 1, n + 1), lambda n: Span(n, n + 5), lambda n: Span(10**9, 10**10), lambda n: Span(3, 3)],
    ids=["over the end", "behind the end", "far away", "empty"],
)
def test_a_place_outside_the_text_is_refused(letters, people, place, nothing_kept):
    with pytest.raises(NoSuchPlace):
        make_note(letters, author=people.author, span=place(len(letters.current.text)))
    nothing_kept()


def test_a_place_without_words_is_refused(letters, people, nothing_kept):
    at = letters.current.text.index("\n\n")
    with pytest.raises(NoSuchPlace):
        make_note(letters, author=people.author, span=Span(at, at + 2))
    nothing_kept()


def test_words_the_author_did_not_see_are_refused(letters, people, nothing_kept):
    with pytest.raises(WordsChanged):
        make_note(letters, author=people.author, on="second letter", exact="second  letter")
    nothing_kept()
    assert make_note(letters, author=people.author, on="second letter", exact="second letter").pk


@pytest.mark.parametrize(
    "words, error",
    [
        ({"body": "x" * 20_001}, TooLong),
        ({"body": "x" * 1_000_000}, TooLong),
        ({"body": "with \x00 in it"}, NotStorable),
        ({"body": "half a sign \ud83d"}, NotStorable),
        ({"tags": ["a\x00b"]}, NotStorable),
        ({"tags": ["\udc00"]}, NotStorable),
        ({"tags": [f"tag {n}" for n in range(13)]}, BadTags),
        ({"tags": ["x" * 51]}, BadTags),
        ({"tags": ["!!!"]}, BadTags),
        ({"tags": ["fine", "🙂"]}, BadTags),
    ],
)
def test_what_cannot_be_kept_is_refused_everywhere_and_changes_nothing(letters, people, words, error):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    before = [list(t.objects.values()) for t in (Annotation, AnnotationVersion, Placement, ModerationEvent)]
    words = {"body": "Fine.", "tags": []} | words
    for act in (
        lambda: make_note(letters, author=people.author, **words),
        lambda: annotating.reply(parent=note, author=people.author, **words),
        lambda: annotating.edit(note, by=people.author, **words),
    ):
        with pytest.raises(error):
            act()
    assert [list(t.objects.values()) for t in (Annotation, AnnotationVersion, Placement, ModerationEvent)] == before


@pytest.mark.parametrize("body", ["x" * 20_000, "𠮷🙂 שלום 禮", "\u202eright to left", "<script>alert(1)</script>"])
def test_what_is_odd_but_harmless_is_kept_as_typed(letters, people, body):
    assert make_note(letters, author=people.author, body=body).latest.body == body


@pytest.mark.parametrize(
    "given, kept",
    [
        ([], []),
        ([" letters ", "", "  "], ["letters"]),
        (["two  words", "two words"], ["two words"]),
        (["Letters", "letters", "LETTERS"], ["Letters"]),
        (["日本", "c++", "été"], ["日本", "c++", "été"]),
        ([f"tag {n}" for n in range(12)], [f"tag {n}" for n in range(12)]),
        (["x" * 50], ["x" * 50]),
    ],
)
def test_tags_are_kept_without_surplus(given, kept):
    assert clean_tags(given) == kept


# --- whose notes wait -----------------------------------------------------------------------------

WAITS = {
    #                           author stranger trusted moderator editor
    "first-contributions-wait": "wait   wait     public  public    public",
    "everything-waits":         "wait   wait     wait    public    public",
    "nothing-waits":            "public public   public  public    public",
}  # fmt: skip
CAST = ("author", "stranger", "trusted", "moderator", "editor")
POLICY_TABLE = [
    (policy, who, what) for policy, row in WAITS.items() for who, what in zip(CAST, row.split(), strict=True)
]


@pytest.mark.parametrize("policy, who, what", POLICY_TABLE)
@pytest.mark.parametrize("set_by", ["site", "article"])
def test_the_policy_says_whose_notes_wait(letters, people, settings, policy, who, what, set_by):
    other = "nothing-waits" if policy == "everything-waits" else "everything-waits"
    settings.MODERATION_POLICY = policy if set_by == "site" else other
    letters.policy = "" if set_by == "site" else policy
    letters.save()
    note = make_note(letters, author=people[who])
    assert (note.latest.status, note.published is not None) == {
        "wait": (Status.PENDING, False), "public": (Status.APPROVED, True)
    }[what]  # fmt: skip
    assert bool(note.latest.held_for) is (what == "wait")
    assert last_act(note)[0] == {"wait": "submitted", "public": "published"}[what]


def test_a_private_note_never_waits_and_leaves_no_trace(letters, people):
    note = make_note(letters, author=people.trusted, visibility=Visibility.PRIVATE)
    annotating.edit(note, by=people.trusted, body="Other words.", tags=["mine"])
    annotating.withdraw(note, by=people.trusted)
    annotating.restore(note, by=people.trusted)
    note = fresh(note)
    assert (note.published, note.latest.body, note.latest.status) == (None, "Other words.", Status.PENDING)
    assert not note.events.exists()
    assert note not in Annotation.objects.waiting()


# --- replies ----------------------------------------------------------------------------------------


def test_a_reply_hangs_in_the_thread_of_its_note(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    answer = annotating.reply(parent=note, author=people.trusted, body="Yes.")
    second = annotating.reply(parent=answer, author=people.trusted, body="No.")
    assert [(each.parent, each.thread) for each in (answer, second)] == [(note, note), (answer, note)]
    assert (answer.article, answer.start, answer.motivation) == (letters, None, Motivation.REPLYING)
    assert answer.latest.status == Status.APPROVED


def test_a_reply_needs_words(letters, people, nothing_kept):
    note = make_note(letters, author=people.moderator)
    with pytest.raises(NothingWritten):
        annotating.reply(parent=note, author=people.author, body=" ")
    assert not note.replies.exists()


def test_a_reply_to_a_private_note_is_private_and_stays_so(letters, people):
    note = make_note(letters, author=people.author, visibility=Visibility.PRIVATE)
    answer = annotating.reply(parent=note, author=people.author, body="To myself.")
    assert answer.is_private
    annotating.edit(answer, by=people.author, body="To myself.", tags=[], visibility=Visibility.PUBLIC)
    assert fresh(answer).is_private


# --- edits ------------------------------------------------------------------------------------------


def test_an_edit_of_an_approved_note_waits_while_the_approved_one_stays_public(letters, people):
    note = note_in_state("edit waits", letters, people)
    assert (note.published.body, note.published.status) == (f"{OLD_WORDS}.", Status.APPROVED)
    assert (note.latest.body, note.latest.status) == (f"{NEW_WORDS}.", Status.PENDING)
    assert set(note.tags.names()) == {"kingfisher"}
    assert last_act(note) == ("submitted", "", "pending", 2, "Wen Author")
    approved(note, by=people.moderator)
    note = fresh(note)
    assert (note.published, note.published.body) == (note.latest, f"{NEW_WORDS}.")
    assert set(note.tags.names()) == {"copper"}


def test_a_rejected_edit_leaves_the_approved_note_as_it_was(letters, people):
    note = note_in_state("edit waits", letters, people)
    moderating.reject(note.latest, by=people.moderator, reason="The first was better.")
    note = fresh(note)
    assert note.published.body == f"{OLD_WORDS}."
    assert (note.latest.status, note.latest.reason) == (Status.REJECTED, "The first was better.")


def test_an_edit_marked_as_spam_leaves_the_approved_note_public(letters, people):
    note = note_in_state("edit waits", letters, people)
    moderating.mark_as_spam(note.latest, by=people.moderator)
    assert fresh(note).published.body == f"{OLD_WORDS}."


def test_an_edit_by_somebody_trusted_is_public_at_once(letters, people):
    note = make_note(letters, author=people.trusted)
    annotating.edit(note, by=people.trusted, body="Better words.", tags=[])
    note = fresh(note)
    assert (note.published.number, note.published.body) == (2, "Better words.")


def test_an_edit_of_a_waiting_or_rejected_note_waits_in_its_place(letters, people):
    for state in ("pending", "rejected"):
        note = note_in_state(state, letters, people)
        annotating.edit(note, by=people.author, body="Better words.", tags=[])
        note = fresh(note)
        assert (note.published, note.latest.number, note.latest.status) == (None, 2, Status.PENDING)
        assert note in Annotation.objects.waiting()


def test_a_private_note_made_public_waits_like_any_other(letters, people):
    note = note_in_state("private", letters, people)
    annotating.edit(note, by=people.author, body="For all.", tags=[], visibility=Visibility.PUBLIC)
    note = fresh(note)
    assert (note.visibility, note.latest.status, note.published) == (Visibility.PUBLIC, Status.PENDING, None)
    assert last_act(note) == ("submitted", "", "pending", 2, "Wen Author")


def test_a_public_note_is_not_hidden_by_an_edit(letters, people):
    note = note_in_state("approved", letters, people)
    annotating.edit(note, by=people.author, body="Mine.", tags=[], visibility=Visibility.PRIVATE)
    assert fresh(note).visibility == Visibility.PUBLIC


@pytest.mark.parametrize("state", ["spam", "withdrawn"])
def test_a_note_that_is_put_away_is_neither_edited_nor_withdrawn(letters, people, state):
    note = note_in_state(state, letters, people)
    with pytest.raises(CannotDoThat):
        annotating.edit(note, by=people.author, body="Again.", tags=[])
    with pytest.raises(CannotDoThat):
        annotating.withdraw(note, by=people.author)
    assert fresh(note).latest.body == f"{OLD_WORDS}."


# --- withdrawing and taking back ---------------------------------------------------------------------


@pytest.mark.parametrize("state", ["private", "pending", "approved", "rejected", "edit waits"])
def test_a_restored_note_stands_as_it_stood(letters, people, state):
    note = note_in_state(state, letters, people)
    stood = (note.published, note.latest.status, note.latest.body, set(note.tags.names()))
    annotating.withdraw(note, by=people.author)
    gone = fresh(note)
    assert (gone.published, gone.latest.status) == (None, Status.WITHDRAWN)
    annotating.restore(note, by=people.author)
    note = fresh(note)
    assert (note.published, note.latest.status, note.latest.body, set(note.tags.names())) == stood


def test_withdrawing_and_restoring_leave_their_trace(letters, people):
    note = note_in_state("withdrawn", letters, people)
    assert last_act(note) == ("withdrawn", "approved", "withdrawn", 1, "Wen Author")
    annotating.restore(note, by=people.author)
    assert last_act(note) == ("restored", "withdrawn", "approved", 1, "Wen Author")


@pytest.mark.parametrize("state", ["private", "pending", "approved", "rejected", "spam", "edit waits"])
def test_only_what_is_withdrawn_is_restored(letters, people, state):
    note = note_in_state(state, letters, people)
    with pytest.raises(CannotDoThat):
        annotating.restore(note, by=people.author)


# --- the public part of the page -----------------------------------------------------------------------


def test_the_notes_version_moves_exactly_when_the_public_part_changes(letters, people):
    def moves(act) -> bool:
        letters.refresh_from_db()
        before = letters.notes_version
        act()
        letters.refresh_from_db()
        return letters.notes_version > before

    made = []
    a, m, t = people.author, people.moderator, people.trusted
    steps = [
        ("a private note", False, lambda: made.append(make_note(letters, author=t, visibility="private"))),
        ("its edit", False, lambda: annotating.edit(made[0], by=t, body="Mine.", tags=[])),
        ("its withdrawal", False, lambda: annotating.withdraw(made[0], by=t)),
        ("its return", False, lambda: annotating.restore(made[0], by=t)),
        ("a note that waits", False, lambda: made.append(make_note(letters, author=a))),
        ("its approval", True, lambda: moderating.approve(fresh(made[1]).latest, by=m)),
        ("an edit that waits", False, lambda: annotating.edit(made[1], by=a, body="More.", tags=["x"])),
        ("its rejection", False, lambda: moderating.reject(fresh(made[1]).latest, by=m, reason="No.")),
        ("another edit", False, lambda: annotating.edit(made[1], by=a, body="Less.", tags=["x"])),
        ("its approval", True, lambda: moderating.approve(fresh(made[1]).latest, by=m)),
        ("a withdrawal", True, lambda: annotating.withdraw(made[1], by=a)),
        ("its return", True, lambda: annotating.restore(made[1], by=a)),
        ("a note by somebody trusted", True, lambda: made.append(make_note(letters, author=t))),
        ("its edit", True, lambda: annotating.edit(made[2], by=t, body="More.", tags=[])),
        ("a note that will be spam", False, lambda: made.append(make_note(letters, author=a))),
        ("marking it", False, lambda: moderating.mark_as_spam(fresh(made[3]).latest, by=m)),
        ("the withdrawal of what waits", False, lambda: annotating.withdraw(make_note(letters, author=a), by=a)),
    ]
    assert [(name, moves(act)) for name, _, act in steps] == [(name, moved) for name, moved, _ in steps]


def test_a_new_note_moves_only_its_own_article(letters, article, people):
    before = article.notes_version
    make_note(letters, author=people.trusted)
    article.refresh_from_db()
    assert article.notes_version == before


def test_places_are_found_by_the_helper_too(letters):
    with pytest.raises(AssertionError):
        span_of(letters, "words that nobody wrote")


def test_a_note_on_the_whole_text_lies_nowhere_and_stays_through_revisions(letters, people):
    note = make_note(letters, author=people.trusted, span=None, body="Read it twice.")
    assert note.is_on_whole_text and not note.placements.exists()
    assert make_note(letters, author=people.trusted, span=None, body="", motivation="highlighting").motivation == (
        "bookmarking"  # a whole text is not marked
    )
    with pytest.raises(NothingWritten):
        make_note(letters, author=people.trusted, span=None, body=" ")
    answer = annotating.reply(parent=note, author=people.stranger, body="So did I.")
    assert answer.parent == note and not answer.is_on_whole_text
    assert letters.annotations.on_whole_text()[0] == note
