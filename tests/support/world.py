"""What modules' examples speak of, made real: files under example.com, jobs and tasks with the example's ids."""

from __future__ import annotations

from typing import Any

from connector.api.endpoints import Api
from connector.files import LocalFile
from connector.module import Module
from connector.modules.new_job_event import EVENTS
from connector.runtime.progress import Silent
from connector.runtime.wait import wait_until_ended
from tests.support.file_server import at
from tests.support.samples import sample


def uploaded(module: type[Module], example: Any, origin: str) -> dict[str, Any] | None:
    """The example with its file uploaded instead of imported from a URL; None for a module without a file."""
    fields = [
        name
        for name, field in module.Input.all().items()
        if field.kind == "file" and isinstance(example.get(name), str)
    ]
    if not fields:
        return None
    name = str(example[fields[0]]).rpartition("/")[2]
    upload = LocalFile(name, data=sample(name if name == "locked.pdf" else name.rpartition(".")[2]))
    return {**at(origin, dict(example)), fields[0]: upload}


IDS = ("job_id", "task_id", "webhook_id")


class World:
    """Fills a module's example with things that exist at one server. `origin` is where example.com's files are."""

    def __init__(self, api: Api, origin: str) -> None:
        self.api = api
        self.origin = origin

    def real(self, module: type[Module], example: Any) -> dict[str, Any]:
        """The example's form, with a job, task or webhook of the right kind for every id in it."""
        form: dict[str, Any] = at(self.origin, dict(example))
        if "job_id" in form:
            form["job_id"] = self._job()["id"]
        if "task_id" in form:
            form["task_id"] = self._waiting_task() if module.name() == "CancelTask" else self._finished_task()
        if "webhook_id" in form:
            form["webhook_id"] = str(self._webhook())
        return form

    def _job(self) -> dict[str, Any]:
        tasks = {
            "import-1": {"operation": "import/raw", "file": "hello", "filename": "hello.txt"},
            "export": {"operation": "export/url", "input": ["import-1"]},
        }
        job = self.api.create_job({"tasks": tasks, "tag": "world"}, None)
        return wait_until_ended(self.api, f"/jobs/{job['id']}", 30, Silent())

    def _finished_task(self) -> str:
        return next(str(task["id"]) for task in self._job()["tasks"] if task["operation"] == "export/url")

    def _waiting_task(self) -> str:
        return str(self.api.request("POST", "/import/upload", body={}).data()["id"])

    def _webhook(self) -> Any:
        events = [f"job.{event.value}" for event in EVENTS]
        return self.api.request("POST", "/webhooks", body={"url": f"{self.origin}/hook", "events": events}).data()["id"]
