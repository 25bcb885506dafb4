"""Settings from the environment: a wrong value stops the start with a sentence that says what to write."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from civdip_site import environment

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTED = (ROOT / "docs" / "operating.md").read_text()


def zone(name):
    return environment.time_zone(name, default="UTC")


def address(name):
    return environment.site_url("http://localhost:8000")


def word(name):
    return environment.one_of(name, ["a", "b"], default="a")


def port(name):
    return environment.number(name, default=8000, least=1, most=65535)


def switch(name):
    return environment.flag(name, default=False)


def base(name):
    return environment.database(name, default="sqlite:////tmp/x")


@pytest.mark.parametrize(
    "read, name, wrong, right",
    [
        (switch, "DEBUG", ["maybe", "2"], ["true", "0", "OFF"]),
        (port, "PORT", ["0", "65536", "-1", "x", "٣", "1.5"], ["1", "65535"]),
        (zone, "TIME_ZONE", ["Mars/Olympus", "../etc/passwd"], ["Europe/Berlin", "UTC"]),
        (address, "SITE_URL", ["example.org", "ftp://x", "https://x/path"], ["https://example.org", "http://x:1/"]),
        (word, "MODERATION_POLICY", ["c", ""], ["a", "b"]),
        (base, "DATABASE_URL", ["mysql://a:s3cret@b/c", "postgre", "nonsense"], ["postgres://a:b@c/d", "sqlite:////x"]),
    ],
)
def test_a_wrong_value_is_refused_with_its_name(monkeypatch, recwarn, capsys, read, name, wrong, right):
    for value in right:
        monkeypatch.setenv(name, value)
        read(name)
    for value in wrong:
        monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured, match=f"^{name} .*Write") as refused:
            read(name)
        assert "s3cret" not in str(refused.value)
    assert not [str(w.message) for w in recwarn if "s3cret" in str(w.message)]


def test_an_sqlite_that_is_too_old_is_refused_and_postgresql_is_not(monkeypatch):
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@c/d")
    assert base("DATABASE_URL")["NAME"] == "d"
    monkeypatch.setenv("DATABASE_URL", "sqlite:////x")
    with pytest.raises(ImproperlyConfigured, match=r"3\.35 or newer is needed.*PostgreSQL: DATABASE_URL="):
        base("DATABASE_URL")


def test_at_the_terminal_the_sentence_stands_alone(tmp_path):
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "civdip_site.settings", "VAR_DIR": str(tmp_path), "PORT": "many"}
    run = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == "PORT is 'many'. Write a whole number from 1 to 65535, for example PORT=8000.\n"


def test_the_secret_key_is_made_once_and_is_its_owners_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first, second = environment.secret_key(tmp_path / "var"), environment.secret_key(tmp_path / "var")
    assert first == second and len(first) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_every_setting_is_described():
    read = (ROOT / "civdip_site" / "settings.py").read_text()
    names = {part.split('"')[1] for part in _calls(read)}
    assert len(names) > 15
    assert sorted(name for name in names if f"| `{name}` |" not in DOCUMENTED) == []


def _calls(source: str) -> list[str]:
    return re.findall(r'(?:env\.\w+|flag|number|one_of|parsed|database|time_zone)\(\s*"[A-Z_]+"', source)
