"""Programs that stay up between calls, because starting them takes longer than most of the work.

Each process that runs engines keeps its own. A kept program is ended after a number of calls, after a while without any,
at any trouble, and with its process. Where it is busy, or nothing shall be kept, a call gets a fresh one for itself.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Generic, TypeVar

from connector.sandbox.engines.base import EngineError

T = TypeVar("T")
R = TypeVar("R")
Start = Callable[[Path, ExitStack, float], T]

COLD = "CONNECTOR_SANDBOX_COLD"
"""Environment variable: "1" starts a fresh program for every call, so that no file ever meets another one's traces."""

IDLE_SECONDS = 120.0
USES = 50


class Crashed(Exception):
    """The kept program is gone. `str(error)` is what it said last."""


class Kept(Generic[T]):
    """Keeps what `start` makes: it gets an empty folder, a stack for what must be undone at its end, and a deadline."""

    def __init__(self, start: Start[T], *, uses: int = USES, idle: float = IDLE_SECONDS) -> None:
        self._start = start
        self._uses = uses
        self._idle = idle
        self._lock = threading.Lock()
        self._program: T | None = None
        self._undo = ExitStack()
        self._calls = 0
        self._timer: threading.Timer | None = None

    def call(self, job: Callable[[T], R], deadline: float) -> R:
        """Do a job with the program; once more with a fresh one where it crashed. Raises Crashed at the second time."""
        try:
            return self._once(job, deadline)
        except Crashed:
            return self._once(job, deadline)

    def end(self) -> None:
        """End the program, if there is one."""
        self._program = None
        self._undo.close()

    def _once(self, job: Callable[[T], R], deadline: float) -> R:
        if os.environ.get(COLD) == "1" or not self._lock.acquire(blocking=False):
            with ExitStack() as stack:
                return job(self._start(_folder(stack), stack, deadline))
        try:
            with self._using(deadline) as program:
                return job(program)
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _using(self, deadline: float) -> Iterator[T]:
        self._wait_no_longer()
        try:
            program = self._program if self._program is not None else self._fresh(deadline)
            self._calls += 1
            yield program
        except EngineError as error:
            # The input is to blame, not the program, unless it hangs.
            if error.code == "TIMEOUT":
                self.end()
            raise
        except BaseException:
            self.end()
            raise
        finally:
            self._tidy()

    def _fresh(self, deadline: float) -> T:
        self._calls = 0
        try:
            self._program = self._start(_folder(self._undo), self._undo, deadline)
        except BaseException:
            self.end()
            raise
        atexit.register(self.end)
        self._undo.callback(atexit.unregister, self.end)
        return self._program

    def _tidy(self) -> None:
        if self._calls >= self._uses:
            self.end()
        if self._program is not None:
            self._timer = threading.Timer(self._idle, self._end_if_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                if self._timer is threading.current_thread():
                    self.end()
            finally:
                self._lock.release()

    def _wait_no_longer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _folder(stack: ExitStack) -> Path:
    """An empty folder at home, which for a worker lies among the sandbox's own files."""
    home = Path.home()
    folder = tempfile.mkdtemp(prefix=".kept-", dir=home if os.access(home, os.W_OK) else None)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)
