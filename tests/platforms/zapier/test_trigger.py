"""The trigger: a webhook of the sandbox, its signed calls and forged ones, and what the editor is shown."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest

from connector.modules import find
from tests.conftest import RunningSandbox
from tests.platforms.zapier.platform import execute, method_of, run
from tests.support.scripted_server import Reply, Request, ScriptedServer

TRIGGER = find("NewJobEvent")
EVENTS = {"events": ["finished"]}
TASKS = {
    "file": {"operation": "import/raw", "file": "hello", "filename": "hello.txt"},
    "out": {"operation": "export/url", "input": ["file"]},
}


@pytest.fixture
def calls() -> Iterator[tuple[str, queue.SimpleQueue[Request]]]:
    """An address that Zapier gives to a Zap, and the calls that come to it."""
    came: queue.SimpleQueue[Request] = queue.SimpleQueue()
    with ScriptedServer() as zapier:
        zapier.route("POST /hook", lambda request: came.put(request) or Reply(200))
        yield f"{zapier.url}/hook", came


def hooked(request: Request, **more: Any) -> dict[str, Any]:
    """The call as the run time is given it: headers with capitals, most with Http- in front."""
    names = {name: name if name.startswith("Content") else f"Http-{name.title()}" for name in request.headers}
    headers = {names[name]: value for name, value in request.headers.items()}
    return {"rawRequest": {"method": "POST", "headers": headers, "content": request.body.decode()}, **more}


def test_a_webhook_is_attached_called_checked_and_detached(
    sandbox: RunningSandbox, held: dict[str, Any], calls: tuple[str, queue.SimpleQueue[Request]]
) -> None:
    address, came = calls
    made = execute(method_of(TRIGGER, "performSubscribe"), held, EVENTS, targetUrl=address)["result"]["results"]
    assert set(made) == {"id", "secret"}
    ours = {"url": address, "limit": 0}
    assert len(run(find("ListWebhooks"), ours, held)["result"]["results"]) == 1
    with sandbox.connect() as connected:
        job = connected.api.create_job({"tasks": TASKS}, None)
    request = next(call for call in iter(lambda: came.get(timeout=30), None) if job["id"] in call.body.decode())
    good = execute(method_of(TRIGGER), held, EVENTS, subscribeData=made, **hooked(request))["result"]["results"]
    assert good[-1]["event"] == "job.finished"
    assert good[-1]["job_id"] == job["id"]
    assert good[-1]["file"].startswith("hydrate|||")

    request.body += b" "
    forged = execute(method_of(TRIGGER), held, EVENTS, subscribeData=made, **hooked(request))["error"]
    assert forged["type"] == "HaltedError"
    assert "signature" in forged["message"]
    unsigned = execute(method_of(TRIGGER), held, EVENTS, **hooked(request))["error"]
    assert unsigned["type"] == "HaltedError"

    execute(method_of(TRIGGER, "performUnsubscribe"), held, EVENTS, subscribeData=made)
    assert run(find("ListWebhooks"), ours, held)["result"]["results"] == []


def test_the_editor_is_shown_events_of_the_latest_jobs(sandbox: RunningSandbox, held: dict[str, Any]) -> None:
    with sandbox.connect() as connected:
        connected.api.create_job({"tasks": TASKS}, None)
    found = execute(method_of(TRIGGER, "performList"), held, {"events": ["created", "finished"]})["result"]["results"]
    assert {one["event"].split(".")[0] for one in found} == {"job", "task"}
    assert len({one["id"] for one in found}) == len(found)
    none = execute(method_of(TRIGGER, "performList"), held, {"events": ["nothing"]})["error"]
    assert "may only hold created, finished, failed" in none["message"]
