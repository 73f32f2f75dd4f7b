"""How cost grows with what there is to do: nothing may be worse than linear."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from connector import run
from connector.cli.manifests import service_at
from connector.module import Module
from connector.modules import all_modules
from connector.platforms import Platform, all_platforms
from tests.benchmarks.bench import Bench
from tests.benchmarks.measure import Row, at_most, measure
from tests.benchmarks.timing import slope, timed
from tests.support.samples import sample

_STEPS = (1, 10, 100, 1000)
_MOST_FILES = 998
"""A job has 1,000 tasks at most; two of them merge and export."""

_LINEAR = at_most(1.15, "", "as exponent: linear, and room for chance")


@measure("growth-listing")
def listing(bench: Bench) -> Iterator[Row]:
    """Jobs listed."""
    connection = bench.connect(bench.canned)
    costs = _costs(_STEPS, lambda count: list(run("ListJobs", connection, limit=count)), bench.rounds(15, 5))
    yield _grown("jobs listed", costs)


@measure("growth-merging")
def merging(bench: Bench) -> Iterator[Row]:
    """Files merged: against a server that costs nothing, and in the sandbox."""
    steps = bench.rounds(_MOST_FILES, 100)
    files = [(f"{number}.pdf", b"%PDF") for number in range(steps)]
    canned = bench.connect(bench.canned)
    merged = lambda count: run("MergeFiles", canned, input_files=files[:count])  # noqa: E731
    yield _grown("files merged, without a converter", _costs(_up_to(steps), merged, bench.rounds(3, 2)))
    pages = [(f"{number}.pdf", sample("pdf")) for number in range(steps)]
    sandbox = bench.connect(bench.sandbox)
    really = lambda count: run("MergeFiles", sandbox, input_files=pages[:count], download=True)  # noqa: E731
    yield _grown("files merged in the sandbox", _costs(_up_to(steps), really, bench.rounds(3, 1), time.perf_counter))


@measure("growth-emitting")
def emitting(bench: Bench) -> Iterator[Row]:
    """Modules emitted, for the platforms that have a file or an entry for each."""
    steps = sorted({len(all_modules()), 100, bench.rounds(1000, 300)})
    for name in ("fusion", "n8n"):
        platform = all_platforms()[name]
        costs = _costs(tuple(steps), lambda count, platform=platform: _emitted(platform, count), 1)  # type: ignore[misc]
        yield _grown(f"modules emitted for {platform.label}", costs)


def _emitted(platform: Platform, count: int) -> object:
    with _modules(count):
        return platform.files(service_at())


def _up_to(most: int) -> tuple[int, ...]:
    """The steps, none beyond; the first one is 2, since one file alone cannot be merged."""
    return tuple(sorted({min(most, max(2, step)) for step in _STEPS}))


def _costs(
    steps: tuple[int, ...], work: Callable[[int], object], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[int, float]:
    """The least seconds for each step: of this process's processor time, where another clock is not asked for."""
    for step in steps[:2]:
        work(step)
    return {step: min(timed(lambda step=step: _done(work(step)), clock) for _ in range(rounds)) for step in steps}  # type: ignore[misc]


def _done(_: object) -> None:
    """So that what came out is not taken for seconds."""


def _grown(what: str, costs: dict[int, float]) -> Row:
    numbers = {f"{count}_ms": round(seconds * 1000, 2) for count, seconds in costs.items()}
    return _LINEAR.row(f"Growth: {' / '.join(map(str, costs))} {what}", slope(costs), numbers)


@contextmanager
def _modules(count: int) -> Iterator[None]:
    """A registry of so many modules: the real ones, and copies of them under names of their own."""
    registry = all_modules()
    real = list(registry.values())
    copies = [_copy(real[number % len(real)], number) for number in range(len(real), count)]
    with mock.patch.dict(registry, {one.__name__: one for one in copies}):
        yield


def _copy(module: type[Module], number: int) -> type[Module]:
    return type(f"{module.name()}{number}", (module,), {"__doc__": module.__doc__, "label": f"{module.label} {number}"})
