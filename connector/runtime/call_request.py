"""What the simple recipes send, from a filled-in form. No I/O here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from connector.errors import InputError
from connector.recipe import ApiCall, Call, CustomJob, Download, Job, Listing, Recipe, Webhook
from connector.runtime.job_request import job_request

PAGE = 100
"""Items a page; the API's default and, as far as is known, its maximum."""


def call_request(recipe: Call, form: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Path below /v2, query and body of a Call."""
    named = [name for name in recipe.fields() if f"{{{name}}}" in recipe.path]
    path = recipe.path.format_map({name: in_path(form[name], name) for name in named})
    return path, _taken(recipe.query, form), _taken(recipe.body, form)


def in_path(value: object, field: str) -> str:
    """A value as one part of a path, quoted whole, so that an id like "../users" stays an id. Raises InputError."""
    if str(value) in (".", ".."):  # quoting does not help here: they would be taken for a step in the path
        raise InputError(f"There is no {field.replace('_', ' ')} {value!r}.", fields={field: "is no ID"})
    return quote(str(value), safe="")


def list_query(recipe: Listing, form: Mapping[str, Any]) -> dict[str, Any]:
    """The query of a Listing's first page, but for the page number."""
    query = _taken(recipe.query, form)
    if recipe.expand:
        query["include"] = recipe.expand
    if recipe.paged:
        query["per_page"] = min(form.get(recipe.limit) or PAGE, PAGE)
    return query


def _taken(parameters: Mapping[str, str], form: Mapping[str, Any]) -> dict[str, Any]:
    return {parameter: form[name] for parameter, name in parameters.items() if name in form}


def preview(recipe: Recipe, form: Mapping[str, Any]) -> dict[str, Any]:
    """The first request that a run would make, for a dry run: `method`, `path` and, where there are any, query and body."""
    match recipe:
        case Job() | CustomJob():
            return {"method": "POST", "path": "/v2/jobs", "body": job_request(recipe, form).body}
        case Call():
            path, query, body = call_request(recipe, form)
            return {"method": recipe.method, "path": f"/v2{path}", **_filled(query=query, body=body)}
        case Listing():
            return {"method": "GET", "path": f"/v2{recipe.path}", **_filled(query=list_query(recipe, form))}
        case Download():
            return {"method": "GET", "path": f"/v2/tasks/{in_path(form[recipe.task], recipe.task)}"}
        case ApiCall():
            given = {name: form.get(getattr(recipe, name)) for name in ("headers", "query", "body")}
            return {"method": form[recipe.method], "path": form[recipe.url], **_filled(**given)}
        case Webhook():
            return {"method": "POST", "path": "/v2/webhooks", "body": {"events": form[recipe.events]}}


def _filled(**parts: Any) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}
