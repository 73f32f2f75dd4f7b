"""How bulk runs grow with their workers, and what the ledger costs: `python -m tests.benchmarks.bulk [--quick]`.

Against a stand-in in a process of its own that only waits, 150 ms for each answer and for each job, so that the workers
and not the conversions are measured. Rounds are interleaved, and medians are printed, so that whatever else the machine
does meanwhile meets all of them alike. Starting the workers is not counted.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from connector import Connection, run_many
from connector.bulk.inputs import key_of
from connector.bulk.ledger import Ledger
from connector.bulk.run import Input, Run
from tests.support.servers import REDIS, Redis, redis
from tests.support.waiting_service import Elsewhere, elsewhere

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = (1, 2, 4, 8)
BAR = 0.8
"""How much of linear growth is wanted."""

_MANNERS = {"delay": 0.15, "latency": 0.15}
_SHARED = {"output_format": "jpg", "download": True}


@dataclass
class Growth:
    """Files a second by the number of workers, of several rounds."""

    what: str
    rates: dict[int, list[float]] = field(default_factory=dict)

    def note(self, workers: int, rate: float) -> None:
        self.rates.setdefault(workers, []).append(rate)

    def median(self, workers: int) -> float:
        return statistics.median(self.rates[workers])

    def linear(self, workers: int) -> float:
        """The rate as a share of so many times the rate of one."""
        return self.median(workers) / (workers * self.median(1))

    def rows(self) -> list[str]:
        return [
            f"| {self.what} | {workers} | {self.median(workers):.1f} | {self.linear(workers):.2f} | {BAR} |"
            for workers in self.rates
        ]


def _inputs(number: int) -> list[Input]:
    forms = [{"input_file": f"https://example.com/{n}.png"} for n in range(number)]
    return [Input(key_of(form), str(n), form) for n, form in enumerate(forms)]


def threads(service: Elsewhere, workers: int, files: int) -> float:
    """Files a second of `run_many` with a ledger."""
    forms = [{**_SHARED, **one.form} for one in _inputs(files)]
    with (
        tempfile.TemporaryDirectory() as folder,
        Connection.api_key("a-key-of-benchmarks", base_url=service.url, sync_url=service.sync_url) as connection,
    ):
        many = run_many("ConvertFile", connection, forms, workers=workers, ledger=f"{folder}/l", output_dir=folder)
        began = time.monotonic()
        assert all(outcome.ok for outcome in many)
        return files / (time.monotonic() - began)


def celery(broker: Redis, service: Elsewhere, workers: int, files: int) -> float:
    """Files a second of `bulk worker`."""
    with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger") as ledger:
        ledger.start(Run("run", "ConvertFile", _SHARED, folder))
        ledger.add("run", _inputs(files))
        options = [
            "--ledger",
            f"{folder}/ledger",
            "--broker",
            broker.url,
            "--concurrency",
            str(workers),
            "--until-done",
        ]
        worker = subprocess.Popen(
            [sys.executable, "-m", "connector.cli", "bulk", "worker", *options],
            cwd=ROOT,
            env=os.environ | service.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return _rate(ledger, service, files)
        finally:
            worker.terminate()
            worker.wait(timeout=60)


def _rate(ledger: Ledger, service: Elsewhere, files: int) -> float:
    """From the first job to the last file; the second until somebody first looks at a job is everybody's."""
    before = service.stats()["created"]
    while service.stats()["created"] == before:
        time.sleep(0.02)
    began = time.monotonic()
    while ledger.counts("run").done < files:
        time.sleep(0.05)
    return files / (time.monotonic() - began)


def ledger_cost(files: int) -> dict[str, float]:
    """Milliseconds of processor time a file: what `run_many` writes, and what workers write in two visits."""
    with tempfile.TemporaryDirectory() as folder, Ledger(f"{folder}/ledger") as ledger:
        outputs = {"job_id": "j" * 36, "files": [{"name": "a.jpg", "path": "/out/a.jpg", "size": 1, "url": "u" * 200}]}
        ledger.start(Run("each", "ConvertFile"))
        began = time.process_time()
        for n in range(files):
            entry = ledger.rows.made(ledger.rows.claim("each", str(n), "a", n), "job")
            ledger.rows.finish(entry, outputs, 1.0)
        each = time.process_time() - began

        began = time.process_time()
        ledger.start(Run("run", "ConvertFile", window=files))
        ledger.add("run", _inputs(files))
        ledger.schedule.open_up()
        while due := ledger.schedule.due():
            for item in due:
                _visit(ledger, item, outputs)
        return {"run_many": 1000 * each / files, "workers": 1000 * (time.process_time() - began) / files}


def _visit(ledger: Ledger, item: int, outputs: dict[str, object]) -> None:
    """What is written when a worker makes the job, and at once again when it finds it ended."""
    entry = ledger.rows.take(item)
    assert entry
    if entry.job_id is None:
        ledger.rows.release(ledger.rows.made(entry, "job"))
    else:
        ledger.rows.finish(entry, outputs, 1.0)


def measure(*, quick: bool = False) -> tuple[list[Growth], dict[str, float]]:
    """All of it. Without Redis, what needs no broker."""
    rounds, size = (1, 6) if quick else (3, 12)
    ways: list[tuple[Growth, Callable[[Elsewhere, int, int], float]]] = [(Growth("`run_many`"), threads)]
    with elsewhere(**_MANNERS) as service:
        if REDIS is None:
            _grow(ways, service, rounds, size)
        else:
            with redis() as broker:
                by_celery = Growth("`bulk worker`")
                ways.append((by_celery, lambda *of: celery(broker, *of)))
                _grow(ways, service, rounds, size)
    return [growth for growth, _ in ways], ledger_cost(200 if quick else 1000)


def _grow(
    ways: list[tuple[Growth, Callable[[Elsewhere, int, int], float]]], service: Elsewhere, rounds: int, size: int
) -> None:
    for _ in range(rounds):
        for workers in WORKERS:
            for growth, way in ways:
                growth.note(workers, way(service, workers, size * workers))


def table(*, quick: bool = False) -> str:
    """The measures as a table in Markdown."""
    growths, cost = measure(quick=quick)
    rows = [row for growth in growths for row in growth.rows()]
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime + resource.getrusage(resource.RUSAGE_SELF).ru_utime
    return "\n".join(
        [
            "| what | workers | files a second | of linear | bar |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"The ledger's cost a file: {cost['run_many']:.1f} ms in `run_many`, {cost['workers']:.1f} ms in workers (SQLite; processor time).",
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {spent:.0f} s of processor time in all.",
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(table(quick="--quick" in sys.argv) + "\n")
