"""Questions about one row or one set."""

import pytest

from reader.models import Annotation, Card
from reader.models.annotations import new_uid
from tests.make import approved, make_note, note_in_state
from tests.people import make_member


def test_an_offset_belongs_to_its_paragraph_and_a_break_to_the_one_before(letters):
    revision = letters.current
    first, second = revision.paragraphs.all()[:2]
    wanted = {0: 1, first.end - 1: 1, first.end: 1, first.end + 1: 1, second.start: 2, len(revision.text) - 1: 3}
    assert {at: revision.paragraph_at(at).number for at in wanted} == wanted


def test_names_of_notes_are_random_or_always_the_same_for_a_name():
    assert new_uid() != new_uid()
    assert new_uid("one") == new_uid("one") != new_uid("two")
    assert len(new_uid()) == len(new_uid("one")) == 22


@pytest.mark.parametrize(
    "name, native, seal",
    [
        ("Joseph Stilwell", "史迪威", "史"),
        ("Bill Gates", "", "B"),
        ("“Comfort letter”", "", "C"),
        ("'Quoted'", "", "Q"),
    ],
)
def test_a_seal_is_the_first_sign_of_the_native_name_or_the_initial(name, native, seal):
    assert Card(name=name, native_name=native).seal == seal


def test_a_person_is_named_as_they_wish(db):
    assert make_member("plain").name == "plain"
    assert make_member("named", display_name="Nan Named").name == "Nan Named"


def test_notes_of_editors_and_of_readers_are_two_layers(letters, people):
    assert make_note(letters, author=people.editor).layer == "e"
    assert make_note(letters, author=people.author).layer == "r"


def test_the_way_to_trust_is_counted(letters, people):
    assert people.author.approvals_until_trusted() == 3
    approved(make_note(letters, author=people.author), by=people.moderator)
    assert people.author.approvals_until_trusted() == 2
    assert people.trusted.approvals_until_trusted() == people.editor.approvals_until_trusted() == 0


@pytest.mark.parametrize(
    "state, may",
    [("private", True), ("pending", True), ("approved", True), ("rejected", True), ("edit waits", True),
     ("spam", False), ("withdrawn", False)],
)  # fmt: skip
def test_authors_may_edit_what_is_neither_withdrawn_nor_spam(letters, people, state, may):
    note = note_in_state(state, letters, people)
    assert Annotation.objects.editable_by(people.author).filter(pk=note.pk).exists() is may
    for other in (people.stranger, people.moderator, people.editor):
        assert not Annotation.objects.editable_by(other).filter(pk=note.pk).exists()


@pytest.mark.parametrize(
    "state, waits",
    [("private", False), ("pending", True), ("approved", False), ("rejected", False), ("spam", False),
     ("withdrawn", False), ("edit waits", True)],
)  # fmt: skip
def test_only_what_is_public_and_undecided_waits(letters, people, state, waits):
    note = note_in_state(state, letters, people)
    assert Annotation.objects.waiting().filter(pk=note.pk).exists() is waits
