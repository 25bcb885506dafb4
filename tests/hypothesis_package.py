"""The npm package of the Hypothesis client for the journeys with it: fetched once by npm, kept in var/."""

import shutil
import subprocess
from pathlib import Path

from reader.formats import hypothesis_build as build

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "for-tests" / f"hypothesis-{build.VERSION}.tgz"
LACKS = f"the client (npm pack hypothesis@{build.VERSION}) could not be had: the real client is not tested"


def package() -> Path | None:
    """The package as published, or None where npm or its registry cannot be reached."""
    if not _is_kept():
        _fetch()
    return KEPT if _is_kept() else None


def _is_kept() -> bool:
    return KEPT.is_file() and build.is_pinned(KEPT.read_bytes())


def _fetch() -> None:
    npm = shutil.which("npm")
    if npm is None:
        return
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", f"hypothesis@{build.VERSION}", "--pack-destination", str(KEPT.parent)]
    try:
        subprocess.run(command, capture_output=True, timeout=120, check=False)  # noqa: S603 (npm, found above)
    except subprocess.TimeoutExpired:
        return
