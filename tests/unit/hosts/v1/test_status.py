"""Each step of v1, from the v2 job behind it."""

from __future__ import annotations

from typing import Any

import pytest

from connector.hosts.v1.process import Plan, Process, plan_of_text, plan_to_text
from connector.hosts.v1.status import STEPS, status_of

PLAN = Plan("convert", "upload", "pdf", main="convert", exports=("export", "export-zip"), uploads={"import-1": ""})
PROCESS = Process("p", "h", 1_700_000_000.0, {}, "u", "d", phase="started", job_id="j", plan=PLAN)


def job(*statuses: str, status: str = "processing", **of_main: Any) -> dict[str, Any]:
    """A job whose import, conversion and export have these statuses."""
    names = [("import-1", "import/upload"), ("convert", "convert"), ("export", "export/url")]
    tasks = [
        {"name": name, "operation": operation, "status": one}
        for (name, operation), one in zip(names, statuses, strict=True)
    ]
    tasks[1] |= of_main
    return {"id": "j", "status": status, "tasks": tasks}


@pytest.mark.parametrize(
    ("found", "step", "message"),
    [
        (job("waiting", "waiting", "waiting"), "input", "Waiting for the upload of input files"),
        (job("processing", "waiting", "waiting"), "input", "Fetching the input file"),
        (job("finished", "waiting", "waiting"), "wait", "Waiting for a free converter"),
        (job("finished", "processing", "waiting"), "convert", "Converting to pdf..."),
        (job("finished", "finished", "processing"), "convert", "Converting to pdf..."),
        (job("finished", "finished", "finished", status="finished"), "finished", "Conversion finished!"),
        (job("finished", "error", "error", status="error", message="Broken.", code="X"), "error", "Broken. [X]"),
        (
            job("finished", "error", "error", status="error", message=None),
            "error",
            "The conversion failed, and no reason was given.",
        ),
    ],
)
def test_steps(found: dict[str, Any], step: str, message: str) -> None:
    status = status_of(PROCESS, found)
    assert (status["step"], status["message"]) == (step, message)
    assert step in STEPS


def test_sending_to_a_storage_is_a_step_of_its_own() -> None:
    plan = Plan("convert", "upload", "pdf", main="convert", storage="s3")
    process = Process("p", "h", 0.0, {}, "u", "d", phase="started", plan=plan)
    status = status_of(process, job("finished", "finished", "processing"))
    assert (status["step"], status["message"], status["output"]) == ("output", "Sending the output to s3", {})


@pytest.mark.parametrize(("status", "percent"), [("waiting", 0), ("processing", 55.12)])
def test_percent_counts_only_while_the_conversion_runs(status: str, percent: float) -> None:
    assert status_of(PROCESS, job("finished", status, "waiting", percent=55.12))["percent"] == percent


def test_a_plan_is_kept_as_text() -> None:
    assert plan_of_text(plan_to_text(PLAN)) == PLAN
