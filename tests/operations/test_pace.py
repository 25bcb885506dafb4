"""How fast people may write: counted by person and by address, in the transaction of what is written."""

import time

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from reader.models import Annotation, Counter
from reader.operations import annotating, counting
from reader.operations.errors import NothingWritten, TooFast
from reader.operations.pace import coming_from, network_of
from tests.make import approved, make_note
from tests.people import make_member

pytestmark = pytest.mark.django_db


def write(letters, author, address="", n=1):
    with coming_from(address):
        return [make_note(letters, author=author, body=f"Thought {number}.") for number in range(n)]


def test_one_too_many_is_refused_with_the_time_to_wait(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = 2
    write(letters, people.author, n=2)
    with pytest.raises(TooFast, match=r"Try again in 5 minutes; what you wrote is kept") as refused:
        write(letters, people.author)
    assert 0 < int(refused.value.headers["Retry-After"]) <= 300
    assert Annotation.objects.filter(author=people.author).count() == 2


def test_private_notes_and_trusted_people_are_not_counted(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = settings.NOTES_IN_FIVE_MINUTES_AN_ADDRESS = 1
    write(letters, people.author, "192.0.2.7")
    assert make_note(letters, author=people.author, visibility="private").pk
    assert len(write(letters, people.trusted, "192.0.2.7", n=3)) == 3


def test_replies_and_edits_count_as_well(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = 2
    [note] = write(letters, people.author)
    public = approved(make_note(letters, author=people.stranger), by=people.moderator)
    annotating.edit(note, by=people.author, body="Better.", tags=[])
    with pytest.raises(TooFast):
        annotating.reply(parent=public, author=people.author, body="Yes.")


def test_all_new_people_behind_one_address_are_counted_together(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES_AN_ADDRESS = 3
    write(letters, people.author, "192.0.2.7", n=2)
    write(letters, people.stranger, "192.0.2.7")
    with pytest.raises(TooFast):
        write(letters, make_member("third"), "192.0.2.7")
    assert write(letters, people.author, "192.0.2.8")


def test_what_was_refused_in_the_end_is_not_counted(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = 1
    for _attempt in range(3):
        with pytest.raises(NothingWritten):
            make_note(letters, author=people.author, body=" ")
    assert write(letters, people.author)


def test_zero_is_no_limit(letters, people, settings):
    settings.NOTES_IN_FIVE_MINUTES = settings.NOTES_IN_FIVE_MINUTES_AN_ADDRESS = 0
    assert len(write(letters, people.author, "192.0.2.7", n=8)) == 8
    assert not Counter.objects.exists()


def test_an_address_is_kept_as_a_hash_and_ipv6_by_its_network(letters, people):
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.7") != network_of("192.0.2.8")
    write(letters, people.author, "192.0.2.7")
    assert not Counter.objects.filter(key__contains="192.0.2").exists()


@pytest.mark.parametrize("storage", [counting.DatabaseStorage, counting.CacheStorage])
def test_a_window_ends_and_begins_anew(storage, monkeypatch):
    limiter, limit = FixedWindowRateLimiter(storage()), RateLimitItemPerMinute(2)
    assert [limiter.hit(limit, "a"), limiter.hit(limit, "b")] == [True, True]
    assert [limiter.hit(limit, "a"), limiter.hit(limit, "a")] == [True, False]
    ends, left = limiter.get_window_stats(limit, "a")
    assert 0 < ends - time.time() <= 60
    assert left == 0
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert limiter.hit(limit, "a")


def test_rows_whose_window_is_over_are_forgotten(letters, people):
    Counter.objects.create(key="old", count=3, ends=time.time() - 1)
    write(letters, people.author)
    assert counting.forget_what_is_over() == 1
    assert Counter.objects.exists()
