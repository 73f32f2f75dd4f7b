"""n8n's engine with the emitted package, in a Node process that the tests share."""

from __future__ import annotations

import base64
import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from connector.cli.manifests import FOLDER
from connector.files import LocalFile, RemoteFile
from connector.module import Module
from tests.support.node import Script, packages

PACKAGE = FOLDER / "n8n"


@functools.cache
def engine() -> Script:
    """The process; skips the test where n8n's engine cannot be installed."""
    modules = packages("n8n")
    folder = tempfile.mkdtemp(prefix="connector-n8n-")
    return Script(
        Path(__file__).with_name("engine.js"),
        str(PACKAGE),
        NODE_PATH=str(modules),
        N8N_USER_FOLDER=folder,
        N8N_LOG_LEVEL="error",
    )


def credentials(base_url: str, key: str, sync_url: str = "") -> dict[str, Any]:
    """The values of the credential with an API key."""
    return {"environment": "custom", "base_url": base_url, "sync_url": sync_url, "api_key": key}


def run(module: type[Module], form: dict[str, Any], held: dict[str, Any], **more: Any) -> Any:
    """The answer of the node for one item, with the form's files as its binary data."""
    parameters, item = filled(module, form)
    question = {"parameters": parameters, "items": [item], "credentials": held, **more}
    return engine().ask(work="run", **question)


def filled(module: type[Module], form: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters as a person fills them in, and the item that they are about."""
    binary: dict[str, Any] = {}
    made: dict[str, Any] = {
        "authentication": "apiKey",
        "resource": module.group,
        "operation": module.name(),
        "parallel": 5,
    }
    more: dict[str, Any] = {}
    for name, field in module.Input.all().items():
        if form.get(name) is None:
            continue
        if field.kind in ("file", "files"):
            made |= _file(name, form[name], binary)
        else:
            top = field.required or name in ("download", "limit") or field.kind == "array"
            key = f"{name}_" if name in ("operation", "resource", "authentication", "parallel") else name
            (made if top else more)[key] = _value(field.kind, form[name], binary)
    return {**made, **({"additionalFields": more} if more else {})}, {"json": {}, "binary": binary}


def _value(kind: str, value: Any, binary: dict[str, Any]) -> Any:
    if kind == "pairs":
        rows = (
            value.items()
            if isinstance(value, dict)
            else [(one.get("name", one.get("key")), one["value"]) for one in value]
        )
        return {"pair": [{"name": name, "value": _text(one)} for name, one in rows]}
    if kind == "array":
        return {"item": [_item(one, binary) for one in value]}
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _item(item: dict[str, Any], binary: dict[str, Any]) -> dict[str, Any]:

    made: dict[str, Any] = {}
    for name, value in item.items():
        if name == "file":
            made |= {f"file_{key}": one for key, one in _row(value, binary).items()}
        elif name == "options":
            made[name] = json.dumps({one["name"]: one["value"] for one in value})
        else:
            made[name] = ",".join(value) if isinstance(value, list) else value
    return made


def _file(name: str, value: Any, binary: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value, list):
        return {f"{name}_source": "list", f"{name}_list": {"item": [_row(one, binary) for one in value]}}
    row = _row(value, binary)
    rows = [{"name": key, "value": one} for key, one in row.pop("header_rows", {}).items()]
    row.pop("headers", None)
    return {**{f"{name}_{key}": one for key, one in row.items()}, f"{name}_headers": {"pair": rows}}


def _row(value: Any, binary: dict[str, Any]) -> dict[str, Any]:
    if isinstance(value, LocalFile):
        key = f"data_{len(binary)}"
        with value.open() as stream:
            content = base64.b64encode(stream.read()).decode()
        binary[key] = {"fileName": value.name, "mimeType": "application/octet-stream", "data": content}
        return {"source": "binary", "binary": key}
    if isinstance(value, RemoteFile):
        return {"source": "url", "url": value.url, "header_rows": dict(value.headers)}
    if isinstance(value, dict):
        headers = value.get("headers", {})
        rows = (
            headers if isinstance(headers, dict) else {one.get("key", one.get("name")): one["value"] for one in headers}
        )
        return {"source": "url", "url": value["url"], "header_rows": rows}
    return {"source": "url", "url": value}
