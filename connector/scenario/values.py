"""Checks the parameters of a step against its module's form, as far as that is possible before anything has run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma

from connector.errors import InputError
from connector.fields import Field
from connector.forms import nearest
from connector.module import Module
from connector.scenario.document import Place
from connector.scenario.expressions import is_dynamic

Wrong = tuple[Place, str]


def wrong_values(module: type[Module], parameters: Mapping[str, Any]) -> list[Wrong]:
    """What is wrong, each with its place in the parameters. Where there is an expression, only names are checked."""
    # An empty value is a field that nobody filled in, as in `connector.forms`.
    filled = {name: value for name, value in parameters.items() if value not in (None, "")}
    wrong = list(_wrong_in(module.Input.all(), filled, ()))
    if not wrong and not is_dynamic(filled):
        wrong = list(_wrong_as_a_whole(module, filled))
    return wrong


def _wrong_in(fields: Mapping[str, Field], values: Mapping[str, Any], place: Place) -> Iterator[Wrong]:
    for name in values:
        if name not in fields:
            shown = str(name)[:40]
            have = f" It has: {', '.join(fields)}" if fields else " It needs no fields"
            yield (*place, str(name)), f"there is no field {shown!r}.{nearest(shown, list(fields))}{have}"
    for name, field in fields.items():
        if name in values:
            yield from _wrong(field, values[name], (*place, name))
        elif field.required and field.shown_when is None:
            yield (*place, name), f"{field.label} is required"


def _wrong(field: Field, value: Any, place: Place) -> Iterator[Wrong]:
    if field.kind == "collection" and isinstance(value, Mapping):
        yield from _wrong_in(field.nested(), value, place)
    elif field.kind == "array" and isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                yield from _wrong_in(field.nested(), item, (*place, index))
            elif not is_dynamic(item):
                yield (*place, index), "must be a mapping"
    elif not is_dynamic(value):
        try:
            field.deserialize(value)
        except ma.ValidationError as error:
            yield from _messages(error.messages, place)


def _messages(messages: Any, place: Place) -> Iterator[Wrong]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _messages(inner, (*place, key))
    else:
        yield place, str(messages[0] if isinstance(messages, list) else messages)[:160]


def _wrong_as_a_whole(module: type[Module], values: Mapping[str, Any]) -> Iterator[Wrong]:
    """Rules that concern several fields at once."""
    try:
        module.fill(values)
    except InputError as error:
        for name, problem in error.fields.items():
            yield tuple(int(part) - 1 if part.isdigit() else part for part in name.split(".")), problem
