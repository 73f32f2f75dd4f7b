"""The bodies of the actions that make a job: the same one request as everywhere, as a form with fixed names of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from connector.fields import Choice, Dynamic, Field, File, Files
from connector.module import Module
from connector.platforms.openapi.asked import asked, object_of
from connector.platforms.openapi.job import EXPORT, import_name
from connector.platforms.openapi.tasks import import_operation, import_parameters
from connector.platforms.power_platform.lists import in_body
from connector.platforms.power_platform.schema import Json, converted, internal
from connector.recipe import CustomJob, Job, Task

MOST = 5
"""So many files an action with several of them has room for; the platform's forms cannot grow."""


def job_schema(module: type[Module], recipe: Job) -> Json:
    """The body of an action with one processing task."""
    form, task = module.Input.all(), recipe.task
    places = {name: f"tasks/{task.name}/{key}" for key, name in task.parameters.items()}
    imports = _imports(form[recipe.inputs]) if recipe.inputs else {}
    needed = list(imports)[: _minimum(form[recipe.inputs])] if recipe.inputs else []
    tasks = imports | _beside(form, task) | {task.name: _main(form, task, list(imports))}
    needed.append(task.name)
    if recipe.export:
        tasks[EXPORT] = object_of(
            {"operation": internal("export/url"), "input": internal(task.name)}, ["operation", "input"]
        )
        needed.append(EXPORT)
    return _whole(object_of(tasks, needed), form, places)


def custom_job_schema(module: type[Module], recipe: CustomJob) -> Json:
    """The body of the action whose tasks a person lists. The files are imported by tasks of the list, too."""
    form = module.Input.all()
    row = {name: asked(field) for name, field in form[recipe.tasks].nested().items() if field.kind != "pairs"}
    imports = _import_fields()
    operation = row["operation"]
    operation["enum"] = [*imports["operation"]["enum"], *operation["enum"]]
    operation["x-choices"] = {**imports["operation"]["x-choices"], **operation["x-choices"]}
    more = {name: one for name, one in imports.items() if name not in row}
    files = {"url": row["url"] | {"description": "The address of the file to import, or of the web page."}}
    item = object_of({"name": row["name"], "operation": operation} | row | files | more, ["name", "operation"])
    tasks = {"type": "array", "title": form[recipe.tasks].label, "description": form[recipe.tasks].help, "items": item}
    return _whole(tasks, form, {})


def _whole(tasks: Json, form: Mapping[str, Field], places: Mapping[str, str]) -> Json:
    settings = {name: asked(form[name]) for name in ("tag", "webhook_url")}
    made: Json = converted(object_of({"tasks": tasks, **settings}, ["tasks"]), partial(_list, places=places))
    return made


def _list(options: Dynamic, places: Mapping[str, str]) -> Json:
    return in_body(options, places)


def _minimum(field: Field) -> int:
    return field.minimum if isinstance(field, Files) else 1


def _imports(field: Field) -> dict[str, Json]:
    """The import tasks by name; those that may be left empty are shown on demand."""
    if not isinstance(field, Files):
        return {import_name(1): _import(field.label, shown=True)}
    numbers = range(1, MOST + 1)
    return {import_name(n): _import(f"{field.item_label} {n}", shown=n <= field.minimum) for n in numbers}


def _import(label: str, *, shown: bool) -> Json:
    fields = {name: one | {"title": f"{label}: {one['title']}"} for name, one in _import_fields().items()}
    if not shown:
        fields = {name: one | {"x-advanced": True} for name, one in fields.items()}
    return object_of(fields, ["operation"])


def _import_fields() -> dict[str, Json]:
    """A file field as its choice and everything that one of the entries asks for."""
    kinds = {import_operation(choice.value): choice.label for choice in File.choices}
    choice = {"type": "string", "title": "Source", "description": "Where the file comes from.", "enum": list(kinds)}
    made: dict[str, Json] = {"operation": choice | {"x-choices": kinds}}
    for one in File.choices:
        for name, schema in import_parameters(one.value)[0].items():
            made[name] = schema if name in made else _for(one, schema)
    return made | {"filename": import_parameters("url")[0]["filename"]}


def _for(choice: Choice, schema: Json) -> Json:
    return schema | {"description": f"{schema['description']} For: {choice.label}."}


def _beside(form: Mapping[str, Field], task: Task) -> dict[str, Json]:
    """The import tasks of files that are parameters."""
    files = [(key, form[name]) for key, name in task.parameters.items() if isinstance(form[name], File)]
    return {f"import-{key}": _import(field.label, shown=True) for key, field in files}


def _main(form: Mapping[str, Field], task: Task, imports: list[str]) -> Json:
    properties: dict[str, Json] = {"operation": internal(task.operation)}
    if imports:
        properties["input"] = internal(imports[0]) if len(imports) == 1 else _chosen(imports)
    properties |= {key: _parameter(key, form[name]) for key, name in task.parameters.items()}
    required = [name for name in ("operation", "input") if name in properties]
    return object_of(properties, required + [key for key, name in task.parameters.items() if form[name].required])


def _chosen(imports: list[str]) -> Json:
    about = "Which of the files above are filled in, in the order in which the task takes them."
    names = {name: f"File {number}" for number, name in enumerate(imports, 1)}
    item = {"type": "string", "enum": imports, "x-choices": names}
    return {"type": "array", "title": "Files", "description": about, "items": item, "example": imports[:2]}


def _parameter(key: str, field: Field) -> Json:
    if not isinstance(field, File):
        return asked(field)
    name = f"import-{key}"
    use: dict[str, Any] = {"enum": [name], "x-choices": {name: f"The {field.label.lower()} above"}}
    return {"type": "string", "title": field.label, "description": "Choose it when you have given one above."} | use
