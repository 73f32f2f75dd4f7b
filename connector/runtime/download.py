"""Runs a Download recipe: the files of a finished task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.api.endpoints import Api, Object
from connector.errors import InputError
from connector.forms import Fields
from connector.recipe import Download
from connector.runtime.call_request import in_path
from connector.runtime.failure import failure_of
from connector.runtime.job import download_all
from connector.runtime.options import Options
from connector.runtime.outputs import file_records, outputs_of
from connector.runtime.record import Record
from connector.runtime.wait import has_ended


def run_download(
    api: Api, recipe: Download, form: Mapping[str, Any], options: Options, outputs: type[Fields] | None
) -> Record:
    """All files of an export/url task, downloaded."""
    task = api.task(in_path(form[recipe.task], recipe.task))
    if task.get("status") == "error":
        raise failure_of(api, {"id": task.get("job_id"), "tasks": [task]})
    records = file_records(task)
    problem = _problem(task, records)
    if problem:
        raise InputError(
            f"The task {task['id']} {problem}.",
            fields={recipe.task: problem},
            hint="Give the ID of an export/url task that has finished.",
        )
    files = download_all(api, records, options, lambda: file_records(api.task(str(task["id"]))))
    return outputs_of(outputs, task, form, files)


def _problem(task: Object, records: list[dict[str, Any]]) -> str:
    if not has_ended(task):
        return f"is still {task.get('status')}; wait for it first"
    if not any(record["url"] for record in records):
        return f"is a task of the operation {task.get('operation')}, whose files have no download URL"
    return ""
