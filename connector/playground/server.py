"""Node-RED as a process: started on loopback, awaited, and ended with us."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from connector.errors import ConnectorError, InputError
from connector.playground.installation import alone
from connector.playground.node import Node
from connector.playground.workspace import KEY_VARIABLE, Place, prepare

_STARTED = ("Server now running", "Started flows")  # what Node-RED says when it answers, and when the flows do
_START = 120.0  # seconds that it may take to start
_GRACE = 15.0  # seconds that it gets to end cleanly: webhooks are taken away


@dataclass(frozen=True)
class Installed:
    """Node.js, the folder of Node-RED's packages, and the files of our own package by their paths."""

    node: Node
    modules: Path
    package: Mapping[str, bytes]


class Server:
    """A running Node-RED: its `url`, and whether it still runs."""

    def __init__(self, url: str, process: subprocess.Popen[bytes]) -> None:
        self.url = url
        self._process = process

    def has_ended(self) -> bool:
        """Whether it has stopped by itself."""
        return self._process.poll() is not None


@contextlib.contextmanager
def running(folder: Path, what: Installed, place: Place, *, port: int, fresh: bool = False) -> Iterator[Server]:
    """Node-RED with its flows below `folder`, connected to the sandbox at `place`; `port` 0 picks a free one.

    Raises InputError where the port is in use or another playground runs, and ConnectorError where it does not start.
    """
    with alone(folder), as_file(files(__package__)) as ours:
        url = f"http://127.0.0.1:{_usable(port)}"
        user = folder / "user"
        if fresh:
            shutil.rmtree(user, ignore_errors=True)
        prepare(user, what.package, place, url)
        script = what.modules / "node-red" / "red.js"
        words = [what.node.program, str(script), "--userDir", str(user), "--settings", str(ours / "settings.js")]
        log = folder / "node-red.log"
        process = subprocess.Popen(  # noqa: S603 - a program that was looked up, and fixed words
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(url, place),
            start_new_session=True,
        )
        started = threading.Event()
        keeper = threading.Thread(target=_keep_log, args=(process, log, started), daemon=True)
        keeper.start()
        try:
            _wait_until_started(process, log, started)
            yield Server(url, process)
        finally:
            _end(process)
            keeper.join(_GRACE)


def _usable(port: int) -> int:
    """The port, or a free one for 0. Node-RED itself would only log that it is taken, and say where it is not."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    except OSError as error:
        raise InputError(
            f"Port {port} cannot be used: {error.strerror}.",
            fields={"port": "is in use"},
            hint="Give another one with --port; 0 picks a free one.",
        ) from None


def _environment(url: str, place: Place) -> dict[str, str]:
    """Ours, without the keys of a person's own account: flows can read it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDCONVERT_")}
    port = url.rpartition(":")[2]
    return {**kept, "PLAYGROUND_PORT": port, "NODE_ENV": "production", KEY_VARIABLE: place.api_key}


def _wait_until_started(process: subprocess.Popen[bytes], log: Path, started: threading.Event) -> None:
    started.wait(_START)
    if started.is_set() and process.poll() is None:
        return
    lines = [line for line in log.read_text("utf-8", "replace").splitlines() if "[error]" in line]
    said = lines[-1].partition("[error]")[2].strip()[:200] if lines else f"its log is {log}"
    raise ConnectorError("Node-RED could not be started.", hint=said)


def _keep_log(process: subprocess.Popen[bytes], log: Path, started: threading.Event) -> None:
    """Write what it says into the log, and tell when it has started or ended."""
    waiting = set(_STARTED)
    with log.open("wb", buffering=0) as kept, process.stdout or contextlib.nullcontext(()) as said:
        for line in said:
            kept.write(line)
            waiting -= {words for words in waiting if words.encode() in line}
            if not waiting:
                started.set()
    process.wait()
    started.set()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()
