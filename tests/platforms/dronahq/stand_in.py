"""DronaHQ's part: fills in variables, and sends what the emitted files say and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.conftest import RunningSandbox

Values = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """The status, and the body as JSON."""

    status: int
    body: Any

    @property
    def data(self) -> Any:
        return self.body["data"]


class Pasted:
    """Runs the curl commands as they stand in their files, with the real curl."""

    def __init__(self, files: Mapping[str, bytes], sandbox: RunningSandbox) -> None:
        self.files = files
        self.sandbox = sandbox

    def __call__(self, action: str, **values: str) -> Answer:
        """Run an action; what is not given is sent as an empty text, or as the test value in the file."""
        if not shutil.which("curl"):
            pytest.skip("curl is missing; apt-get install curl")
        command = filled(self.files[f"curl/{action}.txt"].decode(), values).rstrip("\n")
        added = f" --header 'Authorization: Bearer {self.sandbox.api_key}' --silent --write-out '\\n%{{http_code}}'"
        done = subprocess.run(["sh", "-c", command + added], capture_output=True, text=True, timeout=120, check=True)
        text, _, status = done.stdout.rpartition("\n")
        return Answer(int(status), json.loads(text))


class Imported:
    """Performs the operations of an OpenAPI document; all it knows of the API is that document."""

    def __init__(self, document: Mapping[str, Any], sandbox: RunningSandbox) -> None:
        self.document = document
        self.sandbox = sandbox
        found = [(path, method, it) for path, item in document["paths"].items() for method, it in item.items()]
        self.operations = {it["operationId"]: (path, method, it) for path, method, it in found}

    def __call__(self, action: str, **values: str) -> Answer:
        """Perform an operation; an optional parameter that is not given is sent as an empty text."""
        path, method, operation = self.operations[action]
        query = {
            one["name"]: values.get(one["name"], one["example"] if one["required"] else "")
            for one in operation["parameters"]
            if one["in"] == "query"
        }
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        body = filled(json.dumps(content["example"]), values) if content else None
        answer = requests.request(
            method,
            self.document["servers"][0]["url"] + filled(path, values),
            params=query,
            data=body,
            headers={"Authorization": f"Bearer {self.sandbox.api_key}", "Content-Type": "application/json"},
            timeout=120,
        )
        return Answer(answer.status_code, answer.json())


def filled(text: str, values: Values) -> str:
    """The text with its variables filled in: double braces as JSON, path variables, and given parameters of the query."""
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: json.dumps(values.get(found[1], ""))[1:-1], text)
    for name, value in values.items():
        text = text.replace(f"/{{{name}}}", f"/{value}")
        text = re.sub(re.escape(name) + "=[^&']*", f"{name}={value}", text)
    return text
