"""Templates: JSON in which strings and keys hold expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.platforms.fusion.functions import FUNCTIONS
from tests.platforms.fusion.iml import Context, Expression, ImlError, Parser, Undefined, as_text

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
SPREAD = "{{...}}"


@cache
def parsed(expression: str) -> Expression:
    """The expression, read once."""
    return Parser(expression, FUNCTIONS).parse()


def render(template: Any, context: Context) -> Any:
    """The template with its expressions put in. Keys without a value are dropped; items of lists are not."""
    if isinstance(template, str):
        return _text(template, context)
    if isinstance(template, Mapping):
        return _object(template, context)
    return [render(item, context) for item in template] if isinstance(template, list) else template


def _text(template: str, context: Context) -> Any:
    holes = list(_HOLE.finditer(template))
    if len(holes) == 1 and holes[0].span() == (0, len(template)):
        return parsed(holes[0][1])(context)
    if "{{" in _HOLE.sub("", template) or "}}" in _HOLE.sub("", template):
        raise ImlError(f"{template!r} has brackets without a partner.")
    return _HOLE.sub(lambda hole: as_text(parsed(hole[1])(context)), template)


def _object(template: Mapping[str, Any], context: Context) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in template.items():
        rendered = render(value, context)
        if key == SPREAD:
            if not isinstance(rendered, Mapping):
                raise ImlError(f"{value!r} is to be spread, but is {str(rendered)[:60]!r}.")
            made |= {name: item for name, item in rendered.items() if not isinstance(item, Undefined)}
        elif not isinstance(rendered, Undefined):
            made[as_text(_text(key, context))] = rendered
    return made


def expressions(template: Any) -> list[str]:
    """Every expression in a template, its keys included."""
    if isinstance(template, str):
        return [hole[1] for hole in _HOLE.finditer(template)]
    if isinstance(template, Mapping):
        inside = [one for key, value in template.items() for one in (*expressions(key), *expressions(value))]
        return [one for one in inside if one != "..."]
    return [one for item in template for one in expressions(item)] if isinstance(template, list) else []
