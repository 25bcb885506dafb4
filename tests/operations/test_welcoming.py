"""The first person to open the link gets the keys; nobody after them."""

import pytest
from django.core import signing

from reader.models import Member
from reader.operations import welcoming
from reader.operations.errors import CannotDoThat
from tests.people import make_member


def test_the_site_waits_for_its_first_editor_who_can_log_in(article):
    assert welcoming.is_open()
    first, second = make_member("first"), make_member("second")
    welcoming.make_first_editor(first)
    first.refresh_from_db()
    assert (first.is_editor, first.is_moderator, first.is_staff, first.is_superuser) == (True, True, True, True)
    assert not welcoming.is_open()
    with pytest.raises(CannotDoThat):
        welcoming.make_first_editor(second)
    assert not Member.objects.get(pk=second.pk).is_editor


def test_an_editor_who_is_no_longer_active_has_no_keys(db):
    make_member("gone", is_editor=True, is_active=False)
    assert welcoming.is_open()


@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000])
def test_a_made_up_token_is_not_genuine(token):
    assert welcoming.is_genuine(welcoming.new_token())
    assert not welcoming.is_genuine(token)


def test_a_token_for_something_else_is_not_genuine():
    assert not welcoming.is_genuine(signing.dumps("first editor", salt="another"))


def test_a_token_is_good_for_a_week(monkeypatch):
    token = welcoming.new_token()
    now = signing.time.time()
    for days, good in [(6.9, True), (7.1, False)]:
        monkeypatch.setattr(signing.time, "time", lambda days=days: now + days * 24 * 60 * 60)
        assert welcoming.is_genuine(token) is good
