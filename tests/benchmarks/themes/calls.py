"""What one small call costs."""

from __future__ import annotations

from collections.abc import Iterator

from connector import run
from tests.benchmarks.bench import Bench
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.clients.official import Official
from tests.benchmarks.measure import Row, at_most, exactly, measure
from tests.benchmarks.timing import side_by_side

_CALLS = 500


@measure("get-my-info")
def get_my_info(bench: Bench) -> Iterator[Row]:
    """Sequential calls, against a server that answers at once."""
    connection, floor, official = bench.connect(bench.canned), Floor(bench.canned), Official(bench.canned)
    official.aim()
    calls = bench.rounds(_CALLS, 200)
    samples = side_by_side(
        calls, warm=20, ours=lambda: run("GetMyInfo", connection), floor=floor.me, official=official.me
    )
    what, numbers = f"{calls} sequential GetMyInfo through run()", samples.milliseconds()
    yield at_most(1.25, "x", "the floor").row(what, samples.ratio("ours", "floor"), numbers)
    yield faster(what, samples.ratio("ours", "official"), "the official Python client")


def faster(what: str, ratio: float, other: str) -> Row:
    """A line for being faster than another client, `ratio` being our time to its."""
    row = exactly(what, ratio < 1, f"faster than {other}")
    return Row(row.what, f"{ratio:.2f} x its time", row.bar, row.held)
