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

    With `until_ended` the answer is awaited on the blocking host, up to the form's `wait_limit`.
    """

    method: Method
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    until_ended: bool = False

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the request uses."""
        yield from (part.split("}")[0] for part in self.path.split("{")[1:])
        yield from self.query.values()
        yield from self.body.values()
        yield from ["wait_limit"] * self.until_ended


@dataclass(frozen=True)
class Listing:
    """A list, page after page (`links.next`), up to the number in field `limit`; 0 means all.

    `expand` is what the API is asked to include in each item. A list that is not `paged` comes in one answer.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    limit: str = "limit"
    expand: str | None = None
    paged: bool = True

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the list uses."""
        yield from self.query.values()
        yield self.limit


@dataclass(frozen=True, init=False)
class Task:
    """The processing task of a job: `parameters` maps the API's parameter names to fields of the form.

    `options` names a field with names and values that go into the task beside its parameters. A parameter whose field
    holds a file becomes an import task of its own, and the parameter its name.
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
    no file (capture-website). Without `export` the task gives no file but a result, so its end is always awaited.
    The form's `tag` and `webhook_url` belong to the job.
    """

    task: Task
    inputs: str | None = "input_file"
    export: bool = True

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the job uses."""
        yield from self.task.parameters.values()
        yield from (name for name in (self.inputs, self.task.options) if name)


@dataclass(frozen=True)
class CustomJob:
    """A job whose tasks a person lists: files in field `inputs` (each with a name), tasks in field `tasks`."""

    inputs: str = "input_files"
    tasks: str = "tasks"

    def fields(self) -> Iterator[str]:
        """The names of the form's fields that the job uses."""
        yield from (self.inputs, self.tasks)


@dataclass(frozen=True)
class Download:
    """The files of the finished task that field `task` names."""

    task: str = "task_id"

    def fields(self) -> Iterator[str]:
        """The name of the form's field."""
        yield self.task


@dataclass(frozen=True)
class ApiCall:
    """A person's own request, held to the API's host and to the connection's key."""

    url: str = "url"
    method: str = "method"
    headers: str = "headers"
    query: str = "query"
    body: str = "body"

    def fields(self) -> Iterator[str]:
        """The names of the form's fields."""
        yield from (self.url, self.method, self.headers, self.query, self.body)


@dataclass(frozen=True)
class Webhook:
    """Fires when something happens to a job: attach, verify, detach. `events` names the field with the chosen events."""

    events: str = "events"

    def fields(self) -> Iterator[str]:
        """The name of the form's field."""
        yield self.events


Recipe = Call | Listing | Job | CustomJob | Download | ApiCall | Webhook
