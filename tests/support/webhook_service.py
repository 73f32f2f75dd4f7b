"""A CloudConvert that knows webhooks and jobs, and nothing else: enough for subscriptions, checks and polling."""

from __future__ import annotations

import itertools
from typing import Any

from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error
from tests.support.webhook_sender import SECRET


class WebhookService(ScriptedServer):
    """`jobs` (newest last) and `webhooks` are what it knows; a route of the script goes before them."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: dict[str, dict[str, Any]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self._numbers = itertools.count(1)

    def __enter__(self) -> WebhookService:
        super().__enter__()
        self._server.socket.listen(128)  # several listeners look up several jobs at a time
        return self

    def put(self, *jobs: dict[str, Any]) -> None:
        """Make these jobs known, or change them."""
        self.jobs.update({job["id"]: job for job in jobs})

    def attach(self, url: str, events: list[str], **more: Any) -> dict[str, Any]:
        """Make a webhook."""
        number = next(self._numbers)
        about = {"id": number, "url": url, "events": events, "disabled": False, "signing_secret": f"{SECRET}-{number}"}
        self.webhooks[str(number)] = {**about, **more}
        return self.webhooks[str(number)]

    def reply_to(self, request: Request) -> Reply:
        if f"{request.method} {request.path}" in self.routes:
            return super().reply_to(request)
        self.requests.append(request)
        _, _, kind, *rest = request.path.split("/")
        match request.method, kind, rest:
            case "GET", "jobs", []:
                return self._page(request)
            case "GET", "jobs", [job_id]:
                return data(self.jobs[job_id]) if job_id in self.jobs else error(404, "No such job", "NOT_FOUND")
            case "POST", "webhooks", []:
                return data(self.attach(**request.json()), 201)
            case "GET", "users", ["me", "webhooks"]:
                wanted = request.query.get("filter[url]")
                return data([one for one in self.webhooks.values() if one["url"] == wanted])
            case "DELETE", "webhooks", [webhook_id] if self.webhooks.pop(webhook_id, None):
                return Reply(204)
        return error(404, "Not found", "NOT_FOUND")

    def _page(self, request: Request) -> Reply:
        size, page = int(request.query["per_page"]), int(request.query["page"])
        newest_first = list(reversed(self.jobs.values()))
        shown = newest_first[(page - 1) * size : page * size]
        if request.query.get("include") != "tasks":
            shown = [{key: value for key, value in job.items() if key != "tasks"} for job in shown]
        following = f"{self.url}/v2/jobs?page={page + 1}" if len(newest_first) > page * size else None
        return Reply(200, {"data": shown, "links": {"next": following}, "meta": {}})
