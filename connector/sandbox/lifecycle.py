"""The rules of a job's life, as pure functions over its tasks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from connector.sandbox.records import Status, Task

INPUT_TASK_FAILED = ("INPUT_TASK_FAILED", "Input task has failed")


class Decision(Enum):
    """What is to be done with a task now."""

    WAIT = "wait"
    START = "start"
    FAIL = "fail"


def decide(task: Task, known: Mapping[str, Task]) -> Decision:
    """Whether a waiting task can start. `known` has its input tasks by id; a deleted one is absent and counts as failed.

    An input that failed with `ignore_error` is passed over, as long as another input is left to work with.
    """
    inputs = [known.get(name) for name in task.inputs]
    if any(_failed(one) and not _ignored(one) for one in inputs):
        return Decision.FAIL
    if task.operation == "import/upload" or not all(one is not None and one.ended for one in inputs):
        return Decision.WAIT
    if inputs and all(_failed(one) for one in inputs):
        return Decision.FAIL
    return Decision.START


def outcome(tasks: Iterable[Task]) -> Status | None:
    """How the job of these tasks ended: error when one failed without `ignore_error`. None while one is not ended."""
    everything = list(tasks)
    if not all(task.ended for task in everything):
        return None
    return "error" if any(_failed(task) and not task.ignore_error for task in everything) else "finished"


def root_cause(tasks: Iterable[Task]) -> tuple[str, str]:
    """Code and message of the task because of which a job failed, not of those that only waited for it."""
    failed = [task for task in tasks if _failed(task)]
    first = next((task for task in failed if task.code != INPUT_TASK_FAILED[0]), failed[0] if failed else None)
    found = (first.code, first.message) if first else (None, None)
    return found[0] or "CONVERSION_FAILED", found[1] or "The job gave no file."


def usable(inputs: Iterable[Task]) -> list[Task]:
    """The input tasks whose files there are to work with."""
    return [task for task in inputs if task.status == "finished"]


def find_cycle(inputs: Mapping[str, Iterable[str]]) -> list[str]:
    """The names of tasks that wait for each other in a circle; empty when there is none."""
    left = {name: set(needs) & set(inputs) for name, needs in inputs.items()}
    while free := [name for name, needs in left.items() if not needs]:
        for name in free:
            del left[name]
        for needs in left.values():
            needs.difference_update(free)
    return sorted(left)


def _failed(task: Task | None) -> bool:
    return task is None or task.status == "error"


def _ignored(task: Task | None) -> bool:
    return task is not None and task.ignore_error
