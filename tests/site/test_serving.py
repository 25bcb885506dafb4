"""What stands before the server: the port, and what is prepared once."""

import socket
import subprocess
import sys

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.contrib.staticfiles.storage import staticfiles_storage

from civdip_site import preparing, serving
from reader.models import Article
from tests.make import SLUG


def test_a_taken_port_is_told_before_anything_is_done():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(serving.CannotListen, match=f"Port {port} is taken .* make run PORT={port + 1}"):
            serving.refuse_if_taken("127.0.0.1", port)
    serving.refuse_if_taken("127.0.0.1", port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(serving.CannotListen, match=r"LISTEN is '192\.0\.2\.1'"):
        serving.refuse_if_taken("192.0.2.1", 8000)


def test_what_the_operator_set_for_the_allocator_stays(monkeypatch):
    monkeypatch.setenv("MALLOC_TRIM_THRESHOLD_", "7")
    assert serving.server_environment()["MALLOC_TRIM_THRESHOLD_"] == "7"
    assert int(serving.server_environment()["MALLOC_MMAP_THRESHOLD_"]) > 2**20


def test_the_site_is_found_whichever_folder_the_command_was_given_in(site, tmp_path):
    environment = site.environment | serving.server_environment()
    found = [sys.executable, "-c", "import civdip_site.served"]
    assert subprocess.run(found, cwd=tmp_path, env=environment, capture_output=True).returncode == 0  # noqa: S603


def test_a_site_with_an_article_is_left_alone(article):
    said: list[str] = []
    preparing.load_first_editions(said.append)
    assert said == [] and list(Article.objects.values_list("slug", flat=True)) == [SLUG]


def test_tables_that_are_up_to_date_are_left_alone(db):
    said: list[str] = []
    preparing.bring_tables_up_to_date(said.append)
    assert said == []


@pytest.fixture
def static_files(settings, tmp_path):
    """Files of a site, and the folder they are collected in."""
    source, root = tmp_path / "source", tmp_path / "static"
    (source / "css" / "page").mkdir(parents=True)
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], root
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "civdip_site.staticfiles.HashedStaticFiles"}}
    get_finder.cache_clear()
    yield source, root
    get_finder.cache_clear()


def test_static_files_are_collected_when_one_has_changed(static_files):
    source, _root = static_files
    (source / "a.css").write_text("a{}")
    said: list[str] = []
    preparing.collect_static_files(said.append)
    preparing.collect_static_files(said.append)
    assert len(said) == 1
    (source / "a.css").write_text("a{color:red}")
    preparing.collect_static_files(said.append)
    assert len(said) == 2


def test_a_sheet_of_imports_travels_whole_and_under_a_new_name_when_a_part_changes(static_files):
    source, root = static_files
    (source / "css" / "page.css").write_text('@layer a;\n@import url("page/one.css");\n@import url("page/two.css");\n')
    (source / "css" / "page" / "one.css").write_text(".one{}")
    names = []
    for words in (".two{}", ".two{color:red}"):
        (source / "css" / "page" / "two.css").write_text(words)
        preparing.collect_static_files(lambda _words: None)
        names.append(staticfiles_storage.stored_name("css/page.css"))
        assert (root / names[-1]).read_text() == f"@layer a;\n.one{{}}\n{words}\n"
    assert names[0] != names[1]
