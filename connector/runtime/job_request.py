"""The body of a create-job request, from a recipe and a filled-in form. No I/O here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from connector.files import LocalFile, RemoteFile
from connector.recipe import Job, Task

EXPORT = "export"


def job_request(recipe: Job, form: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, LocalFile]]:
    """The request's body, and the files that must be uploaded by the name of their import task.

    The tag is unique, so that a job whose create answer was lost can be found again.
    """
    tasks: dict[str, Any] = {}
    uploads: dict[str, LocalFile] = {}
    for number, file in enumerate(_input_files(recipe, form), 1):
        name = f"import-{number}"
        tasks[name] = _import_task(file)
        if isinstance(file, LocalFile):
            uploads[name] = file
    tasks[recipe.task.name] = _main_task(recipe.task, form, list(tasks))
    tasks[EXPORT] = {"operation": "export/url", "input": [recipe.task.name]}
    return {"tasks": tasks, "tag": f"connector-{uuid.uuid4()}"}, uploads


def _input_files(recipe: Job, form: Mapping[str, Any]) -> list[LocalFile | RemoteFile]:
    value = form.get(recipe.inputs) if recipe.inputs else None
    return value if isinstance(value, list) else [] if value is None else [value]


def _import_task(file: LocalFile | RemoteFile) -> dict[str, Any]:
    if isinstance(file, LocalFile):
        return {"operation": "import/upload"}
    optional = {"headers": dict(file.headers), "filename": file.name}
    return {"operation": "import/url", "url": file.url, **{key: value for key, value in optional.items() if value}}


def _main_task(task: Task, form: Mapping[str, Any], imports: list[str]) -> dict[str, Any]:
    # Options first: a field of the form wins over an option that somebody gave the same name.
    options = form.get(task.options, {}) if task.options else {}
    parameters = {key: form[name] for key, name in task.parameters.items() if name in form}
    return {**options, "operation": task.operation, **({"input": imports} if imports else {}), **parameters}
