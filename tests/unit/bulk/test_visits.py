"""What a worker does with an item: one step at a time, whatever happens between two of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.api.endpoints import Api
from connector.bulk.dispatch import Dispatcher
from connector.bulk.inputs import key_of
from connector.bulk.ledger import PATIENCE, Ledger
from connector.bulk.rows import Rows
from connector.bulk.run import Counts, Input, Run
from connector.bulk.visits import RETRIES, Visits
from connector.bulk.waking import Waking
from connector.events.event import Event
from tests.support.clock import FakeClock
from tests.support.scripted_server import ScriptedServer, data, error
from tests.support.waiting_service import CONTENT, WaitingService
from tests.unit.conftest import KEY


class Killed(BaseException):
    """What SIGKILL is to a worker: nothing more is noted."""


class Line:
    """The way from the ledger to a worker that is called when the test wants it. `lost` messages do not get through."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self.messages: list[int] = []

    def waiting(self) -> int:
        return len(self.messages)

    def hand_out(self, items: Sequence[int]) -> None:
        self.messages += items

    def deliver(self) -> int:
        delivered, self.messages = self.messages, []
        for item in delivered:
            self._visits.visit(item)
        return len(delivered)


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.sqlite3")


@pytest.fixture
def line(ledger: Ledger, connection: Connection) -> Line:
    return Line(Visits(ledger, connection))


@pytest.fixture
def dispatcher(ledger: Ledger, line: Line) -> Dispatcher:
    return Dispatcher(ledger, line)


def submit(ledger: Ledger, number: int, folder: Path, **more: Any) -> None:
    shared = {"output_format": "jpg", "download": True}
    ledger.start(Run("run", "ConvertFile", shared, str(folder / "out"), **more))
    forms = [{"input_file": f"https://example.com/{n}.png"} for n in range(number)]
    ledger.add("run", [Input(key_of(form), str(n), form) for n, form in enumerate(forms)])


def carry_on(ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock) -> None:
    """Until nothing is left to do; time passes as it has to."""
    for _ in range(200):
        dispatcher.once()
        if not line.deliver():
            clock.sleep(1)
        if ledger.is_idle():
            return
    raise AssertionError(f"It does not end: {ledger.counts('run')}")


def test_all_is_done_in_steps(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    submit(ledger, 5, tmp_path)
    carry_on(ledger, dispatcher, line, clock)
    assert ledger.counts("run") == Counts(done=5, credits=5.0)
    assert service.stats()["created"] == 5
    files = [result["outputs"]["files"][0]["path"] for result in ledger.results("run")]
    assert [Path(file).read_bytes() for file in files] == [CONTENT] * 5


def test_nobody_waits_for_a_job(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    """Looks at a job that takes its time get rarer, and hold nothing meanwhile."""
    service.manners.delay = 3600
    submit(ledger, 1, tmp_path)
    for _ in range(120):
        dispatcher.once()
        line.deliver()
        clock.sleep(1)
    assert (service.stats()["created"], ledger.counts("run").open) == (1, 1)
    assert 8 <= service.stats()["reads"] <= 15


def test_an_event_spares_the_wait(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.delay = 3600
    submit(ledger, 1, tmp_path)
    dispatcher.once()
    line.deliver()
    [job] = service.book.jobs.values()
    job["done_at"] = 0
    for name in ("job.created", "task.finished"):
        Waking(ledger)(Event(name, {"id": job["id"]}, {"id": "t"} if name.startswith("task") else None))
    assert dispatcher.once() == 0
    Waking(ledger)(Event("job.finished", {"id": job["id"]}))
    assert dispatcher.once() == 1
    line.deliver()
    assert ledger.counts("run").done == 1


@pytest.mark.parametrize(("looks", "created"), [(True, 1), (False, 2)], ids=["with look-up", "without look-up"])
def test_a_worker_dies_between_the_create_and_the_note(
    looks: bool,
    created: int,
    ledger: Ledger,
    dispatcher: Dispatcher,
    line: Line,
    clock: FakeClock,
    service: WaitingService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control shows that it is the look-up by tag that keeps the second job away."""
    submit(ledger, 1, tmp_path)
    noted = Rows.made

    def die(*_: object) -> None:
        monkeypatch.setattr(Rows, "made", noted)
        raise Killed

    monkeypatch.setattr(Rows, "made", die)
    if not looks:
        monkeypatch.setattr(Api, "job_with_tag", lambda *_, **__: None)
    dispatcher.once()
    with pytest.raises(Killed):
        line.deliver()
    assert (service.stats()["created"], ledger.counts("run").open) == (1, 1)
    clock.sleep(PATIENCE + 1)
    carry_on(ledger, dispatcher, line, clock)
    assert ledger.counts("run") == Counts(done=1, credits=1.0)
    assert (service.stats()["created"], service.stats()["surplus"]) == (created, created - 1)


def test_a_worker_dies_between_the_download_and_the_note(
    ledger: Ledger,
    dispatcher: Dispatcher,
    line: Line,
    clock: FakeClock,
    service: WaitingService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.manners.delay = 0
    submit(ledger, 1, tmp_path)
    noted = Rows.finish

    def die(*_: object) -> None:
        monkeypatch.setattr(Rows, "finish", noted)
        raise Killed

    monkeypatch.setattr(Rows, "finish", die)
    dispatcher.once()
    with pytest.raises(Killed):
        line.deliver()
    clock.sleep(PATIENCE + 1)
    carry_on(ledger, dispatcher, line, clock)
    assert ledger.counts("run").done == 1
    assert service.stats()["created"] == 1
    # One file, under its own name: the dead worker's was known by its link.
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_file()] == ["export.out"]


def test_a_message_that_gets_lost_is_sent_again(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    submit(ledger, 3, tmp_path)
    assert dispatcher.once() == 3
    line.messages.clear()
    clock.sleep(PATIENCE - 1)
    assert dispatcher.once() == 0
    clock.sleep(1)
    assert dispatcher.once() == 3
    carry_on(ledger, dispatcher, line, clock)
    assert service.stats()["created"] == 3


def test_two_deliveries_make_one_job(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.delay = 3600
    submit(ledger, 2, tmp_path)
    dispatcher.once()
    line.messages *= 3
    line.deliver()
    assert service.stats()["created"] == 2


def test_a_full_queue_is_not_filled_further(ledger: Ledger, dispatcher: Dispatcher, line: Line, tmp_path: Path) -> None:
    submit(ledger, 500, tmp_path)
    assert dispatcher.once() == 300
    assert dispatcher.once() == 0


def test_a_429_pauses_all(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.rate = 1
    submit(ledger, 6, tmp_path)
    dispatcher.once()
    line.deliver()
    assert service.stats()["limited"] == 1
    assert service.stats()["created"] <= 2
    assert ledger.schedule.paused()[0] == 1.0
    assert dispatcher.once() == 0
    service.manners.rate = 0
    clock.sleep(1)
    carry_on(ledger, dispatcher, line, clock)
    assert (service.stats()["created"], service.stats()["surplus"]) == (6, 0)
    assert "looks" not in service.stats()


@pytest.fixture
def scripted(ledger: Ledger, server: ScriptedServer, clock: FakeClock) -> Any:
    """A line to a server with a script."""
    server.route("GET /v2/operations", data([]))
    connection = Connection.api_key(KEY, base_url=server.url, clock=clock)
    return Line(Visits(ledger, connection))


def test_a_refused_key_pauses_all_and_blames_nobody(
    ledger: Ledger, server: ScriptedServer, scripted: Line, tmp_path: Path
) -> None:
    server.route("POST /v2/jobs", error(401, "Unauthenticated."))
    submit(ledger, 3, tmp_path)
    Dispatcher(ledger, scripted).once()
    scripted.deliver()
    assert ledger.counts("run") == Counts(open=3)
    seconds, why = ledger.schedule.paused()
    assert seconds == 60
    assert "does not accept the API key" in why
    assert len(server.asked("POST /v2/jobs")) == 1


def test_errors_that_pass_are_outlived_and_others_are_told(
    ledger: Ledger, server: ScriptedServer, scripted: Line, clock: FakeClock, tmp_path: Path
) -> None:
    refused = error(422, "The given data was invalid.", "INVALID_DATA")
    server.route("POST /v2/jobs", error(503), refused)
    server.route("GET /v2/jobs", data([]))
    submit(ledger, 1, tmp_path)
    carry_on(ledger, Dispatcher(ledger, scripted), scripted, clock)
    [result] = ledger.results("run")
    assert (result["state"], result["error"]["type"]) == ("failed", "InputError")


def test_errors_that_do_not_pass_are_not_tried_for_ever(
    ledger: Ledger, server: ScriptedServer, scripted: Line, clock: FakeClock, tmp_path: Path
) -> None:
    server.route("POST /v2/jobs", error(503))
    server.route("GET /v2/jobs", data([]))
    submit(ledger, 1, tmp_path)
    carry_on(ledger, Dispatcher(ledger, scripted), scripted, clock)
    assert ledger.counts("run").failed == 1
    # Each try asks three times at most, after looking whether the job is there.
    assert len(server.asked("POST /v2/jobs")) <= 3 * (RETRIES + 1)


def test_a_mistake_of_ours_ends_too(
    ledger: Ledger,
    dispatcher: Dispatcher,
    line: Line,
    clock: FakeClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("connector.bulk.visits.has_ended", lambda job: 1 / 0)
    submit(ledger, 1, tmp_path)
    carry_on(ledger, dispatcher, line, clock)
    [result] = ledger.results("run")
    assert "ZeroDivisionError" in result["error"]["message"]


def test_a_job_that_was_deleted_is_made_again_but_not_for_ever(
    ledger: Ledger, dispatcher: Dispatcher, line: Line, clock: FakeClock, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.delay = 3600
    submit(ledger, 1, tmp_path)
    for _ in range(40):
        dispatcher.once()
        line.deliver()
        service.book.jobs.clear()
        clock.sleep(1)
    assert ledger.counts("run").failed == 1
    assert service.stats()["created"] == 4


def test_an_upload_that_was_cut_off_is_made_up_for(
    ledger: Ledger,
    dispatcher: Dispatcher,
    line: Line,
    clock: FakeClock,
    service: WaitingService,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.png").write_bytes(b"PNG")
    ledger.start(Run("run", "ConvertFile", {"output_format": "jpg"}))
    ledger.add("run", [Input("k", "a.png", {"input_file": str(tmp_path / "a.png")})])

    def die(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise Killed

    monkeypatch.setattr("connector.runtime.job.upload", die)
    dispatcher.once()
    with pytest.raises(Killed):
        line.deliver()
    clock.sleep(PATIENCE + 1)
    carry_on(ledger, dispatcher, line, clock)
    assert ledger.counts("run").done == 1
    assert (service.stats()["created"], service.stats()["uploads"]) == (1, 1)
