"""Revising the real article in the ways people revise; whatever is done, nothing lies on words that are not its own."""

import random
from collections import Counter
from itertools import pairwise

import pytest

from reader.formats import w3c
from reader.formats.edition import read_edition
from reader.formats.markdown_writing import write
from reader.models import Annotation, Article, CrossReference, Mention, Placement, Revision, TimelineEvent, Visibility
from reader.operations import annotating, revising
from reader.operations.carrying import verdict
from reader.operations.errors import NoSuchPlace
from reader.operations.publishing import publish_edition
from reader.operations.wording import NothingChanged, NoWords, SourceNotStorable, source_of, wording_of
from reader.text.selectors import Span, nth_place
from reader.text.sentences import sentences
from tests.make import EDITION, SLUG, approved, make_article, make_note

FIRST = "lifted its strict COVID-19 policy in December 2022"  # words of the article with a note and an event on them


def paragraphs_of(article) -> list[str]:
    return source_of(article.current).strip("\n").split("\n\n")


def revised(article, change, *, by, **more) -> Revision:
    """Publish the text after `change` was made to the list of its paragraphs."""
    parts = paragraphs_of(article)
    parts = change(parts) or parts
    return revising.revise(article, source="\n\n".join(parts), by=by, reason="A test.", **more)


def replaced(old: str, new: str):
    def change(parts):
        assert any(old in part for part in parts)
        return [part.replace(old, new) for part in parts]

    return change


def swap(first: int, second: int):
    def change(parts):
        parts[first], parts[second] = parts[second], parts[first]

    return change


def straight_quotes(parts):
    return [part.translate(str.maketrans("“”‘’", "\"\"''")) for part in parts]


def split_second(parts):
    at = parts[1].index(". ") + 1
    parts[1:2] = [parts[1][:at], parts[1][at + 1 :]]


def merge_second(parts):
    parts[1:3] = [parts[1] + " " + parts[2]]


def delete_third(parts):
    del parts[2]


def rewrite_a_sentence(parts):
    sentence = sentences(parts[0])[1].of(parts[0])
    return [part.replace(sentence, "Nothing of what stood here before is said any more by anybody.") for part in parts]


WAYS = {
    "typo": replaced("observers noted a shift", "observers have noted a shift"),
    "word in a note": replaced("lifted its strict", "lifted the strict"),
    "sentence rewritten": rewrite_a_sentence,
    "swapped": swap(0, 4),
    "last first": lambda parts: [parts[8], *parts[:8], *parts[9:]],
    "split": split_second,
    "merged": merge_second,
    "deleted": delete_third,
    "straight quotes": straight_quotes,
    "double spaces": lambda parts: [part.replace(" ", "  ") for part in parts],
    "new paragraph": lambda parts: [*parts[:3], "A paragraph nobody has read before.", *parts[3:]],
    "capitals": lambda parts: [parts[0].upper(), *parts[1:]],
    "twice the same": lambda parts: [*parts[:2], parts[1], *parts[2:]],
    "reversed": lambda parts: [*reversed(parts[:9]), *parts[9:]],
    "only the first": lambda parts: parts[:1],
}


def sound(revision: Revision) -> None:
    """Exact and moved are the very words, changed are others, and every place lies in the text."""
    text = revision.text
    notes = Annotation.objects.filter(article=revision.article, parent=None)
    placements = list(revision.placements.select_related("annotation"))
    assert {place.annotation_id for place in placements} == set(notes.values_list("pk", flat=True))
    for place in placements:
        if place.state == "lost":
            assert place.start is None
            continue
        assert place.end <= len(text)
        words = text[place.start : place.end]
        assert (words == place.annotation.exact) == (place.state in ("exact", "moved"))
        assert words.strip()
        assert place.score == pytest.approx(verdict(place.annotation.exact, words)[1])
    for mention in revision.mentions.all():
        assert "\n\n" not in text[mention.start : mention.end] and text[mention.start : mention.end].strip()
    spans = sorted((m.start, m.end) for m in revision.mentions.all())
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert text == "\n\n".join(p.text for p in revision.paragraphs.all())
    assert all(text[p.start : p.end] == p.text for p in revision.paragraphs.all())


def states(revision) -> Counter:
    return Counter(revision.placements.values_list("state", flat=True))


def places(revision) -> set:
    return set(revision.placements.values_list("annotation", "start", "end", "state", "score"))


def test_the_text_to_edit_reads_as_the_text_that_is_published(article, people):
    with pytest.raises(NothingChanged):
        revising.revise(article, source=source_of(article.current), by=people.editor, reason="")
    assert article.revisions.count() == 1


@pytest.mark.parametrize("way", WAYS)
def test_nothing_lies_on_words_that_are_not_its_own(article, people, way):
    before = article.notes_version
    revision = revised(article, WAYS[way], by=people.editor)
    article.refresh_from_db()
    assert (article.current, revision.number) == (revision, 2)
    assert article.notes_version > before
    sound(revision)


@pytest.mark.parametrize("way", WAYS)
def test_publishing_the_former_wording_brings_everything_back_where_it_was(article, people, way):
    first = article.current
    kept = {model: rows(model, first) for model in (Mention, CrossReference)}
    events = set(TimelineEvent.objects.filter(article=article).values_list("key", "start", "end"))
    revised(article, WAYS[way], by=people.editor)
    again = revising.republish(article, 1, by=people.editor, reason="Back.")
    assert again.number == 3
    assert again.text == first.text
    assert places(again) == places(first)
    assert {model: rows(model, again) for model in kept} == kept
    assert keys(again) == keys(first)
    assert set(TimelineEvent.objects.filter(article=article).values_list("key", "start", "end")) == events
    sound(again)


def rows(model, revision) -> set:
    names = {
        Mention: ("card", "start", "end", "kind"),
        CrossReference: ("key", "start", "end", "target_start", "target_end", "target_card"),
    }
    return set(model.objects.filter(revision=revision).values_list(*names[model]))


def keys(revision) -> list[str]:
    return list(revision.paragraphs.values_list("key", flat=True))


@pytest.mark.parametrize("way", ["typo", "swapped", "split", "merged", "last first", "reversed", "new paragraph"])
def test_rearranging_loses_nothing(article, people, way):
    first = article.current
    revision = revised(article, WAYS[way], by=people.editor)
    assert states(revision)["lost"] == states(revision)["changed"] == 0
    assert revision.mentions.count() == first.mentions.count()
    assert revision.crossreferences.count() == first.crossreferences.count()
    assert not TimelineEvent.objects.filter(article=article, revision=first).exists()


@pytest.mark.parametrize("way", ["straight quotes", "double spaces", "capitals"])
def test_other_signs_spaces_and_capitals_are_the_same_words_to_a_reader(article, people, way):
    report = revising.preview(article, "\n\n".join(WAYS[way](paragraphs_of(article))), by=people.editor)
    assert report.doubtful == []
    assert report.counts["note"]["signs"] and not report.counts["note"]["changed"]
    revision = revised(article, WAYS[way], by=people.editor)
    assert not revising.notes_changed(revision).exists()


def test_the_rows_of_the_old_revision_stay(article, people):
    first = article.current
    before = places(first), rows(Mention, first), rows(CrossReference, first), first.text
    revised(article, delete_third, by=people.editor)
    first.refresh_from_db()
    assert (places(first), rows(Mention, first), rows(CrossReference, first), first.text) == before


# --- what becomes of the words ------------------------------------------------------------------


def note_on(words: str) -> Annotation:
    return Annotation.objects.get(exact=words)


def test_a_note_of_a_reworded_passage_says_so(article, people):
    revision = revised(article, WAYS["word in a note"], by=people.editor)
    place = revision.placements.get(annotation=note_on(FIRST))
    assert place.state == "changed"
    assert revision.text[place.start : place.end] == FIRST.replace("its", "the")
    assert 0.5 < place.score < 1


def test_small_changes_add_up_and_the_first_words_come_back_as_themselves(article, people):
    revised(article, replaced("lifted its strict", "lifted the strict"), by=people.editor)
    revised(article, replaced("policy in December 2022", "rules in December 2022"), by=people.editor)
    last = revised(article, replaced("lifted the strict COVID-19 rules", "lifted its strict COVID-19 policy"), by=None)
    assert last.placements.get(annotation=note_on(FIRST)).state == "exact"


def test_a_deleted_paragraph_takes_its_notes_and_gives_them_back(article, people):
    taken = paragraphs_of(article)[2]
    lying = {note for note in Annotation.objects.filter(article=article) if note.exact in taken}
    assert lying
    second = revised(article, delete_third, by=people.editor)
    assert set(Annotation.objects.lost_in(second)) == lying
    third = revised(article, lambda parts: [*parts[:2], taken, *parts[2:]], by=people.editor)
    assert states(third)["lost"] == 0
    assert {model: len(rows(model, third)) for model in (Mention, CrossReference)} == {
        model: len(rows(model, article.revisions.get(number=1))) for model in (Mention, CrossReference)
    }
    assert keys(third) == keys(article.revisions.get(number=1))
    sound(third)


def test_a_note_whose_words_are_gone_is_not_put_on_what_stands_there_instead(article, people):
    second = revised(article, delete_third, by=people.editor)
    lost = set(Annotation.objects.lost_in(second))
    other = "The harvest that year was poor, and nobody in the valley spoke of anything else until winter came."
    third = revised(article, lambda parts: [*parts[:2], other, *parts[2:]], by=people.editor)
    assert set(Annotation.objects.lost_in(third)) == lost


def test_a_note_over_two_paragraphs_follows_both(letters, people):
    text = letters.current.text
    span = Span(text.index("They wrote again"), text.index("went by the coast"))
    note = make_note(letters, author=people.author, span=span)
    assert "\n\n" in note.exact
    revision = revised(letters, lambda parts: ["A new beginning of it all.", *parts], by=people.editor)
    place = revision.placements.get(annotation=note)
    assert (revision.text[place.start : place.end], place.state) == (note.exact, "exact")
    merged = revised(letters, lambda parts: [parts[0], parts[1] + " " + parts[2], *parts[3:]], by=people.editor)
    place = merged.placements.get(annotation=note)
    assert merged.text[place.start : place.end] == note.exact.replace("\n\n", " ")


def test_every_note_is_carried_whoever_may_see_it(letters, people):
    private = make_note(letters, author=people.author, visibility=Visibility.PRIVATE)
    waiting = make_note(letters, author=people.stranger, on="coast road")
    withdrawn = make_note(letters, author=people.author, on="envoys")
    annotating.withdraw(withdrawn, by=people.author)
    revision = revised(letters, lambda parts: ["Before it.", *parts], by=people.editor)
    assert {place.annotation for place in revision.placements.all()} == {private, waiting, withdrawn}
    sound(revision)


def test_the_report_speaks_only_of_what_the_editor_may_read(letters, people):
    make_note(letters, author=people.author, visibility=Visibility.PRIVATE)
    make_note(letters, author=people.stranger, on="coast road")
    mine = make_note(letters, author=people.editor, on="envoys")
    report = revising.preview(letters, "Nothing is left of it.", by=people.editor)
    assert [fate.name for fate in report.fates] == [f"note-{mine.uid}"]
    assert sum(report.counts["note"].values()) == 1


def test_preview_keeps_nothing(article, people):
    before = article.revisions.count(), Placement.objects.count(), Mention.objects.count(), article.notes_version
    revising.preview(article, "\n\n".join(paragraphs_of(article)[:4]), by=people.editor)
    article.refresh_from_db()
    after = article.revisions.count(), Placement.objects.count(), Mention.objects.count(), article.notes_version
    assert after == before


def test_the_report_counts_what_publishing_then_does(article, people):
    source = "\n\n".join(WAYS["word in a note"](paragraphs_of(article))[:7])
    report = revising.preview(article, source, by=people.moderator)
    revision = revising.revise(article, source=source, by=people.editor, reason="")
    wanted = report.counts["note"] + Counter()
    found = states(revision)
    found["changed"] -= wanted["signs"]
    found["lost"] -= wanted["still-lost"]
    assert found + Counter() == Counter({k: n for k, n in wanted.items() if k not in ("signs", "still-lost")})
    assert revision.mentions.count() == sum(n for k, n in report.counts["mention"].items() if k != "lost")


# --- paragraphs ---------------------------------------------------------------------------------


def test_keys_follow_the_words(article, people):
    first = keys(article.current)
    swapped = keys(revised(article, swap(0, 4), by=people.editor))
    assert swapped == [first[4], *first[1:4], first[0], *first[5:]]
    split = keys(revised(article, split_second, by=people.editor))
    assert set(swapped) < set(split) and len(split) == len(set(split)) == len(first) + 1
    merged = keys(revised(article, merge_second, by=people.editor))
    assert set(merged) == set(swapped)


def test_a_paragraph_rewritten_from_end_to_end_is_another(article, people):
    first = keys(article.current)
    other = "The harvest that year was poor, and nobody in the valley spoke of anything else."
    second = keys(revised(article, lambda parts: [*parts[:2], other, *parts[3:]], by=people.editor))
    assert second[2] not in first and second[:2] + second[3:] == first[:2] + first[3:]


# --- corrections --------------------------------------------------------------------------------


def test_the_editor_says_where_a_note_belongs(article, people):
    note = note_on(FIRST)
    source = "\n\n".join([paragraphs_of(article)[1], *paragraphs_of(article)[3:]])
    report = revising.preview(article, source, by=people.editor)
    here = nth_place(report.text, "By the start of 2023")
    corrected = {f"note-{note.uid}": here}
    again = revising.corrected(report, corrected, by=people.editor)
    assert next(fate for fate in again.fates if fate.row == note).new == here
    revision = revising.revise(article, source=source, by=people.editor, reason="", corrections=corrected)
    place = revision.placements.get(annotation=note)
    assert (place.start, place.end, place.state, place.placed_by) == (here.start, here.end, "changed", people.editor)
    later = revised(article, lambda parts: ["A first one.", *parts], by=people.author)
    place = later.placements.get(annotation=note)
    assert later.text[place.start : place.end] == "By the start of 2023"
    assert place.placed_by == people.editor


def test_what_the_editor_calls_lost_stays_lost(article, people):
    note = note_on(FIRST)
    second = revised(article, WAYS["typo"], by=people.editor, corrections={f"note-{note.uid}": None})
    assert second.placements.get(annotation=note).state == "lost"
    third = revised(article, swap(1, 2), by=people.editor)
    assert third.placements.get(annotation=note).state == "lost"


def test_a_correction_outside_the_text_is_refused(article, people):
    name = f"note-{note_on(FIRST).uid}"
    with pytest.raises(NoSuchPlace):
        revised(article, WAYS["typo"], by=people.editor, corrections={name: Span(10, 10**6)})
    assert article.revisions.count() == 1


def test_a_mention_can_be_put_elsewhere_or_taken_out(article, people):
    one, other = article.current.mentions.order_by("start")[:2]
    corrections = {f"mention-{one.pk}": None}
    revision = revised(article, lambda parts: [*parts, "The end."], by=people.editor, corrections=corrections)
    found = revision.mentions.values_list("start", flat=True)
    assert one.start not in found and other.start in found


def test_a_lost_note_is_placed_again(article, people):
    revision = revised(article, delete_third, by=people.editor)
    note = Annotation.objects.lost_in(revision).first()
    version = Article.objects.get(pk=article.pk).notes_version
    place = revising.place(note, revision=revision, span=Span(0, 20), by=people.editor)
    assert (place.state, place.placed_by) == ("changed", people.editor)
    assert Article.objects.get(pk=article.pk).notes_version == version + 1
    with pytest.raises(NoSuchPlace):
        revising.place(note, revision=revision, span=Span(0, 10**6), by=people.editor)
    with pytest.raises(revising.TextMoved):
        revising.place(note, revision=article.revisions.get(number=1), span=Span(0, 20), by=people.editor)


# --- whose author hears of it -------------------------------------------------------------------


def test_authors_are_to_be_told_once(article, people):
    note = note_on(FIRST)
    second = revised(article, WAYS["word in a note"], by=people.editor)
    assert [(each, each.place_state) for each in revising.notes_changed(second)] == [(note, "changed")]
    third = revised(article, replaced("observers noted", "people noted"), by=people.editor)
    assert not revising.notes_changed(third).filter(pk=note.pk).exists()
    fourth = revised(article, lambda parts: parts[1:], by=people.editor)
    assert ("lost", note.pk) in {(each.place_state, each.pk) for each in revising.notes_changed(fourth)}


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source, error",
    [("", NoWords), ("  \n\n  ", NoWords), ("A\x00B", SourceNotStorable), ("half \ud800", SourceNotStorable)],
)
def test_what_cannot_be_published(article, people, source, error):
    with pytest.raises(error):
        revising.revise(article, source=source, by=people.editor, reason="")
    assert article.revisions.count() == 1


def test_whoever_comes_second_is_refused_and_nothing_is_half_done(article, people):
    mine = Article.objects.get(pk=article.pk)
    revised(article, WAYS["typo"], by=people.editor)
    before = Placement.objects.count(), Mention.objects.count()
    with pytest.raises(revising.TextMoved):
        revised(mine, WAYS["swapped"], by=people.moderator)
    with pytest.raises(revising.TextMoved):
        revising.republish(article, 1, by=people.moderator, reason="", base=article.revisions.get(number=1))
    assert article.revisions.count() == 2
    assert (Placement.objects.count(), Mention.objects.count()) == before


def test_an_error_half_way_leaves_nothing(article, people, monkeypatch):
    before = Placement.objects.count()

    def broken(*args, **more):
        raise OSError("The disk is full.")

    monkeypatch.setattr(CrossReference.objects, "bulk_create", broken)
    with pytest.raises(OSError):
        revised(article, WAYS["typo"], by=people.editor)
    article.refresh_from_db()
    assert (article.revisions.count(), article.current.number, Placement.objects.count()) == (1, 1, before)


def test_a_note_written_while_the_text_was_revised_is_on_the_text_of_now(letters, people):
    old = letters.current
    revision = revised(letters, lambda parts: ["Before it.", *parts], by=people.editor)
    span = nth_place(old.text, "coast road")
    note = annotating.annotate(revision=old, span=span, author=people.trusted, body="Which road?", exact="coast road")
    place = revision.placements.get(annotation=note)
    assert revision.text[place.start : place.end] == "coast road"
    approved_note = approved(make_note(letters, author=people.author, on="envoys"), by=people.moderator)
    assert approved_note.placements.count() == 1


def test_notes_read_before_the_text_was_revised_are_described_on_the_text_they_were_read_with(letters, people):
    make_note(letters, author=people.trusted, on="second letter")
    notes = list(Annotation.objects.select_related("article").with_versions())
    revised(letters, lambda parts: ["Before it.", *parts], by=people.editor)
    described = w3c.describe(notes[0], notes[0].published, w3c.Shelf(notes))
    assert described["target"]["state"]["cached"].endswith("/revisions/1/")


# --- editions -----------------------------------------------------------------------------------


def test_an_edition_loaded_again_leaves_a_revised_text_alone(article, people):
    revision = revised(article, swap(0, 4), by=people.editor)
    events = set(TimelineEvent.objects.values_list("key", "revision", "start"))
    again = publish_edition(read_edition(EDITION), slug=SLUG)
    assert again.current == revision
    assert again.revisions.count() == 2
    assert set(TimelineEvent.objects.values_list("key", "revision", "start")) == events
    sound(revision)


def test_a_new_edition_carries_what_readers_wrote(db, people):
    article = make_article("One first paragraph of some length.", "The second paragraph is about letters.")
    note = make_note(article, author=people.author, on="about letters")
    article = make_article("A new beginning.", "The second paragraph is about letters.", "One first paragraph of some.")
    place = article.current.placements.get(annotation=note)
    assert article.current.text[place.start : place.end] == "about letters"


# --- whatever is done ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_after_any_edits_every_note_lies_on_its_words_or_says_so(article, people, seed):
    chance = random.Random(seed)
    for _ in range(3):
        parts = paragraphs_of(article)
        for _ in range(chance.randint(1, 4)):
            chance.choice(EDITS)(parts, chance)
        if parts and write(wording_of(article.current).blocks).strip() != "\n\n".join(parts).strip():
            try:
                revision = revising.revise(article, source="\n\n".join(parts), by=people.editor, reason="")
            except NothingChanged:
                continue
            sound(revision)
    again = revising.republish(article, 1, by=None, reason="") if article.current.number > 1 else article.current
    assert places(again) == places(article.revisions.get(number=1))


def _drop(parts, chance):
    if len(parts) > 1:
        del parts[chance.randrange(len(parts))]


def _shuffle(parts, chance):
    chance.shuffle(parts)


def _retype(parts, chance):
    at = chance.randrange(len(parts))
    words = parts[at].split(" ")
    words[chance.randrange(len(words))] = chance.choice(["other", "", "words", "禮部", "🙂"])
    parts[at] = " ".join(words)


def _cut(parts, chance):
    at = chance.randrange(len(parts))
    middle = parts[at].find(" ", len(parts[at]) // 2)
    if middle > 0:
        parts[at : at + 1] = [parts[at][:middle], parts[at][middle + 1 :]]


def _join(parts, chance):
    if len(parts) > 1:
        at = chance.randrange(len(parts) - 1)
        parts[at : at + 2] = [parts[at] + " " + parts[at + 1]]


EDITS = [_drop, _shuffle, _retype, _retype, _cut, _join]
