"""One entry for every kind of recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.api.endpoints import Api
from connector.errors import InputError
from connector.forms import Fields
from connector.recipe import ApiCall, Call, CustomJob, Download, Job, Listing, Recipe, Webhook
from connector.runtime.api_call import run_api_call
from connector.runtime.call_request import call_request
from connector.runtime.download import run_download
from connector.runtime.job import run_job
from connector.runtime.listing import Items, run_listing
from connector.runtime.options import Options
from connector.runtime.outputs import outputs_of
from connector.runtime.record import Record
from connector.runtime.wait import wait_until_ended


def execute(
    api: Api,
    recipe: Recipe,
    form: Mapping[str, Any],
    options: Options | None = None,
    outputs: type[Fields] | None = None,
) -> Record | Items:
    """Carry a recipe out with a validated form.

    Gives the declared `outputs`, or what the API answers where there is no declaration; a Listing gives its items one
    by one. Raises ConnectorError.
    """
    options = options or Options()
    match recipe:
        case Job() | CustomJob():
            return run_job(api, recipe, form, options, outputs)
        case Call():
            return run_call(api, recipe, form, options, outputs)
        case Listing():
            return run_listing(api, recipe, form, outputs)
        case Download():
            return run_download(api, recipe, form, options, outputs)
        case ApiCall():
            return run_api_call(api, recipe, form)
        case Webhook():
            raise InputError(
                "This module waits for events.", hint="Start it with: cloudconvert-connector events listen"
            )


def run_call(api: Api, recipe: Call, form: Mapping[str, Any], options: Options, outputs: type[Fields] | None) -> Record:
    """One request; the outputs come from the answer's data."""
    path, query, body = call_request(recipe, form)
    if recipe.until_ended:
        return outputs_of(outputs, wait_until_ended(api, path, float(form["wait_limit"]), options.progress), form)
    answer = api.request(recipe.method, path, query=query, body=body or None)
    data = answer.data()
    if not isinstance(data, dict) and answer.status != 204:
        raise answer.broken("holds no object")
    return outputs_of(outputs, data or {}, form)
