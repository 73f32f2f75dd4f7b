"""Runs inside Airflow's environment: operators, triggers and sensors by hand, so that a try can be cut where it hurts.

Prints one JSON object with what each case came to.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from airflow.sdk import AssetWatcher, BaseOperator
from airflow.sdk.exceptions import AirflowFailException, TaskDeferred

from connector.hosts.airflow import operators
from connector.hosts.airflow.hook import CloudConvertHook
from connector.hosts.airflow.sensors import JobSensor, NewJobEventSensor
from connector.hosts.airflow.triggers import NewJobEventTrigger

PICTURE, SLOW, RESULTS = sys.argv[1:]


class Try(SimpleNamespace):
    """A try of a task, as far as an operator looks at it. With `dies` it is killed as soon as its job exists."""

    def __init__(self, task_id: str, number: int = 1, *, dies: bool = False) -> None:
        super().__init__(dag_id="trial", task_id=task_id, run_id="manual__1", map_index=-1, try_number=number)
        self.dies, self.xcoms = dies, {}

    def xcom_push(self, key: str, value: Any) -> None:
        if self.dies:
            raise SystemError("killed")
        self.xcoms[key] = value


def convert(**more: Any) -> Any:
    return operators.ConvertFileOperator(**{"task_id": "c", "input_file": PICTURE, "output_format": "pdf", **more})


def api() -> Any:
    return CloudConvertHook().get_conn().api


def jobs_of(task_id: str) -> int:
    return sum(f"/{task_id}/" in (job["tag"] or "") for job in api().pages("/jobs", {}))


def names() -> Any:
    """Arguments that would shadow something of Airflow's own, and operators without a text for one."""
    own = set(inspect.signature(BaseOperator.__init__).parameters)
    every = {(name, one.name) for name, made in operators.OPERATORS.items() for one in made.arguments}
    return {
        "operators": list(operators.OPERATORS),
        "clashing": sorted(one for one in every if one[1] in own or hasattr(BaseOperator, one[1])),
        "silent": [name for name, made in operators.OPERATORS.items() if not all(one.help for one in made.arguments)],
        "signature": str(inspect.signature(operators.MergeFilesOperator.__init__))[:120],
    }


def killed_after_create() -> Any:
    operator = convert(task_id="killed", deferrable=False)
    with contextlib.suppress(SystemError):
        operator.execute({"ti": Try("killed", dies=True)})
    ti = Try("killed", 2)
    outputs = operator.execute({"ti": ti})
    return {"jobs": jobs_of("killed"), "status": outputs["status"], "xcoms": ti.xcoms, "job_id": outputs["job_id"]}


def asks_for_something_else() -> Any:
    """A task that is cleared after its DAG was changed."""
    ids = [
        convert(task_id="changed", deferrable=False, output_format=kind).execute({"ti": Try("changed", number)})[
            "job_id"
        ]
        for number, kind in enumerate(("pdf", "jpg", "jpg"), 1)
    ]
    return {"other": ids[0] != ids[1], "same": ids[1] == ids[2]}


def failed_job_is_not_taken_up() -> Any:
    said = []
    for number in (1, 2):
        try:
            convert(task_id="failing", deferrable=False, input_file="http://127.0.0.1:1/none.png").execute(
                {"ti": Try("failing", number)}
            )
        except AirflowFailException as error:
            said.append(str(error))
    return {"jobs": jobs_of("failing"), "said": said}


def own_tag() -> Any:
    job = operators.CreateJobOperator(
        task_id="own",
        tag="mine",
        deferrable=False,
        input_files=[{"name": "i", "file": PICTURE}],
        tasks=[{"operation": "export/url", "name": "e", "input": ["i"]}],
    )
    job.execute({"ti": Try("own")})
    try:
        job.execute({"ti": Try("own", 2)})
    except AirflowFailException as error:
        return str(error)


def wrong_form() -> Any:
    try:
        convert(output_format="../pdf").execute({"ti": Try("wrong")})
    except AirflowFailException as error:
        return str(error)


def deferred(operator: Any, context: dict[str, Any]) -> tuple[TaskDeferred, Any]:
    """Where it left the worker, and its trigger as another process makes it anew."""
    try:
        operator.execute(context)
    except TaskDeferred as left:
        path, arguments = json.loads(json.dumps(left.trigger.serialize()))
        module, _, name = path.rpartition(".")
        return left, getattr(importlib.import_module(module), name)(**arguments)
    raise AssertionError("was not deferred")


async def first_event(trigger: Any) -> Any:
    async for event in trigger.run():
        return event.payload
    raise AssertionError("came to an end without an event")


def long_job() -> Any:
    operator = convert(task_id="long", input_file=SLOW, poll_interval=0.2, output_dir=RESULTS, file_name="long.pdf")
    left, trigger = deferred(operator, {"ti": Try("long")})
    event = asyncio.run(first_event(trigger))
    outputs = getattr(operator, left.method_name)({}, event)
    return {"event": event, "path": outputs["files"][0]["path"], "url": outputs["url"], "status": outputs["status"]}


def too_long() -> Any:
    operator = convert(task_id="too_long", input_file=SLOW + "?slow=3", poll_interval=0.2, wait_limit=1)
    left, trigger = deferred(operator, {"ti": Try("too_long")})
    try:
        getattr(operator, left.method_name)({}, asyncio.run(first_event(trigger)))
    except Exception as error:  # noqa: BLE001 - what it is is the result
        return [type(error).__name__, str(error)]


def sensor() -> Any:
    job_id = operators.ConvertFileOperator(task_id="s", input_file=SLOW, output_format="pdf", wait_limit=20)._made(
        api(), convert(input_file=SLOW).form(), Try("s")
    )
    waits = JobSensor(task_id="w", job_id=job_id, poll_interval=0.2)
    left, trigger = deferred(waits, {})
    outputs = getattr(waits, left.method_name)({}, asyncio.run(first_event(trigger)))
    return {"status": outputs["status"], "job_id": outputs["job_id"] == job_id, "url": outputs["url"]}


def events() -> Any:
    waits = NewJobEventSensor(task_id="n", events=["finished"], poll_interval=0.2)
    _, trigger = deferred(waits, {})
    job_id = convert(task_id="news", deferrable=False).execute({"ti": Try("news")})["job_id"]

    async def three() -> list[Any]:
        found = []
        async for event in trigger.run():
            found.append(event.payload)
            if event.payload["event"] == "job.finished":
                return found
        return found

    found = asyncio.run(three())
    AssetWatcher(name="jobs", trigger=NewJobEventTrigger(["finished"]))
    return {"events": [one["event"] for one in found], "jobs": {one["job_id"] for one in found} == {job_id}}


def everything_else() -> Any:
    return {
        "me": operators.GetMyInfoOperator(task_id="m").execute({})["email"],
        "jobs": len(operators.ListJobsOperator(task_id="l", limit=2).execute({})),
        "call": operators.MakeAPICallOperator(task_id="a", url="/v2/users/me", method="GET").execute({})["status_code"],
    }


if __name__ == "__main__":
    os.environ.setdefault("AIRFLOW_HOME", RESULTS)
    cases = [
        names, killed_after_create, asks_for_something_else, failed_job_is_not_taken_up, own_tag, wrong_form,
        long_job, too_long, sensor, events, everything_else,
    ]  # fmt: skip
    sys.stdout.write("RESULT" + json.dumps({case.__name__: case() for case in cases}))
