"""Follows running jobs to their end: one look-out for each, however many clients wait for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from connector.api.endpoints import Api
from connector.errors import ConnectorError, NotFound
from connector.hosts.v1.process import Process
from connector.hosts.v1.state import State
from connector.hosts.v1.threads import in_thread
from connector.redact import redact
from connector.runtime.wait import has_ended

log = logging.getLogger("connector.v1")

_STEPS = (0.3, 1.5, 5.0)  # first step of polling in seconds, growth, longest step
_LONGEST_FOR_UPLOADS = 30.0  # an upload through the gateway wakes the look-out anyway
_PATIENCE = 60.0  # seconds of one blocking call to the sync host
_BLOCKING = 32  # blocking calls at a time; the other jobs are polled
_GONE = {"status": "error", "message": "The job is gone: it was deleted at CloudConvert."}

Told = Callable[[Process, dict[str, Any]], None]


class Watch:
    """Looks after started processes. `told` stores how a job ended."""

    def __init__(self, api: Api, state: State, told: Told) -> None:
        self._api = api
        self._state = state
        self._told = told
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._nudges: dict[str, asyncio.Event] = {}
        self._blocking = 0
        self.released = asyncio.Event()
        """Set when the server ends: clients that wait are to be answered now."""

    def follow(self, process: Process) -> None:
        """Begin to follow a process, if nobody does yet."""
        if process.id not in self._tasks and process.phase == "started":
            self._nudges[process.id] = asyncio.Event()
            task = self._tasks[process.id] = asyncio.create_task(self._until_ended(process))
            task.add_done_callback(lambda _: self._drop(process.id))

    def nudge(self, process_id: str) -> None:
        """Something happened to the job: look at once."""
        if process_id in self._nudges:
            self._nudges[process_id].set()

    async def ended(self, process: Process) -> None:
        """Wait until the process has ended, or was deleted, or nobody is to wait any more."""
        self.follow(process)
        if task := self._tasks.get(process.id):
            released = asyncio.create_task(self.released.wait())
            try:
                await asyncio.wait([task, released], return_when=asyncio.FIRST_COMPLETED)
            finally:
                released.cancel()

    async def close(self) -> None:
        """Follow nothing any more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drop(self, process_id: str) -> None:
        self._tasks.pop(process_id, None)
        self._nudges.pop(process_id, None)

    async def _until_ended(self, process: Process) -> None:
        step, nudge = _STEPS[0], self._nudges[process.id]
        while True:
            job = await self._look(process)
            if self._state.find("id", process.id) is None:
                return
            if job is not None and has_ended(job):
                self._told(process, job)
                return
            if job is not None and await self._blocked(process, job):
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(nudge.wait(), step)
                nudge.clear()
                step = _STEPS[0]
                continue
            idle = job is not None and _waits_for_a_client(job)
            step = min(step * _STEPS[1], _LONGEST_FOR_UPLOADS if idle else _STEPS[2])

    async def _look(self, process: Process) -> dict[str, Any] | None:
        """The job as it stands; None where it cannot be seen at the moment."""
        try:
            return await in_thread(lambda: self._api.job(str(process.job_id)))
        except NotFound:
            return dict(_GONE)
        except ConnectorError as error:
            log.warning("The job %s cannot be seen at the moment: %s", process.job_id, redact(error.message))
            return None

    async def _blocked(self, process: Process, job: dict[str, Any]) -> bool:
        """Wait on the sync host, if there is one and the job can go on by itself; whether it was worth it."""
        if self._api.sync_url is None or _waits_for_a_client(job) or self._blocking >= _BLOCKING:
            return False
        self._blocking += 1
        try:
            await in_thread(lambda: self._api.when_ended(f"/jobs/{process.job_id}", _PATIENCE))
        except ConnectorError:
            return False
        finally:
            self._blocking -= 1
        return True


def _waits_for_a_client(job: dict[str, Any]) -> bool:
    uploads = [task for task in job.get("tasks") or [] if task.get("operation") == "import/upload"]
    return any(task.get("status") == "waiting" for task in uploads)
