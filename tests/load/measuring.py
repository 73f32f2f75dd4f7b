"""Percentiles, memory and the time of commands."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.critical import ROOT  # not from tests.conftest: what that imports would count as memory

MEGABYTE = 1 << 20


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def peak() -> float:
    """The most memory that this program has had, in MB. (getrusage would count what its parent had when it forked.)"""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def seconds_of(words: Sequence[str], environment: Mapping[str, str] | None = None) -> float:
    """How long a command takes that must succeed."""
    began = time.perf_counter()
    subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True)
    return time.perf_counter() - began


def alone(file: str, *arguments: object) -> Any:
    """Run a file of this folder in a process of its own, so that only its own memory counts; gives what it printed."""
    words = [sys.executable, "-m", f"tests.load.{file}", *map(str, arguments)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=900)
    return json.loads(done.stdout)
