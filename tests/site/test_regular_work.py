"""What is due by the clock: done beside the server without cron; and mails given to a worker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from civdip_site import serving
from reader.management.commands import start
from reader.operations import leaving, mailing
from tests.make import make_note

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.django_db
def test_one_round_does_all_and_a_second_one_nothing_more(letters, people, settings, mailoutbox):
    settings.CAN_SEND_MAIL = True
    people.moderator.email = "moderator@example.org"
    people.moderator.save()
    make_note(letters, author=people.author)
    leaving.ask(people.stranger, keeps_notes=False)
    people.stranger.leaving.__class__.objects.update(asked="2020-01-01T00:00Z")
    assert "1 mails sent" in call_command("regular_work")
    assert [letter.to for letter in mailoutbox] == [["moderator@example.org"]]
    said = call_command("regular_work")
    assert "0 mails sent" in said and "0 closed" in said
    assert not type(people.stranger).objects.filter(username="stranger").exists()


@pytest.mark.django_db
def test_what_fails_keeps_nothing_else_from_its_turn(people, monkeypatch, caplog):
    monkeypatch.setattr(mailing, "send_late", lambda now: 1 / 0)
    assert call_command("regular_work") == "0 closed."
    assert "send_digests could not be done" in caplog.text


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CACHE_URL"}}
    return kept | {"DJANGO_SETTINGS_MODULE": "civdip_site.settings", "VAR_DIR": str(folder)} | more


def python(code: str, env: dict[str, str]) -> subprocess.CompletedProcess:
    given = {"cwd": ROOT, "env": env, "capture_output": True, "text": True, "timeout": 300}
    return subprocess.run([sys.executable, "-c", code], **given)  # noqa: S603 (our own)


def test_it_ends_with_the_server(tmp_path):
    """The process that begins it goes away at once; the pipe closes when the other has ended as well."""
    code = "from civdip_site.serving import begin_regular_work; begin_regular_work(1)"
    run = python(code, environment(tmp_path))
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("minutes", [0, 7])
def test_the_server_begins_it_unless_cron_does(settings, monkeypatch, minutes):
    begun: list = []
    settings.REGULAR_WORK_MINUTES = minutes
    monkeypatch.setattr(start, "begin_regular_work", begun.append)
    monkeypatch.setattr(start.Command, "_prepare", lambda self: None)
    monkeypatch.setattr(start.Command, "_say_where", lambda self: None)
    monkeypatch.setattr(start.connections, "close_all", lambda: None)
    monkeypatch.setattr(start.os, "execvpe", lambda *command: begun.append("server"))
    call_command("start")
    assert begun == [minutes] * bool(minutes) + ["server"]
    assert "granian" in serving.server_command(host="x", port=1, workers=1)


# --- a worker ----------------------------------------------------------------------------------------

WORK = """
import django; django.setup()
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from reader.operations import mailing, moderating
from tests.make import make_article, make_note
from tests.people import People
call_command("migrate", verbosity=0)  # the tables of the worker
waiting = lambda: DBTaskResult.objects.ready().count()
letters, people = make_article(), People()
people.author.email = "author@example.org"
people.author.save()
note = make_note(letters, author=people.author)
try:
    with transaction.atomic():
        moderating.approve(note.latest, by=people.moderator)
        1 / 0
except ZeroDivisionError:
    print("rolled back:", waiting())
with transaction.atomic():
    moderating.approve(note.latest, by=people.moderator)
    print("not yet kept:", waiting())
print("kept:", waiting(), "tasks,", len(list(FOLDER.glob("*"))), "mails")
call_command("db_worker", batch=True, interval=0, verbosity=0, startup_delay=False)
print("worked:", waiting(), "tasks,", len(list(FOLDER.glob("*"))), "mails")
DBTaskResult.objects.update(status="READY", started_at=None, finished_at=None)
call_command("db_worker", batch=True, interval=0, verbosity=0, startup_delay=False)
print("again:", waiting(), "tasks,", len(list(FOLDER.glob("*"))), "mails")
"""


def test_a_worker_sends_what_was_kept_once(site, tmp_path):
    shutil.copy(site.copies()[0], tmp_path / "site.sqlite3")
    folder = tmp_path / "mails"
    asked = environment(
        tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/site.sqlite3", TASKS_BACKEND="database", LOG_LEVEL="ERROR",
        EMAIL_URL=f"filemail:///{folder}",
    )  # fmt: skip
    code = f"from pathlib import Path; FOLDER = Path({str(folder)!r})\n{WORK}"
    run = python(code, asked)
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "rolled back: 0", "not yet kept: 0", "kept: 1 tasks, 0 mails", "worked: 0 tasks, 1 mails",
        "again: 0 tasks, 1 mails",
    ]  # fmt: skip
    assert "To: author@example.org" in next(folder.iterdir()).read_text()
