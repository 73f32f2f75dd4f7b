"""Brings jobs to their end: starts tasks that are ready, records how they ended, wakes who waits, forgets what is old."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from connector.sandbox import lifecycle
from connector.sandbox.crew import Crew, Listeners
from connector.sandbox.disk import disk_failure
from connector.sandbox.engines.base import EngineError
from connector.sandbox.events import JOB_CREATED, JOB_UPDATED, TASK_CREATED, TASK_UPDATED, event_of, task_event_of
from connector.sandbox.files import Files
from connector.sandbox.imports import FILE_IN_REQUEST
from connector.sandbox.lifecycle import Decision
from connector.sandbox.processing import Outcome
from connector.sandbox.records import File, Job, Task
from connector.sandbox.store import Store
from connector.sandbox.waiting import Bell

logger = logging.getLogger("connector.sandbox")

KEEP_SECONDS = 24 * 3600
UPLOAD_SECONDS = 12 * 3600
TRANSFERS_AT_A_TIME = 8
_STUBBORN_SECONDS = 2.0


class Conductor:
    """Runs all jobs of one data folder. Everything happens in the event loop; `clock` gives seconds since 1970."""

    def __init__(
        self,
        store: Store,
        files: Files,
        crew: Crew,
        listeners: Listeners,
        *,
        workers: int,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._files = files
        self._crew = crew
        self._listeners = listeners
        self._clock = clock
        self._bell = Bell()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._conversions = asyncio.Semaphore(workers)
        self._transfers = asyncio.Semaphore(TRANSFERS_AT_A_TIME)
        self._closing = False

    def recover(self) -> None:
        """Take up what an earlier run of the server left: tasks that were running start again, waiting ones go on."""
        tasks = self._store.open_tasks()
        for task in tasks:
            if task.status == "processing":
                logger.info("task %s (%s) was interrupted and starts again", task.id, task.operation)
                self._store.change_task(task.id, status="waiting", started_at=None)
                if task.operation not in FILE_IN_REQUEST:
                    self._files.remove(task.id)
        self.advance([task.id for task in tasks])
        for job_id in {task.job_id for task in tasks if task.job_id}:
            self._wake(self._end_job(job_id))

    def add(self, tasks: Sequence[Task], job: Job | None = None) -> None:
        """Take in new tasks; those that can begin do so after the current request was answered."""
        try:
            with self._store.together():
                self._store.add(tasks, job)
                if job:
                    self._listeners.tell(JOB_CREATED, replace(job, tasks=tuple(tasks)))
        except sqlite3.Error:
            for task in tasks:
                self._files.remove(task.id)
            raise
        for task in tasks:
            self._listeners.show(TASK_CREATED, task.job_id, task.id)
        if job:
            self._listeners.show(JOB_CREATED, job.id, None)
        logger.info("%s with %d tasks was created", f"job {job.id}" if job else f"task {tasks[0].id}", len(tasks))
        asyncio.get_running_loop().call_soon(self.advance, [task.id for task in tasks])

    def advance(self, task_ids: Sequence[str]) -> None:
        """Start those of the tasks that are ready, fail those whose inputs failed, leave the others."""
        for task_id in task_ids:
            task = self._store.task(task_id)
            if task is None or task.status != "waiting" or task_id in self._running or self._closing:
                continue
            decision = lifecycle.decide(task, self._store.tasks(task.inputs))
            if decision is Decision.FAIL:
                self.fail(task, *lifecycle.INPUT_TASK_FAILED)
            elif decision is Decision.START:
                self._running[task_id] = asyncio.get_running_loop().create_task(self._run(task))

    def uploaded(self, task: Task, file: File) -> None:
        """The file of a waiting import/upload has arrived and lies in its place."""
        self._begin(task, self._clock())
        self._finish(task, Outcome((file,)))

    def cancel(self, task: Task) -> None:
        """End a task that has not ended; running work is killed."""
        self._stop(task.id)
        self.fail(task, "CANCELLED", "The task was cancelled.")

    def delete_task(self, task: Task) -> None:
        """Forget a task and its files; what depended on it fails."""
        self._stop(task.id)
        dependents = self._store.dependents(task.id)
        with self._store.together():
            self._store.delete_task(task.id)
            ended = self._end_job(task.job_id)
        self._files.remove(task.id)
        self._bell.ring(task.id)
        self.advance([one.id for one in dependents])
        self._wake(ended)

    def delete_job(self, job: Job) -> None:
        """Forget a job with its tasks and files; running work is killed."""
        for task in job.tasks:
            self._stop(task.id)
        outside = [one.id for task in job.tasks for one in self._store.dependents(task.id) if one.job_id != job.id]
        self._store.delete_job(job.id)
        for task in job.tasks:
            self._files.remove(task.id)
            self._bell.ring(task.id)
        self._bell.ring(job.id)
        self.advance(outside)

    async def task_ended(self, task_id: str) -> None:
        """Return when the task has ended, is gone, or the server ends."""
        while (task := self._store.task(task_id)) and not task.ended and not self._closing:
            await self._bell.wait(task_id)

    async def job_ended(self, job_id: str) -> None:
        """Return when the job has ended, is gone, or the server ends."""
        while (job := self._store.job(job_id)) and not job.ended and not self._closing:
            await self._bell.wait(job_id)

    def sweep(self) -> None:
        """Forget jobs and tasks that ended 24 hours ago, and give up uploads that nobody made within 12 hours."""
        now = self._clock()
        jobs, tasks = self._store.ended_before(now - KEEP_SECONDS)
        for job in filter(None, map(self._store.job, jobs)):
            self.delete_job(job)
        for task in filter(None, map(self._store.task, tasks)):
            self.delete_task(task)
        for task in self._store.open_tasks():
            if task.operation == "import/upload" and task.created_at < now - UPLOAD_SECONDS:
                self.fail(task, "TIMEOUT", "No file was uploaded in time; make a new job.")

    def release_waiters(self) -> None:
        """Let everybody who waits go, because the server ends."""
        self._closing = True
        self._bell.ring_all()

    async def close(self) -> None:
        """Stop all work. Tasks that were running start again when the server does."""
        self.release_waiters()
        running = list(self._running.values())
        for work in running:
            work.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, task: Task) -> None:
        """Do one task from its start to its end; whatever goes wrong ends the task, never the server."""
        try:
            async with self._lane(task):
                self._begin(task, self._clock())
                outcome = await self._work(task)
            self._running.pop(task.id, None)
            self._finish(task, outcome)
        except EngineError as error:
            await self._fail_surely(task, error.code, error.message)
        except (OSError, sqlite3.Error) as error:
            await self._fail_surely(task, *disk_failure(error))
        except Exception:
            logger.exception("task %s (%s) failed unexpectedly", task.id, task.operation)
            await self._fail_surely(
                task, "CONVERSION_FAILED", "The sandbox failed in an unexpected way; its log says more."
            )
        finally:
            self._running.pop(task.id, None)

    def _lane(self, task: Task) -> AbstractAsyncContextManager[None]:
        return self._transfers if task.transfers else self._conversions

    async def _work(self, task: Task) -> Outcome:
        if task.operation.startswith("import/"):
            return await self._crew.imports.run(task)
        known = self._store.tasks(task.inputs)
        inputs = lifecycle.usable(known[name] for name in task.inputs if name in known)
        worker = self._crew.exports if task.operation.startswith("export/") else self._crew.processing
        return await worker.run(task, inputs)

    def _begin(self, task: Task, now: float) -> None:
        self._store.change_task(task.id, status="processing", started_at=now, message=None)
        if task.job_id:
            self._store.begin_job(task.job_id, now)
            self._listeners.show(JOB_UPDATED, task.job_id, None)
        self._listeners.show(TASK_UPDATED, task.job_id, task.id)

    def _finish(self, task: Task, outcome: Outcome) -> None:
        self._end(
            task,
            status="finished",
            message=outcome.message,
            credits=outcome.credits,
            engine=outcome.engine,
            engine_version=outcome.engine_version,
            files=outcome.files,
            extra=dict(outcome.extra),
        )

    async def _fail_surely(self, task: Task, code: str, message: str) -> None:
        """Record the failure, even when the disk is full: then it is tried again until there is room."""
        self._running.pop(task.id, None)
        self._files.remove(task.id)
        while True:
            try:
                return self.fail(task, code, message)
            except sqlite3.Error:
                logger.exception("the end of task %s could not be recorded; trying again", task.id)
                await asyncio.sleep(_STUBBORN_SECONDS)

    def fail(self, task: Task, code: str, message: str) -> None:
        """End a task with an error; its files go."""
        self._files.remove(task.id)
        self._end(task, status="error", code=code, message=message, credits=0)

    def _end(self, task: Task, **changes: object) -> None:
        """Record a task's end and let everything happen that waited for it."""
        with self._store.together():
            self._store.change_task(task.id, ended_at=self._clock(), **changes)
            self._listeners.spend(int(str(changes["credits"])))
            ended = self._end_job(task.job_id)
        logger.info("task %s (%s) ended: %s %s", task.id, task.operation, changes["status"], changes.get("code") or "")
        self._bell.ring(task.id)
        self._listeners.show(task_event_of(str(changes["status"])), task.job_id, task.id)
        failed = changes["status"] == "error"
        after = [one.id for one in self._store.dependents(task.id)] if failed else self._store.freed_by(task.id)
        # Not called directly: a long chain of failing tasks would be a deep recursion.
        asyncio.get_running_loop().call_soon(self.advance, after)
        self._wake(ended)

    def _end_job(self, job_id: str | None) -> Job | None:
        """Record a job's end, if its last task has ended; gives the job then."""
        job = self._store.job(job_id) if job_id and not self._store.is_open(job_id) else None
        if job is None or job.ended or (status := lifecycle.outcome(job.tasks)) is None:
            return None
        now = self._clock()
        ended = replace(job, status=status, started_at=job.started_at or now, ended_at=now)
        with self._store.together():
            self._store.change_job(job.id, status=status, started_at=ended.started_at, ended_at=now)
            self._listeners.tell(event_of(ended), ended)
        return ended

    def _wake(self, ended: Job | None) -> None:
        """Let those who waited for a job go on."""
        if ended:
            logger.info("job %s ended: %s", ended.id, ended.status)
            self._bell.ring(ended.id)
            self._listeners.show(event_of(ended), ended.id, None)

    def _stop(self, task_id: str) -> None:
        """Kill the work of a task, if it is running; its end is not recorded."""
        if work := self._running.pop(task_id, None):
            work.cancel()
