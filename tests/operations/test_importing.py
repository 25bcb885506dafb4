"""A text is brought in whole or not at all; the same source again is a new revision of the same article."""

from dataclasses import replace
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from reader.formats.incoming.model import Front
from reader.formats.incoming.reading import made_of
from reader.models import Article, Draft, MentionDecision, Paragraph, Revision
from reader.operations import importing, linking, revising
from reader.operations.importing import CannotImport
from tests.formats.test_edition import paragraphs_of_the_file
from tests.make import SLUG
from tests.make_files import PARAGRAPHS, docx, locked_pdf, pdf_of_lines, word_paragraph, zip_bomb
from tests.text.test_cleaning import conversion_of

ONE, TWO, THREE = PARAGRAPHS
TEXT = f"# The letters\n\n{ONE}\n\n## In summer\n\n{TWO}\n\n- {THREE}\n"


def incoming_of(text=TEXT, **front):
    made = made_of(importing.read_file(text.encode(), "letters.md"))
    return replace(made, front=Front(**front).over(made.front))


def publish(text=TEXT, *, by=None, revision_of=None, slug="", **front):
    return importing.publish(incoming_of(text, **front), by=by, revision_of=revision_of, slug=slug)


# --- a new article --------------------------------------------------------------------------------


def test_a_text_becomes_an_article_with_all_its_structure(db, people):
    outcome = publish(
        by=people.editor, authors=("Ann Clerk",), licence_url="https://creativecommons.org/licenses/by/4.0/"
    )
    article = outcome.article
    assert (article.slug, article.title, article.authors, outcome.is_new) == (
        "the-letters",
        "The letters",
        ["Ann Clerk"],
        True,
    )
    assert (article.licence, article.licence_name) == ("CC BY 4.0", "Creative Commons Attribution 4.0")
    assert [(p.kind, p.text) for p in article.current.paragraphs.all()] == [
        ("paragraph", ONE), ("heading", "In summer"), ("paragraph", TWO), ("list-item", THREE),
    ]  # fmt: skip
    assert article.current.created_by == people.editor
    assert article in Article.objects.published()


def test_each_paragraph_stands_where_it_says(db):
    revision = publish().article.current
    for paragraph in revision.paragraphs.all():
        assert revision.text[paragraph.start : paragraph.end] == paragraph.text
    assert len({paragraph.key for paragraph in revision.paragraphs.all()}) == 4


def test_a_title_that_is_taken_gets_another_address_and_chinese_gets_one_at_all(db):
    publish()
    assert publish(f"# The letters\n\n{TWO}").article.slug == "the-letters-2"
    assert publish("# 春天的信\n\n使者写信给京城。").article.slug.startswith("text-")


@pytest.mark.parametrize(
    "front, sentence",
    [
        ({"title": "x" * 301}, "title"),
        ({"source_url": "javascript:alert(1)"}, "original address"),
        ({"language": "x" * 40}, "language"),
    ],
)
def test_what_no_form_would_take_is_refused_and_nothing_is_kept(db, front, sentence):
    with pytest.raises(CannotImport, match=sentence):
        publish(**front)
    assert not Article.objects.filter(title="The letters").exists()
    assert not Revision.objects.filter(article__title="The letters").exists()


# --- the same again -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["address here", "original", "words"])
def test_the_same_source_again_is_the_same_article(db, by):
    first = publish(source_url="https://quarterly.example/letters").article
    changed = TEXT.replace("envoys", "embassies") if by != "words" else TEXT
    again = incoming_of(changed, source_url="https://quarterly.example/letters" if by == "original" else "")
    assert importing.article_of(again, slug="the-letters" if by == "address here" else "") == first


def test_another_text_is_another_article(db):
    publish(source_url="https://quarterly.example/letters")
    assert importing.article_of(incoming_of(f"# Another\n\n{THREE}")) is None


def test_a_changed_text_is_a_new_revision_that_carries_notes_over(db, people):
    article = publish().article
    from tests.make import make_note

    note = make_note(article, author=people.editor, on="coast road")
    outcome = publish(f"# The letters\n\nA word before.\n\n{TEXT}", revision_of=article)
    assert (outcome.is_new, outcome.has_new_text, outcome.article.current.number) == (False, True, 2)
    placed = note.placements.get(revision=outcome.article.current)
    assert outcome.article.current.text[placed.start : placed.end] == "coast road"
    assert Article.objects.filter(title="The letters").count() == 1


def test_the_same_text_again_makes_no_revision_but_keeps_what_is_said_of_it(db):
    article = publish().article
    outcome = publish(revision_of=article, publisher="The Quarterly")
    assert (outcome.has_new_text, outcome.article.current.number) == (False, 1)
    assert outcome.article.publisher == "The Quarterly"


def test_the_conversion_of_the_article_is_the_article(article):
    before = Paragraph.objects.count()
    text = conversion_of(paragraphs_of_the_file())
    made = made_of(importing.read_file(text.encode(), "000.txt"))
    assert importing.article_of(made).slug == SLUG
    assert [(p.kind, p.text, p.markup) for p in article.current.paragraphs.all()] == [
        (block.kind, block.text, block.rows()) for block in made.blocks
    ]
    assert importing.publish(made, by=None, revision_of=article).has_new_text is False
    assert Paragraph.objects.count() == before


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_gives_the_same_text_with_what_was_put_back(db, people):
    data = pdf_of_lines([f"{ONE} {n}." for n in range(40)], head="The Quarterly", foot="{n}")
    draft = importing.keep_draft(importing.read_file(data, "a.pdf"), name="a.pdf", by=people.editor)
    removed = importing.incoming_of(Draft.objects.get()).removed
    heads = [gone.key for gone in removed if gone.reason == "running-head"]
    assert len(heads) == 2
    importing.put_back(draft, set(heads))
    again = importing.incoming_of(Draft.objects.get())
    assert {gone.reason for gone in again.removed} == {"page-number"}


@pytest.mark.parametrize(
    "make, name, sentence",
    [
        (lambda: zip_bomb(), "a.docx", "larger than is allowed"),
        (lambda: locked_pdf(), "a.pdf", "password"),
        (lambda: b"\x00" * 100, "a.txt", "not a text"),
        (lambda: b"words", "a.exe", "a?.exe is not read|.exe is not read"),
        (lambda: b"x" * 2001, "a.txt", "2000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_a_sentence(settings, make, name, sentence):
    if name == "a.txt":
        settings.IMPORT_MAX_BYTES = 2000
    with pytest.raises(CannotImport, match=sentence):
        importing.read_file(make(), name)


def test_every_reason_for_refusing_has_a_sentence():
    import re
    from pathlib import Path

    folder = Path(importing.__file__).parent.parent / "formats" / "incoming"
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    codes = set(re.findall(r'Unreadable\("(\w+)"', source)) | set(re.findall(r'b"[^"]*", "(\w+)"\)', source))
    codes |= set(re.findall(r'\{"code": "(\w+)"', source))
    assert {"empty", "old_word", "too_large_to_read"} <= codes <= set(importing.SENTENCES)


# --- the command ----------------------------------------------------------------------------------


def test_the_command_brings_texts_in_and_says_what_it_did(db, tmp_path, capsys):
    path = tmp_path / "letters.docx"
    path.write_bytes(docx(*(word_paragraph(words) for words in PARAGRAPHS), title="Letters"))
    call_command(
        "import_article", str(path), "--author", "Ann Clerk", "--licence", "CC BY 4.0", "--published", "1 May 2024"
    )
    said = capsys.readouterr()
    assert "«Letters» at /articles/letters/: new article, 3 blocks" in said.out
    assert "1/1" in said.err
    article = Article.objects.get(slug="letters")
    assert (article.authors, article.licence, str(article.published)) == (["Ann Clerk"], "CC BY 4.0", "2024-05-01")
    assert article.licence_url == "https://creativecommons.org/licenses/by/4.0/"


def test_the_command_makes_a_revision_of_the_same_slug_and_warns_without_a_licence(db, tmp_path, capsys):
    path = tmp_path / "a.txt"
    for words in (ONE, TWO):
        path.write_text(words)
        call_command("import_article", str(path), "--slug", "letters", "--title", "Letters")
    said = capsys.readouterr()
    assert "revision 2" in said.out
    assert "No licence is known" in said.err
    assert Article.objects.filter(slug="letters").count() == 1


def test_the_command_keeps_what_it_can_and_names_the_rest(db, tmp_path):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.pdf"
    good.write_text(ONE)
    bad.write_text("no pdf")
    with pytest.raises(CommandError, match=r"1 of 2 not brought in: .*bad\.pdf"):
        call_command("import_article", str(good), str(bad))
    assert Article.objects.filter(title="good").exists()
    assert Draft.objects.count() == 0


def test_a_dry_run_keeps_nothing(db, tmp_path, capsys):
    path = tmp_path / "a.md"
    path.write_text(TEXT)
    before = Article.objects.count()
    call_command("import_article", str(path), "--dry-run")
    assert ONE in capsys.readouterr().out
    assert Article.objects.count() == before


# --- names of cards -------------------------------------------------------------------------------

NAMED = (
    "# On diplomacy\n\nMao Zedong died. Hua Guofeng followed Mao.\n\nBlinken and Hua Guofeng; the Voice of America.\n"
)


@pytest.fixture
def named(article):
    return publish(NAMED).article


def groups(article):
    return {(group.card.slug, group.words): group for group in linking.proposals(article)}


def test_names_of_known_cards_are_proposed_with_their_places(named):
    group = groups(named)["hua-guofeng", "Hua Guofeng"]
    assert [named.current.text[p.span.start : p.span.end] for p in group.places] == ["Hua Guofeng"] * 2
    assert [place.number for place in group.places] == [1, 2]
    assert (group.places[1].before, group.places[1].after[:5]) == ("Blinken and ", "; the")


def test_accepting_links_the_places_and_moves_the_page(named, people):
    before = named.notes_version
    group = groups(named)["hua-guofeng", "Hua Guofeng"]
    linking.accept(named, group, starts={place.span.start for place in group.places}, by=people.editor)
    assert named.current.mentions.filter(card__slug="hua-guofeng").count() == 2
    assert ("hua-guofeng", "Hua Guofeng") not in groups(named)
    named.refresh_from_db()
    assert named.notes_version == before + 1


def test_what_was_decided_is_not_asked_again_and_holds_for_the_next_revision(named, people):
    found = groups(named)
    hua = found["hua-guofeng", "Hua Guofeng"]
    linking.accept(named, hua, starts={hua.places[0].span.start}, by=people.editor)
    linking.decline(named, next(g for (slug, _), g in found.items() if slug == "voice-of-america"), by=people.editor)
    revising.revise(
        named, source=NAMED + "\nOnce more Hua Guofeng, and the Voice of America.\n", by=people.editor, reason=""
    )
    named.refresh_from_db()
    starts = sorted(named.current.mentions.filter(card__slug="hua-guofeng").values_list("start", flat=True))
    text = named.current.text
    assert len(starts) == 2
    assert (text.find("Hua Guofeng"), text.rfind("Hua Guofeng")) == tuple(starts)
    assert not any(slug in ("hua-guofeng", "voice-of-america") for slug, _words in groups(named))


def test_two_cards_do_not_lie_on_the_same_words(named, people):
    for group in linking.proposals(named):
        linking.accept(named, group, starts={place.span.start for place in group.places}, by=people.editor)
    places = sorted(named.current.mentions.values_list("start", "end"))
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert MentionDecision.objects.filter(article=named).exists()


def test_proposals_take_the_same_number_of_queries_however_many(named, django_assert_num_queries):
    with django_assert_num_queries(6):
        linking.proposals(named)
