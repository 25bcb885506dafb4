"""What tests of the doors for programs may ask for."""

import pytest

from reader.formats import hypothesis_build


@pytest.fixture
def sidebar(settings, tmp_path):
    """A client that is installed, as far as the server can tell: its files hold nothing."""
    settings.VAR_DIR = tmp_path
    hypothesis_build.install({name: f"// {name}".encode() * 50 for name in hypothesis_build.NEEDED})
    return hypothesis_build.folder()
