"""Zapier's run time with the emitted apps, in a Node process that the tests share."""

from __future__ import annotations

import atexit
import functools
import json
from pathlib import Path
from typing import Any

from connector.cli.manifests import FOLDER
from connector.files import LocalFile, RemoteFile
from connector.module import Module
from connector.platforms.javascript.declarations import module_data
from connector.platforms.zapier.app import key, kind_of
from connector.platforms.zapier.fields import LEFT_OUT, UPLOAD
from tests.platforms.zapier.storage import Storage
from tests.support.node import Script, packages

APP = FOLDER / "zapier" / "api-key"
CLIENT = ("app", "s3cret-of-app")
CALLBACK = "https://hooks.example.com/callback"

Json = dict[str, Any]


@functools.cache
def platform() -> Script:
    """The process; skips the test where Zapier's packages cannot be installed."""
    # The deploy key only satisfies a check: with it files are stashed through `rpc_base`, and nothing goes to Zapier.
    variables = {"ZAPIER_DEPLOY_KEY": "of the tests", "CLIENT_ID": CLIENT[0], "CLIENT_SECRET": CLIENT[1]}
    return Script(Path(__file__).with_name("platform.js"), NODE_PATH=str(packages("zapier")), **variables)


@functools.cache
def storage() -> Storage:
    """Zapier's place for files, ended with the tests."""
    made = Storage()
    made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    return made


def credentials(base_url: str, api_key: str, sync_url: str = "") -> Json:
    """What the dialog of the app with an API key keeps."""
    return {"environment": "custom", "base_url": base_url, "sync_url": sync_url, "api_key": api_key}


def execute(
    method: str, held: Json, inputs: Json | None = None, *, app: Path = APP, callback: str = CALLBACK, **bundle: Any
) -> Any:
    """The answer of a method of the app, by its path: `result` with results and status, or `error` with type and message."""
    full = {"inputData": inputs or {}, "authData": held, "meta": {}, **bundle}
    more = {"rpc_base": storage().rpc, "callback_url": callback}
    return platform().ask(work="execute", folder=str(app), method=method, bundle=full, more=more)


def method_of(module: type[Module], name: str = "perform") -> str:
    """The path of a function of the module's operation."""
    about = module_data(module)
    return f"{kind_of(about)}.{key(about)}.operation.{name}"


def run(module: type[Module], form: Json, held: Json, **more: Any) -> Any:
    """The results for a form, once it has been called back where it waits for that; or the error."""
    inputs = filled(module, form)
    answer = execute(method_of(module), held, inputs, **more)
    if answer.get("result", {}).get("status") == "CALLBACK":
        answer = execute(method_of(module, "performResume"), held, inputs, outputData=answer["result"]["results"])
    return answer


def filled(module: type[Module], form: Json) -> Json:
    """What the editor gives for a form that a person filled in, with its files in Zapier's storage."""
    made: Json = {}
    for name, field in module.Input.all().items():
        if form.get(name) not in (None, "") and name not in LEFT_OUT:
            made |= _filled(field.kind, name, form[name])
    return made


def _filled(kind: str, name: str, value: Any) -> Json:
    match kind:
        case "file":
            return _file(name, value)
        case "files":
            return {name: [_in_a_row(_file(f"{name}_file", one)) for one in value]}
        case "array":
            return {name: [_row(name, item) for item in value]}
        case "pairs":
            return {name: {label: _typed(one) for label, one in _pairs(value).items()}}
        case _:
            return {name: value}


def _row(name: str, item: Json) -> Json:
    made: Json = {}
    for part, value in item.items():
        inner = f"{name}_{part}"
        if part == "file":
            made |= _in_a_row(_file(inner, value))
        elif part == "options":
            made[inner] = json.dumps(_pairs(value))
        else:
            made[inner] = ",".join(value) if isinstance(value, list) else value
    return made


def _file(name: str, value: Any) -> Json:
    if isinstance(value, LocalFile):
        with value.open() as stream:
            address = storage().put(value.name, stream.read())
        return {name: address, f"{name}_source": UPLOAD}
    if isinstance(value, RemoteFile):
        value = {"url": value.url, "headers": dict(value.headers)}
    about = value if isinstance(value, dict) else {"url": value}
    headers = _pairs(about.get("headers") or {})
    return {name: about["url"], f"{name}_source": "url", **({f"{name}_headers": headers} if headers else {})}


def _in_a_row(file: Json) -> Json:
    return {key: json.dumps(value) if isinstance(value, dict) else value for key, value in file.items()}


def _pairs(value: Any) -> Json:
    if isinstance(value, dict):
        return value
    return {one.get("name", one.get("key")): one["value"] for one in value}


def _typed(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
