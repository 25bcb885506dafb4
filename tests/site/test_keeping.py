"""Copies of the database, made and brought back by the commands as an operator runs them."""

import sqlite3

import pytest


def test_a_copy_is_its_owners_alone(site):
    assert site.copies()[0].stat().st_mode & 0o777 == 0o600
    assert site.copies()[0].parent.stat().st_mode & 0o777 == 0o700


def test_what_was_kept_comes_back_while_somebody_reads(site):
    kept, notes = site.copies()[0], site.sql("SELECT count(*) FROM reader_annotation")
    reader = sqlite3.connect(site.var / "civdip.sqlite3", isolation_level=None)
    site.sql("UPDATE reader_article SET title = 'Spoilt', notes_version = 4000000000")
    reader.execute("BEGIN")
    assert reader.execute("SELECT title FROM reader_article").fetchone() == ("Spoilt",)
    done = site.manage("restore", str(kept))
    assert done.returncode == 0, done.stderr
    assert reader.execute("SELECT title FROM reader_article").fetchone() == ("Spoilt",)  # its own moment, to its end
    reader.execute("COMMIT")
    assert reader.execute("SELECT title FROM reader_article").fetchone()[0].startswith("Xi Jinping's")
    assert site.sql("SELECT count(*) FROM reader_annotation") == notes
    # Pages kept under the numbers in between must never be taken for pages of now.
    assert site.sql("SELECT notes_version FROM reader_article")[0][0] > 4000000000
    assert any("before-restore" in path.name for path in site.copies())


@pytest.mark.parametrize("kind", ["missing", "text", "damaged", "another", "newer"])
def test_what_is_no_copy_changes_nothing(site, tmp_path, kind):
    before, copies = site.sql("SELECT title, notes_version FROM reader_article"), site.copies()
    wrong = tmp_path / "copy.sqlite3"
    if kind == "text":
        wrong.write_text("not a database " * 1000)
    elif kind == "damaged":
        whole = site.copies()[0].read_bytes()
        wrong.write_bytes(whole[:20_000] + b"\0" * 60_000 + whole[80_000:])
    elif kind == "another":
        sqlite3.connect(wrong).executescript("CREATE TABLE django_migrations (app, name)")
    elif kind == "newer":
        wrong.write_bytes(site.copies()[0].read_bytes())
        with sqlite3.connect(wrong) as opened:
            opened.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('reader', '9999_later', '')")
    done = site.manage("restore", str(wrong))
    assert done.returncode == 1 and "Traceback" not in done.stderr and done.stderr.strip()
    assert site.sql("SELECT title, notes_version FROM reader_article") == before
    assert site.copies() == copies
