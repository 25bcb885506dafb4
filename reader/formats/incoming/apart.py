"""Reads a file in a process of its own, with a limit on its time and memory: a hostile file ends that process, not
the site. `python -m reader.formats.incoming.apart` takes the file on standard input, and writes a Raw as JSON.
"""

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from reader.formats.incoming.model import Raw, Unreadable
from reader.formats.incoming.reading import Limits, read

_ROOT = Path(__file__).resolve().parents[3]


def read_apart(data: bytes, name: str, *, limits: Limits, seconds: int, memory: int) -> Raw:
    """What `read` gives, within `seconds` and `memory` bytes. Raises Unreadable, also when a limit is reached."""
    asked = {"name": name, "limits": asdict(limits), "seconds": seconds, "memory": memory}
    environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and module, no shell)
            [sys.executable, "-m", "reader.formats.incoming.apart", json.dumps(asked)],
            input=data, capture_output=True, timeout=seconds + 10, env=environment, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_slow", seconds=seconds) from error
    return _answer(done, seconds)


def _answer(done: "subprocess.CompletedProcess[bytes]", seconds: int) -> Raw:
    if done.returncode in (-9, -24):  # SIGKILL and SIGXCPU: its processor time was up
        raise Unreadable("too_slow", seconds=seconds)
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unreadable("broken") from error
    if "code" in said:
        raise Unreadable(said["code"], **said["values"])
    return Raw.from_plain(said)


def _limit(seconds: int, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file


def main() -> None:
    """Answer on standard output: a Raw, or the code of what was wrong."""
    asked = json.loads(sys.argv[1])
    _limit(asked["seconds"], asked["memory"])
    try:
        answer = read(sys.stdin.buffer.read(), asked["name"], limits=Limits(**asked["limits"])).plain()
    except Unreadable as error:
        answer = {"code": error.code, "values": error.values}
    except (MemoryError, RecursionError):
        answer = {"code": "too_large_to_read", "values": {}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
