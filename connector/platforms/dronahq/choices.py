"""Drop-down lists: fixed ones, and those whose entries another action fetches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from connector.fields import Dynamic
from connector.platforms.dronahq.actions import ACTIONS, Action, number_of
from connector.platforms.dronahq.request import Variable, request_of


@dataclass(frozen=True)
class Source:
    """The action that fetches the entries, and where in its answer value and label of each are.

    With `unique` a value is shown once, however often it comes.
    """

    action: str
    value: str
    label: str
    unique: bool = False


_SOURCES: Mapping[str, Source] = {
    "input_formats": Source("AllSupportedFormats", "data.input_format", "data.input_format", unique=True),
    "output_formats": Source("FilterFormatsByInput", "data.output_format", "data.output_format"),
    "jobs": Source("ListJobs", "data.id", "data.tag"),
}
"""By the declaration's name of the list."""


def source_of(variable: Variable) -> Source | None:
    """Where the entries of a variable's list come from; None where they are fixed, or where there is no list."""
    return _SOURCES[variable.options.source] if isinstance(variable.options, Dynamic) else None


def bound(variable: Variable, action: Action) -> dict[str, str]:
    """What narrows a list: the variables of the action that fetches it, each with the key of the one that fills it."""
    source = source_of(variable)
    if source is None or not isinstance(variable.options, Dynamic):
        return {}
    fetching = request_of(next(one for one in ACTIONS if one.name == source.action)).variables
    own = {one.field: one.key for one in request_of(action).variables}
    return {one.key: own[one.field] for one in fetching if one.field in variable.options.depends_on}


def formula(variable: Variable, action: Action) -> str:
    """The list as DronaHQ stores it: "" for none, a JSON array, or a call of another action by its number."""
    source = source_of(variable)
    if source:
        inputs = ", ".join(f"{key}={{{{{own}}}}}" for key, own in bound(variable, action).items())
        call = f"BINDAPIPRESELECT([{source.value}, {source.label}], {number_of(source.action)}, [{inputs}])"
        return f"UNIQUE({call})" if source.unique else call
    entries = [{"id": choice.value, "name": choice.label} for choice in variable.choices]
    return json.dumps(entries) if entries else ""
