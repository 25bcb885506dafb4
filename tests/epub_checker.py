"""EPUBCheck of the W3C, where this machine has it: Debian's package epubcheck, or a jar named in EPUBCHECK."""

import os
import shutil
from pathlib import Path

JAR = "/usr/share/java/epubcheck.jar"
LACKS = (
    "EPUBCheck was not found. Debian, Ubuntu: apt install epubcheck default-jre-headless, or name its jar in EPUBCHECK"
)


def command() -> list[str] | None:
    """What checks the file that follows, or None where Java or the checker is missing."""
    java, jar = shutil.which("java"), Path(os.environ.get("EPUBCHECK", JAR))
    return [java, "-jar", str(jar), "--failonwarnings"] if java and jar.is_file() else None
