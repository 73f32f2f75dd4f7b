"""Redis and PostgreSQL for tests: real ones, on free loopback ports, in folders that are thrown away."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

REDIS = shutil.which("redis-server")
POSTGRES_BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Redis:
    """A Redis server that can be killed and started again at the same port. Nothing it knows outlasts that."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [str(REDIS), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _until(lambda: self.say("PING") == b"+PONG\r\n", "Redis")

    def say(self, *words: str) -> bytes:
        """One command in Redis's own words; gives the raw answer."""
        request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(request.encode())
            return connection.recv(65536)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def redis() -> Iterator[Redis]:
    """A Redis for as long as the context lasts."""
    running = Redis()
    try:
        yield running
    finally:
        running.kill()


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database in a PostgreSQL of its own, which keeps nothing."""
    assert POSTGRES_BIN
    folder, port = tempfile.mkdtemp(prefix="pg"), free_port()
    # It refuses to run as root.
    account: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if account:
        shutil.chown(folder, "postgres", "postgres")
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [POSTGRES_BIN / "initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tester", "-N"],
        check=True,
        **quiet,
        **account,
    )
    options = ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-k", folder, "-p", str(port)]
    process = subprocess.Popen([POSTGRES_BIN / "postgres", "-D", f"{folder}/data", *options], **quiet, **account)
    try:
        url = f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        _until(lambda: _accepts(url), "PostgreSQL")
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _accepts(url: str) -> bool:
    import psycopg

    psycopg.connect(url.replace("+psycopg", "")).close()
    return True


def _until(ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(Exception):
            if ready():
                return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not start.")
