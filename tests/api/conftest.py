"""What tests of the doors for programs may ask for."""

import pytest

from reader.formats import hypothesis_build
from tests.make import approved, make_note


@pytest.fixture
def sidebar(settings, tmp_path):
    """A client that is installed, as far as the server can tell: its files hold nothing."""
    settings.VAR_DIR = tmp_path
    hypothesis_build.install({name: f"// {name}".encode() * 50 for name in hypothesis_build.NEEDED})
    return hypothesis_build.folder()


@pytest.fixture
def public(letters, people):
    """An approved note on astral text: its position differs in code points and in UTF-16."""
    note = make_note(letters, author=people.author, on="carried it", body="Who *is* he?", tags=["envoys", "C++"])
    return approved(note, by=people.moderator)


# --- one annotation -----------------------------------------------------------------------------


@pytest.fixture
def writer(browser_of):
    """Somebody whose notes do not wait."""
    return browser_of("trusted")
