"""One entry for every kind of recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from connector.api.endpoints import Api
from connector.recipe import Call, Job, Recipe
from connector.runtime.job import Options, run_job
from connector.runtime.record import Record


def execute(api: Api, recipe: Recipe, form: Mapping[str, Any], options: Options | None = None) -> Record:
    """Carry a recipe out with a validated form, and give the module's outputs. Raises ConnectorError."""
    match recipe:
        case Job():
            return run_job(api, recipe, form, options or Options())
        case Call():
            return run_call(api, recipe, form)


def run_call(api: Api, recipe: Call, form: Mapping[str, Any]) -> Record:
    """One request; the outputs are the answer's data."""
    # Values go into the path quoted whole, so that an id like "../users" stays an id.
    path = recipe.path.format_map({name: quote(str(value), safe="") for name, value in form.items()})
    answer = api.request(recipe.method, path, query=_taken(recipe.query, form), body=_taken(recipe.body, form) or None)
    data = answer.data()
    if data is not None and not isinstance(data, dict):
        raise answer.broken("holds no object")
    return Record(data or {})


def _taken(parameters: Mapping[str, str], form: Mapping[str, Any]) -> dict[str, Any]:
    return {parameter: form[name] for parameter, name in parameters.items() if name in form}
