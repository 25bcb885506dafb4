"""Proposing by page: forms that keep what was typed, what became of it, who sees it, and the history of a card."""

import pytest
from django.test import Client

from reader.models import Card, Fact, Proposal
from reader.operations import accepting
from tests.make import proposed_card, proposed_correction, proposed_mention, span_of
from tests.operations.test_leaving import close
from tests.pages import read
from tests.people import PASSWORD
from tests.views.test_hostile import harm_on

CORRECT, SUGGEST = "/cards/clerk/correct/", "/cards/suggest/"


@pytest.fixture
def clerk(db) -> Card:
    card = Card.objects.create(
        slug="clerk", kind="person", name="Ada Clerk", role="Clerk of rites", aliases=["the clerk"], summary="Of old.\n"
    )
    Fact.objects.create(card=card, position=1, date="1900", text="Born.")
    return card


def form_on(page) -> dict[str, str]:
    """What a browser would send of the form on a page, as it came."""
    fields = {}
    for field in page.all("main")[0].all():
        name = field.attrs.get("name")
        if field.tag == "textarea" and name:
            fields[name] = field.text.removeprefix("\r\n").removeprefix("\n")
        elif field.tag == "input" and name:
            fields[name] = field.attrs.get("value", "")
        elif field.tag == "select" and name:
            fields[name] = next((o.attrs["value"] for o in field.all("option") if "selected" in o.attrs), "")
    return fields


def corrected(card: Card, people) -> None:
    """«Clerk of seals» by the author, accepted by the moderator."""
    proposal = proposed_correction(card, author=people.author, role="Clerk of seals")
    accepting.accept(proposal, number=1, by=people.moderator)


SOURCE = {"source_title": "Annals of the Bureau", "source_url": "https://annals.example/7"}


def test_the_form_sent_as_it_came_changes_nothing_and_says_so(clerk, browser_of):
    client = browser_of("author")
    typed = form_on(read(client.get(CORRECT))) | SOURCE
    answer = client.post(CORRECT, typed)
    assert answer.status_code == 422
    assert "Change something on the card first" in read(answer).text
    assert not Proposal.objects.exists()


def test_a_correction_is_sent_waits_and_its_author_sees_how_it_stands(clerk, browser_of, people):
    client = browser_of("author")
    typed = form_on(read(client.get(CORRECT))) | SOURCE | {"facts": "1900: Born.\r\n1921-03: Took the seals.\r\nDied."}
    page = read(client.post(CORRECT, typed, follow=True))
    assert "It waits for a moderator" in page.text
    [proposal] = Proposal.objects.all()
    assert proposal.values == {"facts": [["1900", "Born."], ["1921-03", "Took the seals."], ["", "Died."]]}
    assert "Ada Clerk" in read(client.get("/me/proposals/")).text
    accepting.reject(proposal, number=1, by=people.moderator, reason="Which page?")
    assert "Which page?" in read(client.get("/me/proposals/")).text
    assert "What you proposed about “Ada Clerk” was not accepted." in read(client.get("/me/notifications/")).text


WRONG = {
    "no source": ({"source_title": "", "source_url": ""}, "Say where it can be checked"),
    "a script": ({"source_url": "javascript:alert(1)"}, "must begin with https"),
    "a file": ({"source_url": "ftp://a.example/"}, "must begin with https"),
    "no date": ({"date_start": "soon"}, "Write dates as"),
    "no name": ({"name": " "}, "This field is required"),
    "too much": ({"summary": "x" * 6000}, "at most 5000 characters"),
    "NUL": ({"role": "a\x00b"}, "Null characters"),
    "words turned": ({"role": "a\u202eb"}, "invisible signs"),
    "too many names": ({"aliases": "\n".join(map(str, range(50)))}, "At most 40 names"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_its_place_and_what_was_typed_is_kept(clerk, browser_of, case):
    fields, sentence = WRONG[case]
    client = browser_of("author")
    typed = form_on(read(client.get(CORRECT))) | SOURCE | {"role": "Clerk of seals", "why": "Kept words"} | fields
    answer = client.post(CORRECT, typed)
    page = read(answer)
    assert (answer.status_code, sentence in page.text, "Kept words" in page.text) == (422, True, True)
    assert not Proposal.objects.exists()
    for field in page.all(class_="errorlist"):
        assert field.attrs.get("id", "").endswith("_error") or field.text


def test_words_typed_before_the_log_in_stand_in_the_form_after_it(clerk, people):
    client = Client()
    typed = {"name": "Ada Clerk", "kind": "person", "role": "Clerk of seals", "facts": "1921: Took the seals."} | SOURCE
    answer = client.post(CORRECT, typed)
    assert answer.status_code == 302 and "login" in answer["Location"]
    answer = client.post(answer["Location"], {"login": "author", "password": PASSWORD})
    page = read(client.get(answer["Location"]))
    kept = form_on(page)
    assert (kept["role"], kept["facts"], kept["source_url"]) == (
        "Clerk of seals", "1921: Took the seals.", SOURCE["source_url"],
    )  # fmt: skip
    client.post(CORRECT, kept)
    assert Proposal.objects.get().values["role"] == "Clerk of seals"
    assert form_on(read(client.get(CORRECT)))["role"] == "Clerk of rites"


def test_a_card_for_selected_words(letters, browser_of, people):
    span = span_of(letters, "minister of rites")
    place = f"?start={span.start}&end={span.end}&revision=1"
    client = browser_of("author")
    page = read(client.get(f"/articles/letters/suggest/{place}"))
    assert "minister of rites" in page.text
    [way] = [a.attrs["href"] for a in page.all("a") if a.attrs.get("href", "").startswith(SUGGEST)]
    typed = form_on(read(client.get(way))) | {"kind": "concept"}
    assert typed["name"] == "minister of rites"
    client.post(way, typed)
    [proposal] = Proposal.objects.all()
    assert (proposal.kind, proposal.exact, proposal.article) == ("card", "minister of rites", letters)
    accepting.accept(proposal, number=1, by=people.moderator)
    page = read(client.get("/cards/minister-of-rites/"))
    assert "Proposed by Wen Author." in page.text
    assert "Found in the texts by Wen Author." in page.text


def test_a_mention_of_a_card_that_is_here(letters, clerk, browser_of):
    span = span_of(letters, "second letter")
    address = f"/articles/letters/suggest/?start={span.start}&end={span.end}&revision=1"
    client = browser_of("author")
    answer = client.post(address, {"card": "Nobody", "why": "Kept words"})
    assert answer.status_code == 422 and "no card of this name" in answer.text and "Kept words" in answer.text
    assert client.post(address, {"card": "ada clerk"}).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.card, proposal.exact) == ("mention", clerk, "second letter")


def test_a_card_that_is_called_so_is_suggested(letters, clerk, browser_of):
    clerk.aliases = ["minister of rites"]
    clerk.save()
    span = span_of(letters, "minister of rites")
    page = read(browser_of("author").get(f"/articles/letters/suggest/?start={span.start}&end={span.end}"))
    assert form_on(page)["card"] == "Ada Clerk"


@pytest.mark.parametrize(
    "place", ["", "?start=5&end=2", "?start=0&end=99999999", "?start=%00&end=x", "?start=-1&end=4"]
)
def test_words_that_are_nowhere_are_chosen_again(letters, browser_of, place):
    answer = browser_of("author").get(f"/articles/letters/suggest/{place}")
    assert answer.status_code in {302, 400}


def test_without_a_script_words_are_chosen_from_the_paragraph(letters, browser_of):
    client = browser_of("author")
    [way] = [a.attrs["href"] for a in read(client.get("/articles/letters/p2/")).all("a") if "for=card" in str(a.attrs)]
    step = [a.attrs["href"] for a in read(client.get(way)).all("a") if "sentence=1" in a.attrs.get("href", "")]
    page = read(client.get(f"/articles/letters/annotate/{step[0]}"))
    [form] = [form for form in page.all("form") if form.attrs.get("action") == "/articles/letters/suggest/"]
    assert "Which card is it?" in form.text


def test_a_returned_proposal_is_revised(clerk, browser_of, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.send_back(proposal, number=1, by=people.moderator, reason="Which page?")
    client = browser_of("author")
    address = f"/proposals/{proposal.uid}/revise/"
    page = read(client.get(address))
    typed = form_on(page)
    assert "Which page?" in page.text
    assert (typed["role"], typed["source_title"], typed["number"]) == ("Clerk of seals", "Annals of the Bureau", "1")
    client.post(address, typed | {"role": "Clerk of the seals"})
    proposal.refresh_from_db()
    assert (proposal.status, proposal.number, proposal.values) == ("pending", 2, {"role": "Clerk of the seals"})
    assert client.post(address, typed).status_code == 409


def test_a_proposal_is_withdrawn_after_being_asked(clerk, browser_of, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    client = browser_of("author")
    assert "Withdraw" in client.get(f"/proposals/{proposal.uid}/withdraw/").text
    client.post(f"/proposals/{proposal.uid}/withdraw/")
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"
    assert client.get(f"/proposals/{proposal.uid}/revise/").status_code == 404


def test_a_rejection_is_answered_once_from_the_proposals_page(clerk, browser_of, people):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.reject(proposal, number=1, by=people.moderator, reason="Which page?")
    author, address = browser_of("author"), f"/proposals/{proposal.uid}/appeal/"
    [link] = [a for a in read(author.get(f"/proposals/{proposal.uid}/")).all("a") if a.text == "Answer the rejection"]
    assert link.attrs["href"] == address
    assert "Which page?" in author.get(address).text
    assert author.post(address, {"words": " "}).status_code == 422
    for who in ("stranger", "moderator", "editor"):
        assert browser_of(who).post(address, {"words": "Look."}).status_code == 404
    sent = author.post(address, {"words": "Page seven."}, follow=True)
    assert "another one decides" in sent.text
    proposal.refresh_from_db()
    assert (proposal.status, proposal.appeal) == ("pending", "Page seven.")
    assert author.get(address).status_code == 404
    accepting.reject(proposal, number=1, by=people.second_moderator, reason="Not there.")
    assert "Answer the rejection" not in author.get(f"/proposals/{proposal.uid}/").text


# --- who sees it ---------------------------------------------------------------------------------

STATES = {
    "pending": lambda p, by: None,
    "approved": lambda p, by: accepting.accept(p, number=1, by=by),
    "rejected": lambda p, by: accepting.reject(p, number=1, by=by, reason="No."),
    "returned": lambda p, by: accepting.send_back(p, number=1, by=by, reason="Why?"),
    "spam": lambda p, by: accepting.mark_as_spam(p, number=1, by=by),
}
CAST = ["anonymous", "stranger", "trusted", "editor", "author", "moderator"]
DOORS = {
    "/proposals/{uid}/": {"author", "moderator"},
    "/proposals/{uid}/revise/": {"author"},
    "/proposals/{uid}/withdraw/": {"author"},
    "/proposals/{uid}/appeal/": {"author"},
    "/moderation/proposals/{uid}/change/": {"moderator"},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("door", DOORS)
def test_a_proposal_is_its_authors_and_the_moderators(clerk, people, browser_of, state, door):
    proposal = proposed_correction(clerk, author=people.author, role="Kingfisher lamp")
    STATES[state](proposal, people.moderator)
    may = DOORS[door]
    if may == {"author"} and (state in {"approved", "spam"} or ("appeal" in door and state != "rejected")):
        may = set()
    answers = {name: browser_of(name).get(door.format(uid=proposal.uid)) for name in CAST}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == may
    assert {answer.status_code for name, answer in answers.items() if name not in may} <= {302, 404}
    assert {name for name, answer in answers.items() if "Kingfisher lamp" in answer.text} <= may


PUBLIC = [
    "/", "/articles/letters/", "/articles/letters/p2/", "/articles/letters/export.md", "/cards/", "/cards/clerk/",
    "/cards/clerk/history/", "/feeds/notes/", "/sitemap.xml", "/people/author/", "/moderation/numbers/",
    "/articles/letters/notes/", "/help/", "/annotations/", "/api/search", "/cards/clerk/cite.bib",
]  # fmt: skip


@pytest.mark.parametrize("state", [state for state in STATES if state != "approved"])
def test_for_others_the_site_is_as_if_nothing_had_been_proposed(letters, clerk, people, browser_of, state):
    def seen():
        answers = [client.get(path) for client in clients for path in PUBLIC[:10] + PUBLIC[11:]]
        return [a.getvalue() if a.streaming else a.content for a in answers]

    def without_tokens(pages):
        import re

        return [re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", page) for page in pages]

    clients = [browser_of(name) for name in ("anonymous", "stranger", "editor")]
    before = without_tokens(seen())
    for proposal in (
        proposed_correction(clerk, author=people.author, role="Kingfisher lamp"),
        proposed_card(author=people.author, name="Kingfisher", article=letters, on="minister of rites"),
        proposed_mention(clerk, author=people.author, article=letters, on="second letter"),
    ):
        STATES[state](proposal, people.moderator)
    assert without_tokens(seen()) == before


# --- the history ---------------------------------------------------------------------------------


def test_the_card_names_who_corrected_it_and_its_history_shows_how(clerk, people, browser_of, client):
    proposal = proposed_correction(clerk, author=people.author, role="Clerk of seals")
    accepting.accept(proposal, number=1, by=people.moderator)
    assert "With a correction by Wen Author." in read(client.get("/cards/clerk/")).text
    page = read(client.get("/cards/clerk/history/"))
    assert "proposed by Wen Author" in page.text and "accepted by Mo Moderator" in page.text
    assert [e.text for e in page.all("ins")] == ["[put in: seals]", "[put in: Annals of the Bureau]"]
    assert [e.text for e in page.all("del")] == ["[taken out: rites]"]
    assert "Annals of the Bureau" in page.text
    assert "put-back" not in client.get("/cards/clerk/history/").text


def test_an_editor_puts_a_version_back(clerk, people, browser_of, client):
    accepting.accept(
        proposed_correction(clerk, author=people.author, role="Clerk of seals"), number=1, by=people.moderator
    )
    editor = browser_of("editor")
    [way] = [a.attrs["href"] for a in read(editor.get("/cards/clerk/history/")).all("a") if "put-back" in str(a.attrs)]
    page = read(editor.get(way))
    assert [e.text for e in page.all("ins")] == ["[put in: rites]"]
    typed = form_on(page) | {"why": "It was right."}
    assert "Put back." in editor.post(way, typed, follow=True).text
    clerk.refresh_from_db()
    assert clerk.role == "Clerk of rites"
    assert "put back to version 1" in read(client.get("/cards/clerk/history/")).text
    assert "With a correction" not in read(client.get("/cards/clerk/")).text
    assert "The card has changed since" in editor.post(way, typed, follow=True).text


@pytest.mark.parametrize("who, status", [("anonymous", 302), ("author", 404), ("moderator", 404), ("editor", 200)])
def test_only_editors_put_back(clerk, people, browser_of, who, status):
    accepting.accept(
        proposed_correction(clerk, author=people.author, role="Clerk of seals"), number=1, by=people.moderator
    )
    client = browser_of(who)
    assert client.get("/cards/clerk/history/1/put-back/").status_code == status
    client.post("/cards/clerk/history/1/put-back/", {"seen": "2"})
    clerk.refresh_from_db()
    assert (clerk.role == "Clerk of rites") is (status == 200)


def test_a_change_in_the_admin_is_a_version_by_the_editor(clerk, people, client):
    people.editor.is_staff = people.editor.is_superuser = True
    people.editor.save()
    client.force_login(people.editor, backend="django.contrib.auth.backends.ModelBackend")
    fact = clerk.facts.get()
    typed = {"card": clerk.pk, "position": 1, "date": "1901", "text": "Born."}
    assert client.post(f"/admin/reader/fact/{fact.pk}/change/", typed).status_code == 302
    first, second = clerk.versions.order_by("number")
    assert (first.kind, second.kind, second.by_name) == ("before", "edited", "Ed Editor")
    assert second.snapshot["facts"] == [["1901", "Born."]]


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"


def test_hostile_words_do_no_harm_on_any_page(clerk, people, browser_of, letters):
    proposal = proposed_correction(clerk, author=people.author, role=HOSTILE[:80], source="https://x.example/?<b>'\"")
    card = proposed_card(author=people.stranger, name=HOSTILE[:80], facts=[["", HOSTILE]], summary=HOSTILE)
    moderator = browser_of("moderator")
    pages = [
        f"/proposals/{proposal.uid}/", f"/proposals/{card.uid}/", "/moderation/", "/moderation/log/",
        f"/moderation/proposals/{card.uid}/change/",
    ]  # fmt: skip
    for path in pages:
        assert harm_on(moderator.get(path)) == [], path
    accepting.accept(proposal, number=1, by=people.moderator)
    accepting.accept(card, number=1, by=people.moderator)
    for path in ("/cards/clerk/", "/cards/clerk/history/", "/cards/", f"/cards/{Card.objects.last().slug}/"):
        assert harm_on(moderator.get(path)) == [], path


# --- leaving, taking away ------------------------------------------------------------------------


@pytest.mark.parametrize("keeps_notes", [True, False])
def test_who_leaves_is_named_nowhere_and_what_waits_goes(clerk, people, client, keeps_notes):
    accepting.accept(
        proposed_correction(clerk, author=people.author, role="Clerk of seals"), number=1, by=people.moderator
    )
    waiting = proposed_correction(clerk, author=people.author, summary="Kingfisher lamp")
    close(people.author, keeps_notes=keeps_notes)
    assert not Proposal.objects.filter(pk=waiting.pk).exists()
    assert Proposal.objects.get().author is None
    for path in ("/cards/clerk/", "/cards/clerk/history/"):
        text = client.get(path).text
        assert "Wen Author" not in text and "a former member" in text, path
    clerk.refresh_from_db()
    assert clerk.role == "Clerk of seals"


def test_ones_own_export_holds_what_one_proposed(clerk, people, browser_of):
    proposed_correction(clerk, author=people.author, role="Clerk of seals")
    proposed_correction(clerk, author=people.stranger, role="Kingfisher lamp")
    answer = browser_of("author").get("/me/export/all.json")
    text = b"".join(answer.streaming_content).decode()
    assert "Clerk of seals" in text and "Kingfisher lamp" not in text
