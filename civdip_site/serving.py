"""How the site is served: granian in WSGI mode, the same for `make run` and for the benchmarks."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Answers of some hundred kilobytes come from the heap again and again instead of from fresh pages of the kernel.
MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20)}
# For each process. Every thread keeps its own connection to the database, and more of them wait for the same lock.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


class CannotListen(Exception):
    """The address cannot be served at; the message says what to do instead."""


def refuse_if_taken(host: str, port: int) -> None:
    """Raise CannotListen unless a server could listen at `host`:`port` now.

    The server itself shares a port that is already in use, so it would not notice.
    """
    try:
        family, kind, *_rest, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(address)
            attempt.listen(1)
    except OSError as error:
        raise CannotListen(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return f"Port {port} is taken by another program. Stop that one, or choose another port: make run PORT={other}"
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the system's own services. Choose one from 1024 up: make run PORT=8000"
    return f"LISTEN is {host!r}, which is no address of this machine. Write LISTEN=127.0.0.1 or LISTEN=0.0.0.0."


def server_command(
    *, host: str, port: int, workers: int, application: str = "civdip_site.served:application"
) -> list[str]:
    """The command line of the production server."""
    options = {
        "--interface": "wsgi",
        "--http": "1",
        "--host": host,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": str(THREADS),
        "--workers-kill-timeout": "10",
        "--log-level": "warning",
    }
    flags = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", *flags, "--no-ws", "--respawn-failed-workers", application]


def server_environment() -> dict[str, str]:
    """The environment of the server: this one, with the memory allocator's thresholds unless they are set.

    The site is found whichever folder the command was given in.
    """
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return MALLOC | dict(os.environ) | {"PYTHONPATH": path}


def begin_regular_work(minutes: int) -> subprocess.Popen:
    """Do what is due by the clock in a process beside the server, which this one becomes; it ends with it."""
    command = [sys.executable, str(ROOT / "manage.py"), "regular_work", f"--every={minutes}", f"--beside={os.getpid()}"]
    # Ctrl-C at the terminal is for the server alone.
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 (our own)
