"""A whole conversion: create, upload, wait, download."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
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
        node = _node(bench) if roots is bench.sandbox else None  # the other server does not read what it uploads
        if isinstance(node, Node):
            contenders["node"] = in_turn(bench, "node", times, node.convert)
        samples = side_by_side(times, warm=3, **contenders)
        what = f"ConvertFile, PNG of 20 kB to JPG, {times} times one after another, {where}"
        yield at_most(1.15, "x", "the floor").row(what, samples.ratio("ours", "floor"), samples.milliseconds())
        yield faster(what, samples.ratio("ours", "official"), "the official Python client")
        if isinstance(node, Node):
            yield faster(what, samples.ratio("ours", "node"), "the official Node client")
        elif node:
            yield Row(what, f"left out: {node}")
        with counted_requests() as seen:
            contenders["ours"]()
        yield at_most(4, "requests").row(f"HTTP requests of a ConvertFile with upload and download, {where}", len(seen))


def _contenders(bench: Bench, roots: Roots | RunningSandbox, times: int) -> dict[str, Work]:
    connection, floor, official = bench.connect(roots), Floor(roots), Official(roots)
    official.aim()
    ways = {
        "ours": lambda source, folder: ours(connection, source, folder),
        "floor": floor.convert,
        "official": official.convert,
    }
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


def _node(bench: Bench) -> Node | LeftOut:
    try:
        return Node(bench, bench.sandbox)
    except LeftOut as why:
        return why


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
