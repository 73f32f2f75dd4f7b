"""Jobs, single tasks and webhooks: what the modules send that are more than one call."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from connector.fields import Choice, Dynamic, Field, File, Text
from connector.forms import Fields
from connector.module import Module
from connector.modules import all_modules
from connector.modules.list_webhooks import ListWebhooks
from connector.modules.shared.results import TaskResult
from connector.platforms.openapi.answer import Tree, enveloped, sampled, tree_of
from connector.platforms.openapi.answer import job as job_tree
from connector.platforms.openapi.asked import asked, object_of
from connector.platforms.openapi.job import job_body
from connector.platforms.openapi.operations import Operation
from connector.recipe import CustomJob, Job, Webhook

Json = dict[str, Any]

TASK = str(TaskResult.all()["task_id"].example)
_IMPORTS = {"upload": "import/base64", "url": "import/url"}
"""The operation behind each way in which a file field takes its file, where a request may hold the file."""


@functools.cache
def created_job() -> Operation:
    """Any job: the examples are all modules that make one."""
    modules = [one for one in all_modules().values() if isinstance(one.recipe, Job | CustomJob)]
    own = next(one for one in modules if isinstance(one.recipe, CustomJob))
    form = own.Input.all()
    examples = {one.name(): (one.label, job_body(one, one.fill(one.examples[0]))) for one in modules}
    tasks = {
        "type": "object",
        "title": form["tasks"].label,
        "description": "The tasks by name: letters, digits, - and _. Files come from import tasks; only the files of an export/url task have addresses.",
        "additionalProperties": _any_task(),
        "example": examples[own.name()][1]["tasks"],
    }
    body = object_of({"tasks": tasks, **{key: asked(form[key]) for key in ("tag", "webhook_url")}}, ["tasks"])
    return _created(own.name(), own.label, own.summary(), own, "/jobs", body, examples, ("Job", {"data": job_tree()}))


def _any_task() -> Json:
    operation = {"type": "string", "description": "What the task does.", "example": "convert"}
    names = {"type": "array", "items": {"type": "string"}, "description": "The names of the tasks that it works on."}
    ignore = {"type": "boolean", "description": "Whether the job goes on when this task fails."}
    described = object_of({"operation": operation, "input": names, "ignore_error": ignore}, ["operation"])
    return described | {"additionalProperties": True, "description": "A task, with the parameters of its operation."}


def single_tasks() -> Iterator[Operation]:
    """One operation for each module with a processing task, and those that bring its files in and out."""
    modules = [one for one in all_modules().values() if isinstance(one.recipe, Job)]
    yield from (_importing(choice, modules[0]) for choice in File.choices)
    yield from (_processing(module, module.recipe) for module in modules if isinstance(module.recipe, Job))
    about = "Gives the files of finished tasks addresses, from which they are downloaded without a key for 24 hours."
    body = object_of({"input": inputs()}, ["input"])
    shown = {"ExportFiles": ("Export Files", {"input": [TASK]})}
    yield _created("ExportFiles", "Export Files", about, modules[0], "/export/url", body, shown, _task())


def _importing(choice: Choice, module: type[Module]) -> Operation:
    name = "".join(word.capitalize() if word.islower() else word for word in choice.label.split())
    path = f"/{_IMPORTS[choice.value]}"
    properties, required = import_parameters(choice.value)
    example = {key: one["example"] for key, one in properties.items() if key in required}
    about = f"{choice.label}: the first step before a task that works on the file. Its ID is that task's input."
    body = object_of(properties, required)
    return _created(name, choice.label, about, module, path, body, {name: (choice.label, example)}, _task())


def import_parameters(kind: str) -> tuple[dict[str, Json], list[str]]:
    """What an import task is told, and which of it must be there: for an `upload` the file itself, or its `url`."""
    name = asked(File.upload_fields["name"]) | {"example": "notes.txt"}
    if kind == "url":
        address = asked(File.url_fields["url"]) | {"example": "https://example.com/report.docx"}
        return {"url": address, "headers": asked(File.url_fields["headers"]), "filename": name}, ["url"]
    data = {"type": "string", "format": "byte", "example": "SGVsbG8="} | asked(File.upload_fields["data"])
    data["description"] += " As base64; for files up to 10 MB."
    return {"file": data, "filename": name}, ["file", "filename"]


def import_operation(kind: str) -> str:
    """The operation of the import task for that choice of a file field."""
    return _IMPORTS[kind]


def _processing(module: type[Module], recipe: Job) -> Operation:
    form, task = module.Input.all(), recipe.task
    properties: dict[str, Json] = {"input": inputs()} if recipe.inputs else {}
    properties |= {key: parameter(form[name]) for key, name in task.parameters.items()}
    required = ["input"] * bool(recipe.inputs) + [key for key, it in task.parameters.items() if form[it].required]
    body = object_of(properties, required)
    if task.options:
        body |= {"additionalProperties": True, "description": form[task.options].help}
    about = f"{module.summary()} A task of its own: its input are IDs of tasks, its files are fetched with ExportFiles."
    examples = {module.name(): (module.label, _example(module, recipe))}
    answered = _task() if recipe.export else (module.name(), {"data": _with_result(module.Output)})
    return _created(module.name(), module.label, about, module, f"/{task.operation}", body, examples, answered)


def inputs() -> Json:
    """The schema of a single task's input."""
    about = "The IDs of the tasks whose files it works on."
    return {"type": "array", "minItems": 1, "items": {"type": "string"}, "title": "Input", "description": about}


def parameter(field: Field) -> Json:
    """The schema of a task's parameter. A file is the name or the ID of the task that imports it."""
    if isinstance(field, File):
        return asked(Text(field.label, help=f"{field.help} The ID of the task that imports it."))
    return asked(field)


def _example(module: type[Module], recipe: Job) -> Json:
    tasks = job_body(module, module.fill(module.examples[0]))["tasks"]
    shown = {key: value for key, value in tasks[recipe.task.name].items() if key not in ("operation", "input")}
    return ({"input": [TASK]} if recipe.inputs else {}) | shown


def _task() -> tuple[str, Tree]:
    return "Task", {"data": tree_of(TaskResult)}


def _with_result(outputs: type[Fields]) -> Tree:
    task = tree_of(TaskResult)
    return task | {"result": {**task["result"], **tree_of(outputs).get("result", {})}}


def created_webhook() -> Operation:
    """The webhook behind the module that fires."""
    module, field = events()
    kinds = kinds_of(field)
    about = {"title": field.label, "description": field.help}
    chosen = {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(kinds), "x-choices": kinds}}
    url = asked(ListWebhooks.Input.all()["url"]) | {"description": "The address that CloudConvert calls."}
    body = object_of({"url": url, "events": chosen | about}, ["url", "events"])
    example = {"url": url["example"], "events": [f"job.{event}" for event in field.example]}
    secret = Text("Signing secret", help="The key of the signature that each call carries.", example="secret")
    tree = {"data": {**tree_of(ListWebhooks.Output), "signing_secret": secret}}
    label = "Create a Webhook"
    about_it = "Has CloudConvert call an address when something happens to a job."
    return _created(
        "CreateWebhook",
        label,
        about_it,
        module,
        "/webhooks",
        body,
        {"CreateWebhook": (label, example)},
        ("NewWebhook", tree),
    )


def kinds_of(events: Field) -> dict[str, str]:
    """What the API calls the events that can be chosen, with their labels. Only those of jobs are documented for webhooks."""
    choices = [] if isinstance(events.options, Dynamic) else events.options or []
    return {f"job.{choice.value}": choice.label for choice in choices}


def events() -> tuple[type[Module], Field]:
    """The module that fires, and its field with the events that are chosen."""
    module, recipe = next((one, it) for one in all_modules().values() if isinstance(it := one.recipe, Webhook))
    return module, module.Input.all()[recipe.events]


def _created(
    name: str,
    label: str,
    about: str,
    module: type[Module],
    path: str,
    body: Json,
    examples: dict[str, tuple[str, Json]],
    answered: tuple[str, Tree],
) -> Operation:
    thing, tree = answered
    return Operation(
        name,
        label,
        about,
        module.group,
        module.scopes,
        "POST",
        path,
        body=body,
        examples=examples,
        statuses=(201,),
        thing=thing,
        answer=enveloped(tree),
        sample=sampled(tree),
    )
