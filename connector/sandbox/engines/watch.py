"""Waiting for a program: not beyond its deadline, and not while it starts others without end."""

from __future__ import annotations

import subprocess
import time

from connector.sandbox.engines.base import EngineError
from connector.sandbox.processes import descendants

MOST_PROCESSES = 200
"""How many processes one program may have started at a time."""
_LOOK_SECONDS = 0.5


def watched(process: subprocess.Popen[bytes], deadline: float, label: str) -> int:
    """The program's exit code. Raises EngineError TIMEOUT or LIMIT_EXCEEDED; ending it then is left to the caller."""
    while True:
        left = max(0.0, deadline - time.monotonic())
        try:
            return process.wait(min(left, _LOOK_SECONDS))
        except subprocess.TimeoutExpired:
            _check(process, left, label)


def _check(process: subprocess.Popen[bytes], left: float, label: str) -> None:
    if left <= _LOOK_SECONDS:
        raise EngineError(
            "TIMEOUT",
            f"{label} did not finish in the time the task allows; raise the task's timeout or convert a smaller file.",
        )
    # A limit of the kernel would count all processes of this user, and none of root's.
    if len(descendants(process.pid)) > MOST_PROCESSES:
        raise EngineError(
            "LIMIT_EXCEEDED", f"{label} started more than {MOST_PROCESSES} programs at a time; take another file."
        )
