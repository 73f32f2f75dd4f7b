"""Recipes: what a module does over the wire, as data.

A closed set of kinds. The Python run time executes them; every platform's emitter renders the same ones in its own
language. Wherever a recipe names a field, it is a field of the module's input form; a field that was left empty leaves
its parameter out of the request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Call:
    """One request. `path` is below `/v2` and may name fields in braces; `query` and `body` map parameters to fields.

    The outputs are the answer's `data`.
    """

    method: Method
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the request uses."""
        yield from (part.split("}")[0] for part in self.path.split("{")[1:])
        yield from self.query.values()
        yield from self.body.values()


@dataclass(frozen=True, init=False)
class Task:
    """The processing task of a job: `parameters` maps the API's parameter names to fields of the form.

    `options` names a field with names and values that go into the task beside its parameters.
    """

    operation: str
    parameters: Mapping[str, str]
    options: str | None

    def __init__(self, operation: str, *, options: str | None = None, **parameters: str) -> None:
        object.__setattr__(self, "operation", operation)
        object.__setattr__(self, "parameters", parameters)
        object.__setattr__(self, "options", options)

    @property
    def name(self) -> str:
        """What the task is called in the job; the API allows letters, digits, - and _ only."""
        return self.operation.replace("/", "-")


@dataclass(frozen=True)
class Job:
    """Imports of the files in field `inputs`, one task and `export/url`, in ONE create-job request.

    Then, as the form's `download` and `wait_limit` say: upload, wait, download. `inputs` is None for a task that needs
    no file (capture-website).
    """

    task: Task
    inputs: str | None = "input_file"

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the job uses."""
        yield from self.task.parameters.values()
        yield from (name for name in (self.inputs, self.task.options) if name)


Recipe = Call | Job
