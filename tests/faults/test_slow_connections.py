"""Every module over connections that are late, narrow, in crumbs or cut now and then: slower, and otherwise the same."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connector import Connection
from connector.errors import ConversionFailed
from connector.modules import all_modules
from connector.recipe import Webhook
from connector.runtime import Items, execute
from tests.conftest import RunningSandbox
from tests.faults.proxy import Bandwidth, FaultProxy, Latency, LimitData, Slicer, SlowClose, Toxic
from tests.support.file_server import file_server
from tests.support.world import World

pytestmark = pytest.mark.row("F18")

RUNNABLE = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
AT_ONCE = 24
"""Modules that run at a time: most of what these tests take is waiting."""


@pytest.fixture(scope="module")
def world(connection: Connection) -> Iterator[World]:
    with file_server() as origin:
        yield World(connection.api, origin)


@pytest.mark.parametrize(
    "toxic",
    [
        Latency(latency=500, jitter=300),
        Bandwidth(rate=50),
        Slicer(average_size=10),
        SlowClose(delay=500),
        LimitData(700_000),
        LimitData(700_000, reset=True),
    ],
    ids=["latency", "bandwidth", "slicer", "slow_close", "limit_data", "limit_data-reset"],
)
def test_every_module_gives_its_outputs(toxic: Toxic, world: World, sandbox: RunningSandbox) -> None:
    with (
        FaultProxy(sandbox.base_url) as base,
        FaultProxy(sandbox.sync_url) as sync,
        Connection.api_key(sandbox.api_key, base_url=base.url, sync_url=sync.url) as through,
    ):
        base.add(toxic)
        sync.add(toxic)

        def run(module: Any) -> str:
            """Nothing, or what was wrong."""
            form = world.real(module, module.examples[0])
            if "download" in module.Input.all():
                form["download"] = True
            try:
                outputs = execute(through.api, module.recipe, module.fill(form), outputs=module.Output)
                items = list(outputs) if isinstance(outputs, Items) else [outputs]
            except ConversionFailed as error:
                return "" if error.code == "ENGINE_NOT_INSTALLED" else f"{module.name()}: {error}"
            except Exception as error:  # noqa: BLE001 - whatever it is, it is to be told with the module
                return f"{module.name()}: {type(error).__name__}: {error} {getattr(error, 'detail', '')}"
            wrong = [item for item in items if set(item) != set(module.Output.all())]
            empty = [file for item in items for file in item.get("files") or [] if file.get("data") == b""]
            return f"{module.name()}: {wrong} {empty}" if wrong or empty else ""

        with ThreadPoolExecutor(AT_ONCE) as pool:
            assert list(filter(None, pool.map(run, RUNNABLE))) == []
        assert base.connections
