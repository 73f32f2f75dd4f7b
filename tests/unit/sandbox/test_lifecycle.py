from __future__ import annotations

from typing import Any

import pytest

from connector.sandbox import lifecycle
from connector.sandbox.lifecycle import Decision
from connector.sandbox.records import Task


def task(name: str = "t", **fields: Any) -> Task:
    return Task(**{"id": name, "operation": "convert", "created_at": 0.0, **fields})


GOOD, BAD, BUSY = task("good", status="finished"), task("bad", status="error"), task("busy", status="processing")
FORGIVEN = task("forgiven", status="error", ignore_error=True)
KNOWN = {one.id: one for one in (GOOD, BAD, BUSY, FORGIVEN)}


@pytest.mark.parametrize(
    ("inputs", "decision"),
    [
        ([], Decision.START),
        (["good"], Decision.START),
        (["busy"], Decision.WAIT),
        (["good", "busy"], Decision.WAIT),
        (["bad"], Decision.FAIL),
        (["bad", "busy"], Decision.FAIL),
        (["deleted"], Decision.FAIL),
        (["forgiven", "good"], Decision.START),
        (["forgiven", "busy"], Decision.WAIT),
        (["forgiven"], Decision.FAIL),
    ],
)
def test_a_task_starts_when_its_inputs_are_there(inputs: list[str], decision: Decision) -> None:
    assert lifecycle.decide(task(inputs=tuple(inputs)), KNOWN) is decision


def test_an_upload_waits_for_somebody() -> None:
    assert lifecycle.decide(task(operation="import/upload"), {}) is Decision.WAIT


@pytest.mark.parametrize(
    ("tasks", "status"),
    [
        ([GOOD], "finished"),
        ([GOOD, BAD], "error"),
        ([GOOD, FORGIVEN], "finished"),
        ([BAD, BUSY], None),
        ([], "finished"),
    ],
)
def test_how_a_job_ends(tasks: list[Task], status: str | None) -> None:
    assert lifecycle.outcome(tasks) == status


def test_only_finished_tasks_are_usable() -> None:
    assert lifecycle.usable([FORGIVEN, GOOD]) == [GOOD]


def test_circles_are_found() -> None:
    assert lifecycle.find_cycle({"a": ["b"], "b": ["c"], "c": ["b"], "d": []}) == ["a", "b", "c"]
    assert lifecycle.find_cycle({"a": [], "b": ["a", "elsewhere"]}) == []
