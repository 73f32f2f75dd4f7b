"""The body of a create-job request, from a recipe and a filled-in form. No I/O here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from connector.files import LocalFile, RemoteFile
from connector.recipe import CustomJob, Job, Task

EXPORT = "export"


@dataclass(frozen=True)
class JobRequest:
    """What is to be sent: the body, and the files to upload by the name of their import task.

    The API has no idempotency key. A job whose create answer was lost is known again by its tag, which is unique unless
    a person gave one of their own. Then the name of its last task carries the mark, so that their tag survives;
    where that name is the person's too (a CustomJob), the job cannot be known again.
    """

    body: dict[str, Any]
    uploads: dict[str, LocalFile]
    mark: Literal["tag", "task"] | None

    @property
    def tag(self) -> str:
        """The tag that the job is listed under."""
        return str(self.body["tag"])

    @property
    def recognize(self) -> Callable[[Mapping[str, Any]], bool] | None:
        """Tells whether a listed job, with its tasks, is the one that this request made; None if nothing can."""
        return self._is_answered_by if self.mark else None

    def _is_answered_by(self, job: Mapping[str, Any]) -> bool:
        names = {task.get("name") for task in job.get("tasks") or []}
        return job.get("tag") == self.tag and (self.mark == "tag" or names == set(self.body["tasks"]))


def job_request(recipe: Job | CustomJob, form: Mapping[str, Any], tag: str | None = None) -> JobRequest:
    """The request of a filled-in form. `tag` is a unique tag to use instead of a new one."""
    own_tag = form.get("tag")
    unique = tag or f"connector-{uuid.uuid4()}"
    webhook = {"webhook_url": form["webhook_url"]} if form.get("webhook_url") else {}
    if isinstance(recipe, CustomJob):
        tasks, uploads = _custom_tasks(recipe, form)
        mark: Literal["tag", "task"] | None = None if own_tag else "tag"
    else:
        mark = "task" if own_tag else "tag"
        tasks, uploads = _tasks(recipe, form, f"-{unique[-12:]}" if own_tag else "")
    return JobRequest({"tasks": tasks, "tag": own_tag or unique, **webhook}, uploads, mark)


def _tasks(recipe: Job, form: Mapping[str, Any], mark: str) -> tuple[dict[str, Any], dict[str, LocalFile]]:
    files = {f"import-{number}": file for number, file in enumerate(_input_files(recipe, form), 1)}
    beside = {
        f"import-{parameter}": form[name]
        for parameter, name in recipe.task.parameters.items()
        if _is_file(form.get(name))
    }
    tasks = {name: _import_task(file) for name, file in {**files, **beside}.items()}
    main = recipe.task.name if recipe.export else recipe.task.name + mark
    tasks[main] = _main_task(recipe.task, form, list(files))
    if recipe.export:
        tasks[EXPORT + mark] = {"operation": "export/url", "input": [main]}
    return tasks, {name: file for name, file in {**files, **beside}.items() if isinstance(file, LocalFile)}


def _is_file(value: Any) -> bool:
    return isinstance(value, LocalFile | RemoteFile)


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
    given = {key: name for key, name in task.parameters.items() if name in form}
    parameters = {key: f"import-{key}" if _is_file(form[name]) else form[name] for key, name in given.items()}
    return {**options, "operation": task.operation, **({"input": imports} if imports else {}), **parameters}


def _custom_tasks(recipe: CustomJob, form: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, LocalFile]]:
    files = {str(item["name"]): item["file"] for item in form.get(recipe.inputs) or []}
    tasks = {name: _import_task(file) for name, file in files.items()}
    for item in form[recipe.tasks]:
        parameters = {key: value for key, value in item.items() if key not in ("name", "options")}
        tasks[str(item["name"])] = {**item.get("options", {}), **parameters}
    return tasks, {name: file for name, file in files.items() if isinstance(file, LocalFile)}
