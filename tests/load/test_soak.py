"""Every module over and over, five at a time: nothing fails, and nothing piles up in memory, open files or on the disk.

A minute in a run of the load tests; `tests/run --soak 30` makes it as long as one wants.
"""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from connector.errors import ConversionFailed
from connector.module import Module
from connector.modules import all_modules
from connector.recipe import Webhook
from connector.runtime import Items, Options, execute
from tests.conftest import RunningSandbox
from tests.load.measuring import MEGABYTE
from tests.support.file_server import file_server
from tests.support.world import World

AT_A_TIME = 5
EVERY = 2.0  # seconds between looks at the memory
EXAMPLES = [
    (module, example)
    for module in all_modules().values()
    if not isinstance(module.recipe, Webhook)
    for example in module.examples
]


class Usage:
    """What a process uses, looked at from time to time."""

    def __init__(self, pid: int) -> None:
        self.process = psutil.Process(pid)
        self.memory: list[float] = []
        self.files = self.open_files()

    def look(self) -> None:
        self.memory.append(self.process.memory_info().rss / MEGABYTE)

    def open_files(self) -> int:
        return self.process.num_fds()

    def growth(self) -> float:
        """How much larger the last third was, at its median, than the second: the first warms up. In percent."""
        third = len(self.memory) // 3
        second, last = (sorted(part)[third // 2] for part in (self.memory[third : 2 * third], self.memory[-third:]))
        return (last / second - 1) * 100


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everybody's temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def own_sandbox(temporary: Path, tmp_path: Path) -> Iterator[RunningSandbox]:
    sandbox = RunningSandbox("--allow-private-network", data_dir=tmp_path / "data")
    yield sandbox
    sandbox.stop()


def run_one(world: World, module: type[Module], example: Any, folder: Path) -> str:
    """Run an example, with its files downloaded; gives how it ended."""
    form = world.real(module, example)
    if "download" in module.Input.all():
        form["download"] = True
    try:
        given = execute(world.api, module.recipe, module.fill(form), Options(folder), module.Output)
        list(given if isinstance(given, Items) else [])
    except ConversionFailed as error:
        if error.code != "ENGINE_NOT_INSTALLED":
            return f"{module.name()}: {error}"
        return "left out"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
        return f"{module.name()}: {error!r}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return "well"


@pytest.mark.row("L6")
def test_nothing_piles_up(
    own_sandbox: RunningSandbox,
    temporary: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    say: Callable[..., None],
) -> None:
    seconds = (request.config.getoption("--soak") or 1.0) * 60
    with file_server() as origin, own_sandbox.connect() as connection:
        world = World(connection.api, origin)
        for number, (module, example) in enumerate(EXAMPLES):  # converters and caches warm up
            run_one(world, module, example, tmp_path / f"warm-{number}")
        us, sandbox = Usage(psutil.Process().pid), Usage(own_sandbox.process.pid)
        ends = soak(world, tmp_path, seconds, [us, sandbox])
        connection.api.session.http.close()
        settle([us, sandbox])
    wrong = {end: count for end, count in ends.items() if end not in ("well", "left out")}
    say(
        "L6", minutes=seconds / 60, runs=ends.total(), unexpected_errors=sum(wrong.values()),
        client_growth_percent=us.growth(), sandbox_growth_percent=sandbox.growth(),
        client_open_files=f"{us.files} → {us.open_files()}", sandbox_open_files=f"{sandbox.files} → {sandbox.open_files()}",
    )  # fmt: skip
    assert wrong == {}
    assert us.growth() < 10
    assert sandbox.growth() < 10
    assert us.open_files() <= us.files + 2
    assert sandbox.open_files() <= sandbox.files + 2
    own_sandbox.process.terminate()
    own_sandbox.process.wait(30)
    assert [path.name for path in temporary.iterdir()] == []


def soak(world: World, folder: Path, seconds: float, watched: list[Usage]) -> Counter[str]:
    """Run examples in turn until the time is over; gives how many ended how."""
    end = time.monotonic() + seconds
    turns, lock, ends = itertools.count(), threading.Lock(), Counter[str]()

    def work(_: int) -> None:
        while time.monotonic() < end:
            turn = next(turns)
            module, example = EXAMPLES[turn % len(EXAMPLES)]
            ended = run_one(world, module, example, folder / f"run-{turn}")
            with lock:
                ends[ended] += 1

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        working = pool.map(work, range(AT_A_TIME))
        while time.monotonic() < end:
            time.sleep(EVERY)
            for usage in watched:
                usage.look()
        list(working)
    return ends


def settle(watched: list[Usage]) -> None:
    """Connections close a moment after their last use."""
    end = time.monotonic() + 20
    while time.monotonic() < end and any(usage.open_files() > usage.files + 2 for usage in watched):
        time.sleep(0.2)
