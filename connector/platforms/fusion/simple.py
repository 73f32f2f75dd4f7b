"""The recipes that are one request: Call, Listing and ApiCall."""

from __future__ import annotations

import re
from typing import Any

from connector.platforms.fusion.form import Form
from connector.platforms.fusion.iml import call, if_, if_empty, length, literal, pairs, whole
from connector.platforms.fusion.outputs import Thing, output, thing
from connector.platforms.fusion.request import SIGNED, request, spread
from connector.platforms.fusion.value import value
from connector.platforms.fusion.wait import waiting
from connector.platforms.platform import Service
from connector.recipe import ApiCall, Call, Listing

Json = dict[str, Any]
PAGE = 100
"""Items a page; the API's default and, as far as is known, its maximum."""

_ALL = 1_000_000
_FIXED = ("authorization", "Authorization", "AUTHORIZATION", "host", "Host", "cookie", "Cookie")


def call_steps(form: Form, recipe: Call) -> list[Json] | Json:
    """One request, or looks at a job or task until it has ended."""
    if recipe.until_ended:
        kind = "task" if recipe.path.startswith("/tasks") else "job"
        steps = waiting(kind, form.at(f"{kind}_id"), form.at("wait_limit"), condition=None, must_finish=False)
        return [*steps, {"response": {"output": output(form, thing(recipe, f"temp.{kind}"))}}]
    path = re.sub(r"\{(\w+)\}", lambda match: whole(call("encodeURL", form.at(match[1]))), recipe.path)
    made = request(recipe.method, path)
    if recipe.query:
        made["qs"] = _taken(form, recipe.query)
    if recipe.body:
        made["body"] = _taken(form, recipe.body)
    return made | {"response": {"output": output(form, thing(recipe, "body.data"))}}


def _taken(form: Form, parameters: Any) -> Json:
    return {parameter: whole(value(form.fields[name], form.at(name))) for parameter, name in parameters.items()}


def listing(form: Form, recipe: Listing) -> Json:
    """A list, page after page, until the person's limit is reached."""
    wanted = if_empty(form.at(recipe.limit), literal(form.fields[recipe.limit].default))
    qs: Json = _taken(form, recipe.query)
    if recipe.expand:
        qs["include"] = recipe.expand
    if recipe.paged:
        qs["per_page"] = whole(if_(f"{wanted} = 0", literal(PAGE), call("min", wanted, literal(PAGE))))
        qs["page"] = 1
    response = {
        "iterate": "{{body.data}}",
        "output": output(form, thing(recipe, "item")),
        "limit": whole(if_(f"{wanted} = 0", literal(_ALL), wanted)),
    }
    made = request("GET", recipe.path, qs=qs, response=response)
    if recipe.paged:
        made["pagination"] = {"qs": {"page": "{{pagination.page}}"}, "condition": "{{body.links.next}}"}
    return made


def api_call(form: Form, recipe: ApiCall, service: Service) -> list[Json]:
    """A person's own request, held to the API's host: whatever is filled in stands behind the host and a slash.

    Two steps of which one is made: an empty `qs` would erase the query that a person wrote into the URL.
    """
    url, query = form.at(recipe.url), form.at(recipe.query)
    path = call("substring", url, "1", call("length", url))
    headers = call("omit", pairs(form.at(recipe.headers)), *[literal(name) for name in _FIXED])
    made: Json = {
        "url": f"{service.base_url}/{whole(path)}",
        "encodeUrl": False,
        "method": whole(value(form.fields[recipe.method], form.at(recipe.method))),
        "headers": spread(headers, **SIGNED),
    }
    rest: Json = {
        "type": "text",
        "body": whole(if_empty(form.at(recipe.body))),
        "response": {"output": output(form, Thing("body", "emptyarray")) | _ANSWER},
    }
    given = f"{length(query)} > 0"
    with_query = {"condition": whole(given), **made, "qs": spread(pairs(query)), **rest}
    return [with_query, {"condition": whole(f"!({given})"), **made, **rest}]


_ANSWER = {"body": "{{body}}", "headers": "{{headers}}", "status_code": "{{statusCode}}"}
