"""A command at a real terminal: what it shows can be waited for, and answered."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 30.0


class Terminal:
    """Runs the connector's command with these words; used as a context manager. `shown` is all that appeared."""

    def __init__(self, *words: str, environment: Mapping[str, str]) -> None:
        self._line, inner = pty.openpty()
        command = [sys.executable, "-m", "connector.cli", *words]
        self.process = subprocess.Popen(
            command, stdin=inner, stdout=inner, stderr=inner, cwd=ROOT, env=dict(environment), start_new_session=True
        )
        os.close(inner)
        self.shown = ""
        self._seen = 0

    def answer(self, prompt: str, text: str) -> None:
        """Wait until this prompt is shown, then type a line."""
        self.wait_for(prompt)
        os.write(self._line, f"{text}\n".encode())

    def end(self) -> int:
        """Everything until it ends by itself; gives the exit code."""
        while self._read():
            pass
        return self.process.wait(_PATIENCE)

    def wait_for(self, text: str) -> None:
        """Until this is shown, after what was waited for before."""
        deadline = time.monotonic() + _PATIENCE
        while text not in self.shown[self._seen :]:
            assert self._read(), f"It ended without showing {text!r}:\n{self.shown}"
            assert time.monotonic() < deadline, f"It did not show {text!r}:\n{self.shown}"
        self._seen = self.shown.index(text, self._seen) + len(text)

    def _read(self) -> bool:
        if not select.select([self._line], [], [], _PATIENCE)[0]:
            raise AssertionError(f"It said nothing for {_PATIENCE} s:\n{self.shown}")
        try:
            block = os.read(self._line, 65536)
        except OSError:  # the other end is closed
            return False
        self.shown += block.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(block)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._line)
        self.process.kill()
        self.process.wait()
