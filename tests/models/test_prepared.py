"""Counts compiled once say what the queries themselves say, for whoever asks."""

import pytest

from reader.context import _unread, _waiting
from reader.models.prepared import count_for
from tests.make import approved, make_note

pytestmark = pytest.mark.django_db

QUESTIONS = {"unread": _unread, "waiting": _waiting}


@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("who", ["author", "stranger", "trusted", "moderator", "editor"])
def test_the_same_number_as_the_query(letters, people, who, asked):
    approved(make_note(letters, author=people.author), by=people.moderator)
    make_note(letters, author=people.stranger)
    for _twice in range(2):
        assert count_for(people[who], QUESTIONS[asked]) == QUESTIONS[asked](people[who]).count()


def test_one_person_is_not_answered_for_another(letters, people):
    approved(make_note(letters, author=people.author), by=people.moderator)
    assert (count_for(people.author, _unread), count_for(people.stranger, _unread)) == (1, 0)
