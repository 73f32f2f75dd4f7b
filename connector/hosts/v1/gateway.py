"""Carries v1 processes out as v2 jobs, over one connection, and remembers them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from connector.api.endpoints import Api, Object
from connector.api.policy import Outcome, Policy
from connector.catalogue import Catalogue
from connector.errors import ConnectorError, InputError, NetworkError, NoAnswer, NotFound, RateLimited, TemporaryError
from connector.hosts.v1.calling import PAUSE, Caller, calls_about
from connector.hosts.v1.order import Order, address, created
from connector.hosts.v1.problems import process_not_found, wrong
from connector.hosts.v1.process import Process
from connector.hosts.v1.reach import Reach
from connector.hosts.v1.starting import Name, order_of, plan_of, request_of, translated
from connector.hosts.v1.state import Hook, State
from connector.hosts.v1.status import status_of
from connector.hosts.v1.threads import in_thread
from connector.hosts.v1.translate import Translation, checked
from connector.hosts.v1.watching import Watch
from connector.runtime.job_request import JobRequest
from connector.runtime.wait import has_ended

log = logging.getLogger("connector.v1")

_SWEEP_SECONDS = 3600.0
_MOMENT = 0.1  # seconds between two looks at a start that somebody else makes
_CREATE = Policy(3, frozenset({Outcome.NOT_SENT}))
"""A create that was throttled is the client's to repeat: it is told so, with the delay."""


class Gateway:
    """The processes of one account.

    Args:
        api: where the work is done.
        state: what is remembered.
        reach: makes the calls to clients' addresses.
        pause: seconds between two tries of such a call.
        now: seconds since 1970.

    """

    def __init__(
        self, api: Api, state: State, reach: Reach, *, pause: float = PAUSE, now: Callable[[], float] = time.time
    ) -> None:
        self.api = api
        self.state = state
        self._reach = reach
        self._now = now
        self.watch = Watch(api, state, self._ended)
        self._caller = Caller(state, reach, pause=pause)
        self._background: set[asyncio.Task[Any]] = set()

    def open(self) -> None:
        """Take up what a process before this one left: inside the event loop."""
        self._loop = asyncio.get_running_loop()
        self.in_background(self._caller.keep_calling(self._now))
        self.in_background(self._keep_sweeping())
        for process in self.state.running():
            if process.phase == "started":
                self.watch.follow(process)
            else:
                self.in_background(self._recover(process))

    def release_waiters(self) -> None:
        """Answer those who wait for the end of a process: the server ends before. From any thread."""
        self._loop.call_soon_threadsafe(self.watch.released.set)

    async def close(self) -> None:
        """End; what is not done is done after a restart."""
        await self.watch.close()
        tasks = list(self._background)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def in_background(self, work: Any) -> None:
        """Do this beside the requests."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def create(self, given: Mapping[str, Any], host: str) -> Process:
        """A new process. Raises InputError."""
        return self.state.add(Process.new(host, self._now(), created(given)))

    async def start(self, process: Process, given: Mapping[str, Any], uploads: int = 0) -> tuple[Process, Object]:
        """Make the job of a process; gives both. `uploads` files came with the request and follow.

        Raises InputError before anything is sent, RateLimited or another ConnectorError where the job was not made.
        """
        if process.phase != "created":
            raise InputError("The process was started already; create a new one for each conversion.")
        order = order_of(process.created, given, uploads)
        if order.callback:
            await in_thread(lambda: self._reach.check(str(order.callback), "callback"))
        name = Name.new(order)
        translation, group = await in_thread(lambda: self._checked(order, translated(order, name)))
        request = request_of(name.tag, translation.tasks)
        if not self.state.begin(process.id, request.tag, plan_of(order, translation, group)):
            raise InputError("The process is being started by another request.")
        job = await self._made(process, request)
        return self._started(process, job), job

    def find(self, by: str, value: str) -> Process:
        """The process with this `id`, `upload` or `download` name. Raises NotFound."""
        process = self.state.find(by, value)
        if process is None:
            raise process_not_found()
        return process

    async def job(self, process: Process) -> Object | None:
        """The job behind a process, as it stands, or as it ended; None before the start."""
        if process.ending is not None:
            return dict(process.ending)
        if process.job_id is None:
            return None
        try:
            job = await in_thread(lambda: self.api.job(str(process.job_id)))
        except NotFound:
            await self.watch.ended(process)  # it stores the end
            return dict(self.find("id", process.id).ending or {})
        if has_ended(job):
            self._ended(process, job)
        return job

    async def ended(self, process: Process) -> Process:
        """The process once it has ended.

        Raises NotFound if it is deleted meanwhile, TemporaryError if the gateway ends first.
        """
        while process.phase == "starting" and not self.watch.released.is_set():
            await asyncio.sleep(_MOMENT)
            process = self.find("id", process.id)
        await self.watch.ended(process)
        process = self.find("id", process.id)
        if process.phase != "ended":
            raise TemporaryError("The gateway is being stopped; ask again when it is back.", retry_after=1)
        return process

    async def cancel(self, process: Process) -> None:
        """Cancel what has not ended of the job."""
        job = await self.job(process)
        for task in (job or {}).get("tasks") or []:
            if not has_ended(task):
                with contextlib.suppress(InputError, NotFound):
                    await in_thread(lambda task=task: self.api.request("POST", f"/tasks/{task['id']}/cancel"))  # type: ignore[misc]
        self.watch.nudge(process.id)

    async def delete(self, process: Process) -> None:
        """Cancel the process if it is running, and delete it with its files."""
        if process.phase == "started":
            await self.cancel(process)
        await self.delete_job(process)
        self.state.forget(process.id)
        self.watch.nudge(process.id)

    async def release(self, process: Process) -> None:
        """Take the files away after their first download; where that fails, later again."""
        try:
            await self.delete_job(process)
        except ConnectorError as error:
            log.warning("The job %s could not be deleted yet: %s", process.job_id, error.message)

    async def delete_job(self, process: Process) -> None:
        """Delete the job with its files at CloudConvert; one that is not there is deleted."""
        if process.job_id:
            with contextlib.suppress(NotFound):
                await in_thread(lambda: self.api.request("DELETE", f"/jobs/{process.job_id}"))
        self.state.released(process.id)

    def hook(self, given: Mapping[str, Any], events: tuple[str, ...]) -> Hook:
        """A new hook. Raises InputError."""
        event = str(given.get("event") or "")
        if event not in events:
            raise wrong("event", f"must be one of {', '.join(events)}")
        url = address(given, "url")
        self._reach.check(url, "url")
        return self.state.add_hook(url, event)

    def _checked(self, order: Order, translation: Translation) -> tuple[Translation, str]:
        catalogue = Catalogue(self.api)
        task = translation.tasks[translation.main]
        known = catalogue.offers(str(task["operation"]), order.input_format or None, order.output_format or None)
        return checked(order, translation, catalogue), next((row.group for row in known.items if row.group), "")

    async def _made(self, process: Process, request: JobRequest) -> Object:
        try:
            return await in_thread(lambda: self.api.create_job(request.body, request.recognize, policy=_CREATE))
        except Exception as error:
            if _surely_not_made(error):
                self.state.back(process.id)
            else:
                self._ended(process, {"status": "error", "message": str(error)})
            raise

    def _started(self, process: Process, job: Object) -> Process:
        begun = replace(self.find("id", process.id), job_id=str(job["id"]), phase="started")
        status = status_of(begun, job)
        self.state.started(begun.id, str(job["id"]), calls_about(begun, "started", status, self.state.hooks()))
        self._caller.wake()
        self.watch.follow(begun)
        return begun

    def _ended(self, process: Process, job: Mapping[str, Any]) -> None:
        """Store how the job ended, and who is to be told."""
        now = self.state.find("id", process.id)
        if now is None or now.phase == "ended":
            return
        ending = replace(now, ending=job, ended_at=self._now())
        event = "finished" if job.get("status") == "finished" else "error"
        self.state.end(process.id, job, calls_about(ending, event, status_of(ending, job), self.state.hooks()))
        self._caller.wake()
        self.watch.nudge(process.id)

    async def _recover(self, process: Process) -> None:
        """The gateway was killed while it made a job: it is known again by its tag, or was not made."""
        names = process.plan.names if process.plan else ()
        request = request_of(str(process.job_tag), {name: {} for name in names})
        known = request.recognize or (lambda _: False)
        while True:
            try:
                found = await in_thread(lambda: self.api.job_with_tag(request.tag, known))
                break
            except ConnectorError as error:
                log.warning("A process that was being started cannot be looked up yet: %s", error.message)
                await asyncio.sleep(5)
        if found is None:
            self._ended(process, {"status": "error", "message": "The gateway was stopped before the job was made."})
        else:
            self._started(process, found)

    async def _keep_sweeping(self) -> None:
        while True:
            self.state.sweep()
            for process in self.state.to_release():
                await self.release(process)
            await asyncio.sleep(_SWEEP_SECONDS)


def _surely_not_made(error: Exception) -> bool:
    """Whether the client may try again with the same process."""
    refused = isinstance(error, RateLimited | InputError)
    return refused or (isinstance(error, NetworkError) and not isinstance(error, NoAnswer))
