"""A playground, started by the command that people use."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import requests

from tests.support.node import ROOT
from tests.support.node_red import CACHE, node_red


class Playground:
    """A running one. `url` is the editor, `page` the upload page."""

    def __init__(self, *options: str, cache: Path = CACHE) -> None:
        node_red()
        words = [sys.executable, "-m", "connector.cli", "playground", "--no-browser", "--port", "0", *options]
        environment = {**os.environ, "CLOUDCONVERT_CACHE_DIR": str(cache), "CLOUDCONVERT_API_KEY": "key-of-an-account"}
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment, text=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate(timeout=30)[1])
        self.known: dict[str, str] = json.loads(line)
        self.url, self.page = self.known["url"], self.known["page"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    def wait_for_page(self) -> None:
        """Until the upload page answers: Node-RED says that it has deployed a moment before the flow runs."""
        end = time.monotonic() + 30
        while not requests.get(self.page, timeout=10).ok:
            assert time.monotonic() < end
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> int:
        """End it as Ctrl-C does, and give its exit code."""
        self.process.send_signal(how)
        self.process.communicate(timeout=40)
        return self.process.returncode
