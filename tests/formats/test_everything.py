"""The whole site out, away, and back: the same site. Run on everything that people can do to a note."""

import gc
import io
import json
import tracemalloc
import zipfile
from collections import defaultdict

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from reader.formats import annotated, everything, w3c
from reader.models import (
    Annotation,
    AnnotationVersion,
    Article,
    Card,
    Member,
    MentionDecision,
    Placement,
    Preference,
    ReadingGroup,
    ReasonTemplate,
    Revision,
    Source,
    SuspectWord,
)
from reader.operations import accepting, annotating, flagging, following, groups, leaving, standing
from reader.operations.refilling import CannotRefill, refill_site
from reader.views import exporting
from tests import site_tables
from tests.make import (
    group_note_in_state,
    make_article,
    make_note,
    note_in_state,
    proposed_correction,
    proposed_mention,
)
from tests.people import make_member

STATES = ["private", "pending", "approved", "rejected", "spam", "withdrawn", "edit waits"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_site(article, letters, people):
    """The real edition, and on a small text a note in every state, an answer, and a note that is lost."""
    notes = {state: note_in_state(state, letters, people) for state in STATES}
    answer = annotating.reply(parent=notes["approved"], author=people.editor, body="Indeed: 🙂 𠮷.")
    annotating.reply(parent=answer, author=people.author, body="Why?")
    Placement.objects.filter(annotation=notes["approved"]).update(start=None, end=None, state="lost", score=0)
    Annotation.objects.filter(pk=answer.pk).update(via="https://elsewhere.example/1", canonical="urn:x:1")
    notes["pending"].author.delete()
    return notes


@pytest.fixture
def busy_site(full_site, letters, people):
    """The same, after everything else that people do: no table of the site is empty."""
    people.author = make_member("newcomer")  # the first is gone
    note = make_note(letters, author=people.trusted, on="café")
    flagging.flag(note, by=people.stranger, comment="A café?")
    standing.sanction(people.stranger, kind="ban", reason="Shouting.", by=people.moderator)
    leaving.ask(people.second_moderator, keeps_notes=True)
    for kind, name in [("article", "letters"), ("person", "trusted"), ("thread", note.uid), ("tag", "pandemic")]:
        following.follow(people.author, following.target_of(kind, name, person=people.author))
    Preference.objects.create(member=people.author, kind="reply", delivery="weekly")
    ReasonTemplate.objects.create(title="Off the text", words="It is about something else.")
    SuspectWord.objects.create(word="cheap seals", is_blocked=True)
    group_note_in_state("in the group", letters, people)
    groups.invite(ReadingGroup.objects.get(), people.editor, by=people.owner)
    card = Card.objects.order_by("slug")[0]
    proposal = proposed_correction(card, author=people.trusted, role="Clerk of seals")
    accepting.accept(proposal, number=proposal.number, by=people.editor)
    proposed_mention(card, author=people.author, article=letters, on="café")
    MentionDecision.objects.create(article=letters, card=card, words="café", accepted=False, decided_by=people.editor)


def wipe() -> None:
    """An empty site. Straight in the tables: neither revisions nor the trail let themselves be taken away otherwise."""
    for app in ("reader", "taggit"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            model._base_manager.all()._raw_delete(model._base_manager.db)


def as_file(pieces) -> io.StringIO:
    """What a file with these pieces gives line by line."""
    return io.StringIO("".join(pieces))


def test_table_by_table_the_same_site_comes_back(busy_site, people):
    before = site_tables.tables()
    assert [name for name, rows in before.items() if not rows] == [], "Let somebody do what fills these tables."
    lines = list(everything.lines())
    wipe()
    refill_site(as_file(lines))
    after = site_tables.tables()
    for name, rows in before.items():
        assert (rows - after[name], after[name] - rows) == ({}, {}), name


def test_every_table_of_the_site_is_compared_or_left_out_for_a_reason():
    others = {
        m._meta.label
        for m in apps.get_models()
        if m._meta.app_label not in {*site_tables.OTHER_APPS, "reader", "taggit"}
    }
    assert others == set()
    assert {model._meta.label for model in site_tables.compared()} >= {
        everything.label(m) for m in everything.models_in_order()
    }
    assert set(site_tables.TABLES_LEFT_OUT) == set(everything.LEFT_OUT)


@pytest.mark.parametrize("forgotten", ["reader.Flag", "reader.Follow", "reader.CardVersion", "reader.Membership"])
def test_the_comparison_sees_a_table_that_is_forgotten(busy_site, monkeypatch, forgotten):
    monkeypatch.setitem(everything.LEFT_OUT, forgotten, "forgotten")
    before, lines = site_tables.tables(), list(everything.lines())
    wipe()
    refill_site(as_file(lines))
    after = site_tables.tables()
    assert [name for name, rows in before.items() if rows != after[name]] == [forgotten]


def test_export_wipe_import_gives_the_same_site(full_site):
    before = list(everything.lines())
    counts = [m.objects.count() for m in (Annotation, AnnotationVersion, Placement, Card, Source, Revision)]
    wipe()
    assert not Annotation.objects.exists() and not Member.objects.exists()
    assert refill_site(as_file(before)) == len(before) - 2
    assert list(everything.lines()) == before
    assert counts == [m.objects.count() for m in (Annotation, AnnotationVersion, Placement, Card, Source, Revision)]


def test_nobody_comes_back_with_a_password(full_site):
    assert "password" not in "".join(everything.lines())
    lines = list(everything.lines())
    wipe()
    refill_site(as_file(lines))
    assert not any(member.has_usable_password() for member in Member.objects.all())


def test_what_the_public_saw_it_sees_again(client, full_site):
    """Through the doors, not the tables: the page, the container, the feed."""
    paths = [
        "/articles/letters/annotations/",
        "/annotations/",
        "/articles/civil-diplomacy/export.jsonl",
        "/feeds/notes/",
    ]

    def seen() -> list[bytes]:
        answers = [client.get(path) for path in paths]
        return [a.getvalue() if a.streaming else a.content for a in answers]

    before, lines = seen(), list(everything.lines())
    wipe()
    refill_site(as_file(lines))
    assert seen() == before


def test_the_file_is_json_and_loads_however_it_is_laid_out(full_site):
    lines = list(everything.lines())
    whole = json.loads("".join(lines))
    assert whole["@context"][0] == "http://www.w3.org/ns/anno.jsonld" and whole["label"]
    wipe()
    refill_site(json.dumps(whole, indent=2).splitlines(keepends=True))
    assert list(everything.lines()) == lines


def test_every_note_of_it_is_a_web_annotation_too(full_site):
    notes = [r for r in everything.records() if "kept" in r]
    assert len(notes) == Annotation.objects.count()
    for each in notes:
        assert each["type"] == "Annotation" and each["target"] and each["id"].endswith(each["kept"]["uid"])


def test_it_is_put_back_into_an_empty_site_only(full_site):
    with pytest.raises(CannotRefill, match="empty site"):
        refill_site(as_file(everything.lines()))


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"format": 2, "@graph": []}', "not json"])
def test_what_is_no_such_file_is_refused(db, broken):
    Article.objects.update(current=None)
    Annotation.objects.all().delete()
    wipe()
    with pytest.raises(CannotRefill):
        refill_site([broken])


def test_a_broken_record_keeps_nothing(full_site):
    lines = list(everything.lines())
    wipe()
    at = next(n for n, line in enumerate(lines) if '"type": "reader.Placement"' in line or '"kept"' in line)
    lines[at] = lines[at].replace(
        '"reader.Placement": [{"revision"', '"reader.Placement": [{"revision": ["gone", 1], "x"'
    )
    with pytest.raises(CannotRefill, match="Record"):
        refill_site(as_file(lines))
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('"current": ["letters", 1]', '"current": ["letters", 7]'),
        ('"type": "reader.SuspectWord"', '"type": "reader.ApiToken"'),
        ('"type": "reader.SuspectWord"', '"type": "sessions.Session"'),
        ('"type": "reader.SuspectWord"', '"kind": "reader.SuspectWord"'),
        ('"type": "reader.SuspectWord", ', "5, "),
        ('"status": "approved"', '"status": "rejected"'),
        ('"cards": []', '"cards": ["nobody"]'),
        ('"tags": []', '"tags": ["nothing"]'),
        ('"thread": null', '"thread": "AAAAAAAAAAAAAAAAAAAAAA"'),
    ],
)
def test_what_does_not_fit_keeps_nothing(busy_site, written, instead):
    whole = "".join(everything.lines())
    assert written in whole
    wipe()
    with pytest.raises(CannotRefill, match="Record"):
        refill_site(io.StringIO(whole.replace(written, instead, 1)))
    assert not Member.objects.exists() and not Card.objects.exists()


def test_people_who_are_here_stay_and_what_they_wrote_comes_back_to_them(full_site, people):
    lines, notes = list(everything.lines()), people.trusted.annotations.count()
    make_note(Article.objects.get(slug="letters"), author=people.trusted)
    lines = list(everything.lines())
    wipe()
    here = make_member("trusted", display_name="Here already")
    here.set_password("a password that stays")
    here.save()
    refill_site(as_file(lines))
    here.refresh_from_db()
    assert (here.name, here.annotations.count()) == ("Here already", notes + 1)
    assert here.check_password("a password that stays")


def test_life_goes_on_after_it(full_site, people):
    """The database numbers on: what is written next is not taken for what came back."""
    lines = list(everything.lines())
    wipe()
    refill_site(as_file(lines))
    count, author = Annotation.objects.count(), Member.objects.get(username="trusted")
    answered = make_note(Article.objects.get(slug="letters"), author=author)
    annotating.reply(parent=answered, author=author, body="And on.")
    make_member("next")
    assert Annotation.objects.count() == count + 2


def test_many_notes_are_written_together(letters, people, django_assert_max_num_queries):
    make_many(letters, people.editor, 300)
    lines = list(everything.lines())
    wipe()
    told: list[int] = []
    with django_assert_max_num_queries(200):
        refill_site(as_file(lines), progress=told.append)
    assert told == sorted(set(told)) and told[-1] == len(lines) - 2


def test_every_model_is_in_the_file_or_named_as_left_out():
    """A new table comes along by itself; this fails when its rows refer to what the file has no name for."""
    names = {everything.label(model) for model in everything.models_in_order()}
    kept = names | set(everything.WITHIN_A_NOTE) | set(everything.LEFT_OUT)
    assert {everything.label(m) for m in apps.get_app_config("reader").get_models()} <= kept
    for name in names | set(everything.WITHIN_A_NOTE):
        model = apps.get_model(name)
        related = [f.related_model for f in [*everything.references(model), *everything.many_fields(model)]]
        assert {everything.label(other) for other in related} <= set(everything.KEYS), name


def written(form: str, article):
    """The lines of a file; of the whole site as it is put back, or with one text's public notes."""
    if form == "site":
        return everything.lines()
    return exporting.OF_ARTICLE[form][2](annotated.Annotated(article, AnonymousUser()))


def test_more_notes_take_no_more_memory_out_and_back(letters, people, monkeypatch):
    """Five times the notes, about the same memory: nothing is collected on the way."""
    for module, few in [(everything, 15), (w3c, 15), (annotated, 5)]:
        monkeypatch.setattr(module, "AT_ONCE", few)
    peaks, files = defaultdict(list), []
    for count in (30, 150):
        make_many(letters, people.editor, count - letters.annotations.count())
        for form in ("site", "jsonl", "html"):
            files.append("".join(written(form, letters)))  # which fills every cache
            peaks[form].append(peak_of(exhaust, written(form, letters)))
    for whole in files[::3]:
        wipe()
        peaks["back"].append(peak_of(refill_site, io.StringIO(whole)))
    assert {form: (few, many) for form, (few, many) in peaks.items() if many > few * 1.4} == {}


def make_many(article, author, count: int) -> None:
    """Long public notes spread over the text, straight into the tables."""
    text, revision = article.current.text, article.current
    length = len(text)
    common = {"article": article, "author": author, "revision": revision}
    notes = Annotation.objects.bulk_create(
        Annotation(start=n * 7 % (length - 9), end=n * 7 % (length - 9) + 8, exact="words", **common)
        for n in range(count)
    )
    versions = AnnotationVersion.objects.bulk_create(
        AnnotationVersion(annotation=note, number=1, body="word " * 200, status="approved") for note in notes
    )
    for note, version in zip(notes, versions, strict=True):
        note.published = note.latest = version
    Annotation.objects.bulk_update(notes, ["published", "latest"], batch_size=200)
    Placement.objects.bulk_create(Placement(annotation=n, revision=revision, start=n.start, end=n.end) for n in notes)


def exhaust(lines) -> None:
    """Take every line; models and what was read along with them refer to each other, which is no growth."""
    for number, _line in enumerate(lines):
        if number % 15 == 0:
            gc.collect()


def peak_of(work, *given) -> int:
    """Bytes at the highest point of the work, beyond what was there before."""
    gc.collect()
    gc.freeze()  # what is there already need not be looked through again and again
    tracemalloc.start()
    work(*given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    gc.unfreeze()
    return peak


def test_the_commands(tmp_path, full_site, capsys):
    file = tmp_path / "site.jsonld"
    call_command("export", output=file)
    before = file.read_bytes()
    with pytest.raises(CommandError, match="empty site"):
        call_command("import_site", file)
    wipe()
    call_command("import_site", file)
    call_command("export", output=file)
    assert file.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("form", ["jsonld", "jsonl", "csv", "md", "html", "tei", "epub"])
def test_the_command_writes_one_text_with_what_is_public(tmp_path, full_site, form):
    file = tmp_path / "text"
    call_command("export", article="letters", format=form, output=file)
    assert file.stat().st_size > 500
    assert form == "epub" or "Copper umbrella" not in file.read_text()


@pytest.mark.parametrize("form", ["md", "html", "tei", "epub"])
@pytest.mark.parametrize("who", [{}, {"person": "author"}])
def test_the_command_writes_every_text_into_one_archive(tmp_path, letters, people, article, form, who):
    note_in_state("private", letters, people)
    make_note(letters, author=people.trusted, body="Another's.")
    file = tmp_path / "all.zip"
    call_command("export", format=form, output=file, **who)
    if form == "md" and who:
        assert "Kingfisher lamp" in file.read_text()
        return
    archive = zipfile.ZipFile(file)
    expected = ["letters"] if who else ["civil-diplomacy", "letters"]
    assert sorted(archive.namelist()) == [f"{slug}.{form}" for slug in expected] and archive.testzip() is None
    words = archive.read(f"letters.{form}")
    words = zipfile.ZipFile(io.BytesIO(words)).read("EPUB/text.xhtml") if form == "epub" else words
    assert (b"Kingfisher lamp" in words, b"Another" in words) == (bool(who), not who)


@pytest.mark.parametrize(
    "options",
    [{"article": "nowhere"}, {"person": "nobody"}, {"article": "letters", "person": "author"}],
)
def test_the_command_says_what_is_wrong(letters, people, options):
    with pytest.raises(CommandError):
        call_command("export", **options)


def test_two_texts_of_one_name_do_not_arise(db):
    make_article(slug="one")
    lines = list(everything.lines())
    assert sum('"slug": "one"' in line for line in lines if '"reader.Article"' in line) == 1
