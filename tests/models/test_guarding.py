"""The trail is guarded by the database: also from who writes SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from reader.models import ModerationEvent, guarding
from tests.make import approved, make_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(letters, people, monkeypatch):
    note = approved(make_note(letters, author=people.author), by=people.moderator)
    monkeypatch.setattr(guarding, "GUARDED", ["UPDATE", "DELETE"])
    guarding.guard(connection.alias)  # part of the test's own transaction
    return ModerationEvent.objects.filter(annotation=note, verb="approved").get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reader_moderationevent SET reason = 'Another.'",
        "UPDATE reader_moderationevent SET verb = 'spam' WHERE id = %s",
        "UPDATE reader_moderationevent SET by_name = 'Somebody' WHERE id = %s",
        "UPDATE reader_moderationevent SET by_id = about_id WHERE id = %s",
        "UPDATE reader_moderationevent SET waited = 1, by_id = NULL WHERE id = %s",
        "DELETE FROM reader_moderationevent WHERE id = %s",
        "DELETE FROM reader_moderationevent",
    ],
)
def test_no_statement_changes_or_erases_a_row(event, statement):
    before = list(ModerationEvent.objects.values())
    with pytest.raises(DatabaseError, match="never changed or erased"), transaction.atomic():
        connection.cursor().execute(statement, [event.pk] if "%s" in statement else [])
    assert list(ModerationEvent.objects.values()) == before


def test_notes_and_people_still_go(event, letters, people):
    note = event.annotation
    note.placements.all().delete()
    note.delete()
    people.moderator.delete()
    event.refresh_from_db()
    assert (event.annotation, event.by, event.by_name) == (None, None, "Mo Moderator")
    ModerationEvent.objects.forget(people.author, "a former member")
    people.author.delete()
    event.refresh_from_db()
    assert (event.about, event.about_name) == (None, "a former member")


def test_migrations_are_free_to_change_the_table(event):
    guarding.set_free(connection.alias)
    change = "UPDATE reader_moderationevent SET reason = 'Another.' WHERE id = %s"
    connection.cursor().execute(change, [event.pk])
    guarding.guard(connection.alias)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(change.replace("Another", "A third"), [event.pk])
