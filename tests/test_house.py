"""Rules of the house that no tool checks: who may import whom, and what no template may hold."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READER = ROOT / "reader"

# Rooms by floor, from the ground up. A room imports from its own floor and from those below.
FLOORS = [
    {"text"},
    {"models"},
    {"access", "operations", "formats", "tasks"},
    {"forms", "forms_groups", "forms_importing", "forms_notes", "forms_proposing"},
    {
        "views",
        "api",
        "templatetags",
        "management",
        "admin",
        "context",
        "accounts",
        "checks",
        "urls",
        "open_urls",
        "groups_urls",
        "moderation_urls",
        "people_urls",
        "proposal_urls",
        "telling_urls",
        "middleware",
        "sessions",
        "apps",
    },
]
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PYTHON = sorted(path for path in READER.rglob("*.py") if "migrations" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(READER).parts[0].removesuffix(".py")


def imports_of(path: Path) -> set[str]:
    """Dotted names that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.relative_to(ROOT)}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_room_has_its_floor():
    rooms = {room_of(path) for path in PYTHON} - {"__init__"}
    assert rooms - set(FLOOR_OF) == set()


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(READER)))
def test_no_import_runs_upward(path):
    floor = FLOOR_OF.get(room_of(path), 0)
    names = {name for name in imports_of(path) if name.startswith("reader.")}
    upward = {name for name in names if FLOOR_OF.get(name.split(".")[1], 0) > floor}
    assert upward == set()


def test_the_ground_floor_knows_nothing_of_django():
    known = {path.name: imports_of(path) for path in PYTHON if room_of(path) == "text"}
    assert {name for name, names in known.items() if any(n.split(".")[0] == "django" for n in names)} == set()


def test_the_site_is_imported_by_commands_alone():
    others = [path for path in PYTHON if room_of(path) != "management"]
    assert {p.name for p in others if any(name.startswith("civdip_site") for name in imports_of(p))} == set()


# What the content security policy would refuse, and a reader would only notice as something that does not work.
REFUSED = {
    "inline style": re.compile(r"<[^>{]*\sstyle\s*=", re.I),
    "style element": re.compile(r"<style", re.I),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "inline script": re.compile(r"<script(?![^>]*\s(?:src=|type=.application/json))", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "address of another host": re.compile(r"""<(?!link rel=.schema\.)[^>]*\s(?:src|href)=["'](?:https?:)?//""", re.I),
    "unescaped value": re.compile(r"\|\s*safe(?:seq)?\b|{%\s*autoescape off"),
}
# The preview is the one place that puts HTML in by hand: it comes from reader.text.markdown.
# The field is Django's own, with the help texts of our forms. The page of the API holds its settings as JSON.
PUT_IN_BY_HAND = ["reader/_preview.html", "django/forms/field.html", "ninja/swagger.html"]
ALLOWED = {(name, "unescaped value") for name in PUT_IN_BY_HAND}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_no_template_holds_what_the_policy_refuses(path):
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
    name = str(path.relative_to(ROOT / "templates"))
    held = {rule for rule, pattern in REFUSED.items() if pattern.search(text)}
    assert {rule for rule in held if (name, rule) not in ALLOWED} == set()


def test_the_rules_for_templates_find_what_they_look_for():
    bad = {
        "inline style": '<p style="x">', "style element": "<style>", "event handler": '<a href="#" onclick="x">',
        "inline script": "<script>x</script>", "javascript address": '<a href="javascript:x">',
        "address of another host": '<script src="https://x.example/a.js">', "unescaped value": "{{ body|safe }}",
    }  # fmt: skip
    assert {rule for rule, text in bad.items() if REFUSED[rule].search(text)} == set(REFUSED)
    assert not REFUSED["inline script"].search('<script type="module" src="/a.js"></script>')
    assert not REFUSED["inline script"].search('<script type="application/json">{}</script>')


def test_files_stay_readable():
    long = {str(p.relative_to(ROOT)): n for p in PYTHON if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_modules_say_what_they_are_for():
    silent = [
        str(p.relative_to(ROOT)) for p in PYTHON if p.read_text() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_nothing_is_left_to_do_and_nothing_is_skipped():
    marks = re.compile(
        r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|pytest\.mark\.(sk" + r"ip|xfa" + r"il)|pytest\.sk" + r"ip"
    )
    files = [*PYTHON, *TEMPLATES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "civdip_site").rglob("*.py")]
    assert [str(p.relative_to(ROOT)) for p in files if marks.search(p.read_text(encoding="utf-8"))] == []
