"""Large files and long lists: memory stays flat."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import RunningSandbox
from tests.load.measuring import MEGABYTE, alone

GIGABYTE = 1 << 30
JOBS = 10_000


@pytest.mark.row("L4")
def test_a_gigabyte_goes_up_and_down_fast_whole_and_without_memory(tmp_path: Path, say: Callable[..., None]) -> None:
    (tmp_path / "own").mkdir()
    sandbox = RunningSandbox(data_dir=tmp_path / "data")
    try:
        done = alone("transfer", sandbox.base_url, sandbox.api_key, GIGABYTE, tmp_path / "own")
    finally:
        sandbox.stop()
    up, down = (GIGABYTE / MEGABYTE / done[way] for way in ("up", "down"))
    say("L4", up_MB_per_s=up, down_MB_per_s=down, memory_growth_MB=done["growth"])
    assert done["same"]
    assert done["growth"] < 40
    assert min(up, down) >= 100


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
