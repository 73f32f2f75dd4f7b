"""Bulk runs on Celery with a real Redis: workers are killed, messages lost, the broker itself dies; nothing is done twice.

The jobs are those of a stand-in that only waits, in a process of its own; it counts the jobs beyond one for each tag.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connector.bulk.dispatch import Dispatcher
from connector.bulk.inputs import key_of
from connector.bulk.ledger import Ledger
from connector.bulk.run import Counts, Input, Run
from connector.bulk.tables import items
from tests.conftest import ROOT
from tests.support.servers import POSTGRES_BIN, REDIS, Redis, postgres, redis
from tests.support.waiting_service import Elsewhere, elsewhere

pytest.importorskip("celery", reason='Celery is missing: pip install "celery[redis]"')
if REDIS is None:
    pytest.skip("Redis is missing: apt-get install redis-server", allow_module_level=True)

PATIENCE = 4.0
SOAK = "CONNECTOR_TESTS_SOAK"


@pytest.fixture(scope="module")
def broker() -> Iterator[Redis]:
    with redis() as running:
        yield running


class World:
    """A ledger with a run in it, the stand-in, the broker, and workers that come and go."""

    def __init__(self, folder: Path, broker: Redis, service: Elsewhere, place: str) -> None:
        self.place = place
        self.folder = folder
        self.broker = broker
        self.service = service
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log = (folder / "workers.log").open("wb")

    def submit(self, number: int, window: int = 1000) -> None:
        shared = {"output_format": "jpg", "download": True}
        forms = [{"input_file": f"https://example.com/{n}.png"} for n in range(number)]
        with Ledger(self.place) as ledger:
            ledger.start(Run("run", "ConvertFile", shared, str(self.folder / "out"), window=window))
            ledger.add("run", [Input(key_of(form), str(n), form) for n, form in enumerate(forms)])

    def start(self, flaw: str = "sound", concurrency: int = 4, *more: str) -> subprocess.Popen[bytes]:
        options = ["--ledger", self.place, "--broker", self.broker.url, "--concurrency", str(concurrency)]
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.support.patched_worker", flaw, *options, "--patience", str(PATIENCE), *more],
            cwd=ROOT,
            env=os.environ | self.service.environment(),
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.workers.remove(worker)

    def counts(self) -> Counts:
        with Ledger(self.place) as ledger:
            return ledger.counts("run")

    def until(self, ended: int, seconds: float) -> Counts:
        deadline = time.monotonic() + seconds
        with Ledger(self.place) as ledger:
            while (counts := ledger.counts("run")).ended < ended and time.monotonic() < deadline:
                time.sleep(0.2)
        assert counts.ended >= ended, f"{counts}\n{(self.folder / 'workers.log').read_text()[-3000:]}"
        return counts

    def finishes(self) -> int:
        """The most often that any item was finished."""
        with Ledger(self.place) as ledger, ledger.database.begin() as connection:
            return int(connection.execute(sa.select(sa.func.max(items.c.finishes))).scalar_one())

    def close(self) -> None:
        for worker in list(self.workers):
            self.kill(worker)
        self.log.close()


@pytest.fixture
def worlds(tmp_path: Path, broker: Redis) -> Iterator[Any]:
    """Makes a world; gone with all of its processes afterwards."""
    with ExitStack() as stack:

        def make(place: str | None = None, **manners: Any) -> World:
            service = stack.enter_context(elsewhere(**manners))
            world = World(tmp_path, broker, service, place or str(tmp_path / "ledger.sqlite3"))
            stack.callback(world.close)
            return world

        yield make


@pytest.mark.parametrize(
    ("files", "kills", "every"),
    [
        pytest.param(200, 3, 3.0, id="200"),
        pytest.param(
            2000,
            5,
            7.0,
            id="2000",
            marks=pytest.mark.skipif(not os.environ.get(SOAK), reason=f"takes some minutes: set {SOAK}=1 to run it"),
        ),
    ],
)
def test_groups_of_workers_that_are_killed_do_all_and_nothing_twice(
    files: int, kills: int, every: float, worlds: Any
) -> None:
    world: World = worlds(delay=0.5, latency=0.1)
    world.submit(files)
    groups = [world.start(), world.start()]
    for number in range(kills):
        time.sleep(every)
        world.kill(groups[number % 2])
        groups[number % 2] = world.start()
    interrupted = world.counts().ended
    counts = world.until(files, 240)
    assert counts == Counts(done=files, credits=float(files))
    assert interrupted < files, "All was done before the last kill: that proves nothing."
    assert world.finishes() == 1
    assert len([path for path in (world.folder / "out").iterdir() if path.is_file()]) == files
    stats = world.service.stats()
    assert (stats["created"], stats["tags"], stats["surplus"]) == (files, files, 0)


@pytest.mark.parametrize(("heir", "created"), [("sound", 3), ("blind", 4)], ids=["with look-up", "without look-up"])
def test_a_worker_dies_between_the_create_and_the_note(heir: str, created: int, worlds: Any) -> None:
    world: World = worlds(delay=0.1)
    world.submit(3)
    assert world.start("dies", 1).wait(timeout=60) == -signal.SIGKILL
    assert world.service.stats()["created"] == 1
    assert world.start(heir, 2, "--until-done").wait(timeout=120) == 0
    assert world.counts().done == 3
    stats = world.service.stats()
    assert (stats["created"], stats["surplus"]) == (created, created - 3)


def test_messages_that_the_broker_loses_are_sent_again(worlds: Any, broker: Redis) -> None:
    from connector.bulk.broker import Broker

    world: World = worlds(delay=0.1)
    world.submit(5)
    with Ledger(world.place, patience=PATIENCE) as ledger:
        way = Broker(broker.url, ledger.id)
        assert Dispatcher(ledger, way).once() == 5
        assert way.waiting() == 5
        broker.say("FLUSHALL")
        assert way.waiting() == 0
    assert world.start("sound", 2, "--until-done").wait(timeout=120) == 0
    assert world.counts().done == 5
    assert world.service.stats()["created"] == 5


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be that several processes share."""
    if request.param == "sqlite":
        yield str(tmp_path / "ledger.sqlite3")
        return
    pytest.importorskip("psycopg", reason='PostgreSQL needs: pip install "psycopg[binary]"')
    if POSTGRES_BIN is None:
        pytest.skip("PostgreSQL is missing: apt-get install postgresql")
    with postgres() as url:
        yield url


def test_messages_that_come_several_times_make_one_job_each(worlds: Any, broker: Redis, place: str) -> None:
    from connector.bulk.broker import Broker

    world: World = worlds(place, delay=0.5, latency=0.05)
    world.submit(20)
    with Ledger(world.place, patience=PATIENCE) as ledger:
        ledger.schedule.open_up()
        due = ledger.schedule.due()
        Broker(broker.url, ledger.id).hand_out([item for item in due for _ in range(4)])
    workers = [world.start("sound", 4, "--until-done") for _ in range(2)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    assert (world.counts().done, world.finishes()) == (20, 1)
    assert (world.service.stats()["created"], world.service.stats()["surplus"]) == (20, 0)


def test_a_broker_that_is_killed_and_comes_back_costs_time_only(worlds: Any) -> None:
    with redis() as own:
        world: World = worlds(delay=0.3, latency=0.05)
        world.broker = own
        world.submit(150)
        world.start()
        world.start()
        world.until(20, 60)
        own.kill()
        time.sleep(3)
        assert world.counts().ended < 150
        own.start()
        assert world.until(150, 120).done == 150
        assert world.finishes() == 1
        assert (world.service.stats()["created"], world.service.stats()["surplus"]) == (150, 0)


def test_a_429_pauses_the_workers_of_all_processes(worlds: Any) -> None:
    world: World = worlds(delay=0.05, rate=15)
    world.submit(75)
    began = time.monotonic()
    workers = [world.start("sound", 4, "--until-done") for _ in range(2)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    seconds = time.monotonic() - began
    stats = world.service.stats()
    assert (stats["created"], world.counts().done) == (75, 75)
    assert 0 < stats["limited"] <= 8 * seconds  # each second all are refused once at most


def test_the_command_finds_ledger_and_broker_in_the_environment(worlds: Any, tmp_path: Path) -> None:
    world: World = worlds(delay=0.05, fails="gif")
    environment = (
        os.environ
        | world.service.environment()
        | {
            "CLOUDCONVERT_LEDGER": world.place,
            "CLOUDCONVERT_BROKER": world.broker.url,
        }
    )

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "connector.cli", "bulk", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)

    files = [f"https://example.com/{n}.png" for n in range(4)]
    submitted = call("submit", "ConvertFile", *files, "-p", "output_format=gif", "--output-dir", str(tmp_path / "out"))
    assert (submitted.returncode, json.loads(submitted.stdout)["added"]) == (0, 4)
    assert call("worker", "--until-done", "--concurrency", "2").returncode == 0
    status = call("status", "--watch")
    report = json.loads(status.stdout)
    assert (status.returncode, report["failed"], report["credits"]) == (1, 4, 0.0)
    assert report["reasons"][0]["reason"] == "The task 'convert' (convert) failed: The file is damaged [INVALID_FILE]."
