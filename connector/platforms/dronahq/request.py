"""What an action sends, from the module's recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connector.fields import Choice, Dynamic, Field, File
from connector.platforms.dronahq.actions import Action, Input
from connector.recipe import Call, Job, Listing, Method

Place = Literal["query", "param", "body"]
Json = dict[str, Any]

EXPORT = "export-my-file"
"""The name of the task whose files have addresses."""


@dataclass(frozen=True)
class Variable:
    """A value that a person fills in: where it goes and under which name, and what they read beside it.

    `field` is the module's field, `options` the entries of its drop-down list.
    """

    place: Place
    name: str
    field: str
    label: str
    help: str
    mandatory: bool
    example: str
    options: Sequence[Choice] | Dynamic | None

    @property
    def key(self) -> str:
        """The name by which forms and bindings call it, e.g. `body.FileURL`."""
        return f"{self.place}.{self.name}"

    @property
    def choices(self) -> Sequence[Choice]:
        """The entries of its list, where they are fixed."""
        return () if self.options is None or isinstance(self.options, Dynamic) else self.options

    @property
    def test_value(self) -> str:
        """What is sent in a test: nothing for what a person may leave empty."""
        return self.example if self.mandatory else ""


@dataclass(frozen=True)
class Request:
    """A request: `path` is below `/v2` with variables in single braces, the texts of `body` hold them in double ones."""

    method: Method
    path: str
    variables: tuple[Variable, ...]
    constants: Mapping[str, str]
    body: Json | None = None

    def query(self) -> dict[str, str]:
        """Every parameter of the query with the value that a test sends."""
        asked = {one.name: one.test_value for one in self.variables if one.place == "query"}
        return {**asked, **self.constants}


def request_of(action: Action) -> Request:
    """The request of an action. Raises TypeError for a module whose recipe is none of those that the seven have."""
    names = {given.field: given.variable for given in action.inputs}
    match action.module.recipe:
        case Call() as call:
            path = call.path.format_map({name: f"{{{variable}}}" for name, variable in names.items()})
            path += "/wait" * call.until_ended
            return Request(call.method, path, _variables(action, "param"), action.constants)
        case Listing() as listing:
            parameters = {name: parameter for parameter, name in listing.query.items()}
            return Request("GET", listing.path, _variables(action, "query", parameters), action.constants)
        case Job() as job:
            return Request("POST", "/jobs", _variables(action, "body"), action.constants, _body(job, names))
    raise TypeError(f"{action.name} cannot be made from {action.module.name()}: its recipe is no call, list or job.")


def _variables(action: Action, place: Place, names: Mapping[str, str] | None = None) -> tuple[Variable, ...]:
    fields = action.module.Input.all()
    return tuple(
        _variable(place, given, fields[given.field], (names or {}).get(given.field, given.variable))
        for given in action.inputs
    )


def _variable(place: Place, given: Input, field: Field, name: str) -> Variable:
    # A file can only be given by its URL here: the platform's actions upload nothing.
    shown = field.url_fields["url"] if isinstance(field, File) else field
    return Variable(
        place,
        name,
        given.field,
        given.label or shown.label,
        shown.help,
        field.required,
        str(field.example),
        field.options,
    )


def _body(recipe: Job, names: Mapping[str, str]) -> Json:
    """The job under DronaHQ's names of tasks."""
    values = {field: f"{{{{{variable}}}}}" for field, variable in names.items()}
    parameters = {key: values[field] for key, field in recipe.task.parameters.items() if field in values}
    main = f"{recipe.task.name}-my-file" if recipe.inputs else recipe.task.name
    tasks: Json = dict(_import(recipe, values))
    tasks[main] = {"operation": recipe.task.operation, **({"input": list(tasks)} if tasks else {}), **parameters}
    tasks[EXPORT] = {"operation": "export/url", "input": [main]}
    return {"tasks": tasks, "tag": values["tag"]}


def _import(recipe: Job, values: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
    if recipe.inputs:
        yield "import-my-file", {"operation": "import/url", "url": values[recipe.inputs]}
