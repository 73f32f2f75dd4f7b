"""What must hold between the files and tasks of a job that a person puts together. Found before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_WITHOUT_INPUT = ("import/", "capture-website")
_WITHOUT_FILES = ("metadata",)

Task = Mapping[str, Any]
Problems = dict[str, Any]


def problems(files: Sequence[Mapping[str, Any]], tasks: Sequence[Task]) -> Problems:
    """What is wrong, by field and position, in the form of marshmallow's messages; empty where all is well."""
    if not tasks:
        return {"tasks": "needs at least one task"}
    names = [str(item["name"]) for item in [*files, *tasks]]
    found: Problems = {}
    for position, item in enumerate([*files, *tasks]):
        where, index = ("input_files", position) if position < len(files) else ("tasks", position - len(files))
        for field, problem in _problems_of(item, names, position, is_task=where == "tasks"):
            found.setdefault(where, {}).setdefault(index, {})[field] = [problem]
    return found or _problems_of_the_whole(tasks)


def _problems_of(
    item: Mapping[str, Any], names: list[str], position: int, *, is_task: bool
) -> Iterator[tuple[str, str]]:
    name = names[position]
    if not _NAME.fullmatch(name):
        yield "name", "may only have letters, digits, - and _"
    if name in names[:position]:
        yield "name", f"{name!r} is already taken"
    if not is_task:
        return
    inputs = item.get("input") or []
    for unknown in [each for each in inputs if each not in names]:
        yield "input", f"{unknown!r} is neither a file nor a task of this job"
    if not inputs and not str(item["operation"]).startswith(_WITHOUT_INPUT):
        yield "input", f"is required for {item['operation']}"


def _problems_of_the_whole(tasks: Sequence[Task]) -> Problems:
    inputs = {str(task["name"]): list(task.get("input") or []) for task in tasks}
    for index, name in enumerate(inputs):
        if name in _reached_from(name, inputs):
            return {"tasks": {index: {"input": ["go round in a circle: the task waits for its own result"]}}}
    if not any(str(task["operation"]).startswith(("export/", *_WITHOUT_FILES)) for task in tasks):
        return {"tasks": "needs a task export/url, or nobody can fetch the result"}
    return {}


def _reached_from(name: str, inputs: Mapping[str, Sequence[str]]) -> set[str]:
    """Every task whose result the named one needs."""
    reached: set[str] = set()
    waiting = list(inputs[name])
    while waiting:
        current = waiting.pop()
        if current not in reached:
            reached.add(current)
            waiting.extend(inputs.get(current, ()))
    return reached
