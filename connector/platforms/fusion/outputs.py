"""A module's declared outputs: how the platform describes them, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.fields import Field
from connector.forms import Fields
from connector.platforms.fusion.form import Form
from connector.platforms.fusion.iml import call, if_, items, literal, mapped, whole
from connector.recipe import Call, CustomJob, Download, Job, Listing, Recipe

COMPUTED = frozenset({"path", "expires_at"})
"""What the Python run time adds to each file itself. Expressions cannot rewrite every item of a list."""

FIRST_FILE = "files.0."
_TYPES = {"timestamp": "date", "integer": "integer", "boolean": "boolean", "url": "url", "any": "any", "array": "array"}


@dataclass(frozen=True)
class Thing:
    """What the API answered: the expression of the job or task, and that of the list of its files."""

    at: str
    files: str


def thing(recipe: Recipe, at: str) -> Thing:
    """A job or task at that expression, with the files that its answer holds."""
    return Thing(at, files_of_task(at) if _is_about_tasks(recipe) else files_of_job(at))


def files_of_job(at: str) -> str:
    """The files of a finished job's exports."""
    found = call("flatten", mapped(f"{at}.tasks", "result.files", "operation", "export/url"))
    return if_(f"{at}.status = 'finished'", found, "emptyarray")


def files_of_task(at: str) -> str:
    """The files of a finished task."""
    return if_(f"{at}.status = 'finished'", items(f"{at}.result.files"), "emptyarray")


def _is_about_tasks(recipe: Recipe) -> bool:
    return isinstance(recipe, Download) or (isinstance(recipe, Call | Listing) and recipe.path.startswith("/tasks"))


def gives_content(form: Form) -> bool:
    """Whether the module can hand on the content of files."""
    recipe = form.module.recipe
    downloads = isinstance(recipe, Download | CustomJob) or (isinstance(recipe, Job) and recipe.export)
    return downloads and "files" in form.module.Output.all()


def output(form: Form, found: Thing) -> dict[str, Any]:
    """The module's output: each declared one, taken from what was found."""
    made = {
        name: _source(form, found, field.source or name, form.module.Output)
        for name, field in form.module.Output.all().items()
    }
    return made | ({"data": whole(call("get", call("first", found.files), "'data'"))} if gives_content(form) else {})


def _source(form: Form, found: Thing, source: str, outputs: type[Fields]) -> Any:
    if source == "done":
        return True
    if source == ".":
        return whole(found.at)
    if source == "files":
        return whole(found.files)
    if source.startswith(FIRST_FILE):
        key = api_name(outputs, source.removeprefix(FIRST_FILE))
        return whole(call("get", call("first", found.files), literal(key)))
    if source.startswith("form."):
        return whole(form.at(source.removeprefix("form.")))
    if source.startswith("result.") and isinstance(form.module.recipe, Job):
        operation = form.module.recipe.task.operation
        return whole(call("first", mapped(f"{found.at}.tasks", source, "operation", operation)))
    return whole(f"{found.at}.{source}")


def api_name(outputs: type[Fields], name: str) -> str:
    """What the API calls a declared field of a file."""
    return outputs.all()["files"].nested()[name].source or name


def interface(form: Form) -> list[dict[str, Any]]:
    """The outputs as people see them who map them into later modules."""
    content = gives_content(form)
    made = []
    for name, field in form.module.Output.all().items():
        pair = content and field.source == f"{FIRST_FILE}name"
        made.append(_described(name, field, content=content) | (_FILE_NAME if pair else {}))
        if pair:
            made.append({"name": "data", "label": _data_label(form.module.Output)} | _FILE_DATA)
    return made


_FILE_NAME = {"type": "filename", "semantic": "file:name"}
_FILE_DATA = {"type": "buffer", "semantic": "file:data"}


def _data_label(outputs: type[Fields]) -> str:
    return outputs.all()["files"].nested()["data"].label


def _described(name: str, field: Field, *, content: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "type": _TYPES.get(field.kind, "text"), "label": field.label}
    if field.help:
        made["help"] = field.help
    if field.nested():
        made["spec"] = [
            _described(inner.source or key, inner, content=content) | _pair(key, content=content)
            for key, inner in field.nested().items()
            if key not in COMPUTED and (content or key != "data")
        ]
    return made


def _pair(key: str, *, content: bool) -> dict[str, Any]:
    """Name and content together make a file that later modules take as their source file."""
    return {"name": _FILE_NAME, "data": _FILE_DATA}.get(key, {}) if content else {}


def samples(form: Form) -> dict[str, Any]:
    """One bundle of outputs, from the declared examples."""
    return _samples(form.module.Output.all())


def _samples(fields: Mapping[str, Field]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, field in fields.items():
        if field.nested():
            inside = {key: it for key, it in field.nested().items() if key not in COMPUTED}
            made[name] = [{inside[key].source or key: example for key, example in _samples(inside).items()}]
        elif field.example is not None:
            made[name] = field.example
    return made
