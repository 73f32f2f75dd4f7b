"""What n8n shows: a node with all modules by resource and operation, and the trigger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.platforms.n8n.credentials import API_KEY, OAUTH2
from connector.platforms.n8n.parameters import parameter, parameters

Json = dict[str, Any]

_CREDENTIALS = [
    {"name": name, "required": True, "displayOptions": {"show": {"authentication": [value]}}}
    for name, value in ((API_KEY, "apiKey"), (OAUTH2, "oAuth2"))
]
_AUTHENTICATION = {
    "displayName": "Authentication",
    "name": "authentication",
    "type": "options",
    "options": [{"name": "API Key", "value": "apiKey"}, {"name": "OAuth2", "value": "oAuth2"}],
    "default": "apiKey",
}
_PARALLEL = {
    "displayName": "Items in Parallel",
    "name": "parallel",
    "type": "number",
    "default": 5,
    "typeOptions": {"minValue": 1, "maxValue": 50},
    "description": "How many items are worked on at the same time",
}


def node(modules: Sequence[Any]) -> Json:
    """The node for everything that is run."""
    run = [module for module in modules if module["kind"] != "trigger"]
    groups: dict[str, list[Any]] = {}
    for module in run:
        groups.setdefault(module["group"], []).append(module)
    return {
        "displayName": "CloudConvert",
        "name": "cloudConvertConnector",
        "icon": "file:icon.svg",
        "group": ["transform"],
        "version": 1,
        "subtitle": '={{$parameter["operation"]}}',
        "description": "Convert, merge, optimize and archive files, capture websites",
        "defaults": {"name": "CloudConvert"},
        "inputs": ["main"],
        "outputs": ["main"],
        "usableAsTool": True,
        "credentials": _CREDENTIALS,
        "properties": [
            _AUTHENTICATION,
            _select("Resource", "resource", [{"name": group, "value": group} for group in groups]),
            *[_operations(group, each) for group, each in groups.items()],
            *[one for module in run for one in parameters(module["fields"], _shown_for(module))],
            _PARALLEL,
        ],
    }


def _select(label: str, name: str, options: list[Json]) -> Json:
    first = options[0]["value"]
    return {
        "displayName": label,
        "name": name,
        "type": "options",
        "noDataExpression": True,
        "options": options,
        "default": first,
    }


def _operations(group: str, modules: Sequence[Any]) -> Json:
    options = [
        {"name": one["label"], "value": one["name"], "description": one["summary"], "action": one["label"]}
        for one in modules
    ]
    return {**_select("Operation", "operation", options), "displayOptions": {"show": {"resource": [group]}}}


def _shown_for(module: Any) -> Json:
    return {"resource": [module["group"]], "operation": [module["name"]]}


def trigger(modules: Sequence[Any]) -> Json:
    """The node that starts a workflow."""
    module = next(one for one in modules if one["kind"] == "trigger")
    events = next(field for field in module["fields"] if field["name"] == module["recipe"]["events"])
    return {
        "displayName": "CloudConvert Trigger",
        "name": "cloudConvertConnectorTrigger",
        "icon": "file:icon.svg",
        "group": ["trigger"],
        "version": 1,
        "description": module["summary"].rstrip("."),
        "defaults": {"name": "CloudConvert Trigger"},
        "inputs": [],
        "outputs": ["main"],
        "credentials": _CREDENTIALS,
        "webhooks": [
            {"name": "default", "httpMethod": "POST", "responseMode": "onReceived", "path": "webhook", "rawBody": True}
        ],
        "properties": [_AUTHENTICATION, parameter(events)],
    }
