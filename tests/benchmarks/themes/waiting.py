"""From a job's end on the server to the result in hand."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.measure import Row, at_most, measure
from tests.benchmarks.themes.conversions import in_turn, ours
from tests.benchmarks.timing import side_by_side

_DELAY = 0.15  # seconds that a job takes: every wait has begun before its end
_TIMES = (40, 15)


@measure("job-end-to-result")
def latency(bench: Bench) -> Iterator[Row]:
    """The server says at which second of the machine's clock the job ended; the result is a file on the disk."""
    roots, times = bench.recording(_DELAY), bench.rounds(*_TIMES)
    connection, floor = bench.connect(roots), Floor(roots)
    samples = side_by_side(
        times,
        ours=in_turn(bench, "ours-waiting", times, lambda source, folder: _since(ours(connection, source, folder).job)),
        floor=in_turn(bench, "floor-waiting", times, lambda source, folder: _since(floor.convert(source, folder)[0])),
    )
    more = samples.more("ours", "floor") * 1000
    what = "From a job's end on the server to the result in hand"
    yield at_most(30, "ms", "more than the floor").row(what, more, samples.milliseconds())


def _since(job: dict[str, float]) -> float:
    return time.monotonic() - job["monotonic"]
