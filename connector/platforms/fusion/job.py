"""The recipes Job and CustomJob: create, upload, wait, download, in steps of which each is made where it is needed."""

from __future__ import annotations

from typing import Any

from connector.fields import Field, File
from connector.platforms.fusion.form import Form
from connector.platforms.fusion.iml import call, if_, if_empty, length, mapped, pairs, whole
from connector.platforms.fusion.imports import Import, beside, one_or_many
from connector.platforms.fusion.limits import MOST
from connector.platforms.fusion.outputs import Thing, files_of_job, output, thing
from connector.platforms.fusion.request import request, spread
from connector.platforms.fusion.transfer import FILES, downloads, joined, upload
from connector.platforms.fusion.value import value
from connector.platforms.fusion.wait import waiting
from connector.recipe import CustomJob, Job, Task

Json = dict[str, Any]


def job_steps(form: Form, recipe: Job) -> list[Json]:
    """A module whose job has one task."""
    files = one_or_many(form.fields[recipe.inputs], form.at(recipe.inputs)) if recipe.inputs else []
    others = [
        beside(f"import-{parameter}", form.at(name))
        for parameter, name in recipe.task.parameters.items()
        if isinstance(form.fields[name], File)
    ]
    imports = [*files, *others]
    name = recipe.task.name
    tasks: Json = {each.name: each.task for each in imports}
    tasks[name] = _main(form, recipe.task, _input(form, recipe, files))
    if recipe.export:
        tasks["export"] = {"operation": "export/url", "input": [name]}
    return _steps(form, recipe, tasks, imports, _sanitized(form, recipe, imports))


def _input(form: Form, recipe: Job, files: list[Import]) -> Json:
    if not recipe.inputs:
        return {}
    if form.fields[recipe.inputs].kind == "files":
        return {"input": whole(call("slice", "temp.names", "0", length(form.at(recipe.inputs))))}
    return {"input": [each.name for each in files]}


def _main(form: Form, task: Task, given: Json) -> Json:
    parameters = {
        key: whole(_parameter(key, form.fields[name], form.at(name))) for key, name in task.parameters.items()
    }
    rest: Json = {"operation": task.operation, **given, **parameters}
    return spread(pairs(form.at(task.options)), **rest) if task.options else rest


def _parameter(key: str, field: Field, at: str) -> str:
    return if_(beside(f"import-{key}", at).wanted, f"'import-{key}'") if isinstance(field, File) else value(field, at)


def _sanitized(form: Form, recipe: Job, imports: list[Import]) -> list[str]:
    """Where the request holds secrets that the platform's log must not show."""
    secret = [key for key, name in recipe.task.parameters.items() if form.fields[name].secret]
    tasks = "request.body.tasks"
    return [*[f"{tasks}.{recipe.task.name}.{key}" for key in secret], *[f"{tasks}.{it.name}.headers" for it in imports]]


def custom_job_steps(form: Form, recipe: CustomJob) -> list[Json]:
    """A job whose files and tasks a person lists. The names are the person's, so the keys are expressions."""
    files, tasks = form.at(recipe.inputs), form.at(recipe.tasks)
    imports = [
        Import(
            whole(if_empty(f"{files}[{number}].name", f"'no-import-{number}'")),
            f"{files}[{number}].file",
            f"temp.import_{number}",
            f"{files}[{number}].name",
        )
        for number in range(1, MOST + 1)
    ]
    fields = form.fields[recipe.tasks].nested()
    body = {each.name: whole(if_(each.wanted, each.kept or "")) for each in imports}
    temp: Json = {f"import_{number}": each.described() for number, each in enumerate(imports, 1)}
    for number in range(1, MOST + 1):
        at = f"{tasks}[{number}]"
        body[whole(if_empty(f"{at}.name", f"'no-task-{number}'"))] = whole(
            if_(f"{at}.operation", f"temp.task_{number}")
        )
        temp[f"task_{number}"] = _listed(fields, at)
    return _steps(form, recipe, body, imports, ["request.body.tasks"], temp)


def _listed(fields: Any, at: str) -> Json:
    rest = {key: whole(value(field, f"{at}.{key}")) for key, field in fields.items() if key not in ("name", "options")}
    return spread(pairs(f"{at}.options"), **rest)


def _steps(
    form: Form, recipe: Job | CustomJob, tasks: Json, imports: list[Import], secret: list[str], temp: Json | None = None
) -> list[Json]:
    export = isinstance(recipe, CustomJob) or recipe.export
    wanted = form.at("download") if export else None
    waits = waiting(
        "job",
        "temp.job.id",
        form.at("wait_limit"),
        condition=wanted,
        must_finish=True,
        **({"files": whole(files_of_job("body.data"))} if export else {}),
    )
    end: Json = {
        "response": {"output": output(form, Thing("temp.job", joined()) if export else thing(recipe, "temp.job"))}
    }
    return [
        _create(form, tasks, {**_kept(imports), **(temp or {})}, secret),
        *([_look_for_forms()] if imports else []),
        *[upload(each) for each in imports],
        *waits,
        *(downloads() if export else []),
        ({"temp": FILES} if export else {}) | end,
    ]


def _kept(imports: list[Import]) -> Json:
    """Objects to choose from, since expressions cannot make any."""
    kept: Json = {each.kept.removeprefix("temp."): each.described() for each in imports if each.kept}
    many = [each.name for each in imports if each.numbered]
    return kept | ({"names": many} if many else {})


def _create(form: Form, tasks: Json, temp: Json, secret: list[str]) -> Json:
    body = {
        "tasks": tasks,
        "tag": whole(value(form.fields["tag"], form.at("tag"))),
        "webhook_url": whole(value(form.fields["webhook_url"], form.at("webhook_url"))),
    }
    made = request("POST", "/jobs", body=body, response={"temp": {"job": "{{body.data}}"}})
    if secret:
        made["log"] = {"sanitize": ["request.headers.authorization", *secret]}
    return ({"temp": temp} if temp else {}) | made


def _look_for_forms() -> Json:
    """The form of an upload may take a moment to be made: then the job is read until it is there."""
    missing = f"!first({mapped('{}.tasks', 'result.form.url', 'operation', 'import/upload')})"
    uploads = length(mapped("temp.job.tasks", "id", "operation", "import/upload"))
    repeat = {
        "condition": whole(f"statusCode < 400 && {missing.replace('{}', 'body.data')}"),
        "delay": 1000,
        "limit": 10,
    }
    made = request("GET", "/jobs/{{temp.job.id}}", repeat=repeat, response={"temp": {"job": "{{body.data}}"}})
    return {"condition": whole(f"{uploads} > 0 && {missing.replace('{}', 'temp.job')}"), **made}
