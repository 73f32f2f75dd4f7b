"""The body of a create-job request for a filled-in form whose files come from URLs: what examples show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.files import RemoteFile
from connector.module import Module
from connector.recipe import CustomJob, Job

Json = dict[str, Any]

EXPORT = "export"
"""The task whose files have addresses."""


def job_body(module: type[Module], form: Mapping[str, Any]) -> Json:
    """The body. Raises TypeError for a module whose recipe makes no job."""
    match module.recipe:
        case Job() as recipe:
            tasks = _tasks(recipe, form)
        case CustomJob() as recipe:
            tasks = _custom_tasks(recipe, form)
        case _:
            raise TypeError(f"{module.name()} makes no job.")
    return {"tasks": tasks} | {key: form[key] for key in ("tag", "webhook_url") if form.get(key)}


def import_name(number: int) -> str:
    """What the task is called that imports the first file, the second and so on."""
    return f"import-{number}"


def _tasks(recipe: Job, form: Mapping[str, Any]) -> Json:
    given = form.get(recipe.inputs) if recipe.inputs else []
    files = given if isinstance(given, list) else [given]
    tasks = {import_name(number): _import(file) for number, file in enumerate(files, 1)}
    main: Json = {"operation": recipe.task.operation} | ({"input": list(tasks)} if tasks else {})
    for key, name in recipe.task.parameters.items():
        value = form.get(name)
        if isinstance(value, RemoteFile):
            tasks[f"import-{key}"] = _import(value)
            main[key] = f"import-{key}"
        elif value is not None:
            main[key] = value
    tasks[recipe.task.name] = (form.get(recipe.task.options) or {} if recipe.task.options else {}) | main
    if recipe.export:
        tasks[EXPORT] = {"operation": "export/url", "input": [recipe.task.name]}
    return tasks


def _custom_tasks(recipe: CustomJob, form: Mapping[str, Any]) -> Json:
    tasks = {item["name"]: _import(item["file"]) for item in form.get(recipe.inputs) or []}
    for item in form[recipe.tasks]:
        parameters = {key: value for key, value in item.items() if key not in ("name", "options")}
        tasks[item["name"]] = {**item.get("options", {}), **parameters}
    return tasks


def _import(file: RemoteFile) -> Json:
    return {"operation": "import/url", "url": file.url} | ({"headers": dict(file.headers)} if file.headers else {})
