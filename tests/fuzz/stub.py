"""A service that answers whatever it is asked, at once and well, and remembers every request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector import Connection
from connector.api.endpoints import Api
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error

THING: dict[str, Any] = {"id": "1", "status": "finished", "operation": "export/url", "tasks": []}


class Stub(ScriptedServer):
    """Used as a context manager. A job or task that is asked for has ended, a list is empty; a route may say otherwise."""

    def reply_to(self, request: Request) -> Reply:
        """Never an error, but that it cannot tell its operations: the connector then knows them by itself."""
        if f"{request.method} {request.path}" in self.routes:
            return super().reply_to(request)
        self.requests.append(request)
        if request.path == "/v2/operations":
            return error(404)
        if (request.method, request.path) == ("POST", "/v2/jobs"):
            return data(self._job(request.json()), 201)
        if request.method == "DELETE":
            return Reply(204)
        is_list = request.method == "GET" and request.path.endswith(("/jobs", "/tasks", "/webhooks", "/formats"))
        return data([] if is_list else {**THING, "tasks": [THING]})

    def _job(self, asked: dict[str, Any]) -> dict[str, Any]:
        form = {"url": f"{self.url}/store", "parameters": {}}
        tasks = [
            {"id": name, "name": name, "status": "waiting", **task, "result": {"form": form}}
            for name, task in asked["tasks"].items()
        ]
        return {"id": "1", "tag": asked.get("tag"), "status": "waiting", "tasks": tasks}

    @property
    def api(self) -> Api:
        """The API here, for which no time passes."""
        return Connection.api_key("key-of-the-tests", base_url=self.url, clock=FakeClock()).api


def texts_in(value: Any) -> Iterator[str]:
    """Every text in JSON, names too."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value
