"""Long lists: time beside the floor, and memory that does not grow with them."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator

from connector import run
from tests.benchmarks.bench import Bench, Roots
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.measure import Row, at_most, measure
from tests.benchmarks.processes import Helper, Peak, serve_lines
from tests.benchmarks.servers.recording import IN_LISTS
from tests.benchmarks.timing import side_by_side

_ROUNDS = (21, 5)


@measure("list-tasks")
def list_tasks(bench: Bench) -> Iterator[Row]:
    """Every task of a long list, each looked at once."""
    connection, floor = bench.connect(bench.canned), Floor(bench.canned)
    samples = side_by_side(
        bench.rounds(*_ROUNDS),
        ours=lambda: _last(run("ListTasks", connection, limit=0)),
        floor=lambda: _last(floor.items("tasks")),
    )
    what = f"Listing {IN_LISTS:,} tasks"
    yield at_most(1.2, "x", "the floor").row(what, samples.ratio("ours", "floor"), samples.milliseconds())
    helper = bench.beside(Helper.module("themes.listing", bench.canned.base_url, bench.canned.sync_url))
    helper.ask(limit=1000)
    few, many = helper.ask(limit=1000), helper.ask(limit=0)
    more = many["megabytes"] - few["megabytes"]
    yield at_most(2, "MB").row(f"{what}: memory on top of what listing 1,000 takes", more)


def _last(items: Iterable[object]) -> None:
    deque(items, maxlen=1)


def _main(base_url: str, sync_url: str) -> None:
    connection = Roots(base_url, sync_url).connect()

    def listed(limit: int) -> dict[str, float]:
        with Peak() as peak:
            _last(run("ListTasks", connection, limit=limit))
        return {"megabytes": peak.megabytes}

    serve_lines(listed)


if __name__ == "__main__":
    _main(*sys.argv[1:])
