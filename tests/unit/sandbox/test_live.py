from __future__ import annotations

import queue
from collections.abc import Iterator
from typing import Any

import pytest
import socketio

from .client import EXPORTED, Client


class Subscriber:
    """A socket.io client, as CloudConvert's own clients use it; `next` is the next event with its channel and data."""

    def __init__(self, client: Client) -> None:
        self._key = client.address.api_key
        self._events: queue.Queue[tuple[str, str, Any]] = queue.Queue()
        self._socket = socketio.Client()
        self._socket.on("*", lambda event, channel, data: self._events.put((event, channel, data)))
        self._socket.connect(client.address.base_url, transports=["websocket"])

    def subscribe(self, channel: str, key: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {key or self._key}"}
        self._socket.call("subscribe", {"channel": channel, "auth": {"headers": headers}}, timeout=10)

    def send(self, message: object) -> None:
        self._socket.call("subscribe", message, timeout=10)

    def next(self) -> tuple[str, str, Any]:
        return self._events.get(timeout=10)

    @property
    def silent(self) -> bool:
        return self._events.empty()

    def close(self) -> None:
        self._socket.disconnect()


@pytest.fixture
def subscriber(client: Client) -> Iterator[Subscriber]:
    made = Subscriber(client)
    yield made
    made.close()


def waiting(client: Client) -> Any:
    """A job that waits for an upload."""
    return client.job(i={"operation": "import/upload"}, e={"operation": "export/url", "input": "i"})


def test_a_job_and_its_tasks_are_told_as_they_go_on(client: Client, subscriber: Subscriber) -> None:
    job = waiting(client)
    channel = f"private-job.{job['id']}"
    subscriber.subscribe(channel)
    subscriber.subscribe(f"{channel}.tasks")
    client.upload(job["tasks"][0]["result"]["form"], "a.txt", b"hello")
    told = [subscriber.next() for _ in range(7)]
    of_tasks = [(event, data["task"]["name"]) for event, where, data in told if where == f"{channel}.tasks"]
    assert of_tasks == [("task.updated", "i"), ("task.finished", "i"), ("task.updated", "e"), ("task.finished", "e")]
    of_job = [(event, data["job"]["status"]) for event, where, data in told if where == channel]
    assert of_job == [("job.updated", "processing"), ("job.updated", "processing"), ("job.finished", "finished")]
    file = told[-1][2]["job"]["tasks"][1]["result"]["files"][0]
    assert client.ask("GET", file["url"]).content == b"hello"


def test_what_has_ended_already_is_told_at_once(client: Client, subscriber: Subscriber) -> None:
    job = client.job(sync=True, **EXPORTED)
    subscriber.subscribe(f"private-job.{job['id']}")
    event, _, data = subscriber.next()
    assert (event, data["job"]["id"], data["job"]["status"]) == ("job.finished", job["id"], "finished")
    subscriber.subscribe(f"private-job.{job['id']}.tasks")
    assert [subscriber.next()[0] for _ in range(2)] == ["task.finished"] * 2
    subscriber.subscribe(f"private-task.{job['tasks'][0]['id']}")
    assert subscriber.next()[2]["task"]["name"] == "i"


def test_all_of_the_account_can_be_heard(client: Client, subscriber: Subscriber) -> None:
    subscriber.subscribe("private-user.1.jobs")
    subscriber.subscribe("private-user.1.tasks")
    made = client.post("import/upload")
    assert subscriber.next()[2]["task"]["id"] == made["id"]
    client.post(f"tasks/{made['id']}/cancel")
    event, channel, data = subscriber.next()
    assert (event, channel, data["task"]["code"]) == ("task.failed", "private-user.1.tasks", "CANCELLED")
    job = waiting(client)
    assert [subscriber.next()[0] for _ in range(3)] == ["task.created", "task.created", "job.created"]
    client.ask("DELETE", f"jobs/{job['id']}")


@pytest.mark.parametrize(
    "message",
    [
        None,
        "x",
        {},
        {"channel": "private-job.1"},
        {"channel": {}, "auth": []},
        {"channel": "x", "auth": {"headers": 1}},
    ],
)
def test_nonsense_is_ignored(subscriber: Subscriber, message: object) -> None:
    subscriber.send(message)
    assert subscriber.silent


def test_without_a_key_nothing_is_told(client: Client, subscriber: Subscriber) -> None:
    job = client.job(sync=True, **EXPORTED)
    subscriber.subscribe(f"private-job.{job['id']}", key="wrong")
    subscriber.subscribe("private-user.1.jobs", key="wrong")
    client.job(sync=True, **EXPORTED)
    assert subscriber.silent


def test_a_websocket_anywhere_else_is_refused(client: Client) -> None:
    import websocket

    address = client.address.base_url.replace("http:", "ws:")
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(f"{address}/v2/jobs", timeout=10)
