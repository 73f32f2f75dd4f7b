"""A sandbox in a process of its own whose surroundings are looked at: its log, its folders, what it reaches, what it starts."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from connector.sandbox import Address
from tests.conftest import ROOT, RunningSandbox
from tests.unit.sandbox.client import Client

Tree = dict[str, str]


class Watched(RunningSandbox):
    """Started like any other, but in `place`: its data folder, home, temporary and working folder and its log lie there."""

    def __init__(self, place: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.place, self.data, self.log = place, place / "data", place / "log"
        for name in ("home", "tmp", "cwd"):
            (place / name).mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-m", "connector.cli", "sandbox", "--port", "0", "--sync-port", "0"]
        own = {"HOME": str(place / "home"), "TMPDIR": str(place / "tmp"), "PYTHONPATH": str(ROOT)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*words, "--data-dir", str(self.data), *options],
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=place / "cwd",
                env={**os.environ, **own, **(environment or {})},
            )
        assert self.process.stdout
        address = json.loads(self.process.stdout.readline())
        self.base_url: str = address["base_url"]
        self.sync_url: str = address["sync_url"]
        self.api_key: str = address["api_key"]
        self.client = Client(Address(**address))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.poll() is None:
            self.stop()
        self.client.close()

    def kill(self) -> None:
        """End it as a power cut would, and wait until it is gone."""
        self.client.close()
        self.stop(signal.SIGKILL)

    def settle(self) -> None:
        """Wait until it knows its engines and how it keeps them apart, which takes temporary files of its own."""
        self.client.get("operations")
        assert until(lambda: "Programs " in self.log.read_text() and not any((self.place / "tmp").iterdir()), 30)

    def surroundings(self) -> Tree:
        """Everything in its place that is not its data or its log."""
        skipped = (str(self.data), str(self.log))
        return {path: digest for path, digest in tree(self.place).items() if not path.startswith(skipped)}

    def memory(self) -> int:
        """How many bytes of memory the server itself holds."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def children(self) -> list[int]:
        """The processes that have this sandbox's data folder in their command line, environment or working folder."""
        found = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
        return [process for process in found if process != self.process.pid and self._belongs(process)]

    def _belongs(self, process: int) -> bool:
        folder, data = Path(f"/proc/{process}"), str(self.data)
        try:
            told = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            return data.encode() in told or str((folder / "cwd").readlink()).startswith(data)
        except OSError:
            return False

    def ended(self, job_ids: list[str], seconds: float) -> dict[str, Any]:
        """The jobs, by id, once all of them have ended."""
        jobs: dict[str, Any] = {}
        end = time.monotonic() + seconds
        while len(jobs) < len(job_ids):
            for job_id in [one for one in job_ids if one not in jobs]:
                job = self.client.get(f"jobs/{job_id}")
                if job["status"] in ("waiting", "processing"):
                    assert time.monotonic() < end, [task for task in job["tasks"] if task["status"] != "finished"]
                    time.sleep(0.1)
                    break
                jobs[job_id] = job
        return jobs


def tree(folder: Path) -> Tree:
    """Every path below the folder with what it is: a digest of a file's content, a link's target, or a folder."""
    return {str(path): _what(path) for path in sorted(folder.rglob("*"))}


def _what(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it became true in that time."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


class Listener:
    """Listens at one port of 127.0.0.1 and of ::1, counts every connection and answers with a little page."""

    _ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\nNOT-YOURS"

    def __init__(self) -> None:
        self.hits: list[str] = []
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._sockets = [first]
        if socket.has_dualstack_ipv6():
            self._sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for one in self._sockets:
            threading.Thread(target=self._accept, args=(one,), daemon=True).start()

    def close(self) -> None:
        for one in self._sockets:
            one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            with client:
                client.settimeout(1)
                self.hits.append("a connection")
                try:
                    self.hits[-1] = client.recv(4096).decode("latin-1").partition("\r\n")[0]
                    client.sendall(self._ANSWER)
                except OSError:
                    continue
