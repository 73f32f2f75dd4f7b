"""The trigger: the platform listens, the sandbox calls."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.platforms.power_platform.gateway import Gateway, problems

Calls = queue.Queue[Any]


@pytest.fixture
def flow() -> Iterator[tuple[str, Calls]]:
    """The address of a flow that is switched on, and the calls that come in."""
    calls: Calls = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/callback", calls
    server.shutdown()
    server.server_close()


def test_a_call_has_the_shape_that_the_flow_expects(gateway: Gateway, flow: tuple[str, Calls]) -> None:
    url, calls = flow
    assert gateway("NewJobEvent", {"url": url, "events": ["job.finished"]}).status == 201
    rows = [{"name": "a", "operation": "import/base64", "file": "aGk=", "filename": "hi.txt"}]
    job = gateway("CreateJob", {"tasks": [*rows, {"name": "b", "operation": "export/url", "input": ["a"]}]}).body[
        "data"
    ]
    call = calls.get(timeout=30)
    assert (call["event"], call["job"]["id"]) == ("job.finished", job["id"])
    schema = gateway.definition["paths"]["/v2/webhooks"]["x-ms-notification-content"]["schema"]
    assert problems(gateway.definition, schema, call) == []


def test_what_it_leaves_behind_can_be_found_and_removed(gateway: Gateway, flow: tuple[str, Calls]) -> None:
    url, _ = flow
    gateway("NewJobEvent", {"url": url, "events": ["job.created", "job.failed"]})
    (left,) = gateway("ListWebhooks", **{"filter[url]": url}).body["data"]
    assert left["events"] == ["job.created", "job.failed"]
    assert gateway("DeleteWebhook", webhook_id=left["id"]).status == 204
    assert gateway("ListWebhooks", **{"filter[url]": url}).body["data"] == []
