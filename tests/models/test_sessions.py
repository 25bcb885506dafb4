"""Sessions are read quicker, and hold and end as Django's own do."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from reader.sessions import SessionStore

pytestmark = pytest.mark.django_db


def kept(**values) -> str:
    session = SessionStore()
    session.update(values)
    session.create()
    return session.session_key


def test_what_was_kept_is_read_again():
    assert SessionStore(kept(draft="A café 🙂"))["draft"] == "A café 🙂"


def test_a_session_that_ended_is_empty_and_gets_another_name():
    key = kept(draft="Old words")
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert session.get("draft") is None
    assert session.session_key != key


@pytest.mark.parametrize("key", ["nosuchsessionnosuchsessionnosuch", "'; DROP TABLE django_session; --", ""])
def test_a_key_of_no_session_holds_nothing(key):
    kept(draft="Words of somebody")
    assert SessionStore(key).get("draft") is None
    assert Session.objects.count() == 1


def test_a_session_that_was_ended_elsewhere_is_over(letters, people, browser_of):
    client = browser_of("author")
    assert client.get("/me/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/me/").status_code == 302
