"""The parent side: a few long-lived worker processes, each replaced when a call crashes, hangs or is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.sandbox.engines.base import ALLOW_PRIVATE, EngineError
from connector.sandbox.engines.isolation import network_namespace
from connector.sandbox.files import Files
from connector.sandbox.processes import kill_tree

logger = logging.getLogger("connector.sandbox")

CALLS_PER_WORKER = 200
GRACE = 1.0
"""Seconds that an engine gets beyond its time-out to end its programs itself."""

# The paths come first: the worker must find the same packages as the server, in whatever way that was started.
_BOOT = "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); from connector.sandbox import worker; worker.main(int(sys.argv[1]))"
_KEPT_ENVIRONMENT = (
    "PATH",
    "LD_LIBRARY_PATH",
    "TZ",
    "IMAGEIO_FFMPEG_EXE",
    "CONNECTOR_SANDBOX_COLD",
    "PYPANDOC_PANDOC",
    "PYTHONDONTWRITEBYTECODE",
    "SYSTEMROOT",
)
_LONGEST_ANSWER = 64 * 1024 * 1024


@dataclass(frozen=True)
class Reply:
    """What a call gave: files in the work folder with the engine's own names, and what else it found out."""

    files: list[tuple[Path, str | None]]
    metadata: dict[str, object] | None
    output: str | None
    warnings: list[str]


class Worker:
    """One worker process and the channel to it. Only where `network` is true can it reach out."""

    def __init__(self, home: Path, environment: Mapping[str, str], *, network: bool = False) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._socket = ours
        self.network = network
        self.calls = 0
        self.broken = False
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [
                    *(() if network else network_namespace()),
                    sys.executable,
                    "-P",
                    "-c",
                    _BOOT,
                    str(theirs.fileno()),
                    json.dumps([path for path in sys.path if path]),
                ],
                env={**environment, "HOME": str(home)},
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    async def call(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Send one request and wait for its answer. Any exception leaves the worker broken: end it.

        Raises TimeoutError, or EOFError when the process died.
        """
        self.broken = True
        self.calls += 1
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_sendall(self._socket, json.dumps(request).encode() + b"\n")
            line = await self._line()
        self.broken = False
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _line(self) -> bytes:
        received = bytearray()
        while not received.endswith(b"\n"):
            chunk = await asyncio.get_running_loop().sock_recv(self._socket, 65536)
            received += chunk
            if not chunk or len(received) > _LONGEST_ANSWER:
                raise EOFError
        return bytes(received)

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process with everything it started, and wait until it is gone."""
        kill_tree(self._process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._socket.close()


class Pool:
    """Runs engine calls, as many at a time as it is asked to, in processes that are started when they are needed."""

    def __init__(self, files: Files, *, allow_private_network: bool = False) -> None:
        self._files = files
        kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        allowed = {ALLOW_PRIVATE: "1"} if allow_private_network else {}
        self._environment = {**kept, **allowed, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"}
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._started = 0

    def warm(self) -> None:
        """Start a first worker before it is needed."""
        if not self._idle and not self._busy:
            self._idle.append(self._start())

    async def run(self, request: dict[str, Any], timeout: float, label: str, *, network: bool = False) -> Reply:
        """One engine call. Cancelling it kills its worker. Raises EngineError; `label` names the engine in sentences."""
        with self._worker(network) as worker:
            try:
                answer = await worker.call(request, timeout + GRACE)
            except TimeoutError:
                raise EngineError(
                    "TIMEOUT",
                    f"{label} did not finish in the time the task allows; raise the task's timeout or use a smaller file.",
                ) from None
            except (EOFError, OSError):
                raise EngineError(
                    "CONVERSION_FAILED", f"{label} crashed on this file; it may be damaged or too large."
                ) from None
            return self._reply(answer, worker, label)

    def close(self) -> None:
        """End all workers."""
        for worker in [*self._idle, *self._busy]:
            worker.end()
        self._idle.clear()
        self._busy.clear()

    @contextmanager
    def _worker(self, network: bool) -> Iterator[Worker]:
        worker = self._take(network)
        self._busy.add(worker)
        try:
            yield worker
        finally:
            self._put_back(worker)

    def _take(self, network: bool) -> Worker:
        """The worker that was idle for the shortest time, so that what it keeps warm is; else a new one."""
        for worker in [one for one in reversed(self._idle) if one.network == network]:
            self._idle.remove(worker)
            if worker.alive:
                return worker
            worker.end()
        return self._start(network)

    def _put_back(self, worker: Worker) -> None:
        if worker not in self._busy:
            return
        self._busy.discard(worker)
        if worker.broken or worker.calls >= CALLS_PER_WORKER:
            worker.end()
        else:
            self._idle.append(worker)

    def _start(self, network: bool = False) -> Worker:
        self._started += 1
        return Worker(self._files.home(f"worker-{self._started}"), self._environment, network=network)

    def _reply(self, answer: dict[str, Any], worker: Worker, label: str) -> Reply:
        if "crash" in answer:
            worker.broken = True
            logger.error("%s crashed: %s", label, answer["crash"])
            raise EngineError(
                "CONVERSION_FAILED", f"{label} failed on this file in an unexpected way; the sandbox's log says more."
            )
        if "code" in answer:
            raise EngineError(str(answer["code"]), str(answer["message"]))
        files = [(Path(file["path"]), file["name"]) for file in answer["files"]]
        return Reply(files, answer["metadata"], answer["output"], answer["warnings"])
