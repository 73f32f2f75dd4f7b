"""Files that come from or go to somewhere else: limits on size and time, and an end from outside."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from connector.sandbox.engines.base import EngineError

MAX_SIZE = 10_000_000_000
TOTAL_TIMEOUT = 3600.0
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Received:
    """A file that has come: its size in bytes and its MD5 in hexadecimal."""

    size: int
    md5: str


@dataclass
class Flow:
    """What one task may transfer. `stop()` ends it soon, from any thread."""

    max_size: int = MAX_SIZE
    deadline: float = field(default_factory=lambda: time.monotonic() + TOTAL_TIMEOUT)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """End the transfer at its next chunk."""
        self._stopped.set()

    def check(self) -> None:
        """Raise EngineError TIMEOUT when the transfer was stopped or takes too long."""
        if self._stopped.is_set() or time.monotonic() > self.deadline:
            raise EngineError(
                "TIMEOUT", "The transfer took longer than the sandbox allows; try again or take a smaller file."
            )

    def into(self, target: Path, read: Callable[[], bytes]) -> Received:
        """Write what `read` gives, chunk by chunk until it gives nothing. Raises EngineError, or OSError of the disk."""
        self.check()
        digest, received = hashlib.md5(usedforsecurity=False), 0
        with target.open("wb") as file:
            while chunk := read():
                received += len(chunk)
                self.check_size(received)
                file.write(chunk)
                digest.update(chunk)
                self.check()
        return Received(received, digest.hexdigest())

    def check_size(self, size: int) -> None:
        """Raise EngineError FILE_TOO_LARGE for more bytes than the sandbox takes."""
        if size > self.max_size:
            raise EngineError(
                "FILE_TOO_LARGE", f"The file is larger than the {self.max_size:,} bytes that the sandbox takes."
            )
