"""Many conversions at a time, beside the official client used for one after another."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from connector import Connection, run_many
from tests.benchmarks.bench import Bench, Roots
from tests.benchmarks.clients.official import Official
from tests.benchmarks.measure import LeftOut, Row, at_least, exactly, measure
from tests.benchmarks.processes import ROOT, CoresBusy
from tests.benchmarks.themes.conversions import in_turn
from tests.benchmarks.timing import timed
from tests.conftest import RunningSandbox

_AT_A_TIME = 16
_TIMES = (96, 32)
_SERVICE = 0.1  # seconds that a small job takes, less than at CloudConvert
_BAR = at_least(3, "x", "the official Python client, one after another")


@measure("run-many")
def many_at_a_time(bench: Bench) -> Iterator[Row]:
    """At a service that takes its time, as one does that is elsewhere; and in the sandbox.

    The sandbox shares the cores of this machine with its clients. Where it keeps them busy, nothing that a client does
    makes it faster, so that no multiple is promised there; the line says how busy they were.
    """
    times = bench.rounds(*_TIMES)
    names = f"{times} conversions, {_AT_A_TIME} at a time by run_many"
    ratio, numbers = _beside_official(bench, bench.recording(_SERVICE), times)
    yield _BAR.row(f"{names}, at a service that takes {_SERVICE * 1000:.0f} ms", ratio, numbers)
    cores = CoresBusy()
    ratio, numbers = _beside_official(bench, bench.sandbox, times, cores)
    share = f" with the cores {cores.share:.0%} busy" if cores.share else ""
    yield Row(f"{names}, in the sandbox", f"{ratio:.2f} x the official Python client{share}", numbers=numbers)
    yield _isolated_and_in_order(bench.connect(bench.sandbox), bench.photos(8))


def _beside_official(
    bench: Bench, roots: Roots | RunningSandbox, times: int, cores: CoresBusy | None = None
) -> tuple[float, dict[str, float]]:
    """How many times the throughput of the official client; `cores` is told when only ours works."""
    official = Official(roots)
    official.aim()
    one = in_turn(bench, f"official-many {roots.base_url[-5:]}", times, official.convert)
    connection = bench.connect(roots)
    _all(connection, bench, _AT_A_TIME)  # all come to a server that has done this before
    one()
    alone = timed(lambda: [one() for _ in range(times // 4)]) * 4
    with cores or nullcontext():
        together = timed(lambda: _all(connection, bench, times))
    return alone / together, {"official_per_s": round(times / alone, 1), "run_many_per_s": round(times / together, 1)}


@measure("run-each")
def run_each(bench: Bench) -> Iterator[Row]:
    """The command for the same, at the slow service; its start counts too."""
    times, roots = bench.rounds(160, 64), bench.recording(_SERVICE)
    official = Official(roots)
    official.aim()
    one = in_turn(bench, "official-each", times, official.convert)
    alone = timed(lambda: [one() for _ in range(times // 4)]) * 4
    words = [
        sys.executable,
        "-m",
        "connector.cli",
        "run",
        "ConvertFile",
        "-p",
        "output_format=jpg",
        "--workers",
        str(_AT_A_TIME),
    ]
    each = [*words, "--output-dir", str(bench.folder / "each"), "--each", *map(str, bench.photos(times))]
    began = time.perf_counter()
    done = subprocess.run(each, cwd=ROOT, env=roots.environment(), capture_output=True, text=True, timeout=300)
    together = time.perf_counter() - began
    if done.returncode:
        raise LeftOut(f"run --each ended with code {done.returncode}: {done.stderr.strip()[-200:]}")
    numbers = {"official_per_s": round(times / alone, 1), "run_each_per_s": round(times / together, 1)}
    yield _BAR.row(
        f"{times} conversions by run --each, at a service that takes {_SERVICE * 1000:.0f} ms",
        alone / together,
        numbers,
    )


def _all(connection: Connection, bench: Bench, times: int) -> None:
    folder = bench.folder / "many"
    outcomes = list(
        run_many("ConvertFile", connection, _forms(bench.photos(times)), workers=_AT_A_TIME, output_dir=folder)
    )
    wrong = [outcome.error for outcome in outcomes if not outcome.ok]
    if wrong or len(outcomes) != times:
        raise RuntimeError(f"{len(outcomes)} of {times} conversions came back, {len(wrong)} failed: {wrong[:1]}")


def _forms(photos: list[Path]) -> list[dict[str, object]]:
    return [{"input_file": photo, "output_format": "jpg", "download": True} for photo in photos]


def _isolated_and_in_order(connection: Connection, photos: list[Path]) -> Row:
    """One input among the others is no picture."""
    forms = _forms(photos)
    forms[3]["input_file"] = ("broken.png", b"no picture")
    outcomes = list(run_many("ConvertFile", connection, forms, workers=_AT_A_TIME))
    names = [outcome.result.files[0].name if outcome.ok else None for outcome in outcomes]
    wanted = [photo.with_suffix(".jpg").name for photo in photos]
    wanted[3] = None  # type: ignore[call-overload]
    return exactly("run_many: results in the order of the inputs, one failure stops no other", names == wanted, "yes")
