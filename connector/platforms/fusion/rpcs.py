"""The drop-down lists that come from the API, each as an RPC of the platform."""

from __future__ import annotations

from typing import Any

from connector.platforms.fusion.app import API_KEY, OAUTH, Component
from connector.platforms.fusion.iml import call, if_empty, whole
from connector.platforms.fusion.parameter import RPCS
from connector.platforms.fusion.request import request

Json = dict[str, Any]

_LABELS = {
    "input_formats": "List input formats",
    "output_formats": "List output formats",
    "engines": "List engines",
    "operations": "List operations",
    "options": "List options",
    "jobs": "List jobs",
    "tasks": "List tasks",
}


def rpcs() -> dict[str, Component]:
    """Every RPC by name."""
    return {
        name: Component(
            name,
            _LABELS[source],
            "rpc",
            {"communication": _communication(source), "params": []},
            connection=API_KEY,
            alternative=OAUTH,
        )
        for source, name in RPCS.items()
    }


def _communication(source: str) -> Json:
    match source:
        case "input_formats":
            return _values(["operation"], "input_format")
        case "output_formats":
            return _values(["operation", "input_format"], "output_format")
        case "engines":
            return _values(["operation", "input_format", "output_format"], "engine", alternatives=True)
        case "operations":
            return _values([], "operation")
        case "options":
            return _options()
        case _:
            return _recent(source)


def _filled_in(name: str) -> str:
    """What the form says so far: on its top level, or in the collection of the module's own fields."""
    return if_empty(f"parameters.{name}", if_empty(f"parameters.options.{name}", f"parameters.engine.{name}"))


def _values(filters: list[str], key: str, *, alternatives: bool = False) -> Json:
    """The different values of one key of what the service can do, narrowed by what is filled in already."""
    qs: Json = {f"filter[{name}]": whole(_filled_in(name)) for name in filters}
    qs |= {"alternatives": "true"} if alternatives else {}
    container = call("sort", call("distinct", "body.data", f"'{key}'"), "'asc'", f"'{key}'")
    iterate = {"container": whole(container), "condition": whole(f"item.{key}")}
    output = {"label": whole(f"item.{key}"), "value": whole(f"item.{key}")}
    return request("GET", "/operations", qs=qs, response={"iterate": iterate, "output": output})


def _options() -> Json:
    filters = ["operation", "input_format", "output_format", "engine"]
    qs: Json = {f"filter[{name}]": whole(_filled_in(name)) for name in filters} | {"include": "options"}
    container = call("distinct", call("flatten", "map(body.data, 'options')"), "'name'")
    output = {"label": "{{item.name}} ({{item.type}})", "value": "{{item.name}}"}
    iterate = {"container": whole(container), "condition": "{{item.name}}"}
    return request("GET", "/operations", qs=qs, response={"iterate": iterate, "output": output})


def _recent(source: str) -> Json:
    """The newest hundred jobs or tasks."""
    about = "{{item.tag}}" if source == "jobs" else "{{item.operation}}"
    output = {"label": f"{{{{item.created_at}}}} {{{{item.status}}}} {about}", "value": "{{item.id}}"}
    response = {"iterate": "{{body.data}}", "output": output}
    return request("GET", f"/{source}", qs={"per_page": 100}, response=response)
