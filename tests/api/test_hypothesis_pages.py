"""The client beside our pages: when it is there, what its pages allow, how its files come."""

import io
import tarfile

import pytest
from django.core.management import CommandError, call_command

from reader.formats import hypothesis_build as build
from tests.api.programs import Program


@pytest.fixture
def opened(letters):
    letters.hypothesis_sidebar = True
    letters.save()
    return letters


def package(**files: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return made.getvalue()


def test_only_where_an_editor_has_opened_it(letters, sidebar):
    client = Program().client
    assert client.get("/articles/letters/hypothesis/").status_code == 404
    assert "hypothesis" not in client.get("/articles/letters/").content.decode()
    letters.hypothesis_sidebar = True
    letters.save()
    assert "/articles/letters/hypothesis/" in client.get("/articles/letters/").content.decode()
    assert client.get("/articles/letters/hypothesis/").status_code == 200


def test_without_the_client_the_page_says_so(opened, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    html = Program().client.get("/articles/letters/hypothesis/").content.decode()
    assert "not installed" in html and "build/boot.js" not in html
    assert Program().client.get("/client/sidebar").status_code == 404


def test_each_page_allows_what_it_needs_and_no_more(opened, sidebar):
    client = Program().client
    policy = {path: client.get(path)["Content-Security-Policy"] for path in (
        "/articles/letters/", "/articles/letters/hypothesis/", "/client/sidebar",
    )}  # fmt: skip
    assert "frame-src" not in policy["/articles/letters/"]
    assert "frame-src 'self'" in policy["/articles/letters/hypothesis/"]
    assert "frame-ancestors 'none'" in policy["/articles/letters/hypothesis/"]
    assert "frame-ancestors 'self'" in policy["/client/sidebar"]
    assert all("script-src 'self';" in each + ";" and "default-src 'none'" in each for each in policy.values())
    assert "X-Frame-Options" not in client.get("/client/sidebar")


def test_the_text_of_the_page_is_the_text_between_paragraphs_too(opened, sidebar):
    html = Program().client.get("/articles/letters/hypothesis/").content.decode()
    assert "</p>\n\n<p" in html and '<link rel="canonical" href="http://localhost:8000/articles/letters/">' in html


def test_the_configuration_cannot_close_its_element(opened, sidebar):
    host = Program().client.get("/articles/letters/hypothesis/", headers={"Host": "localhost"}).content.decode()
    config = host.split('class="js-hypothesis-config" type="application/json">')[1].split("</script>")[0]
    assert "<" not in config and '"authority": "localhost"' in config


@pytest.mark.parametrize(
    "name, encoding", [("boot.js", "br"), ("scripts/sidebar.bundle.js", ""), ("styles/sidebar.css", "br")]
)
def test_its_files_are_served(sidebar, db, name, encoding):
    answer = Program().client.get(f"/client/build/{name}", headers={"Accept-Encoding": encoding})
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert answer["Content-Type"].startswith(("text/javascript", "text/css"))
    assert ("immutable" in answer["Cache-Control"]) == (name != "boot.js")


@pytest.mark.parametrize(
    "name", ["../secret_key", "..%2fsecret_key", "none.js", "boot.js.br", "", "styles/", "/etc/passwd"]
)
def test_nothing_else_is_served(sidebar, db, name):
    (sidebar.parent / "secret_key").write_text("kept")
    (sidebar.parent / "secret.js").write_text("kept")
    for asked in (name, "../secret.js"):
        assert Program().client.get(f"/client/build/{asked}").status_code in {404, 400}


def test_a_package_that_is_not_the_pinned_one_is_refused(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    files = {f"package/build/{name}": b"//" for name in build.NEEDED}
    (tmp_path / "own.tgz").write_bytes(package(**files))
    (tmp_path / "broken.tgz").write_bytes(b"no package")
    (tmp_path / "half.tgz").write_bytes(package(**{"package/build/boot.js": b"//"}))
    with pytest.raises(CommandError, match="not version"):
        call_command("get_hypothesis_client", source=str(tmp_path / "own.tgz"))
    for name in ("broken", "half"):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("get_hypothesis_client", source=str(tmp_path / f"{name}.tgz"), any_version=True)
    assert not build.is_installed()
    call_command("get_hypothesis_client", source=str(tmp_path / "own.tgz"), any_version=True)
    assert build.is_installed()


def test_it_can_be_taken_from_a_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    for name in (*build.NEEDED, "ui-playground.js", "boot.js.map"):
        path = tmp_path / "unpacked" / "build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("//")
    call_command("get_hypothesis_client", source=str(tmp_path / "unpacked"))
    kept = {str(p.relative_to(build.folder())) for p in build.folder().rglob("*") if p.is_file()}
    assert {name for name in kept if not name.endswith(".br")} == set(build.NEEDED)


def test_names_lead_to_pages(people, letters):
    from tests.make import make_note

    make_note(letters, author=people.trusted, tags=["Red Wine"])
    client = Program().client
    assert client.get("/client/tags/red wine")["Location"] == "/tags/red-wine/"
    assert client.get("/client/people/acct:author@localhost")["Location"] == "/people/author/"
