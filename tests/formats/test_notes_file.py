"""Notes from elsewhere: four formats read, every note placed on its words or listed as left."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from reader.formats.foreign import Unreadable
from reader.formats.notes_file import read_notes, text_of
from reader.models import Annotation, Article
from reader.operations.bringing_back import bring_in
from tests.make import approved, make_note

HERE = f"{settings.SITE_URL}/articles/letters/"
FIRST_SEEN = "https://letters.example/2024/letters"

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(letters):
    Article.objects.filter(pk=letters.pk).update(source_url=f"{FIRST_SEEN}/")
    letters.refresh_from_db()
    return letters


def hypothesis_row(uid="h1", exact="second letter", **more) -> dict:
    quote = {"type": "TextQuoteSelector", "exact": exact, "prefix": "The ", "suffix": " 🙂 went"}
    selectors = [{"type": "TextPositionSelector", "start": 3, "end": 9}, quote]
    row = {"id": uid, "uri": FIRST_SEEN, "text": "A thought.", "tags": ["one", "two words"], "group": "__world__"}
    row |= {"created": "2021-02-03T04:05:06.000000+00:00", "user": "acct:wen@hypothes.is"}
    row |= {"permissions": {"read": ["group:__world__"]}, "user_info": {"display_name": "Wen Author"}}
    return row | {"target": [{"source": FIRST_SEEN, "selector": selectors}]} | more


def w3c_note(**more) -> dict:
    selector = {"type": "TextQuoteSelector", "exact": "second letter"}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": "https://elsewhere.example/a1", "type": "Annotation",
        "body": {"type": "TextualBody", "value": "A thought."}, "target": {"source": HERE, "selector": selector},
    } | more  # fmt: skip


RECOGITO_JS = {
    "@context": "http://www.w3.org/ns/anno.jsonld",
    "id": "#07475897-d2eb-4dce-aa12-ecb50771c734",
    "type": "Annotation",
    "body": [
        {"type": "TextualBody", "purpose": "commenting", "value": "A thought."},
        {"type": "TextualBody", "purpose": "tagging", "value": "one"},
    ],
    "target": {"selector": [
        {"type": "TextQuoteSelector", "exact": "second letter"},
        {"type": "TextPositionSelector", "start": 107, "end": 120},
    ]},
}  # fmt: skip
TEXT_ANNOTATOR = {
    "id": "7d8b5e9a-16b3-4d9a-8c0a-0a1b2c3d4e5f",
    "bodies": [
        {"purpose": "commenting", "value": "A thought."},
        {"purpose": "tagging", "value": "one"},
    ],
    "target": {"selector": [{"quote": "second letter", "start": 107, "end": 120}], "creator": {"name": "Wen Author"}},
}
TEXT_ANNOTATOR_3 = TEXT_ANNOTATOR | {
    "target": {"selector": [{"quote": {"exact": "second letter", "prefix": "The "}, "start": 107, "end": 120}]}
}
TABLE = "quote,note,tags,date\nsecond letter,A thought.,one; two,2021-02-03\n"


@pytest.mark.parametrize(
    "text, form",
    [
        (json.dumps({"export_date": "2026-01-01", "annotations": [hypothesis_row()]}), "hypothesis"),
        (json.dumps({"total": 1, "rows": [hypothesis_row()]}), "hypothesis"),
        (json.dumps([hypothesis_row()]), "hypothesis"),
        (json.dumps(hypothesis_row()) + "\n" + json.dumps(hypothesis_row("h2")), "hypothesis"),
        (json.dumps(w3c_note()), "w3c"),
        (json.dumps([w3c_note()]), "w3c"),
        (json.dumps(PAGE := {"type": "AnnotationPage", "items": [w3c_note()]}), "w3c"),
        (json.dumps({"type": "AnnotationCollection", "first": PAGE}), "w3c"),
        ("\ufeff" + json.dumps(w3c_note()) + "\n" + json.dumps(w3c_note()) + "\n", "w3c"),
        (json.dumps([RECOGITO_JS]), "recogito"),
        (json.dumps([TEXT_ANNOTATOR]), "recogito"),
        (json.dumps([TEXT_ANNOTATOR_3]), "recogito"),
        (TABLE, "csv"),
        ("\ufeff" + TABLE, "csv"),
    ],
)  # fmt: skip
def test_the_format_is_found_out_and_the_words_stand_where_they_stood(letters, people, text, form):
    read = read_notes(text)
    assert (read.format, read.unreadable) == (form, [])
    report = bring_in(read.notes, author=people.trusted, article=letters)
    note = report.made[0]
    assert not report.left and note.exact == "second letter" == letters.current.text[note.start : note.end]
    assert note.latest.body.startswith("A thought.") and note.author == people.trusted


@pytest.mark.parametrize("text", ["{", '{"annotations": 3}', '["x"', "who,when\nme,now\n", '{"rows": {}}'])
def test_what_is_none_of_them_is_refused(text):
    with pytest.raises(Unreadable):
        read_notes(text, "hypothesis" if text.startswith('{"') else "")


@pytest.mark.parametrize("entry", [3, None, {}, {"uri": 3}, [], {"type": "Annotation"}])
@pytest.mark.parametrize("form", ["w3c", "hypothesis", "recogito"])
def test_an_entry_that_is_no_note_does_not_stop_the_others(entry, form):
    good = {"w3c": w3c_note(), "hypothesis": hypothesis_row(), "recogito": RECOGITO_JS}[form]
    read = read_notes(json.dumps([good, entry]), form)
    assert len(read.notes) == 1 and (read.unreadable or form == "w3c")


def test_the_address_of_the_first_appearance_leads_to_the_text(letters, people):
    report = bring_in(read_notes(json.dumps([hypothesis_row(uri=FIRST_SEEN)])).notes, author=people.trusted)
    assert report.made[0].article == letters


def test_dates_stay_and_the_writer_is_named(letters, people):
    rows = [hypothesis_row(user_info={"display_name": "Somebody Else"})]
    note = bring_in(read_notes(json.dumps(rows)).notes, author=people.trusted).made[0]
    assert note.created.isoformat() == "2021-02-03T04:05:06+00:00"
    assert note.latest.body == "A thought.\n\n— Somebody Else"
    assert note.via == "https://hypothes.is/a/h1"


@pytest.mark.parametrize(
    "more, visibility",
    [
        ({}, "public"),
        ({"permissions": {"read": ["acct:wen@hypothes.is"]}}, "private"),
        ({"group": "abc", "permissions": {"read": ["group:abc"]}}, "private"),
    ],
)
def test_what_was_for_few_is_not_shown_to_all(letters, people, more, visibility):
    note = bring_in(read_notes(json.dumps([hypothesis_row(**more)])).notes, author=people.editor).made[0]
    assert note.visibility == visibility


def test_threads_come_along_in_any_order(letters, people):
    rows = [
        hypothesis_row("h3", references=["h1", "h2"], text="An answer to the answer."),
        hypothesis_row("h2", references=["h1"], text="An answer."),
        hypothesis_row("h1"),
    ]
    report = bring_in(read_notes(json.dumps(rows)).notes, author=people.trusted)
    by_via = {note.via[-2:]: note for note in report.made}
    assert not report.left
    assert by_via["h2"].parent == by_via["h1"] and by_via["h3"].parent == by_via["h2"]


def test_the_same_file_twice_adds_nothing(letters, people):
    text = json.dumps([hypothesis_row(), hypothesis_row("h2", references=["h1"])])
    bring_in(read_notes(text).notes, author=people.trusted)
    again = bring_in(read_notes(text).notes, author=people.trusted)
    assert (len(again.made), len(again.there), Annotation.objects.filter(article=letters).count()) == (0, 2, 2)


@pytest.mark.parametrize(
    "note",
    [
        hypothesis_row(exact="words that stand nowhere in it"),
        hypothesis_row(uri="https://unknown.example/"),
        hypothesis_row(references=["gone"]),
        hypothesis_row(text="x" * 20_001),
        hypothesis_row(tags=["!!!"]),
    ],
)
def test_what_cannot_be_placed_is_listed(letters, people, note):
    report = bring_in(read_notes(json.dumps([note])).notes, author=people.trusted)
    assert not report.made and report.left[0].why and report.left[0].foreign.id == "https://hypothes.is/a/h1"
    assert not Annotation.objects.filter(article=letters).exists()


def test_a_note_on_a_page_as_a_whole_stands_on_the_text_as_a_whole(letters, people):
    note = hypothesis_row(exact="letter", target=[])
    (made,) = bring_in(read_notes(json.dumps([note])).notes, author=people.trusted).made
    assert (made.article, made.is_on_whole_text) == (letters, True)


def test_a_position_elsewhere_does_not_decide_among_equal_words(letters, people):
    """«they»/«the» of another page's offset 3 would be a wrong place that nobody notices."""
    target = [
        {
            "selector": [
                {"type": "TextPositionSelector", "start": 21, "end": 24},
                {"type": "TextQuoteSelector", "exact": "the"},
            ]
        }
    ]
    report = bring_in(read_notes(json.dumps([hypothesis_row(target=target)])).notes, author=people.trusted)
    assert len(report.left) == 1


def spreadsheet(separator: str) -> str:
    made = io.StringIO(newline="")
    rows = [["Quote", "Note", "Tags"], ["second letter", 'One; two, "three"\r\nand more 𠮷', "a, b"]]
    csv.writer(made, delimiter=separator).writerows(rows)
    return made.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("head", ["", "sep={}\r\n"])
def test_a_table_as_spreadsheets_save_it(letters, people, separator, encoding, head):
    data = (head.format(separator) + spreadsheet(separator)).encode(encoding)
    note = bring_in(read_notes(text_of(data)).notes, author=people.trusted, article=letters).made[0]
    assert (note.exact, note.latest.body) == ("second letter", 'One; two, "three"\nand more 𠮷')
    assert note.latest.tag_names == ["a", "b"]


@pytest.mark.parametrize("data", ["quote\ncafé".encode("cp1252"), b"\xff\xfe\x00", b"\x89PNG\r\n"])
def test_what_would_come_in_as_other_words_is_refused(data):
    with pytest.raises(Unreadable, match="UTF-8"):
        text_of(data)


HOSTILE = ["x" * 300_000, "\ud800", "\x00", 10**30, -1, None, [], {"a": []}, True]


@pytest.mark.parametrize("form", ["w3c", "hypothesis", "recogito"])
def test_whatever_stands_in_a_field_is_taken_or_listed(letters, people, form):
    """Each field in turn, of each format: never an error, and what is not made is told."""
    whole = {"w3c": w3c_note(), "hypothesis": hypothesis_row(), "recogito": TEXT_ANNOTATOR}[form]
    for value in HOSTILE:
        broken = list(_each_changed(whole, value))
        read = read_notes(json.dumps(broken), form)
        assert len(read.notes) + len(read.unreadable) == len(broken) > 5
        if isinstance(value, str | int):
            report = bring_in(read.notes, author=people.trusted, article=letters)
            assert len(report.made) + len(report.there) + len(report.left) == len(read.notes)


def _each_changed(given, value):
    """Copies of `given`, in each of which one thing, at any depth, is `value`."""
    for name in given if isinstance(given, dict) else range(len(given)):
        copy = given.copy()
        copy[name] = value
        yield copy
        for inner in _each_changed(given[name], value) if isinstance(given[name], dict | list) else ():
            outer = given.copy()
            outer[name] = inner
            yield outer


def test_what_somebody_new_brings_waits_like_all_they_write(letters, people):
    note = bring_in(read_notes(json.dumps([hypothesis_row()])).notes, author=people.author).made[0]
    assert note.latest.status == "pending" and note.published is None


@pytest.mark.parametrize("ending", ["jsonl", "jsonld", "csv"])
def test_our_own_files_come_in_again(browser_of, letters, people, ending):
    first = approved(make_note(letters, author=people.author, on="𠮷田", body="=Who?", tags=["a"]), by=people.moderator)
    given = browser_of("anonymous").get(f"/articles/letters/export.{ending}").getvalue().decode()
    report = bring_in(read_notes(given).notes, author=people.trusted)
    note = report.made[0]
    assert (note.start, note.end, note.via) == (first.start, first.end, f"{settings.SITE_URL}/annotations/{first.uid}")
    assert note.latest.body.startswith("=Who?") and note.latest.tag_names == ["a"]


def test_the_command(tmp_path, letters, people, capsys):
    file = tmp_path / "notes.json"
    file.write_text(json.dumps([hypothesis_row(), hypothesis_row("h2", exact="nowhere to be seen"), 3]))
    call_command("import_annotations", file, author="trusted", format="hypothesis")
    said = capsys.readouterr()
    assert "1 notes brought in (hypothesis), 0 were here already, 2 could not" in said.out
    assert "nowhere to be seen" in said.err and "A thought." in said.err and "Entry 3" in said.err


@pytest.mark.parametrize(
    "options",
    [{"author": "nobody"}, {"author": "trusted", "article": "nowhere"}, {"author": "trusted", "format": "hypothesis"}],
)
def test_the_command_says_what_is_wrong(tmp_path, letters, people, options):
    file = tmp_path / "notes.json"
    file.write_text("{}")
    with pytest.raises(CommandError):
        call_command("import_annotations", file, **options)
    with pytest.raises(CommandError):
        call_command("import_annotations", tmp_path / "missing.json", author="trusted")
