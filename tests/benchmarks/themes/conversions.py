"""A whole conversion: create, upload, wait, download."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from connector import Connection, run
from tests.benchmarks.bench import Bench, Roots
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.clients.node import Node
from tests.benchmarks.clients.official import Official
from tests.benchmarks.measure import LeftOut, Row, at_most, measure
from tests.benchmarks.themes.calls import faster
from tests.benchmarks.timing import Work, side_by_side
from tests.conftest import RunningSandbox

_TIMES = 300


@measure("convert-file")
def convert_file(bench: Bench) -> Iterator[Row]:
    """A PNG of 20 kB to JPG, one after another, in the sandbox; and without a converter, which hides what clients cost."""
    times = bench.rounds(_TIMES, 25)
    for roots, where in ((bench.sandbox, "in the sandbox"), (bench.canned, "without a converter")):
        contenders = _contenders(bench, roots, times)
        samples = side_by_side(times, warm=3, **contenders)
        what = f"ConvertFile, PNG of 20 kB to JPG, {times} times one after another, {where}"
        yield at_most(1.15, "x", "the floor").row(what, samples.ratio("ours", "floor"), samples.milliseconds())
        yield faster(what, samples.ratio("ours", "official"), "the official Python client")
        if "node" in contenders:
            yield faster(what, samples.ratio("ours", "node"), "the official Node client")
    with counted_requests() as seen:
        contenders["ours"]()
    yield at_most(4, "requests").row("HTTP requests of a ConvertFile with upload and download", len(seen))


def _contenders(bench: Bench, roots: Roots | RunningSandbox, times: int) -> dict[str, Work]:
    connection, floor, official = bench.connect(roots), Floor(roots), Official(roots)
    official.aim()
    ways = {
        "ours": lambda source, folder: ours(connection, source, folder),
        "floor": floor.convert,
        "official": official.convert,
    }
    if roots is bench.sandbox:  # the other server does not read what the Node client uploads
        with suppress(LeftOut):
            ways["node"] = Node(bench, roots).convert
    return {name: in_turn(bench, f"{name} {roots.base_url[-5:]}", times, way) for name, way in ways.items()}


def ours(connection: Connection, source: Path, folder: Path) -> Any:
    """The connector's way."""
    return run("ConvertFile", connection, input_file=source, output_format="jpg", download=True, output_dir=folder)


def in_turn(bench: Bench, name: str, times: int, convert: Any) -> Work:
    """Converts another photo into a folder of the contender's own each time it is called."""
    folder = bench.folder / f"out-{name}"
    folder.mkdir(exist_ok=True)
    photos = iter(bench.photos(times + 10))

    def work() -> object:
        return convert(next(photos), folder)

    return work


@contextmanager
def counted_requests() -> Iterator[list[str]]:
    """Every request that this process sends meanwhile, whatever sends it."""
    seen: list[str] = []
    putrequest = http.client.HTTPConnection.putrequest

    def counting(self: Any, method: str, url: str, *rest: Any, **more: Any) -> None:
        seen.append(f"{method} {url}")
        putrequest(self, method, url, *rest, **more)

    with mock.patch.object(http.client.HTTPConnection, "putrequest", counting):
        yield seen
