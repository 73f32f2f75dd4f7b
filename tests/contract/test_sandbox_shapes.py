"""The sandbox's answers against the service's recorded ones: every key is there, with the same type."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox import Settings
from tests.conftest import ROOT, RunningSandbox
from tests.support.samples import sample
from tests.unit.sandbox.conftest import running
from tests.unit.sandbox.receiver import Receiver

FIXTURES = ROOT.parent / "shared" / "fixtures" / "cloudconvert-v2"
BODIES = sorted(path.name for path in FIXTURES.glob("*.json") if path.name != "recorded-exchanges.json")
needs_fixtures = pytest.mark.skipif(not BODIES, reason="the recorded answers are not beside this repository")

FREE = ("payload", "parameters", "metadata")
"""What is inside depends on the request, or may be anything."""

CONVERT = {"operation": "convert", "input": "i", "output_format": "jpg"}
EXPORT = {"operation": "export/url", "input": "c"}
RAW = {"operation": "import/base64", "file": base64.b64encode(sample("png")).decode(), "filename": "a.png"}


class Api:
    """Makes the situations that the recorded answers show."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._root, self._sync = sandbox.base_url, sandbox.sync_url
        self._headers = {"Authorization": f"Bearer {sandbox.api_key}"}

    def ask(self, method: str, path: str, *, sync: bool = False, **more: Any) -> Any:
        root = self._sync if sync else self._root
        return requests.request(method, f"{root}/v2/{path}", headers=self._headers, timeout=60, **more).json()

    def job(self, *, sync: bool = False, **tasks: Any) -> Any:
        job = self.ask("POST", "jobs", json={"tasks": tasks, "tag": "shapes"}, sync=sync)
        return {"data": self.with_payloads(job["data"])}

    def with_payloads(self, job: Any) -> Any:
        """Since 2020 the payload is told only when it is asked for; older recordings always show it."""
        for task in job["tasks"]:
            task["payload"] = self.ask("GET", f"tasks/{task['id']}?include=payload")["data"]["payload"]
        return job

    def task(self, operation: str, *, ended: bool = False, **tasks: Any) -> Any:
        found = next(task for task in self.job(sync=ended, **tasks)["data"]["tasks"] if task["operation"] == operation)
        return self.ask("GET", f"tasks/{found['id']}?include=payload,retries,depends_on_tasks")

    def retried(self) -> Any:
        task = self.ask("POST", "import/base64", json=RAW)["data"]
        return self.ask("POST", f"tasks/{task['id']}/retry")["data"]

    def told(self, event: str, **tasks: Any) -> Any:
        """The body that a webhook gets."""
        with Receiver() as receiver:
            webhook = self.ask("POST", "webhooks", json={"url": receiver.url, "events": [event]})["data"]
            self.job(**tasks)
            body = json.loads(receiver.next().body)
        requests.delete(f"{self._root}/v2/webhooks/{webhook['id']}", headers=self._headers, timeout=10)
        return {**body, "job": self.with_payloads(body["job"])}

    def out_of_credits(self) -> Any:
        with running(Settings(credits=0)) as client:
            return client.ask("POST", "jobs", json={"tasks": {"i": RAW}}).json()

    def refused_cancel(self) -> Any:
        task = self.task("import/base64", ended=True, i=RAW)["data"]
        return self.ask("POST", f"tasks/{task['id']}/cancel")


def situation(api: Api, name: str) -> Any:
    """The sandbox's answer in the situation that the recorded one shows."""
    upload, url = {"operation": "import/upload"}, {"operation": "import/url", "url": "http://127.0.0.1:1/a.mp4"}
    done = {"i": RAW, "c": CONVERT, "e": EXPORT}
    makers = {
        "error-400": api.refused_cancel,
        "error-402": api.out_of_credits,
        "job-created-upload": lambda: api.job(i=upload, e={**EXPORT, "input": "i"}),
        "job-created-import-url": lambda: api.job(i=url, c=CONVERT, e=EXPORT)["data"],
        "job-created": lambda: api.job(i=url, c=CONVERT),
        "job-error": lambda: api.job(sync=True, i=url, c=CONVERT, e=EXPORT),
        "job-finished-two-exports": lambda: api.job(sync=True, **done, f=EXPORT),
        "job-finished": lambda: api.job(sync=True, **done),
        "jobs-list": lambda: api.ask("GET", "jobs?filter[tag]=shapes", json=api.job(**done) and None),
        "task-convert-created": lambda: api.task("convert", i=upload, c=CONVERT),
        "task-convert-finished": lambda: api.task("convert", ended=True, **done),
        "task-error": lambda: api.task("export/url", ended=True, i=url, c=CONVERT, e=EXPORT),
        "task-export-url-finished": lambda: api.task("export/url", ended=True, **done),
        "task-import-upload-finished": lambda: api.task("import/base64", ended=True, **done),
        "task-import-upload": lambda: api.task("import/upload", i=upload),
        "task-import-url-finished": lambda: api.task("import/base64", ended=True, **done),
        "task-import-url": lambda: api.task("import/url", i=url),
        "task-retry": api.retried,
        "tasks-list": lambda: {
            **api.ask("GET", "tasks"),
            "data": [api.task("export/url", ended=True, i=url, c=CONVERT, e=EXPORT)["data"]],
        },
        "user-me": lambda: api.ask("GET", "users/me"),
        "webhook-job-created": lambda: api.told("job.created", i=upload, c=CONVERT, e=EXPORT),
        "webhook-job-finished": lambda: api.told("job.finished", **done),
    }
    return makers[max((key for key in makers if name.startswith(key)), key=len)]()


def differences(expected: Any, actual: Any, where: str = "") -> Iterator[str]:
    """What the recorded answer has and ours lacks. Null fits everything; lists are compared by their best fitting item."""
    if expected is None or actual is None or where.rpartition(".")[2] in FREE:
        return
    if _kind(expected) != _kind(actual):
        yield f"{where}: {_kind(actual)} instead of {_kind(expected)}"
    elif isinstance(expected, dict):
        for key in expected.keys() - actual.keys() - _left_out(expected):
            yield f"{where}.{key} is missing"
        for key in expected.keys() & actual.keys():
            yield from differences(expected[key], actual[key], f"{where}.{key}")
    elif isinstance(expected, list) and actual:
        for item in expected:
            yield from min((list(differences(item, own, where)) for own in _alike(item, actual)), key=len)


def _alike(item: Any, actual: list[Any]) -> list[Any]:
    """Tasks are compared with tasks of the same operation, where there is one."""
    if not isinstance(item, dict):
        return actual
    return [own for own in actual if own.get("operation") == item.get("operation")] or actual


def _left_out(expected: dict[str, Any]) -> set[str]:
    """One answer of 2019 still shows empty engines on exports; since 2020 only processing tasks have them."""
    transfers = str(expected.get("operation")).startswith(("import/", "export/"))
    return {"engine", "engine_version"} if transfers else set()


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return {int: "number", float: "number", str: "string", dict: "object", list: "array"}[type(value)]


@needs_fixtures
@pytest.mark.parametrize("name", BODIES)
def test_every_key_of_the_service_is_there_with_its_type(sandbox: RunningSandbox, name: str) -> None:
    expected = json.loads((FIXTURES / name).read_text("utf-8"))
    assert list(differences(expected, situation(Api(sandbox), name))) == []


@pytest.mark.parametrize(
    ("actual", "found"),
    [
        ({"a": [{"b": 1}]}, []),
        ({"a": [{"b": "1"}]}, [".a.b: string instead of number"]),
        ({"a": [{}]}, [".a.b is missing"]),
        ({}, [".a is missing"]),
    ],
)
def test_the_comparison_finds_what_is_missing(actual: Any, found: list[str]) -> None:
    assert list(differences({"a": [{"b": 2}]}, actual)) == found


def test_upload_parameters_are_strings_or_numbers(sandbox: RunningSandbox) -> None:
    form = Api(sandbox).task("import/upload", i={"operation": "import/upload"})["data"]["result"]["form"]
    assert form["parameters"]
    assert {_kind(value) for value in form["parameters"].values()} <= {"string", "number"}
    assert Path(form["url"]).name == "tasks"
