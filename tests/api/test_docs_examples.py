"""The examples of docs/api.md, run as they stand there against a running site."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from reader.models import ApiToken
from reader.models.tokens import token_digest

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```sh\n(.+?)```\n→ ([^\n]+)", re.DOTALL)


def test_every_example_has_what_it_says(live_server, article, people, settings):
    assert shutil.which("curl"), "The examples need curl."
    settings.SITE_URL = live_server.url
    ApiToken.objects.create(member=people.trusted, name="docs", scope="write", digest=token_digest("secret"))
    text = DOCS.read_text(encoding="utf-8")
    examples = EXAMPLE.findall(text)
    assert len(examples) == text.count("```sh") > 5
    for command, promised in examples:
        given = run(command, live_server.url)
        for words in re.findall(r"`([^`]+)`", promised):
            assert words in given, f"{words} is not in the answer to:\n{command}\n{given[:800]}"


def run(command: str, site: str) -> str:
    environment = {"PATH": os.environ["PATH"], "SITE": site, "TOKEN": "secret"}
    done = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, timeout=60, check=True)  # noqa: S603, S607
    return done.stdout.decode()
