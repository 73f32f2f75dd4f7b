"""Checks a scenario without running it: modules, fields, values, and every mapped path against the declared outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from connector import modules
from connector.errors import InputError
from connector.fields import Collection
from connector.module import Module, Trigger
from connector.recipe import CustomJob, Job
from connector.scenario.document import Place, read
from connector.scenario.expressions import Expression, expression, is_dynamic, setting, texts
from connector.scenario.problems import Problem, Problems, error_for
from connector.scenario.reading import survey
from connector.scenario.references import Reference
from connector.scenario.scenario import Scenario, Step
from connector.scenario.shapes import field_at, misled, module_of, scope_of
from connector.scenario.values import wrong_values


def check(path: Path) -> list[Problem]:
    """Everything that is wrong with the scenario in a file, in its order. Raises InputError where it is no YAML."""
    scenario, problems = survey(read(path))
    for step in scenario.steps:
        _check_step(scenario, step, problems)
    return list(problems)


def checked(path: Path) -> Scenario:
    """The scenario in a file. Raises InputError for the first problem, naming all of them in `fields`."""
    scenario, problems = survey(read(path))
    for step in scenario.steps:
        _check_step(scenario, step, problems)
    if problems:
        raise error_for(str(path), list(problems))
    return scenario


def _check_step(scenario: Scenario, step: Step, problems: Problems) -> None:
    place: Place = ("steps", step.number)
    if step.module:
        _check_module(step, place, problems)
    _check_expressions(scenario, step, place, problems)


def _check_module(step: Step, place: Place, problems: Problems) -> None:
    try:
        module = modules.find(step.module)
    except InputError as error:
        problems.add((*place, "module"), error.message)
        return
    if issubclass(module, Trigger):
        problems.add((*place, "module"), f"{module.name()} waits for events; it cannot be a step")
        return
    for inner, problem in wrong_values(module, with_download(step, module)):
        problems.add((*place, "parameters", *inner), problem)


def with_download(step: Step, module: type[Module]) -> Mapping[str, Any]:
    """The parameters; an output folder means that the files are wanted."""
    if step.output_dir is not None and "download" in module.Input.all() and "download" not in step.parameters:
        return {**step.parameters, "download": True}
    return step.parameters


def _check_expressions(scenario: Scenario, step: Step, place: Place, problems: Problems) -> None:
    scope = scope_of(scenario, step)
    # The list is made, before there is an item of it.
    outside = scope_of(scenario, replace(step, for_each=None))
    if step.for_each is not None:
        scope = _with_item(scope, _check_for_each(scenario, step, outside, place, problems))
    if isinstance(step.when, str):
        _check_text(scenario, step, scope, (*place, "when"), step.when, problems, bare=True)
    for key in ("parameters", "output_dir"):
        for inner, text in texts(getattr(step, key)):
            _check_text(scenario, step, scope, (*place, key, *inner), text, problems)
    for key in ("id", "module", "connection"):
        if is_dynamic(getattr(step, key)):
            problems.add((*place, key), "cannot hold an expression")


def _check_for_each(
    scenario: Scenario, step: Step, scope: Collection, place: Place, problems: Problems
) -> Expression | None:
    """The expression that gives the list, if it is one."""
    if isinstance(step.for_each, str):
        return _check_text(scenario, step, scope, (*place, "for_each"), step.for_each, problems, bare=True)
    for inner, text in texts(step.for_each):
        _check_text(scenario, step, scope, (*place, "for_each", *inner), text, problems)
    return None


def _with_item(scope: Collection, source: Expression | None) -> Collection:
    """What is known of the entries of a list is known of the item."""
    entries = field_at(source.references[0], scope) if source and source.is_reference else None
    if entries is None or entries.kind != "array":
        return scope
    return Collection(scope.label, {**scope.nested(), "item": Collection("Item", entries.nested())})


def _check_text(
    scenario: Scenario,
    step: Step,
    scope: Collection,
    place: Place,
    text: str,
    problems: Problems,
    *,
    bare: bool = False,
) -> Expression | None:
    try:
        understood = setting(text) if bare else expression(text)
    except InputError as error:
        problems.add(place, error.message)
        return None
    for reference in understood.references:
        problem = _too_early(scenario, step, reference) or misled(reference, scope) or _not_awaited(scenario, reference)
        if problem:
            problems.add(place, problem)
    return understood


def _too_early(scenario: Scenario, step: Step, reference: Reference) -> str | None:
    if (
        len(reference) < 2
        or reference[0] != "steps"
        or reference[1] not in [s.id for s in scenario.steps[step.number :]]
    ):
        return None
    if reference[1] in [earlier.id for earlier in scenario.steps[: step.number]]:
        return None
    if reference[1] == step.id:
        return f"the step {step.id!r} cannot use its own outputs"
    return f"the step {reference[1]!r} comes later; only outputs of earlier steps can be used"


_OF_THE_END = {"file_name", "files", "size", "url"}


def _not_awaited(scenario: Scenario, reference: Reference) -> str | None:
    """A job that is not waited for has no files yet: the path is right, and yet there will never be anything."""
    source = next((step for step in scenario.steps if len(reference) > 1 and reference[:2] == ("steps", step.id)), None)
    module = module_of(source) if source else None
    if source is None or module is None or not _waits_only_when_told(module):
        return None
    wanted = next((part for part in reference[2:] if isinstance(part, str) and part != "items"), None)
    download = with_download(source, module).get("download", module.Input.all()["download"].default)
    if wanted not in _OF_THE_END or is_dynamic(download) or _says_yes(download):
        return None
    return (
        f"the step {source.id!r} does not wait for its files: give it download: true, "
        "or wait in a step of its own with WaitForJob"
    )


def _waits_only_when_told(module: type[Module]) -> bool:
    makes_files = isinstance(module.recipe, CustomJob) or (isinstance(module.recipe, Job) and module.recipe.export)
    return makes_files and "download" in module.Input.all()


def _says_yes(value: Any) -> bool:
    return value not in (None, "") and str(value).lower() not in ("false", "no", "off", "0")
