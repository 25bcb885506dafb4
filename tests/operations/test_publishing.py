"""An edition goes in whole, word for word; the same edition twice changes nothing; a broken one does nothing."""

import copy
import dataclasses
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from reader.formats.edition import EditionError, read_edition
from reader.models import Annotation, Article, Card, CrossReference, Fact, Mention, Relation, Source, TimelineEvent
from reader.operations.publishing import publish_edition
from reader.text.normalise import digest, join
from reader.text.selectors import Span, quote_at
from tests.formats.test_edition import paragraphs_of_the_file
from tests.make import EDITION, SLUG, make_article


def all_rows() -> dict[str, list]:
    """Every row of every table of ours and of the tags, as plain values."""
    models = [*apps.get_app_config("reader").get_models(include_auto_created=True)]
    models += [*apps.get_app_config("taggit").get_models()]
    return {model._meta.db_table: sorted(model.objects.values_list(), key=repr) for model in models}


@pytest.fixture
def edition():
    return read_edition(EDITION)


# --- what is there ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model, count",
    [(Card, 40), (Fact, 126), (Relation, 67), (Source, 144), (Mention, 80), (CrossReference, 28),
     (TimelineEvent, 23), (Annotation, 35)],
)  # fmt: skip
def test_everything_in_the_edition_is_loaded(article, model, count):
    assert model.objects.count() == count


def test_the_paragraphs_are_those_of_the_file_to_the_character(article):
    wanted = [source.replace("**", "") for source in paragraphs_of_the_file()]
    assert [paragraph.text for paragraph in article.current.paragraphs.all()] == wanted
    assert article.current.text == join(wanted)
    assert article.current.digest == digest(join(wanted))


def test_each_paragraph_stands_in_the_text_where_it_says(article):
    revision = article.current
    for paragraph in revision.paragraphs.all():
        assert revision.text[paragraph.start : paragraph.end] == paragraph.text


def test_the_article_says_where_it_comes_from(article):
    assert article.byline == "Liye Hong"
    assert article.publisher == "E-International Relations"
    assert str(article.published) == "2023-10-29"
    assert article.source_url.startswith("https://www.e-ir.info/2023/10/29/")
    assert article.licence == "CC BY-NC 4.0"
    assert article.licence_url == "https://creativecommons.org/licenses/by-nc/4.0/"
    assert "notes" in article.changes


def in_text(article, start, end):
    return article.current.text[start:end]


def test_each_mention_lies_on_its_words(article, edition):
    wanted = {
        (row["slug"], anchor["paragraph"], anchor["occurrence"], anchor["quote"])
        for row in edition.cards for anchor in row["mentions"]
    }  # fmt: skip
    found = set()
    for mention in article.current.mentions.select_related("card"):
        paragraph = article.current.paragraph_at(mention.start)
        before = paragraph.text[: mention.end - paragraph.start]
        words = in_text(article, mention.start, mention.end)
        found.add((mention.card.slug, paragraph.number, _occurrence(before, words), words))
    assert found == wanted


def _occurrence(before: str, words: str) -> int:
    return sum(before.startswith(words, at) for at in range(len(before)))


def test_each_mention_in_the_front_matter_lies_on_its_words(article, edition):
    wanted = {
        (row["slug"], anchor["field"], anchor["quote"])
        for row in edition.cards for anchor in row.get("front_matter_mentions") or []
    }  # fmt: skip
    found = {
        (m.card.slug, m.field, str(edition.front[m.field])[m.start : m.end])
        for m in article.mentions.exclude(field="").select_related("card")
    }
    assert found == wanted
    assert len(found) == 4


def test_mentions_never_overlap(article):
    places = list(article.current.mentions.order_by("start").values_list("start", "end"))
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_each_note_lies_on_the_words_it_quotes(article, edition):
    notes = Annotation.objects.filter(article=article).order_by("start").prefetch_related("placements")
    for note in notes:
        assert in_text(article, note.start, note.end) == note.exact
        quote = quote_at(article.current.text, Span(note.start, note.end))
        assert (note.prefix, note.suffix) == (quote.prefix, quote.suffix)
        assert [(p.start, p.end, p.state) for p in note.placements.all()] == [(note.start, note.end, "exact")]
    wanted = sorted((row["paragraph"], row["quote"], row["body"].strip()) for row in edition.annotations)
    numbers = {note: article.current.paragraph_at(note.start).number for note in notes}
    assert sorted((numbers[note], note.exact, note.published.body) for note in notes) == wanted


def test_notes_of_the_editors_are_public_with_their_tags_cards_and_sources(article, edition):
    for row in edition.annotations:
        note = Annotation.objects.public().get(exact=row["quote"], published__body=row["body"].strip())
        assert note.author.username == "editors"
        assert (note.motivation, note.evidence) == (row["motivation"], row["status"])
        assert sorted(note.tags.names()) == sorted(row["tags"])
        assert sorted(note.cards.values_list("slug", flat=True)) == sorted(row.get("cards") or [])
        assert sorted(note.sources.values_list("slug", flat=True)) == sorted(s["id"] for s in row["sources"])


def test_nobody_can_log_in_as_the_editors(article, client):
    assert not Annotation.objects.first().author.has_usable_password()
    assert not client.login(username="editors", password="!")


def test_both_ends_of_each_reference_lie_on_their_words(article, edition):
    for row in edition.crossrefs:
        reference = article.current.crossreferences.get(key=row["id"])
        assert in_text(article, reference.start, reference.end) == row["source"]["quote"]
        if "card" in row["target"]:
            assert reference.target_card.slug == row["target"]["card"]
        else:
            assert in_text(article, reference.target_start, reference.target_end) == row["target"]["quote"]
            assert article.current.paragraph_at(reference.target_start).number == row["target"]["paragraph"]
        assert (reference.label, reference.reason) == (row["label"], row["reason"])


def test_each_event_lies_on_its_words(article, edition):
    for row in edition.timeline:
        event = article.timeline.get(key=row["id"])
        if row.get("field"):
            assert (event.field, event.start, event.revision) == (row["field"], None, None)
        else:
            assert in_text(article, event.start, event.end) == row["quote"]
            assert article.current.paragraph_at(event.start).number == row["paragraph"]
        assert (event.date_start, event.date_end) == (str(row["start"]), str(row.get("end") or ""))


def test_each_relation_is_one_row_for_both_ends(article, edition):
    said = {(row["slug"], r["slug"]): r["relation"] for row in edition.cards for r in row.get("related") or []}
    kept = {}
    for relation in Relation.objects.select_related("card", "other"):
        kept[relation.card.slug, relation.other.slug] = relation.label
        if relation.inverse_label:
            kept[relation.other.slug, relation.card.slug] = relation.inverse_label
    assert kept == said


# --- twice ----------------------------------------------------------------------------------------


def test_loading_the_same_edition_twice_changes_no_row(article, edition):
    before = all_rows()
    publish_edition(edition, slug=SLUG)
    assert all_rows() == before


def test_the_command_says_what_it_loaded(article, capsys):
    call_command("load_edition", str(EDITION))
    said = capsys.readouterr().out
    assert "10 paragraphs, 40 cards, 35 notes, 28 references, 23 events, 144 sources." in said


def test_a_corrected_kind_and_evidence_are_taken_over(article, edition):
    edition.annotations[0].update(motivation="questioning", status="not-found")
    publish_edition(edition, slug=SLUG)
    note = Annotation.objects.get(exact=edition.annotations[0]["quote"])
    assert (note.motivation, note.evidence) == ("questioning", "not-found")


def test_an_article_without_a_language_is_english(db):
    assert make_article("One.").language == "en"
    assert make_article("一。", slug="chinese", language="zh-Hans").language == "zh-Hans"


def test_a_corrected_note_becomes_a_new_version_and_the_page_is_made_anew(article, edition):
    before = article.notes_version
    edition.annotations[0]["body"] = "Put in better words."
    article = publish_edition(edition, slug=SLUG)
    note = Annotation.objects.get(published__body="Put in better words.")
    assert [version.number for version in note.versions.all()] == [1, 2]
    assert article.notes_version == before + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.crossrefs[0].update(label="taken up in"),
        lambda e: e.front.update(licence="CC BY 4.0"),
        lambda e: e.cards[0]["mentions"][0].update(type="alias"),
        lambda e: e.annotations[0].update(cards=[]),
    ],
    ids=["reference", "licence", "mention", "cards of a note"],
)
def test_whatever_a_reading_page_shows_makes_it_anew_when_corrected(article, edition, change):
    before = article.notes_version
    change(edition)
    assert publish_edition(edition, slug=SLUG).notes_version == before + 1


def test_a_changed_text_becomes_a_second_revision_and_the_first_stays(db):
    first = make_article("One.", "Two.").current
    article = make_article("One.", "Two, reworded.")
    assert article.current.number == 2
    assert [revision.text for revision in article.revisions.all()] == [first.text, "One.\n\nTwo, reworded."]


def test_a_paragraph_keeps_its_key_when_its_words_stay(db):
    first = make_article("One.", "Two.", "Two.").current
    second = make_article("Nought.", "One.", "Two.").current
    keys = [[p.key for p in revision.paragraphs.all()] for revision in (first, second)]
    assert keys[1][1] == keys[0][0] and keys[1][2] in keys[0][1:]  # of twins either may go on
    assert len(set(keys[0])) == 3


# --- broken ---------------------------------------------------------------------------------------


def broken(edition, part, change):
    """A copy of the edition whose last entry of `part` is changed: everything before it was already written."""
    rows = copy.deepcopy(getattr(edition, part))
    rows[-1].update(change)
    return dataclasses.replace(edition, **{part: rows})


BROKEN = [
    ("annotations", {"quote": "words that nobody wrote"}, "does not stand in paragraph"),
    ("annotations", {"start": 1}, "not as written"),
    ("annotations", {"paragraph": 99}, "there is no paragraph 99"),
    ("annotations", {"motivation": "shouting"}, "shouting"),
    ("annotations", {"tags": ["x" * 51]}, "tags"),
    ("crossrefs", {"label": "x" * 200}, "label"),
    ("timeline", {"quote": "words that nobody wrote", "field": None, "paragraph": 1}, "does not stand in paragraph 1"),
    ("timeline", {"precision": "roughly"}, "roughly"),
    ("cards", {"kind": "ghost"}, "ghost"),
    ("cards", {"sources": [{"id": "new", "title": "New", "url": "javascript:alert(1)"}]}, "url"),
    ("cards", {"front_matter_mentions": [{"field": "title", "quote": "nobody"}]}, "does not stand in the field title"),
    ("sources", {"date": "some time in spring"}, "date"),
]


@pytest.mark.parametrize(
    "part, change, sentence", BROKEN, ids=[f"{part} {next(iter(change))}" for part, change, _ in BROKEN]
)
def test_a_broken_edition_is_refused_and_nothing_changes(article, edition, part, change, sentence):
    before = all_rows()
    with pytest.raises(EditionError, match=sentence):
        publish_edition(broken(edition, part, change), slug=SLUG)
    assert all_rows() == before


def test_a_broken_edition_leaves_no_article_behind(edition, db):
    with pytest.raises(EditionError):
        publish_edition(broken(edition, "annotations", {"quote": "nobody wrote this"}), slug="other")
    assert not Article.objects.filter(slug="other").exists()


def test_the_command_refuses_with_a_sentence(article, tmp_path):
    (tmp_path / "article.md").write_text("---\ntitle: T\n---\nText.\n")
    (tmp_path / "annotations.yaml").write_text("[{id: a}]")
    with pytest.raises(CommandError, match=r"«paragraph» is missing\. Nothing was changed\."):
        call_command("load_edition", str(tmp_path))
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_edition", str(tmp_path / "nowhere"))
    assert Article.objects.count() == 1
