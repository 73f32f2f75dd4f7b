"""Making the platforms' files."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.measure import Row, at_most, measure
from tests.benchmarks.processes import ROOT
from tests.benchmarks.timing import timed

_ROUNDS = (5, 2)


@measure("manifests")
def manifests(bench: Bench) -> Iterator[Row]:
    """All platforms, in a new process, into an empty folder."""
    folder = bench.folder / "manifests"
    words = [sys.executable, "-m", "connector.cli", "manifests", "write", "--output", str(folder)]
    took = []
    for _ in range(bench.rounds(*_ROUNDS)):
        shutil.rmtree(folder, ignore_errors=True)
        took.append(timed(lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, timeout=120)))
    yield at_most(2, "s").row(
        "`manifests write` for all platforms, cold", statistics.median(took), {"least_s": min(took)}
    )
