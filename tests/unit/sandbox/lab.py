"""The parts of a sandbox without a network: for tests of what happens inside."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from connector.sandbox import validate
from connector.sandbox.addresses import Ports
from connector.sandbox.creation import keep_content, make_task
from connector.sandbox.records import Job, Task
from connector.sandbox.service import Service, build
from connector.sandbox.settings import Settings

from .toy_engine import Absent, Toy

RAW = {"operation": "import/raw", "file": "hello", "filename": "a.toy"}


class Clock:
    """Time that only passes when told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Lab:
    """A service with the toy engine, and short words for what tests do with it."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self.service = service
        self.clock = clock

    def start(self, **tasks: dict[str, Any]) -> str:
        """Create a job; gives its id."""
        draft = validate.job({"tasks": tasks}, self.service.operations, lambda _: False)
        job_id, ids = str(uuid.uuid4()), {name: str(uuid.uuid4()) for name in draft.tasks}
        made = [
            make_task(one, ids[name], self.clock(), names=ids, job_id=job_id, name=name)
            for name, one in draft.tasks.items()
        ]
        keep_content(self.service.files, zip(made, draft.tasks.values(), strict=True))
        self.service.conductor.add(made, Job(job_id, self.clock()))
        return job_id

    def job(self, job_id: str) -> Job:
        """The job as it is now."""
        job = self.service.store.job(job_id)
        assert job
        return job

    def task(self, job_id: str, name: str) -> Task:
        """The task of that name as it is now."""
        return next(task for task in self.job(job_id).tasks if task.name == name)

    async def ended(self, job_id: str) -> Job:
        """The job once it has ended."""
        async with asyncio.timeout(20):
            await self.service.conductor.job_ended(job_id)
        return self.job(job_id)

    async def run(self, **tasks: dict[str, Any]) -> dict[str, Task]:
        """Create a job and give its ended tasks by name."""
        return {str(task.name): task for task in (await self.ended(self.start(**tasks))).tasks}

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(20):
            while not true():
                await asyncio.sleep(0.01)

    def content(self, task: Task, number: int = 1) -> bytes:
        """A file of a task."""
        return self.service.files.path(task.id, number).read_bytes()


@asynccontextmanager
async def lab(folder: Path, **settings: Any) -> AsyncIterator[Lab]:
    """A lab over a data folder. Leaving it ends the work as a stopped server does."""
    clock = Clock()
    service = build(
        Settings(api_key="key", **{"workers": 2, **settings}), folder, Ports(1, 2), [Toy(), Absent()], clock
    )
    service.detection.start()
    service.conductor.recover()
    try:
        yield Lab(service, clock)
    finally:
        await service.conductor.close()
        service.pool.close()
        service.database.close()


def experiment(folder: Path, test: Callable[[Lab], Coroutine[Any, Any, None]], **settings: Any) -> None:
    """Run one asynchronous test in a lab."""

    async def main() -> None:
        async with lab(folder, **settings) as open_lab:
            await test(open_lab)

    asyncio.run(main())
