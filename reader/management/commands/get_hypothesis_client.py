"""Fetches the build files of the Hypothesis client, so that articles can be opened with its sidebar."""

from pathlib import Path

import requests
from django.core.management.base import BaseCommand, CommandError

from reader.formats import hypothesis_build as build


class Command(BaseCommand):
    """Safe to run twice. Nothing is fetched when the server runs."""

    help = "Install the Hypothesis client (npm package «hypothesis», BSD-2-Clause) into VAR_DIR."

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="source", default=build.ADDRESS, metavar="ADDRESS, TARBALL or FOLDER",
            help=f"Where to take it from. Without it: {build.ADDRESS}",
        )  # fmt: skip
        parser.add_argument("--any-version", action="store_true", help=f"Take a package other than {build.VERSION}.")

    def handle(self, *, source, any_version, **options):
        try:
            files = self._files(source, any_version)
            number = build.install(files)
        except build.NotTheClient as problem:
            raise CommandError(f"Nothing was changed: {problem}.") from problem
        return f"{number} files of the Hypothesis client are in {build.folder()}."

    def _files(self, source: str, any_version: bool) -> dict[str, bytes]:
        if Path(source).is_dir():
            return build.files_of_folder(Path(source))
        package = Path(source).read_bytes() if Path(source).is_file() else self._fetch(source)
        if not any_version and not build.is_pinned(package):
            raise build.NotTheClient(f"this is not version {build.VERSION} as published; --any-version takes it")
        return build.files_of_package(package)

    def _fetch(self, address: str) -> bytes:
        if not address.startswith("https://"):
            raise CommandError(f"{address} is neither a file, a folder nor an https:// address.")
        try:
            response = requests.get(address, timeout=60)
            response.raise_for_status()
        except requests.RequestException as error:
            what = f"The client could not be fetched ({error}). Get the package elsewhere and give it by --from."
            raise CommandError(what) from error
        return response.content
