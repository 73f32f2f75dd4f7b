"""`events listen` in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support.webhook_service import WebhookService

ROOT = Path(__file__).resolve().parents[2]


class Listener:
    """Started by the command that people use; its events go to `<folder>/events.jsonl` unless `options` say otherwise.

    With `waits` off, it may not be ready yet.
    """

    def __init__(self, service: WebhookService, folder: Path, *options: str, waits: bool = True) -> None:
        self.file = folder / "events.jsonl"
        where = () if "--url" in options or "--poll" in options else ("--url", "http://127.0.0.1:9/hook")
        how = () if "--exec" in options else ("--append", str(self.file))
        port = ("--port", "0", "--state", str(folder / "state"))
        words = [sys.executable, "-m", "connector.cli", "events", "listen", *port, *where, *how, *options]
        environment = {**os.environ, "CLOUDCONVERT_API_KEY": "a-key-for-tests", "CLOUDCONVERT_BASE_URL": service.url}
        with (folder / "stderr").open("ab") as log:
            self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, cwd=ROOT, env=environment)
        assert self.process.stdout
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline() or "{}") if waits else {}
        self.url = f"{self.ready.get('listening')}/any/path"

    def ids(self) -> list[str]:
        """The ids of the events in the file, in order."""
        return [json.loads(line)["id"] for line in self.file.read_bytes().splitlines()] if self.file.exists() else []

    def wait_for(self, count: int, seconds: float = 20.0) -> list[str]:
        """The ids, once there are so many."""
        end = time.monotonic() + seconds
        while len(self.ids()) < count and time.monotonic() < end:
            time.sleep(0.02)
        return self.ids()

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        self.process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(timeout=30)


def listening(service: WebhookService, folder: Path, *options: str) -> Iterator[Listener]:
    """A listener for a fixture."""
    listener = Listener(service, folder, *options)
    yield listener
    if listener.process.poll() is None:
        listener.stop()
