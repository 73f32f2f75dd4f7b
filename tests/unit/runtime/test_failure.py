"""Why a job failed: the first cause with its code, not its followers."""

from __future__ import annotations

from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.redact import remember
from connector.runtime.failure import failure_of, root_cause
from tests.support.scripted_server import ScriptedServer, data

OPERATIONS = "GET /v2/operations"


def task(name: str, code: str | None = None, status: str = "error", **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "operation": name, "status": status, "code": code, **more}


ROOT = task("convert", "CONVERSION_FAILED", message="The file is broken.", ended_at="2026-11-22T08:00:00+00:00")
FOLLOWERS = [task(f"follower-{number}", "INPUT_TASK_FAILED") for number in range(5)]


@pytest.mark.parametrize("place", [0, 3, 5])
@pytest.mark.row("F15")
def test_the_root_cause_is_found_among_its_followers(place: int, api: Api) -> None:
    tasks = [*FOLLOWERS[:place], ROOT, *FOLLOWERS[place:], task("import", status="finished")]
    error = failure_of(api, {"id": "j", "tasks": tasks})
    assert str(error) == "The task 'convert' (convert) failed: The file is broken [CONVERSION_FAILED]."
    assert (error.task, error.code, error.job_id, error.task_id) == ("convert", "CONVERSION_FAILED", "j", "id-convert")


@pytest.mark.row("F15")
def test_of_two_causes_the_first_in_time_counts() -> None:
    earlier = task("import", "DOWNLOAD_FAILED", ended_at="2026-11-22T07:59:59+00:00")
    assert root_cause([ROOT, task("later", "X"), earlier]) is earlier


def test_followers_alone_are_better_than_nothing() -> None:
    assert root_cause(FOLLOWERS) is FOLLOWERS[0]
    assert root_cause([]) is None


@pytest.mark.parametrize("tasks", [None, [], [task("a", status="finished")]])
def test_a_failure_without_a_failed_task_says_so(tasks: Any, api: Api) -> None:
    assert str(failure_of(api, {"id": "j", "tasks": tasks})) == "The job j failed, and CloudConvert gives no reason."


def test_a_task_of_nulls_is_said_to_give_no_reason(api: Api) -> None:
    nothing = {"id": None, "name": None, "operation": None, "status": "error", "code": None, "message": None}
    assert "no reason was given" in str(failure_of(api, {"id": "j", "tasks": [nothing]}))


def test_an_unknown_code_is_passed_on(api: Api) -> None:
    assert failure_of(api, {"id": "j", "tasks": [task("x", "NEW_CODE", message="?")]}).code == "NEW_CODE"


def test_a_file_that_the_sandbox_does_not_allow_gets_a_hint(api: Api) -> None:
    assert "MD5" in failure_of(api, {"id": "j", "tasks": [task("import", "SANDBOX_FILE_NOT_ALLOWED")]}).hint


def test_a_secret_in_the_tasks_message_is_masked(api: Api) -> None:
    secret = remember("header-value-of-a-person")
    message = f"https://host/a?X-Amz-Signature=abcdef with {secret} answered 403"
    error = failure_of(api, {"id": "j", "tasks": [task("import", "DOWNLOAD_FAILED", message=message)]})
    assert secret not in str(error.to_dict())
    assert "abcdef" not in str(error.to_dict())


def imported(name: str) -> dict[str, Any]:
    return task("import/url", status="finished", result={"files": [{"filename": name}]})


def test_a_wrong_pair_is_answered_with_what_is_possible(api: Api, server: ScriptedServer) -> None:
    rows = [
        {"operation": "convert", "input_format": "xyz", "output_format": to, "engine": "e"} for to in ("pdf", "jpg")
    ]
    server.route(OPERATIONS, data(rows))
    wrong = task("convert", "INVALID_CONVERSION_TYPE", message="No.")
    error = failure_of(api, {"id": "j", "tasks": [imported("a.XYZ"), wrong]})
    assert error.hint == "A xyz file can become: jpg, pdf."


@pytest.mark.parametrize("answer", [None, [None], [3], {}, "x", [{"output_format": None}]], ids=str)
def test_a_hint_is_not_worth_another_error(answer: Any, api: Api, server: ScriptedServer) -> None:
    server.route(OPERATIONS, data(answer))
    wrong = task("convert", "INVALID_CONVERSION_TYPE", message="No.")
    assert str(failure_of(api, {"id": "j", "tasks": [imported("a.xyz"), wrong]})).startswith("The task 'convert'")
