"""Large files and long lists: memory stays flat."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import RunningSandbox
from tests.load.measuring import MEGABYTE, alone

GIGABYTE = 1 << 30
JOBS = 10_000


@pytest.mark.row("L4")
def test_a_gigabyte_goes_up_and_down_fast_whole_and_without_memory(tmp_path: Path, say: Callable[..., None]) -> None:
    # The fastest of three counts, as for commands; each must be whole and leave the memory flat.
    rates = [0.0, 0.0]
    for turn in range(3):
        folder = tmp_path / str(turn)
        done = gone_through(folder)
        shutil.rmtree(folder)
        rates = [max(rate, GIGABYTE / MEGABYTE / done[way]) for rate, way in zip(rates, ("up", "down"), strict=True)]
        assert done["same"]
        assert done["growth"] < 40
        if min(rates) >= 100:
            break
    say("L4", up_MB_per_s=rates[0], down_MB_per_s=rates[1], memory_growth_MB=done["growth"], turns=turn + 1)
    assert min(rates) >= 100


def gone_through(folder: Path) -> Any:
    """What a process of its own says of a gigabyte that went up to a sandbox and down again."""
    (folder / "own").mkdir(parents=True)
    sandbox = RunningSandbox(data_dir=folder / "data")
    try:
        return alone("transfer", sandbox.base_url, sandbox.api_key, GIGABYTE, folder / "own")
    finally:
        sandbox.stop()


@pytest.mark.row("L5")
def test_ten_thousand_jobs_are_listed_once_each_in_little_memory(say: Callable[..., None]) -> None:
    sandbox = RunningSandbox()
    try:
        with sandbox.connect() as connection, ThreadPoolExecutor(8) as pool:
            waiting = {"tasks": {"in": {"operation": "import/upload"}}}
            list(
                pool.map(lambda number: connection.api.create_job({**waiting, "tag": f"t{number}"}, None), range(JOBS))
            )
        done = alone("listing", sandbox.base_url, sandbox.api_key)
    finally:
        sandbox.stop()
    say("L5", jobs=done["count"], seconds=done["seconds"], peak_MB=done["peak"])
    assert done["count"] == done["different"] == JOBS
    assert done["peak"] < 100
