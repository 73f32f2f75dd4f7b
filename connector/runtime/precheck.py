"""A filled-in form checked against what the service can do, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.api.endpoints import Api
from connector.catalogue import Catalogue, Checked, check_task, format_of, formats_in
from connector.recipe import CustomJob, Job
from connector.runtime.job_request import job_request


def check_form(api: Api, recipe: Job | CustomJob, form: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The form with its options in the service's types, and warnings. Raises InputError before any credit is spent."""
    catalogue = Catalogue(api)
    return _custom(catalogue, recipe, form) if isinstance(recipe, CustomJob) else _single(catalogue, recipe, form)


def _single(catalogue: Catalogue, recipe: Job, form: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    task = recipe.task
    value = form.get(recipe.inputs) if recipe.inputs else None
    formats = {format_of(file) for file in (value if isinstance(value, list) else [value]) if file is not None}
    checked = check_task(
        catalogue,
        task.operation,
        {parameter: form[name] for parameter, name in task.parameters.items() if name in form},
        form.get(task.options or "") or {},
        input_format=formats.pop() if len(formats) == 1 else None,
        options_field=task.options or "engine_options",
    )
    return _filled(form, task.options, checked), checked.warnings


def _custom(catalogue: Catalogue, recipe: CustomJob, form: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    files = {str(item["name"]): item["file"] for item in form.get(recipe.inputs) or []}
    formats = formats_in(job_request(recipe, form).body["tasks"], files)
    items: list[dict[str, Any]] = []
    warnings: list[str] = []
    for number, item in enumerate(form[recipe.tasks], 1):
        checked = check_task(
            catalogue,
            item["operation"],
            item,
            item.get("options") or {},
            input_format=formats[str(item["name"])],
            pair=True,
            prefix=f"{recipe.tasks}.{number}.",
            options_field="options",
        )
        items.append(_filled(item, "options", checked))
        warnings += checked.warnings
    return {**form, recipe.tasks: items}, tuple(warnings)


def _filled(form: Mapping[str, Any], field: str | None, checked: Checked) -> dict[str, Any]:
    return {**form, field: checked.values} if field and form.get(field) else dict(form)
