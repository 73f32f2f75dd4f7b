"""A filled-in form as a flow: a web address that takes files, the module's node, and an answer with what it gave."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import requests

from connector.files import LocalFile, RemoteFile
from connector.module import Module
from connector.modules import all_modules
from connector.platforms.javascript.declarations import module_data
from connector.platforms.node_red.nodes import nodes
from tests.platforms.node_red.server import CONNECTION, NodeRed

_TAKE = "msg.form = JSON.parse(JSON.stringify(msg.payload), (_, value) => (value && value.$base64 !== undefined ? {name: value.name, data: Buffer.from(value.$base64, 'base64')} : value)); return msg;"
_SHOW = "msg.payload = JSON.parse(JSON.stringify({payload: msg.payload, filename: msg.filename, files: msg.files, cloudconvert: msg.cloudconvert, error: msg.error && msg.error.message})); return msg;"
_PLAIN = {"text": "str", "url": "str", "timestamp": "str", "integer": "num", "boolean": "bool"}


def run(server: NodeRed, module: type[Module], form: dict[str, Any], connection: dict[str, Any]) -> dict[str, Any]:
    """What the node gave: payload, filename, files and cloudconvert of the message, or its error."""
    server.deploy(connection, *_flow(module, form))
    answer = requests.post(
        f"{server.url}/run",
        data=json.dumps(form, default=_encoded),
        headers={"Content-Type": "application/json"},
        timeout=120,
    )
    made: dict[str, Any] = answer.json()
    return made


def listen(server: NodeRed, connection: dict[str, Any], url: str, events: list[str]) -> None:
    """Deploy the event node for an address, and take it away again."""
    node = {"id": "event", "type": "cloudconvert-event", "connection": CONNECTION, "wires": [[]]}
    server.deploy(connection, {**node, "events": ",".join(events), "public_url": url})
    server.deploy()


def _flow(module: type[Module], form: dict[str, Any]) -> list[dict[str, Any]]:
    node = f"module-{secrets.token_hex(4)}"  # a node's id is what Node-RED keeps its passwords under
    return [
        {"id": "in", "type": "http in", "url": "/run", "method": "post", "wires": [["take"]]},
        {"id": "take", "type": "function", "func": _TAKE, "outputs": 1, "wires": [[node]]},
        {"id": node, "connection": CONNECTION, "wires": [["show"]], **configured(module, form)},
        {"id": "catch", "type": "catch", "scope": None, "wires": [["show"]]},
        {"id": "show", "type": "function", "func": _SHOW, "outputs": 1, "wires": [["out"]]},
        {"id": "out", "type": "http response", "wires": []},
    ]


def configured(module: type[Module], form: dict[str, Any]) -> dict[str, Any]:
    """The node as a person configures it: plain values typed in, files and lists taken from the message."""
    found = [
        node
        for node in nodes([module_data(one) for one in all_modules().values()])
        if module.name() in [one["name"] for one in node.modules]
    ]
    [node] = found
    single = len(node.modules) == 1
    config: dict[str, Any] = {"type": node.type, "credentials": {}} | ({} if single else {"module": module.name()})
    for name, value in form.items():
        field = module.Input.all()[name]
        key = name if single else f"{module.name()}_{name}"
        if field.secret:
            config["credentials"][key] = value
        else:
            config[key], config[f"{key}_type"] = _typed(field.kind, field.options, name, value)
    return config


def _typed(kind: str, options: Any, name: str, value: Any) -> tuple[Any, str]:
    if value is None:
        return "", _PLAIN.get(kind, "str")
    if kind == "select":
        return value, "choice" if isinstance(options, list) else "str"
    if kind in _PLAIN:
        return (str(value).lower() if kind == "boolean" else str(value)), _PLAIN[kind]
    if kind == "pairs":
        return json.dumps(value), "json"
    return f"form.{name}", "msg"


def _encoded(value: object) -> Any:
    if isinstance(value, LocalFile):
        with value.open() as stream:
            return {"name": value.name, "$base64": base64.b64encode(stream.read()).decode()}
    if isinstance(value, RemoteFile):
        return {"url": value.url, "headers": dict(value.headers), "name": value.name}
    raise TypeError(type(value).__name__)
