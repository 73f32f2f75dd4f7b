"""An importer's part: sends what the document says and nothing else, with its examples filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
import requests

from tests.conftest import RunningSandbox
from tests.platforms.openapi.validity import problems
from tests.support.file_server import at

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The status, and the body as JSON; None where there is none."""

    status: int
    body: Any

    @property
    def data(self) -> Any:
        return self.body["data"]


class Importer:
    """Performs the operations of a document, and holds every answer to what it says."""

    def __init__(self, document: Json, sandbox: RunningSandbox, origin: str) -> None:
        self.document = document
        self.key = sandbox.api_key
        self.origin = origin
        found = [(path, method, it) for path, item in document["paths"].items() for method, it in item.items()]
        self.operations: dict[str, tuple[str, str, Json]] = {it["operationId"]: (p, m, it) for p, m, it in found}

    def __call__(self, name: str, body: Any = None, **values: Any) -> Answer:
        """Perform an operation with the values of its parameters; refuse an answer that it does not describe."""
        path, method, operation = self.operations[name]
        inside = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
        for key in inside:
            path = path.replace(f"{{{key}}}", quote(str(values[key]), safe=""))
        url = self.document["servers"][0]["url"] + path
        query = {key: value for key, value in values.items() if key not in inside}
        headers = {"Authorization": f"Bearer {self.key}"} if operation["security"] else {}
        given = requests.request(method, url, params=query, json=body, headers=headers, timeout=120)
        answer = Answer(given.status_code, given.json() if given.content else None)
        self.hold(operation, answer)
        return answer

    def hold(self, operation: Json, answer: Answer) -> None:
        """Fail unless the answer is what the operation says."""
        said = operation["responses"].get(str(answer.status), operation["responses"]["default"])
        if "content" in said:
            schema = said["content"]["application/json"]["schema"]
            assert problems(self.document, schema, answer.body) == []
        else:
            assert answer.body is None

    def example(self, name: str, which: str = "") -> Any:
        """The example of an operation's body, with its files where the tests serve them."""
        content = self.operations[name][2]["requestBody"]["content"]["application/json"]
        return at(self.origin, content["examples"][which]["value"] if which else content["example"])

    def ended(self, task: Mapping[str, Any], kind: str = "Task") -> Any:
        """The task or job when it has ended; skips where a converter is missing."""
        ended = self(f"WaitFor{kind}", **{f"{kind.lower()}_id": task["id"]}).data
        for one in ended.get("tasks", [ended]):
            if one["code"] == "ENGINE_NOT_INSTALLED":
                pytest.skip(one["message"])
        return ended
