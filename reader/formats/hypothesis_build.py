"""The build files of the Hypothesis client (npm package `hypothesis`, BSD-2-Clause), kept in VAR_DIR.

They are not ours and not in the repository; `manage.py get_hypothesis_client` fetches them.
"""

import base64
import hashlib
import io
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

import brotli
from django.conf import settings

VERSION = "1.1766.0"
ADDRESS = f"https://registry.npmjs.org/hypothesis/-/hypothesis-{VERSION}.tgz"
SHA512 = "goApy/3HuIoa0jq/YOCJDaFXOYV+NNhw8xEZqPc2lgZ3sC/S2SQ1SSUhs1sQ5/kcY+0i95ad6NA5T6AlZGyHrw=="
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".woff2": "font/woff2",
}
LEFT_OUT = ("ui-playground", ".map")
NEEDED = ("boot.js", "scripts/annotator.bundle.js", "scripts/sidebar.bundle.js", "styles/sidebar.css")
MOST_BYTES = 40 * 1024 * 1024


class NotTheClient(Exception):
    """What was given is not the client's package, or not the one that was meant."""


@dataclass(frozen=True)
class BuildFile:
    """A file to send: `encoding` is br or empty."""

    path: Path
    media_type: str
    encoding: str


def folder() -> Path:
    """Where the files are kept."""
    return Path(settings.VAR_DIR) / "hypothesis-client"


def is_installed() -> bool:
    """True when the client can be served."""
    return (folder() / "boot.js").is_file()


def find(name: str, *, compressed: bool) -> BuildFile | None:
    """The file called `name` («scripts/…»), compressed if asked for and there; None for any other name."""
    path = folder() / name
    media_type = MEDIA_TYPES.get(path.suffix)
    if media_type is None or ".." in path.parts or not path.resolve().is_relative_to(folder().resolve()):
        return None
    small = path.with_name(path.name + ".br")
    if compressed and small.is_file():
        return BuildFile(small, media_type, "br")
    return BuildFile(path, media_type, "") if path.is_file() else None


def is_pinned(package: bytes) -> bool:
    """True when these bytes are the package of VERSION as npm published it."""
    return base64.b64encode(hashlib.sha512(package).digest()).decode() == SHA512


def files_of_package(package: bytes) -> dict[str, bytes]:
    """Name and content of the build files in an npm package. Raises NotTheClient."""
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as tar:
            members = [m for m in tar.getmembers() if m.isfile() and m.name.startswith("package/build/")]
            if sum(m.size for m in members) > MOST_BYTES:
                raise NotTheClient("the package is much larger than the client is")
            return {m.name.removeprefix("package/build/"): tar.extractfile(m).read() for m in members}
    except (tarfile.TarError, OSError, EOFError) as error:
        raise NotTheClient("the file is no npm package (a .tgz)") from error


def files_of_folder(path: Path) -> dict[str, bytes]:
    """The same from an unpacked package, or from its `build` folder."""
    root = next((p for p in (path / "package" / "build", path / "build", path) if (p / "boot.js").is_file()), None)
    if root is None:
        raise NotTheClient("the folder holds no build/boot.js")
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def install(files: dict[str, bytes]) -> int:
    """Keep the files, compressed beside themselves, in place of what was there. Gives how many. Raises NotTheClient."""
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise NotTheClient(f"{missing[0]} is missing")
    wanted = {name: content for name, content in files.items() if _is_wanted(name)}
    fresh = folder().with_name("hypothesis-client.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, content in wanted.items():
        _keep(fresh / name, content)
    shutil.rmtree(folder(), ignore_errors=True)
    fresh.rename(folder())
    return len(wanted)


def _is_wanted(name: str) -> bool:
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or any(part in name for part in LEFT_OUT):
        return False
    return path.suffix in MEDIA_TYPES


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in {".js", ".css"}:
        path.with_name(path.name + ".br").write_bytes(brotli.compress(content, quality=9))
