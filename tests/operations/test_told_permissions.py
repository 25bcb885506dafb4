"""Who is told of a note where: one table, for each state of the note and each door by which people are told.

Everybody in the cast follows the article, or the author, and takes news as the row says. Each cell names who is told:

    l  logged in: a stranger, a trusted member, an editor who does not moderate
    a  the author
    m  a moderator who did not decide on it
    -  nobody

The notes that are withdrawn or hidden were approved before, and went before the mail about them had left.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from reader.models import Delivery, Kind, Notification
from reader.operations import following, mailing, telling
from tests.make import NEW_WORDS, OLD_WORDS, approved, group_note_in_state, make_group, make_note, note_in_state
from tests.people import make_member

pytestmark = pytest.mark.django_db
CAST = {"stranger": "l", "trusted": "l", "editor": "l", "author": "a", "second_moderator": "m"}

TABLE = """
                       | private | pending | approved | hidden | rejected | spam | withdrawn | edit waits
news on the page       | -       | -       | lm       | -      | -        | -    | -         | lm
news by mail at once   | -       | -       | lm       | -      | -        | -    | -         | lm
news in the daily mail | -       | -       | lm       | -      | -        | -    | -         | lm
news in the weekly one | -       | -       | lm       | -      | -        | -    | -         | lm
news of its author     | -       | -       | lm       | -      | -        | -    | -         | lm
decision on the page   | -       | -       | a        | -      | a        | -    | -         | a
decision by mail       | -       | -       | a        | -      | a        | -    | -         | a
something in the menu  | -       | m       | alm      | m      | a        | -    | -         | alm
summary of what waits  | -       | m       | -        | m      | -        | -    | -         | m
waits too long         | -       | m       | -        | m      | -        | -    | -         | m
words in any mail      | -       | -       | alm      | -      | a        | -    | -         | alm
words of the edit      | -       | -       | -        | -      | -        | -    | -         | -
"""


def rows_of(table: str) -> list[tuple[str, str, str]]:
    """(door, state, who) of each cell."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]
    return [(row[0], state, who) for row in rows for state, who in zip(head[1:], row[1:], strict=True)]


# What is written for a reading group: here o is its owner, g a member, x somebody who was put out; the author is in it.
GROUP_CAST = CAST | {"owner": "o", "member": "g", "former": "x"}
GROUP_TABLE = """
                       | in the group | waits | declined | withdrawn
news on the page       | og           | -     | -        | -
news by mail at once   | og           | -     | -        | -
news in the daily mail | og           | -     | -        | -
news in the weekly one | og           | -     | -        | -
decision on the page   | -            | -     | a        | -
decision by mail       | -            | -     | a        | -
something in the menu  | og           | -     | a        | -
summary of what waits  | -            | -     | -        | -
waits too long         | -            | -     | -        | -
words in any mail      | og           | -     | a        | -
"""
CELLS, GROUP_CELLS = rows_of(TABLE), rows_of(GROUP_TABLE)
WAYS = {"news in the daily mail": Delivery.DAILY, "news in the weekly one": Delivery.WEEKLY}


@pytest.fixture
def happened(letters, people, settings, django_capture_on_commit_callbacks):
    """`happened(state, door)`: a note came to that state while everybody listened at that door."""
    settings.CAN_SEND_MAIL = True

    def run(state: str, door: str) -> None:
        target = ("person", "author") if door == "news of its author" else ("article", "letters")
        approved(make_note(letters, author=people.author, body="Known to all."), by=people.moderator)
        Notification.objects.all().delete()
        for name in CAST:
            listen(people[name], WAYS.get(door, Delivery.AT_ONCE))
            if name != "author":
                following.follow(people[name], following.target_of(*target, person=people[name]))
        with django_capture_on_commit_callbacks(execute=True):
            note_in_state(state, letters, people)

    return run


def listen(person, way: str) -> None:
    """Have an address, and be told of news in that way."""
    person.email = f"{person.username}@example.org"
    person.save(update_fields=["email"])
    telling.choose(person, {Kind.FOLLOWED: way, Kind.GROUP_NOTE: way})


def mailed(said: str) -> set[str]:
    people = {each.to[0].split("@")[0] for each in mail.outbox if said in each.subject + each.body}
    return {name.replace("-", "_") for name in people}


def send_all(rhythm: str) -> None:
    mail.outbox.clear()
    later = timezone.now() + mailing.AT_REST
    mailing.send_digests(rhythm, before=later, now=later)


def told_at(door: str, browser_of, cast=tuple(CAST)) -> set[str]:
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
    pages = {name: browser_of(name).get("/me/notifications/").text for name in cast}
    return {name for name, page in pages.items() if SAID[door] in page}


SAID = {
    "news on the page": "wrote a note on", "news of its author": "wrote a note on",
    "decision on the page": "Your note on", "something in the menu": 'class="count"',
    "waits too long": "waits too long for",
}  # fmt: skip


@pytest.mark.parametrize("door, state, who", CELLS, ids=[f"{door}, {state}" for door, state, _ in CELLS])
def test_who_is_told(happened, browser_of, door, state, who):
    happened(state, door)
    assert told_at(door, browser_of) & set(CAST) == {name for name, letter in CAST.items() if letter in who}


@pytest.mark.parametrize("door, state, who", GROUP_CELLS, ids=[f"{door}, {state}" for door, state, _ in GROUP_CELLS])
def test_who_is_told_of_a_group_note(
    letters, people, settings, browser_of, django_capture_on_commit_callbacks, door, state, who
):
    settings.CAN_SEND_MAIL = True
    group = make_group(people, notes_wait=state == "waits")
    for name in GROUP_CAST:
        listen(people[name], WAYS.get(door, Delivery.AT_ONCE))
        if name != "author":
            following.follow(people[name], following.target_of("article", "letters", person=people[name]))
    Notification.objects.all().delete()  # that somebody was put out
    with django_capture_on_commit_callbacks(execute=True):
        group_note_in_state(state, letters, people, group=group)
    put_by = set(Notification.objects.filter(annotation__group=group).values_list("recipient__username", flat=True))
    assert put_by <= {"owner", "member", "author"}  # for nobody else there is even a row that is not shown
    told = told_at(door, browser_of, GROUP_CAST)
    assert told & set(GROUP_CAST) == {name for name, letter in GROUP_CAST.items() if letter in who}


def test_nobody_who_is_gone_is_told_by_any_door(happened, people, letters):
    make_member("sleeper", email="sleeper@example.org", is_active=False)
    happened("approved", "news by mail at once")
    assert "sleeper" not in mailed("")
