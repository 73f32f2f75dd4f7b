"""What a process started, and ending it with all of that, also what moved into a process group of its own."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def kill_tree(leader: int) -> None:
    """Kill the leader of a session, its session and its descendants. What is gone already is fine."""
    victims = descendants(leader)
    for victim in (leader, *victims):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(victim, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def descendants(leader: int) -> set[int]:
    """The processes that one started, with those of the session that it may lead; empty where there is no /proc."""
    table = _table()
    found = {process for process, (_, session) in table.items() if session == leader}
    grown = True
    while grown:
        children = {process for process, (parent, _) in table.items() if parent in found or parent == leader}
        grown = not children <= found
        found |= children
    return found - {leader}


def _table() -> dict[int, tuple[int, int]]:
    """Parent and session of every process."""
    table = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name stands in brackets and may hold anything, so the numbers are counted from its end.
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            table[int(folder.name)] = (int(fields[1]), int(fields[3]))
    return table
