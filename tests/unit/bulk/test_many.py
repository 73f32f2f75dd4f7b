"""`run_many`: in order, several at a time, nothing twice, and taken up where it was cut off."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector import Connection, ConnectionInvalid, InputError, Outcome, run_many
from connector.bulk.inputs import key_of, label_of
from connector.bulk.ledger import Ledger
from connector.bulk.work import Work
from connector.errors import ConversionFailed, NotFound, RateLimited
from connector.files import LocalFile
from connector.modules import find
from tests.support.scripted_server import Reply, ScriptedServer, data, error
from tests.support.waiting_service import CONTENT, WaitingService

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def forms(number: int, **more: Any) -> Iterator[dict[str, Any]]:
    for n in range(number):
        yield {"input_file": f"https://example.com/{n}.png", "output_format": "jpg", "download": True, **more}


def test_results_come_in_the_order_of_the_inputs(connection: Connection) -> None:
    outcomes = list(run_many("ConvertFile", connection, forms(30), workers=8))
    assert [outcome.label for outcome in outcomes] == [f"https://example.com/{n}.png" for n in range(30)]
    assert {outcome.result.files[0].data for outcome in outcomes if outcome.result} == {CONTENT}
    assert sum(outcome.credits for outcome in outcomes) == 30


def test_workers_work_at_the_same_time(connection: Connection, service: WaitingService) -> None:
    service.manners.delay = 0.3
    began = time.monotonic()
    list(run_many("ConvertFile", connection, forms(16), workers=16))
    assert time.monotonic() - began < 16 * 0.3 / 2


def test_one_that_fails_does_not_stop_the_others(connection: Connection, service: WaitingService) -> None:
    service.manners.fails = "gif"
    bad = [{"input_file": "https://example.com/x.png", "output_format": "gif", "download": True}]
    wrong = [{"input_file": "no such file", "output_format": "jpg"}]
    outcomes = list(run_many("ConvertFile", connection, [*bad, *forms(3), *wrong], workers=2))
    assert [outcome.ok for outcome in outcomes] == [False, True, True, True, False]
    assert isinstance(outcomes[0].error, ConversionFailed)
    assert isinstance(outcomes[4].error, InputError)
    assert outcomes[4].label == "no such file"


def test_a_mistake_of_ours_costs_one_input(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    mistaken = Work.outputs

    def outputs(work: Work, *of: Any) -> Any:
        return 1 / 0 if work.form["input_file"].url.endswith("/1.png") else mistaken(work, *of)

    monkeypatch.setattr(Work, "outputs", outputs)
    outcomes = list(run_many("ConvertFile", connection, forms(3)))
    assert [outcome.ok for outcome in outcomes] == [True, False, True]
    assert "ZeroDivisionError" in str(outcomes[1].error)


def test_inputs_are_asked_for_as_there_is_room(connection: Connection) -> None:
    asked = itertools.count()
    endless = ({**form, "tag": str(next(asked))} for form in forms(10_000))
    results = run_many("ConvertFile", connection, endless, workers=2)
    for _ in range(20):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert next(asked) <= 20 + 2 * 4 + 1


def test_a_refused_key_ends_the_run(server: ScriptedServer) -> None:
    server.route("GET /v2/operations", data([]))
    server.route("POST /v2/jobs", error(401, "Unauthenticated."))
    with (
        Connection.api_key("a-key-that-is-refused", base_url=server.url) as refused,
        pytest.raises(ConnectionInvalid, match="does not accept the API key"),
    ):
        list(run_many("ConvertFile", refused, forms(100), workers=2))
    assert len(server.asked("POST /v2/jobs")) <= 2


def test_a_second_run_does_only_what_is_not_done(
    connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    def again(number: int) -> list[Outcome]:
        many = run_many(
            "ConvertFile", connection, forms(number), ledger=tmp_path / "ledger", output_dir=tmp_path / "out"
        )
        return list(many)

    assert [outcome.skipped for outcome in again(5)] == [False] * 5
    second = again(8)
    assert [outcome.skipped for outcome in second] == [True] * 5 + [False] * 3
    assert service.stats()["created"] == 8
    assert Path(second[0].result.files[0].path).read_bytes() == CONTENT  # type: ignore[union-attr]


def test_what_failed_is_tried_again_with_another_job(
    connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.fails = "jpg"
    options: dict[str, Any] = {"ledger": tmp_path / "ledger", "output_dir": tmp_path / "out"}
    assert [outcome.ok for outcome in run_many("ConvertFile", connection, forms(2), **options)] == [False, False]
    service.manners.fails = ""
    assert [outcome.ok for outcome in run_many("ConvertFile", connection, forms(2), **options)] == [True, True]
    assert (service.stats()["created"], service.stats()["surplus"]) == (4, 0)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["asked", "made"])
def test_a_run_that_was_killed_is_taken_up_without_a_second_job(
    moment: str, connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    """SIGKILL while jobs are in flight: right after they were asked for, or when their ids have been noted."""
    service.manners.delay = 0.5
    killed = subprocess.Popen(
        [sys.executable, "-m", "tests.support.killed_run", moment, service.url, str(tmp_path)], cwd=ROOT
    )
    assert killed.wait(timeout=60) == -signal.SIGKILL
    assert service.stats()["created"] >= 1
    outcomes = list(
        run_many(
            "ConvertFile", connection, forms(6), ledger=tmp_path / "ledger", output_dir=tmp_path / "out", workers=3
        )
    )
    assert all(outcome.ok for outcome in outcomes)
    assert (service.stats()["created"], service.stats()["surplus"]) == (6, 0)


def test_a_job_that_was_deleted_meanwhile_is_made_again(
    connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.delay = 600
    [slow] = run_many(
        "ConvertFile", connection, forms(1, wait_limit=1), ledger=tmp_path / "l", output_dir=tmp_path / "o"
    )
    assert slow.error is not None
    assert "has not ended within 1 second" in str(slow.error)
    service.book.jobs.clear()
    service.manners.delay = 0
    [outcome] = run_many("ConvertFile", connection, forms(1), ledger=tmp_path / "l", output_dir=tmp_path / "o")
    assert outcome.ok
    assert service.stats()["created"] == 2


def test_a_job_that_took_too_long_is_taken_up_by_the_next_run(
    connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    service.manners.delay = 1.5
    options: dict[str, Any] = {"ledger": tmp_path / "l", "output_dir": tmp_path / "o"}
    assert not next(run_many("ConvertFile", connection, forms(1, wait_limit=1), **options)).ok
    assert next(run_many("ConvertFile", connection, forms(1, wait_limit=30), **options)).ok
    assert service.stats()["created"] == 1


def test_after_a_429_all_pause_together(connection: Connection, service: WaitingService) -> None:
    service.manners.rate = 15
    outcomes = list(run_many("ConvertFile", connection, forms(40), workers=8))
    assert all(outcome.ok for outcome in outcomes)
    stats = service.stats()
    assert stats["created"] == 40
    # 25 jobs beyond the first second's: each second of waiting costs each worker one refusal at most.
    assert stats["limited"] <= 3 * 8


def test_a_limit_that_lasts_longer_than_anybody_waits_fails_the_input(server: ScriptedServer) -> None:
    server.route("GET /v2/operations", data([]))
    server.route("POST /v2/jobs", error(429, "Too Many Attempts", Retry_After="86400"))
    with Connection.api_key("key-of-the-tests", base_url=server.url) as limited:
        outcomes = list(run_many("ConvertFile", limited, forms(5), workers=2))
    assert all(isinstance(outcome.error, RateLimited) for outcome in outcomes)
    assert len(server.asked("POST /v2/jobs")) <= 2


def test_the_same_input_given_twice_is_done_once(
    connection: Connection, service: WaitingService, tmp_path: Path
) -> None:
    twice = [*forms(1), *forms(1)]
    outcomes = list(run_many("ConvertFile", connection, twice, ledger=tmp_path / "l", output_dir=tmp_path / "o"))
    assert all(outcome.ok for outcome in outcomes)
    assert service.stats()["created"] == 1


def test_two_processes_do_not_share_a_ledger_file(connection: Connection, tmp_path: Path) -> None:
    first = run_many("ConvertFile", connection, forms(3), ledger=tmp_path / "l", output_dir=tmp_path / "o")
    next(first)
    with pytest.raises(InputError, match="Another process is at work"):
        next(run_many("ConvertFile", connection, forms(3), ledger=tmp_path / "l", output_dir=tmp_path / "o"))
    assert len(list(first)) == 2


def test_files_in_memory_are_no_use_to_a_ledger(connection: Connection, tmp_path: Path) -> None:
    [outcome] = run_many("ConvertFile", connection, forms(1), ledger=tmp_path / "l")
    assert "output_dir" in str(outcome.error)


def test_modules_without_a_job_run_too(connection: Connection) -> None:
    gone = run_many("GetJob", connection, [{"job_id": "a"}, {"job_id": "b"}])
    assert [type(outcome.error) for outcome in gone] == [NotFound, NotFound]


@pytest.mark.parametrize("workers", [0, 65])
def test_the_number_of_workers_has_limits(workers: int, connection: Connection) -> None:
    with pytest.raises(InputError, match="from 1 to 64"):
        run_many("ConvertFile", connection, forms(1), workers=workers)


def test_threads_end_with_the_run(connection: Connection) -> None:
    before = set(threading.enumerate())
    list(run_many("ConvertFile", connection, forms(4), workers=4))
    for thread in set(threading.enumerate()) - before:
        if thread.name == "bulk":
            thread.join(timeout=10)
            assert not thread.is_alive()


def test_a_file_that_was_changed_is_another_input(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"one")
    form = {"input_file": LocalFile("a.png", path=file), "wait_limit": 5}
    before = key_of(form)
    assert key_of({**form, "wait_limit": 500}) == before
    os.utime(file, (1, 1))
    assert key_of(form) != before


def test_a_stream_cannot_be_known_again(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be found again"), (ROOT / "README.md").open("rb") as stream:
        key_of({"input_file": LocalFile("a", stream=stream)})


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ({"output_format": "jpg", "input_file": "a/b.png"}, "a/b.png"),
        ({"input_file": "https://me:secret@host/x.png?Signature=abc"}, "https://host/x.png"),
        ({"input_file": ("n.png", b"")}, "n.png"),
        ({"input_file": {"url": "https://host/y"}}, "https://host/y"),
        ({"input_file": LocalFile("a.png", data=b"")}, "a.png"),
        ({}, ""),
    ],
)
def test_an_input_is_called_by_its_file(form: dict[str, Any], label: str) -> None:
    assert label_of(find("ConvertFile"), form) == label


def test_an_answer_that_is_lost_does_not_make_a_second_job(server: ScriptedServer) -> None:
    made: dict[str, Any] = {}

    def create(request: Any) -> Reply:
        made.update(request.json())
        return Reply(fault="close")

    def listed(request: Any) -> Reply:
        return data([{"id": "j", "tag": made["tag"], "tasks": []}])

    server.route("GET /v2/operations", data([]))
    server.route("POST /v2/jobs", create)
    server.route("GET /v2/jobs", listed)
    server.route("GET /v2/jobs/j", lambda _: data({"id": "j", "status": "finished", "tasks": []}))
    with Connection.api_key("key-of-the-tests", base_url=server.url) as connection:
        [outcome] = run_many("ConvertFile", connection, forms(1))
    assert outcome.ok
    assert len(server.asked("POST /v2/jobs")) == 1


def test_a_ledger_can_be_handed_in(connection: Connection, tmp_path: Path) -> None:
    with Ledger(tmp_path / "l") as ledger:
        list(run_many("ConvertFile", connection, forms(2), ledger=ledger, output_dir=tmp_path / "o"))
        [run] = ledger.runs()
        assert ledger.counts(run).done == 2
