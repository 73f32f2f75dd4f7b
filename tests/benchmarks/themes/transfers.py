"""Large files: throughput beside curl, and memory."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connector import Connection, run
from tests.benchmarks.bench import Bench, Roots, program
from tests.benchmarks.measure import Row, at_least, at_most, measure
from tests.benchmarks.processes import Helper, Peak, serve_lines
from tests.benchmarks.timing import Samples, side_by_side

_GIGABYTE = 1 << 30
_ROUNDS = (5, 2)


@measure("upload-1-gib")
def upload(bench: Bench) -> Iterator[Row]:
    """Create a job and send it its file."""
    source = bench.sparse(_GIGABYTE)
    helper = _helper(bench, "upload", source)
    form = ["-F", f"key={'0' * 64}", "-F", f"file=@{source}"]
    url = f"{bench.canned.base_url}/storage/upload/{_job(bench.canned)}"
    yield from _rows(bench, "Upload of 1 GiB", helper, [*form, url])


@measure("download-1-gib")
def download(bench: Bench) -> Iterator[Row]:
    """Download a finished task's file into a folder in memory, where none is yet.

    To take the place of an old file would measure how fast memory is found that nobody has touched, as both are kept
    until the new one is whole.
    """
    folder = bench.folder / "downloads"
    helper = _helper(bench, "download", folder)
    url = f"{bench.canned.base_url}/storage/file/{_GIGABYTE}/large.bin"
    yield from _rows(bench, "Download of 1 GiB", helper, ["-o", str(folder / "curl.bin"), url], folder)


def _helper(bench: Bench, what: str, path: Path) -> Helper:
    """A fresh process, so that its memory is only its own."""
    return bench.beside(Helper.module("themes.transfers", what, path, bench.canned.base_url, bench.canned.sync_url))


def _rows(bench: Bench, what: str, helper: Helper, curl: list[str], emptied: Path | None = None) -> Iterator[Row]:
    command = [program("curl"), "-sS", "--noproxy", "*", "--fail", *curl]
    told: list[dict[str, float]] = []
    cpu: list[float] = []

    def ours() -> float:
        _empty(emptied)
        told.append(helper.ask())
        return told[-1]["seconds"]

    def others() -> float:
        _empty(emptied)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return seconds

    samples = side_by_side(bench.rounds(*_ROUNDS), ours=ours, curl=others)
    numbers = {"ours_cpu_s": statistics.median(one["cpu"] for one in told), "curl_cpu_s": statistics.median(cpu)}
    bar = at_least(0.9, "x", "the throughput of curl")
    yield bar.row(what, samples.ratio("curl", "ours"), _speeds(samples) | numbers)
    yield at_most(32, "MB").row(f"{what}: growth of memory, at its peak", max(one["megabytes"] for one in told))


def _empty(folder: Path | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()


def _speeds(samples: Samples) -> dict[str, float]:
    return {f"{name}_mb_per_s": round(_GIGABYTE / 1e6 / samples.median(name)) for name in samples.seconds}


def _job(roots: Roots) -> Any:
    """A job of the server that takes any number of files."""
    with roots.connect() as connection:
        made = run("ConvertFile", connection, input_file=("a.bin", b"a"), output_format="jpg")
        return made.job_id


def _main(what: str, path: str, base_url: str, sync_url: str) -> None:
    """In the process whose memory is measured: one transfer for each line."""
    connection = Roots(base_url, sync_url).connect()
    run("GetMyInfo", connection)
    serve_lines(lambda: _one(what, Path(path), connection))


def _one(what: str, path: Path, connection: Connection) -> dict[str, float]:
    with Peak() as peak:
        began, used = time.perf_counter(), time.process_time()
        if what == "upload":
            run("ConvertFile", connection, input_file=path, output_format="jpg")
        else:
            run("DownloadFile", connection, output_dir=path, task_id=str(_GIGABYTE))
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {"seconds": seconds, "cpu": cpu, "megabytes": peak.megabytes}


if __name__ == "__main__":
    _main(*sys.argv[1:])
