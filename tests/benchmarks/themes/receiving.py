"""The receiver of events: how many a second are stored for good, known again, and handed on."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.benchmarks.bench import Bench
from tests.benchmarks.load import hammer, pace, request
from tests.benchmarks.measure import Row, at_least, at_most, exactly, measure
from tests.benchmarks.processes import Helper
from tests.support.webhook_sender import HEADER, as_body, document, exporting, signature, task

_MANY = (6000, 2000)
_BAR = 1000.0  # a second
_EVENTS_OF_A_CALL = 3  # of the job, and of each of its two tasks
_TWICE = 10  # every tenth call comes again


@measure("receiver")
def receiver(bench: Bench) -> Iterator[Row]:
    """Signed calls over loopback to a receiver on one core, which also hands the events on meanwhile."""
    folder = bench.folder / "receiver"
    folder.mkdir()
    helper = bench.beside(Helper.module("servers.receiving", folder))
    url, count = helper.read()["url"], bench.rounds(*_MANY)
    hammer(url, _calls(url, 200))
    used = helper.cpu()
    fast = hammer(url, _calls(url, count))
    used = helper.cpu() - used
    numbers = {
        "calls": count,
        "p99_ms": round(fast.percentile(99) * 1000, 2),
        "cpu_us_per_call": round(used / count * 1e6),
    }
    bar = at_least(_BAR, "a second")
    yield bar.row("Receiver: signed events, durable and de-duplicated, on one core", fast.per_second, numbers)
    slow = pace(url, _calls(url, count // 2), _BAR / 2)
    what = f"Receiver at {_BAR / 2:.0f} a second: p99 of the answer"
    yield at_most(50, "ms").row(what, slow.percentile(99) * 1000, {"median_ms": round(slow.percentile(50) * 1000, 2)})
    wanted = _EVENTS_OF_A_CALL * sum(len(set(_numbers(many))) for many in (200, count, count // 2))
    told = _when_all_are_handed_on(helper, wanted)
    fits = told["handed"] == told["different"] == wanted
    yield exactly("Receiver: every event handed on once, repetitions never", fits, "yes", told)


def _calls(url: str, count: int) -> list[bytes]:
    """Calls about jobs of their own; every tenth is one that came shortly before."""
    run = uuid.uuid4().hex[:8]
    now = datetime.now(UTC).isoformat()
    made = {}
    for number in set(_numbers(count)):
        tasks = [task("convert", "finished"), exporting()]
        body = as_body(document("finished", f"job-{run}-{number}", tasks=tasks, created_at=now, ended_at=now))
        made[number] = request(url, "POST", body, {HEADER: signature(body), "Content-Type": "application/json"})
    return [made[number] for number in _numbers(count)]


def _numbers(count: int) -> list[int]:
    return [number - 5 if number % _TWICE == _TWICE - 1 else number for number in range(count)]


def _when_all_are_handed_on(helper: Helper, wanted: int) -> dict[str, int]:
    end = time.monotonic() + 60
    while (told := helper.ask())["handed"] < wanted and time.monotonic() < end:
        time.sleep(0.2)
    return dict(told)
