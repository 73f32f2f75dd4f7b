"""Commands that people wait for. The fastest of ten runs counts: the others tell what else the machine was doing."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.load.measuring import percentile, seconds_of

COMMAND = (sys.executable, "-m", "connector.cli")
RUNS = 10


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    pairs = [(str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return hashlib.sha256(repr(pairs).encode()).hexdigest()


@pytest.mark.row("L7")
def test_all_platforms_are_emitted_fast_and_the_same_each_time(tmp_path: Path, say: Callable[..., None]) -> None:
    times, digests = [], set()
    for seed in range(RUNS):
        folder = tmp_path / str(seed)
        words = [*COMMAND, "manifests", "write", "--output", str(folder)]
        times.append(seconds_of(words, {**os.environ, "PYTHONHASHSEED": str(seed)}))
        digests.add(digest(folder))
    checks = [seconds_of([*COMMAND, "manifests", "check"]) for _ in range(RUNS)]
    say(
        "L7",
        write_s=min(times),
        median_write_s=percentile(times, 0.5),
        check_s=min(checks),
        median_check_s=percentile(checks, 0.5),
    )
    assert len(digests) == 1
    assert min(times) < 2
    assert min(checks) < 2


@pytest.mark.row("L8")
def test_the_help_is_there_at_once(say: Callable[..., None]) -> None:
    times = [seconds_of([*COMMAND, "--help"]) * 1000 for _ in range(RUNS)]
    say("L8", fastest_ms=min(times), median_ms=percentile(times, 0.5))
    assert min(times) < 300
