"""Who sees which note where: one table, every page that can show a note.

Each cell names who finds the note's words on that page:

    n  somebody not logged in
    l  logged in: a stranger, a trusted member, an editor who does not moderate
    a  the author
    m  a moderator
    -  nobody

An approved note with an edit that waits has two columns: who reads the approved words, who reads the new ones.
"""

import re
from functools import partial

import pytest

from reader.models import Card
from reader.operations import annotating
from tests.make import NEW_WORDS, OLD_WORDS, fresh, group_note_in_state, make_group, make_note, note_in_state

CAST = {"anonymous": "n", "stranger": "l", "trusted": "l", "editor": "l", "author": "a", "moderator": "m"}

TABLE = """
                   | private | pending | hidden | approved | rejected | spam | withdrawn | edit: old | edit: new
reading page       | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
one paragraph      | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
notes of article   | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
notes of paragraph | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
notes at a place   | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
notes as a part    | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
where mine lie     | a       | a       | a      | a        | a        | -    | -         | a         | a
its conversation   | a       | am      | am     | nlam     | am       | am   | am        | nlam      | nlam
the note           | a       | am      | am     | nlam     | am       | am   | am        | nla       | am
reply to it        | a       | am      | am     | lam      | am       | am   | am        | l         | am
edit it            | a       | a       | a      | a        | a        | -    | -         | -         | a
withdraw it        | a       | a       | a      | a        | a        | -    | -         | a         | a
a reply to it      | a       | am      | am     | nlam     | am       | am   | am        | nla       | am
its wordings       | a       | am      | am     | nlam     | am       | am   | am        | nlam      | am
its tag            | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
names of tags      | a       | am      | am     | nlam     | am       | am   | am        | nlam      | -
its card           | -       | -       | -      | nlam     | -        | -    | -         | nl        | am
card in a popover  | -       | -       | -      | -        | -        | -    | -         | -         | -
my notes           | a       | a       | a      | a        | a        | -    | a         | a         | a
flag it            | -       | -       | -      | lm       | -        | -    | -         | lm        | -
item of the queue  | -       | m       | m      | m        | m        | m    | m         | m         | m
how I stand        | -       | -       | -      | -        | -        | -    | -         | -         | -
moderation queue   | -       | m       | m      | -        | -        | -    | -         | m         | m
a citation of it   | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
moderated person   | -       | m       | m      | m        | m        | m    | m         | -         | m
annotation (W3C)   | a       | am      | am     | nlam     | am       | am   | -         | nl        | am
container (W3C)    | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
export of article  | a       | am      | am     | nlam     | am       | -    | -         | nl        | am
my export          | a       | a       | a      | a        | a        | a    | a         | a         | a
feed of article    | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
feed of the site   | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
feed of its author | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
feed of its tag    | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
feed of its thread | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
page of its author | -       | -       | -      | nlam     | -        | -    | -         | nlam      | -
library            | -       | -       | -      | -        | -        | -    | -         | -         | -
timeline           | -       | -       | -      | -        | -        | -    | -         | -         | -
cards              | -       | -       | -      | -        | -        | -    | -         | -         | -
"""  # the two columns of the last kind overlap where a page shows both wordings side by side

PATHS = {
    "reading page": "/articles/letters/",
    "one paragraph": "/articles/letters/p2/",
    "notes of article": "/articles/letters/notes/",
    "notes of paragraph": "/articles/letters/notes/?paragraph=2",
    "notes at a place": "/articles/letters/notes/?at={start}",
    "notes as a part": "/articles/letters/notes/",
    "where mine lie": "/articles/letters/mine",
    "its conversation": "/notes/{uid}/state",
    "the note": "/notes/{uid}/",
    "reply to it": "/notes/{uid}/reply/",
    "edit it": "/notes/{uid}/edit/",
    "withdraw it": "/notes/{uid}/withdraw/",
    "a reply to it": "/notes/{reply}/",
    "its wordings": "/notes/{uid}/history/",
    "its tag": "/tags/kingfisher/",
    "names of tags": "/tags/complete?q=kingf",
    "its card": "/cards/clerk/",
    "card in a popover": "/cards/clerk/",
    "my notes": "/me/notes/",
    "flag it": "/notes/{uid}/flag/",
    "item of the queue": "/moderation/{uid}/",
    "how I stand": "/me/standing/",
    "moderation queue": "/moderation/",
    "a citation of it": "/notes/{uid}/cite.bib",
    "moderated person": "/moderation/people/author/",
    "annotation (W3C)": "/annotations/{uid}",
    "container (W3C)": "/articles/letters/annotations/?page=0",
    "export of article": "/articles/letters/export.md",
    "my export": "/me/export/all.jsonld",
    "feed of article": "/feeds/articles/letters/",
    "feed of the site": "/feeds/notes/",
    "feed of its author": "/feeds/people/author/",
    "feed of its tag": "/feeds/tags/kingfisher/",
    "feed of its thread": "/feeds/threads/{uid}/",
    "page of its author": "/people/author/",
    "library": "/",
    "timeline": "/articles/letters/timeline/",
    "cards": "/cards/",
}
PARTS = {"notes as a part", "card in a popover"}  # asked for by a script
NAMED_OTHERWISE = {
    "names of tags": "kingfisher",
    "where mine lie": "{uid}",
    "its conversation": '"uid": "{uid}"',
    "withdraw it": "second letter",
}  # what stands there instead of the words
# Pages of one note: for whoever may not see it they do not exist; those for members ask others to log in.
FOR_WHO_MAY_SEE = {
    "the note",
    "reply to it",
    "edit it",
    "withdraw it",
    "its wordings",
    "its conversation",
    "its tag",
    "annotation (W3C)",
    "a citation of it",
    "flag it",
    "item of the queue",
    "feed of its author",
    "feed of its tag",
    "feed of its thread",
    "page of its author",
}
FOR_MEMBERS = {
    "reply to it", "edit it", "withdraw it", "my notes", "moderation queue", "moderated person", "my export",
    "flag it", "item of the queue", "how I stand",
}  # fmt: skip


def rows_of(table: str) -> list[tuple[str, str, str]]:
    """(page, state, who) of each cell."""
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip("\n").split("\n")]
    return [(row[0], state, who) for row in rows for state, who in zip(head[1:], row[1:], strict=True)]


CELLS = rows_of(TABLE)


@pytest.fixture
def address(letters, people):
    """Brings a note to a state, with a card and a reply; answers with what stands in addresses."""

    def prepare(state: str) -> dict:
        note = note_in_state("edit waits" if state.startswith("edit") else state, letters, people)
        note.cards.add(Card.objects.create(slug="clerk", kind="person", name="Clerk"))
        # A moderator's reply is public at once, whatever became of the note; one to a private note is private.
        who = people.author if state == "private" else people.moderator
        answer = annotating.reply(parent=note, author=who, body="Granite teapot.")
        return {"uid": note.uid, "start": note.start, "reply": answer.uid}

    return prepare


@pytest.mark.parametrize("state", dict.fromkeys(state for _page, state, _who in CELLS))
def test_who_finds_the_words_of_a_note(address, browser_of, state):
    named, clients = address(state), {name: browser_of(name) for name in CAST}
    rows = [(where, who) for where, column, who in CELLS if column == state]
    answers = {where: ask(clients, where, state, named) for where, _who in rows}
    seen = {where: {name for name, (_status, has) in of.items() if has} for where, of in answers.items()}
    assert seen == {where: {name for name, letter in CAST.items() if letter in who} for where, who in rows}
    statuses = {where: {name: status for name, (status, _has) in of.items()} for where, of in answers.items()}
    wanted = {
        where: {name: _status(where, state, name, letter) for name, letter in CAST.items()} for where, _who in rows
    }
    assert statuses == wanted


def ask(clients: dict, where: str, state: str, named: dict) -> dict[str, tuple[int, bool]]:
    """What a page answers to each person, and whether the words stand in it."""
    words, path = NAMED_OTHERWISE.get(where, OLD_WORDS).format(**named), PATHS[where].format(**named)
    if state == "edit: new":
        words = words.replace(OLD_WORDS, NEW_WORDS).replace("kingfisher", "copper")
        path = path.replace("q=kingf", "q=copp")
    headers = {"HX-Request": "true"} if where in PARTS else {}
    answers = {name: client.get(path, headers=headers) for name, client in clients.items()}
    return {name: (answer.status_code, words in text_of(answer)) for name, answer in answers.items()}


def text_of(answer) -> str:
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


def _status(where: str, state: str, name: str, letter: str) -> int:
    if name == "anonymous" and where in FOR_MEMBERS:
        return 302
    if (where, state) == ("annotation (W3C)", "withdrawn"):
        return 410  # the protocol's word for what was public once
    if where in {"moderation queue", "moderated person"}:
        return 200 if letter == "m" else 404
    if (where, name) == ("page of its author", "author"):
        return 200  # one's own is there before anything is public
    if where in FOR_WHO_MAY_SEE or (where, state) == ("a reply to it", "private"):
        return 200 if _may_see(where, state, letter) else 404
    return 200


def _may_see(where: str, state: str, letter: str) -> bool:
    """Whether the page exists for them: of an edited note one of the two wordings does."""
    columns = ("edit: old", "edit: new") if state.startswith("edit") else (state,)
    return any(letter in who for page, column, who in CELLS if page == where and column in columns)


def test_what_was_written_while_a_note_was_private_stays_the_authors(letters, people, browser_of):
    note = note_in_state("private", letters, people)
    annotating.edit(note, by=people.author, body="For everyone.", tags=[], visibility="public")
    seen = {name: browser_of(name).get(f"/notes/{note.uid}/history/").text for name in ("author", "moderator")}
    assert ("For everyone." in seen["author"], OLD_WORDS in seen["author"]) == (True, True)
    assert ("For everyone." in seen["moderator"], OLD_WORDS in seen["moderator"]) == (True, False)


# --- what is written for a reading group is seen by its members ---------------------------------------

# Here also: o the owner of the group, g a member of it, x somebody who was put out of it. The author is a member.
GROUP_CAST = CAST | {"owner": "o", "member": "g", "former": "x"}
GROUP_TABLE = """
                   | in the group | waits | declined | withdrawn
reading page       | -            | -     | -        | -
one paragraph      | aog          | ao    | ao       | -
notes of article   | aog          | ao    | ao       | -
notes of paragraph | aog          | ao    | ao       | -
notes at a place   | aog          | ao    | ao       | -
notes as a part    | aog          | ao    | ao       | -
where mine lie     | aog          | ao    | ao       | -
its conversation   | aog          | ao    | ao       | ao
the note           | aog          | ao    | ao       | ao
reply to it        | aog          | ao    | ao       | ao
edit it            | a            | a     | a        | -
withdraw it        | a            | a     | a        | -
a reply to it      | aog          | ao    | ao       | ao
its wordings       | aog          | ao    | ao       | ao
its tag            | aog          | ao    | ao       | -
names of tags      | aog          | ao    | ao       | ao
its card           | -            | -     | -        | -
card in a popover  | -            | -     | -        | -
my notes           | a            | a     | a        | a
moderation queue   | -            | -     | -        | -
a citation of it   | -            | -     | -        | -
moderated person   | -            | -     | -        | -
annotation (W3C)   | aog          | ao    | ao       | -
container (W3C)    | aog          | ao    | ao       | -
export of article  | aog          | ao    | ao       | -
my export          | a            | a     | a        | a
feed of article    | -            | -     | -        | -
feed of the site   | -            | -     | -        | -
feed of its author | -            | -     | -        | -
feed of its tag    | -            | -     | -        | -
feed of its thread | -            | -     | -        | -
page of its author | -            | -     | -        | -
library            | -            | -     | -        | -
timeline           | -            | -     | -        | -
cards              | -            | -     | -        | -
"""
GROUP_CELLS = rows_of(GROUP_TABLE)


@pytest.mark.parametrize("state", dict.fromkeys(state for _page, state, _who in GROUP_CELLS))
def test_who_finds_the_words_of_a_group_note(letters, people, browser_of, state):
    note = group_note_in_state(state, letters, people)
    note.cards.add(Card.objects.create(slug="clerk", kind="person", name="Clerk"))
    answer = annotating.reply(parent=note, author=people.owner, body="Granite teapot.")
    named = {"uid": note.uid, "start": note.start, "reply": answer.uid}
    clients = {name: browser_of(name) for name in GROUP_CAST}
    rows = {where: who for where, column, who in GROUP_CELLS if column == state}
    answers = {where: ask(clients, where, state, named) for where in rows}
    seen = {where: {name for name, (_status, has) in of.items() if has} for where, of in answers.items()}
    allowed = {where: {name for name, letter in GROUP_CAST.items() if letter in who} for where, who in rows.items()}
    assert seen == allowed
    missing = {where: {name for name, (status, _has) in of.items() if status == 404} for where, of in answers.items()}
    assert missing == {
        where: {name for name in GROUP_CAST if _is_404(where, state, name, name in allowed[where])} for where in rows
    }


def _is_404(where: str, state: str, name: str, sees: bool) -> bool:
    """Whether the page does not exist for them: then it does not even say that there is something."""
    if name == "anonymous" and where in FOR_MEMBERS:
        return False  # asked to log in, for any address
    if where in {"moderation queue", "moderated person"}:
        return name != "moderator"
    if where == "a reply to it":
        return GROUP_CAST[name] not in "aog"
    if (where, name) == ("page of its author", "author"):
        return False
    if (where, state) == ("annotation (W3C)", "withdrawn"):
        return GROUP_CAST[name] not in "ao"  # who knew it is told that it is gone
    return where in FOR_WHO_MAY_SEE and not sees


def test_what_was_written_for_a_group_stays_in_it_when_the_note_is_for_everyone(letters, people, browser_of):
    note = make_note(letters, author=people.author, body=f"{OLD_WORDS}.", group=make_group(people))
    annotating.edit(note, by=people.author, body="For everyone.", tags=[], visibility="public")
    assert not fresh(note).published  # the group's wording is nobody else's, and the new one waits
    seen = {name: browser_of(name).get(f"/notes/{note.uid}/history/") for name in GROUP_CAST}
    assert {name for name, page in seen.items() if OLD_WORDS in text_of(page)} == {"author"}
    assert {name for name, page in seen.items() if "For everyone." in text_of(page)} == {"author", "moderator"}


# --- nothing leaves before approval, not even a number -----------------------------------------------

PUBLIC = [path for path in PATHS.values() if "{" not in path and not path.startswith(("/me", "/moderation"))]
OTHERS = ["anonymous", "stranger", "trusted", "editor"]


def pages_of(client) -> dict:
    """What every page without a note's name in its address says, apart from the tokens of forms."""
    bodies = {path: client.get(path) for path in [*PUBLIC, "/articles/letters/notes/?at=110"]}
    return {p: (r.status_code, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text_of(r))) for p, r in bodies.items()}


@pytest.mark.parametrize("state", ["private", "pending", "rejected", "spam"])
def test_for_others_the_site_is_the_same_as_if_it_had_never_been_written(letters, people, browser_of, state):
    clients = {name: browser_of(name) for name in OTHERS}
    before = {name: pages_of(client) for name, client in clients.items()}
    note_in_state(state, letters, people)
    assert {name: pages_of(client) for name, client in clients.items()} == before


@pytest.mark.parametrize("state", ["in the group", "waits", "declined"])
def test_for_others_the_site_is_the_same_as_if_there_were_no_group(letters, people, browser_of, state):
    clients = {name: browser_of(name) for name in [*OTHERS, "moderator"]}
    before = {name: pages_of(client) for name, client in clients.items()}
    tag = clients["anonymous"].get("/articles/letters/")["ETag"]
    note = group_note_in_state(state, letters, people)
    annotating.reply(parent=note, author=people.member, body="Granite teapot.")
    assert {name: pages_of(client) for name, client in clients.items()} == before
    assert clients["anonymous"].get("/articles/letters/")["ETag"] == tag  # not even that something happened


def test_for_others_a_withdrawn_note_is_as_if_it_had_never_been_written(letters, people, browser_of):
    clients = {name: browser_of(name) for name in OTHERS}
    before = {name: pages_of(client) for name, client in clients.items()}
    note = note_in_state("approved", letters, people)
    assert {name: pages_of(client) for name, client in clients.items()} != before
    annotating.withdraw(note, by=people.author)
    after = {name: pages_of(client) for name, client in clients.items()}
    assert but_for_the_state(after) == but_for_the_state(before)  # open pages are told that something changed


def but_for_the_state(pages: dict) -> dict:
    """The same without the name of the state of the text, which moves with each public change."""
    strip = partial(re.sub, r'data-version="[^"]*"', "")
    return {who: {path: (code, strip(text)) for path, (code, text) in seen.items()} for who, seen in pages.items()}
