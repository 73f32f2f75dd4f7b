"""The arguments of an operator, from the fields of its module's form. Nothing of Airflow is needed here."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.fields import Field
from connector.hosts.airflow.form import DEFAULT_ID
from connector.module import Module, Trigger
from connector.modules import all_modules
from connector.recipe import CustomJob, Download, Job

REQUIRED = inspect.Parameter.empty
OWN: Mapping[str, Any] = {"cloudconvert_conn_id": DEFAULT_ID, "deferrable": True, "poll_interval": 5.0}
"""The arguments that every operator has, with their defaults."""

_RENAMED = {"task_id": "cloudconvert_task_id"}  # Airflow's own word
_TYPES = {
    "text": "str",
    "url": "str",
    "select": "str",
    "timestamp": "str",
    "integer": "int | str",
    "number": "float | str",
    "boolean": "bool | str",
    "multiselect": "Sequence[str] | str",
    "file": "str | PathLike[str] | Mapping[str, Any]",
    "files": "Sequence[str | PathLike[str] | Mapping[str, Any]] | str",
    "pairs": "Mapping[str, Any] | Sequence[Mapping[str, Any]]",
    "array": "Sequence[Mapping[str, Any]]",
    "collection": "Mapping[str, Any]",
    "any": "Any",
}
"""What a DAG may give for each kind of field; text also stands for templates."""


@dataclass(frozen=True)
class Argument:
    """An argument of an operator: its name there, the name of the field it fills in, and what a reader is told."""

    name: str
    field: str
    annotation: str
    default: Any
    help: str


def actions() -> list[type[Module]]:
    """The modules that become operators."""
    return [module for module in all_modules().values() if not issubclass(module, Trigger)]


def operator_name(module: type[Module]) -> str:
    """What the operator of a module is called."""
    return f"{module.name()}Operator"


def arguments_of(module: type[Module]) -> list[Argument]:
    """The arguments in the order of the dialog; required ones have no default.

    Files are downloaded by naming a folder for them, which takes the place of the field `download`.
    """
    fields = {name: field for name, field in module.Input.all().items() if name != "download"}
    return [_argument(name, field) for name, field in fields.items()] + list(_folder(module))


def is_job(module: type[Module]) -> bool:
    """Whether it makes a job."""
    return isinstance(module.recipe, Job | CustomJob)


def _argument(name: str, field: Field) -> Argument:
    unit = getattr(field, "unit", "")
    words = f"{field.help or field.label + '.'}{f' In {unit}.' if unit else ''}"
    annotation = _TYPES[field.kind]
    if name == "wait_limit":
        return Argument(
            name, name, f"{annotation} | None", None, f"{words} Without it the task waits until the work ends."
        )
    if field.required:
        return Argument(_RENAMED.get(name, name), name, annotation, REQUIRED, words)
    optional = annotation if annotation == "Any" else f"{annotation} | None"
    return Argument(_RENAMED.get(name, name), name, optional, field.default, words)


def _folder(module: type[Module]) -> Iterator[Argument]:
    path = "str | PathLike[str]"
    if isinstance(module.recipe, Download):
        yield Argument(
            "output_dir", "", path, REQUIRED, "The folder of the worker into which the files are downloaded."
        )
    elif "download" in module.Input.all():
        yield Argument(
            "output_dir",
            "",
            f"{path} | None",
            None,
            "Download the files into this folder of the worker; without it the outputs hold their URLs.",
        )


def summary_of(module: type[Module]) -> str:
    """The docstring of the operator, in the form in which Airflow shows parameters."""
    lines = [f":param {argument.name}: {argument.help}" for argument in arguments_of(module)]
    return "\n".join([module.summary(), "", *lines])
