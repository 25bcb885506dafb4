"""Servers in processes of their own, and what answering costs them."""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from civdip_site.serving import server_command, server_environment

WARMING_UP = 20
LONGEST_START_SECONDS = 60


class Server:
    """A production server for one WSGI application, as `make run` starts it, on a free port of this machine."""

    def __init__(self, application: str, *, workers: int = 2, stderr: IO[str] | None = None, **environment: str):
        self.port = _free_port()
        command = server_command(host="127.0.0.1", port=self.port, workers=workers, application=application)
        environment = server_environment() | environment
        self.process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=stderr)
        self._wait_until_it_answers()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def connect(self) -> http.client.HTTPConnection:
        """A connection that stays open for many requests."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def cpu_seconds(self) -> float:
        """User and system time used so far by the server's main process and all below it, to the nanosecond."""
        return sum(_cpu_seconds(pid) for pid in _family(self.process.pid))

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + LONGEST_START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                connection = self.connect()
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"The server stopped, or did not answer within {LONGEST_START_SECONDS} seconds.")


@dataclass
class Asked:
    """One request, asked again and again, and what each round of it cost."""

    server: Server
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    size: int = 0
    cpu: list[float] = field(default_factory=list)  # seconds for each request, one entry a round
    wall: list[float] = field(default_factory=list)

    def ask(self, connection: http.client.HTTPConnection) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask once; raises AssertionError when the answer is another than expected."""
        connection.request("GET", self.path, headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == self.status, f"{self.path}: {response.status}, expected {self.status}"
        return response, body

    def round(self, requests: int) -> None:
        """Ask `requests` times over one connection, after warming up the process that took it."""
        connection = self.server.connect()
        for _ in range(WARMING_UP):
            self.size = len(self.ask(connection)[1])
        cpu, wall = self.server.cpu_seconds(), time.perf_counter()
        for _ in range(requests):
            self.ask(connection)
        self.wall.append((time.perf_counter() - wall) / requests)
        self.cpu.append((self.server.cpu_seconds() - cpu) / requests)
        connection.close()

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) * 1000

    @property
    def wall_ms(self) -> float:
        return statistics.median(self.wall) * 1000


def ratio(ours: Asked, floor: Asked) -> float:
    """The median of the rounds' ratios of CPU time: both of a pair met the same weather."""
    return statistics.median(a / b for a, b in zip(ours.cpu, floor.cpu, strict=True))


def interleave(rounds: int, *steps: Callable[[], None]) -> None:
    """Take turns, in the other order every second time, so that a busy minute hits all alike."""
    for number in range(rounds):
        for step in steps if number % 2 == 0 else reversed(steps):
            step()


def _free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return attempt.getsockname()[1]


def _cpu_seconds(pid: int) -> float:
    """CPU clock of a whole process, threads that have ended included (Linux: clock_getcpuclockid)."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _family(pid: int) -> list[int]:
    """`pid` and every process below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := _parent(entry)):
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended while we looked
        return None


if os.name != "posix" or not Path("/proc/self/stat").exists():
    raise SystemExit("The benchmarks read /proc: run them on Linux.")
