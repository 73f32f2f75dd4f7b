"""A spread of the declared pairs of formats, really converted over HTTP: every engine, every group, nearly every output format."""

from __future__ import annotations

import time
from typing import Any

import pytest

from connector.sandbox import Address, formats
from tests.conftest import RunningSandbox
from tests.support import looks, pairs
from tests.support.pairs import PIP, Pair
from tests.unit.sandbox.client import Client

PATIENCE = 240.0
WITHOUT_SAMPLES = {"djvulibre", "fonts"}
"""Engines for whose formats no sample can be made here; they have tests of their own."""


@pytest.fixture(scope="module")
def client(sandbox: RunningSandbox) -> Client:
    return Client(Address(sandbox.base_url, sandbox.sync_url, sandbox.api_key))


@pytest.fixture(scope="module")
def jobs(client: Client, request: pytest.FixtureRequest) -> dict[Pair, str]:
    """The ids of jobs that convert the pairs of this run, all waiting at once."""
    wanted = [
        item.callspec.params["pair"]
        for item in request.session.items
        if hasattr(item, "callspec") and isinstance(item.callspec.params.get("pair"), Pair)
    ]
    return {pair: started(client, pair) for pair in wanted}


def started(client: Client, pair: Pair) -> str:
    """A job that makes a sample of the input format and converts that."""
    way = way_to(pair)
    tasks: dict[str, Any] = {"i": {"operation": "import/upload"}}
    last = "i"
    for number, target in enumerate(way[1:]):
        tasks[f"s{number}"] = {
            "operation": "convert",
            "input": last,
            "input_format": way[number],
            "output_format": target,
        }
        last = f"s{number}"
    own = {"input": last, "input_format": pair.source, "output_format": pair.target, "engine": pair.engine}
    tasks |= {"c": {"operation": "convert", **own}, "e": {"operation": "export/url", "input": "c"}}
    job = client.job(**tasks)
    sent = client.upload(job["tasks"][0]["result"]["form"], f"sample.{way[0]}", pairs.BASES[way[0]]())
    assert sent.status_code == 201
    return str(job["id"])


def way_to(pair: Pair) -> tuple[str, ...]:
    """The way to its sample; what is recognised as text must show some."""
    if pair.target == "txt" and formats.group_of(pair.source) == "image":
        return ("pdf", pair.source)
    return pairs.ways()[pair.source]


def ended(client: Client, job_id: str) -> Any:
    """The job when it has ended; skipped where an engine is missing."""
    end = time.monotonic() + PATIENCE
    while (job := client.get(f"jobs/{job_id}"))["status"] in ("waiting", "processing"):
        assert time.monotonic() < end
        time.sleep(0.1)
    missing = next((task["message"] for task in job["tasks"] if task["code"] == "ENGINE_NOT_INSTALLED"), None)
    if missing:
        pytest.skip(missing)
    return job


@pytest.mark.parametrize("pair", pairs.spread(), ids=str)
def test_a_declared_pair_gives_such_a_file(client: Client, jobs: dict[Pair, str], pair: Pair) -> None:
    job = ended(client, jobs[pair])
    assert job["status"] == "finished", [(task["operation"], task["code"], task["message"]) for task in job["tasks"]]
    way, files = way_to(pair), job["tasks"][-1]["result"]["files"]
    assert files
    for file in files:
        content = client.ask("GET", file["url"]).content
        assert len(content) == file["size"]
        assert formats.format_of(file["filename"]) == pair.target
        looks.check(pair.target, content, way[0], drawn=is_drawn(way, pair))


def is_drawn(way: tuple[str, ...], pair: Pair) -> bool:
    """Whether it is a picture from the beginning, in formats that keep its size."""
    return way[0] == "png" and not {"ico", "icns", "eps", "ps"} & {*way, pair.source, pair.target}


def test_the_spread_has_every_engine_and_every_group() -> None:
    chosen = pairs.spread()
    converting = {pair.engine for pair in pairs.declared() if pair.source != pair.target}
    assert {pair.engine for pair in chosen} == converting - WITHOUT_SAMPLES
    sources = {formats.group_of(pair.source) for pair in chosen}
    assert sources >= {
        "archive",
        "audio",
        "document",
        "ebook",
        "image",
        "presentation",
        "spreadsheet",
        "vector",
        "video",
    }
    assert len(chosen) <= 130


def listed(client: Client, engines: tuple[str, ...] | None) -> set[tuple[str, str]]:
    """The pairs of convert that the sandbox lists, of these engines or of all."""
    entries = client.get("operations?filter[operation]=convert&alternatives=true")
    return {
        (one["input_format"], one["output_format"]) for one in entries if engines is None or one["engine"] in engines
    }


def test_pip_alone_brings_at_least_400_pairs(client: Client) -> None:
    assert len(listed(client, PIP)) >= 400


def test_the_programs_of_debian_bring_at_least_1500_pairs(client: Client) -> None:
    there = {one["engine"] for one in client.get("operations?filter[operation]=convert&alternatives=true")}
    missing = {"imagemagick", "libreoffice", "inkscape"} - there
    if missing:
        pytest.skip(f"not installed: {', '.join(sorted(missing))}")
    assert len(listed(client, None)) >= 1500
