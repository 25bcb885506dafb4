"""What must never be false is refused by the database, whoever asks: pages, imports, the admin."""

import pytest
from django.db import IntegrityError, transaction

from reader.models import (
    Annotation,
    AnnotationVersion,
    Card,
    CrossReference,
    Mention,
    ModerationEvent,
    Paragraph,
    Placement,
    Relation,
    Revision,
    TimelineEvent,
)
from reader.operations import annotating
from reader.operations.trail import record
from tests.make import approved, fresh, make_note


@pytest.fixture
def note(letters, people):
    return make_note(letters, author=people.author)


@pytest.fixture
def card(db):
    return Card.objects.create(slug="clerk", kind="person", name="Clerk")


def refused(name: str):
    """The database refuses, and by this constraint (SQLite names columns instead of unique constraints)."""
    return pytest.raises(IntegrityError, match=f"{name}|UNIQUE constraint failed")


def test_a_revision_is_never_rewritten(letters):
    revision = letters.current
    revision.text = "Other words."
    with pytest.raises(TypeError, match="never rewritten"):
        revision.save()
    assert Revision.objects.get(pk=revision.pk).text != "Other words."


def test_revisions_of_an_article_are_numbered_from_one_and_once(letters):
    Revision.objects.create(article=letters, number=2, text="x")
    for number in (2, 0):
        with refused("revision_number"), transaction.atomic():
            Revision.objects.create(article=letters, number=number, text="y")


def test_a_paragraph_number_and_key_stand_once_in_a_revision(letters):
    for number, key in [(1, "new"), (9, letters.current.paragraphs.first().key), (0, "nought")]:
        with refused("paragraph_"), transaction.atomic():
            Paragraph.objects.create(revision=letters.current, number=number, key=key, text="x", start=0)
    Paragraph.objects.create(revision=letters.current, number=9, key="new", text="x", start=0)


def test_a_private_note_cannot_be_published(letters, people):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    with refused("annotation_private_is_not_published"):
        Annotation.objects.filter(pk=note.pk).update(visibility="private")


def test_a_note_has_words_or_is_a_reply(note, people):
    answer = annotating.reply(parent=note, author=people.author, body="Yes.")
    for pk, change in [
        (note.pk, {"start": None}),
        (note.pk, {"start": 9, "end": 9}),
        (note.pk, {"revision": None}),
        (answer.pk, {"start": 1, "end": 2}),
    ]:
        with refused("annotation_has_one_kind_of_target"), transaction.atomic():
            Annotation.objects.filter(pk=pk).update(**change)


def test_a_reply_belongs_to_a_thread_and_a_note_to_none(note, people):
    answer = annotating.reply(parent=note, author=people.author, body="Yes.")
    for pk, thread in [(answer.pk, None), (note.pk, note.pk)]:
        with refused("annotation_reply_has_a_thread"), transaction.atomic():
            Annotation.objects.filter(pk=pk).update(thread=thread)


def test_a_rejected_version_has_a_reason(note):
    with refused("version_rejected_with_a_reason"), transaction.atomic():
        note.versions.update(status="rejected")
    assert note.versions.update(status="rejected", reason="Not about the text.") == 1


def test_versions_of_a_note_are_numbered_once(note):
    with refused("version_number_once_a_note"):
        AnnotationVersion.objects.create(annotation=note, number=1)


def test_a_note_has_one_place_in_a_revision(note, letters):
    with refused("placement_once_a_revision"):
        Placement.objects.create(annotation=note, revision=letters.current, start=0, end=1)


@pytest.mark.parametrize(
    "change", [{"state": "lost"}, {"start": None, "end": None}, {"start": 5, "end": 5}, {"start": 6, "end": 5}]
)
def test_a_placement_has_words_unless_it_is_lost(note, change):
    with refused("placement_has_a_place_unless_lost"), transaction.atomic():
        note.placements.update(**change)
    assert note.placements.update(state="lost", start=None, end=None) == 1


def test_a_mention_has_words_in_the_text_or_in_a_field(letters, card):
    where = {"card": card, "article": letters}
    Mention.objects.create(**where, revision=letters.current, start=0, end=2)
    Mention.objects.create(**where, field="title", start=0, end=2)
    for wrong in [
        {"revision": letters.current, "start": 3, "end": 3},
        {"revision": letters.current, "field": "title", "start": 3, "end": 4},
        {"start": 3, "end": 4},
        {"revision": letters.current, "start": 0, "end": 9},
        {"field": "title", "start": 0, "end": 9},
    ]:
        with refused("mention_"), transaction.atomic():
            Mention.objects.create(**where, **wrong)


def test_a_card_is_not_related_to_itself_and_to_another_once(card):
    other = Card.objects.create(slug="minister", kind="person", name="Minister")
    Relation.objects.create(card=card, other=other, label="wrote to")
    for wrong in [{"card": card, "other": card, "label": "is"}, {"card": card, "other": other, "label": "wrote to"}]:
        with refused("relation_"), transaction.atomic():
            Relation.objects.create(**wrong)


def test_a_reference_leads_from_words_to_other_words_or_to_a_card(letters, card):
    base = {"revision": letters.current, "start": 0, "end": 5, "label": "see", "reason": "Because."}
    CrossReference.objects.create(**base, key="words", target_start=9, target_end=12)
    CrossReference.objects.create(**base, key="card", target_card=card)
    for wrong in [
        {"key": "nowhere"},
        {"key": "both", "target_start": 9, "target_end": 12, "target_card": card},
        {"key": "itself", "target_start": 0, "target_end": 5},
        {"key": "empty", "target_start": 9, "target_end": 9},
        {"key": "words", "target_card": card},
        {"key": "backwards", "start": 6, "target_card": card},
    ]:
        with refused("crossreference_"), transaction.atomic():
            CrossReference.objects.create(**base | wrong)


def test_an_event_lies_in_the_text_or_in_a_field(letters):
    base = {
        "article": letters,
        "title": "A letter",
        "date_start": "2024",
        "precision": "year",
        "agreement": "as-stated",
    }
    TimelineEvent.objects.create(**base, key="text", revision=letters.current, start=0, end=2)
    TimelineEvent.objects.create(**base, key="field", field="published")
    for wrong in [
        {"key": "nowhere"},
        {"key": "both", "revision": letters.current, "start": 0, "end": 2, "field": "published"},
        {"key": "empty", "revision": letters.current, "start": 2, "end": 2},
        {"key": "text", "field": "published"},
    ]:
        with refused("event_"), transaction.atomic():
            TimelineEvent.objects.create(**base | wrong)


# --- the trail ------------------------------------------------------------------------------------


@pytest.fixture
def event(note, people):
    return record(note, ModerationEvent.Verb.APPROVED, by=people.moderator)


@pytest.mark.parametrize(
    "act",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: ModerationEvent.objects.filter(pk=event.pk).update(reason="Another."),
        lambda event: ModerationEvent.objects.all().delete(),
        lambda event: ModerationEvent.objects.bulk_update([event], ["reason"]),
        lambda event: ModerationEvent.objects.update_or_create(pk=event.pk, defaults={"reason": "Another."}),
    ],
    ids=["save", "delete", "update", "delete all", "bulk_update", "update_or_create"],
)
def test_an_act_in_the_trail_is_neither_changed_nor_erased(event, act):
    before = list(ModerationEvent.objects.values())
    with pytest.raises(TypeError, match="only written to"), transaction.atomic():
        act(event)
    assert list(ModerationEvent.objects.values()) == before


def test_no_act_and_no_revision_is_written_over_another(event, letters):
    for row in (ModerationEvent(pk=event.pk, verb="spam"), Revision(pk=letters.current.pk, article=letters, number=9)):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_the_trail_outlives_the_note_and_the_people(event, note, people):
    number = note.events.count()
    note.delete()
    people.moderator.delete()
    people.author.delete()
    kept = ModerationEvent.objects.get(pk=event.pk)
    assert (kept.annotation, kept.by) == (None, None)
    assert (kept.annotation_uid, kept.by_name, kept.about_name) == (note.uid, "Mo Moderator", "Wen Author")
    assert ModerationEvent.objects.filter(annotation_uid=note.uid).count() == number


def test_a_note_outlives_its_author(note, people):
    people.author.delete()
    assert fresh(note).author is None
    assert fresh(note).latest.body == "A thought."
