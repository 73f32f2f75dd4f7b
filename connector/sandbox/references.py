"""Parameters that name a task: the task waits for that one, and its file goes to the engine after the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connector.sandbox.engines.base import EngineError
from connector.sandbox.records import Task

PARAMETERS: dict[str, tuple[str, ...]] = {"watermark": ("image",)}
"""The operations that have such parameters, with their names."""


def named(operation: str, payload: Mapping[str, object]) -> dict[str, str]:
    """The parameters that are filled in, each with the name or id of a task."""
    given = ((name, payload.get(name)) for name in PARAMETERS.get(operation, ()))
    return {name: str(value) for name, value in given if value not in (None, "")}


def split(task: Task, inputs: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    """The tasks whose files are worked on, and those that parameters name, in the order of the parameters.

    Raises EngineError where a named task gave no file.
    """
    wanted = named(task.operation, task.payload)
    if not wanted:
        return list(inputs), []
    listed = task.payload.get("input")
    main = [one for one in inputs if isinstance(listed, list) and (one.id in listed or one.name in listed)]
    return main, [_giver(parameter, name, inputs) for parameter, name in wanted.items()]


def options_of(task: Task) -> dict[str, object]:
    """The task's payload without the parameters that name tasks: what may be options for an engine."""
    wanted = named(task.operation, task.payload)
    return {name: value for name, value in task.payload.items() if name not in wanted}


def _giver(parameter: str, name: str, inputs: Sequence[Task]) -> Task:
    found = next((one for one in inputs if name in (one.id, one.name) and one.files), None)
    if found is None:
        raise EngineError("INVALID_OPTION", f"The {parameter} task {name} gave no file; name a task that imports one.")
    return found
