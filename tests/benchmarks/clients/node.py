"""CloudConvert's official client for Node, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.bench import Bench
from tests.benchmarks.clients.floor import tasks
from tests.benchmarks.measure import LeftOut
from tests.benchmarks.processes import Helper
from tests.support.node import node, packages

_SCRIPT = Path(__file__).with_name("node.js")


class Node:
    """The client, set to a server. Raises LeftOut where it cannot be installed."""

    def __init__(self, bench: Bench, roots: Any) -> None:
        try:
            program, modules = node(), packages("node", suite="contract")
        except pytest.skip.Exception as why:
            raise LeftOut(f"the official Node client: {why}") from None
        told = {"base_url": roots.base_url, "sync_url": roots.sync_url, "api_key": roots.api_key}
        self._helper = bench.beside(
            Helper(program, _SCRIPT, json.dumps({**told, "modules": str(modules), "tasks": tasks()}))
        )

    def convert(self, source: Path, folder: Path) -> float:
        """Create, upload, wait, download; gives the seconds that it took."""
        took: float = self._helper.ask(source=str(source), folder=str(folder))["ms"] / 1000
        return took
