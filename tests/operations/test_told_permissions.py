"""Who is told of a note where: one table, for each state of the note and each door by which people are told.

Everybody in the cast follows the article and takes its news as the row says. Each cell names who is told:

    l  logged in: a stranger, a trusted member, an editor who does not moderate
    a  the author
    m  a moderator who did not decide on it
    -  nobody

The note that is withdrawn was approved before, and withdrawn before the mail about it had left.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from reader.models import Delivery, Kind
from reader.operations import following, mailing, telling
from tests.make import NEW_WORDS, OLD_WORDS, note_in_state
from tests.people import make_member

pytestmark = pytest.mark.django_db
CAST = {"stranger": "l", "trusted": "l", "editor": "l", "author": "a", "second_moderator": "m"}

TABLE = """
                       | private | pending | approved | rejected | spam | withdrawn | edit waits
news on the page       | -       | -       | lm       | -        | -    | -         | lm
news by mail at once   | -       | -       | lm       | -        | -    | -         | lm
news in the daily mail | -       | -       | lm       | -        | -    | -         | lm
news in the weekly one | -       | -       | lm       | -        | -    | -         | lm
decision on the page   | -       | -       | a        | a        | -    | -         | a
decision by mail       | -       | -       | a        | a        | -    | -         | a
something in the menu  | -       | m       | alm      | a        | -    | -         | alm
summary of what waits  | -       | m       | -        | -        | -    | -         | m
waits too long         | -       | m       | -        | -        | -    | -         | m
words in any mail      | -       | -       | alm      | a        | -    | -         | alm
words of the edit      | -       | -       | -        | -        | -    | -         | -
"""


def rows_of(table: str) -> list[tuple[str, str, str]]:
    """(door, state, who) of each cell."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]
    return [(row[0], state, who) for row in rows for state, who in zip(head[1:], row[1:], strict=True)]


CELLS = rows_of(TABLE)
WAYS = {"news in the daily mail": Delivery.DAILY, "news in the weekly one": Delivery.WEEKLY}


@pytest.fixture
def happened(letters, people, settings, django_capture_on_commit_callbacks):
    """`happened(state, door)`: a note came to that state while everybody listened at that door."""
    settings.CAN_SEND_MAIL = True

    def run(state: str, door: str) -> None:
        for name in CAST:
            person = people[name]
            person.email = f"{name}@example.org"
            person.save(update_fields=["email"])
            if name != "author":
                following.follow(person, following.target_of("article", "letters", person=person))
            telling.choose(person, {Kind.FOLLOWED: WAYS.get(door, Delivery.AT_ONCE)})
        with django_capture_on_commit_callbacks(execute=True):
            note_in_state(state, letters, people)

    return run


def mailed(said: str) -> set[str]:
    return {each.to[0].split("@")[0] for each in mail.outbox if said in each.subject + each.body}


def send_all(rhythm: str) -> None:
    mail.outbox.clear()
    later = timezone.now() + mailing.AT_REST
    mailing.send_digests(rhythm, before=later, now=later)


def told_at(door: str, browser_of) -> set[str]:
    """Who finds it behind that door."""
    if door in WAYS:
        send_all(WAYS[door])
        return mailed(f"> {OLD_WORDS}")
    if door == "summary of what waits":
        send_all(Delivery.DAILY)
        return mailed("waits for a moderator")
    if door == "waits too long":
        telling.tell_of_overdue(now=timezone.now() + timedelta(days=3))
    if door.startswith("words"):
        return mailed(NEW_WORDS if door == "words of the edit" else OLD_WORDS)
    if "by mail" in door:
        return mailed("wrote a note on" if door.startswith("news") else "Your note on")
    pages = {name: browser_of(name).get("/me/notifications/").text for name in CAST}
    return {name for name, page in pages.items() if SAID[door] in page}


SAID = {
    "news on the page": "wrote a note on", "decision on the page": "Your note on",
    "something in the menu": 'class="count"', "waits too long": "waits too long for",
}  # fmt: skip


@pytest.mark.parametrize("door, state, who", CELLS, ids=[f"{door}, {state}" for door, state, _ in CELLS])
def test_who_is_told(happened, browser_of, door, state, who):
    happened(state, door)
    assert told_at(door, browser_of) & set(CAST) == {name for name, letter in CAST.items() if letter in who}


def test_nobody_who_is_gone_is_told_by_any_door(happened, people, letters):
    make_member("sleeper", email="sleeper@example.org", is_active=False)
    happened("approved", "news by mail at once")
    assert "sleeper" not in mailed("")
