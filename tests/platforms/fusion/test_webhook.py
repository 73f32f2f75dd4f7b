"""The emitted webhook: it is registered and removed, and one call brings the events that the Python side makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.cli.manifests import service_at
from connector.events.event import events_of
from connector.platforms import find
from tests.platforms.fusion.components import attach, detach, receive
from tests.platforms.fusion.machine import Machine
from tests.support.webhook_service import WebhookService

URL = "https://hook.example.com/abc"
FILE = {"filename": "a.pdf", "size": 3, "url": "https://storage.example.com/a.pdf"}


@pytest.fixture
def service() -> Iterator[WebhookService]:
    with WebhookService() as running:
        yield running


@pytest.fixture
def connected(service: WebhookService) -> Machine:
    return Machine(find("fusion").files(service_at(service.url)), {"api_key": "key"})


def webhook_of(machine: Machine) -> str:
    return next(iter(machine.manifest["components"]["webhook"]))


def job(status: str | None, *tasks: dict[str, Any]) -> dict[str, Any]:
    return {"id": "job-1", "tag": "mine", "status": status, "created_at": "1", "ended_at": "2", "tasks": list(tasks)}


def task(name: str, operation: str, status: str, **more: Any) -> dict[str, Any]:
    return {"id": f"id-{name}", "name": name, "operation": operation, "status": status, "ended_at": "2", **more}


DOCUMENTS = [
    {
        "event": "job.finished",
        "job": job(
            None,
            task("convert", "convert", "finished"),
            task("export", "export/url", "finished", result={"files": [FILE]}),
        ),
    },
    {
        "event": "job.failed",
        "job": job(
            "error",
            task("import-1", "import/url", "finished", result={"files": [{"filename": "a"}]}),
            task("convert", "convert", "error", code="CONVERSION_FAILED", message="It is broken."),
            task("export", "export/url", "error", code="INPUT_TASK_FAILED", message="Input task has failed"),
        ),
    },
    {"event": "job.created", "job": job("waiting", task("import-1", "import/url", "waiting"))},
]


@pytest.mark.parametrize(
    ("chosen", "events"),
    [
        (["created"], ["job.created"]),
        (["finished"], ["job.finished", "job.failed"]),
        (["created", "failed"], ["job.created", "job.finished", "job.failed"]),
    ],
)
def test_attaching_registers_the_events_that_are_needed(
    service: WebhookService, connected: Machine, chosen: list[str], events: list[str]
) -> None:
    kept = attach(connected, webhook_of(connected), URL, {"events": chosen})
    registered = service.webhooks[str(kept["externalHookId"])]
    assert (registered["url"], registered["events"]) == (URL, events)


def test_detaching_removes_it(service: WebhookService, connected: Machine) -> None:
    kept = attach(connected, webhook_of(connected), URL, {"events": ["finished"]})
    detach(connected, webhook_of(connected), URL, kept)
    assert service.webhooks == {}


@pytest.mark.parametrize("kinds", [["created", "finished", "failed"], ["finished"], ["failed"]], ids=str)
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["event"])
def test_a_call_brings_the_same_events_as_in_python(connected: Machine, document: Any, kinds: list[str]) -> None:
    ours = {event.outputs()["event"] + str(event.task_id): event.outputs() for event in events_of(document, kinds)}
    theirs = receive(connected, webhook_of(connected), document, {"events": kinds})
    assert {one["event"] + str(one.get("task_id")) for one in theirs} == set(ours)
    for one in theirs:
        expected = ours[one["event"] + str(one.get("task_id"))]
        for name in ("job_id", "status", "tag", "code", "message", "operation", "file_name", "url", "ended_at"):
            assert one.get(name) == expected[name], name
        assert [file["filename"] for file in one["files"]] == [file["name"] for file in expected["files"]]
