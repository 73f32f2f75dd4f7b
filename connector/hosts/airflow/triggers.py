"""What waits in Airflow's triggerer, where waiting costs no worker slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from airflow.triggers.base import BaseEventTrigger, BaseTrigger, TriggerEvent

from connector.errors import ConnectorError, TemporaryError
from connector.events.event import Event
from connector.hosts.airflow.form import DEFAULT_ID
from connector.hosts.airflow.hook import CloudConvertHook, sentence
from connector.hosts.airflow.news import Seen, look
from connector.hosts.airflow.outputs import plain
from connector.runtime.wait import has_ended

_HERE = __name__


class EndTrigger(BaseTrigger):
    """Fires when the job or task at `path` (/jobs/ID, /tasks/ID) has ended, or `limit` seconds have passed.

    The event is {"path", "status"}, with null for what has not ended; whoever resumes reads the job again. It looks every `poll_interval` seconds, and sleeps
    first: a trigger that fires at once can meet its own task still on its way out of the worker.
    """

    def __init__(
        self,
        path: str,
        limit: float,
        cloudconvert_conn_id: str = DEFAULT_ID,
        poll_interval: float = 5.0,
        began: float | None = None,
    ) -> None:
        super().__init__()
        self.path, self.limit, self.poll_interval = path, limit, poll_interval
        self.cloudconvert_conn_id = cloudconvert_conn_id
        # Moments of the wall clock: a trigger may go on in another process.
        self.began = time.time() if began is None else began

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Its class and arguments, to be made again elsewhere."""
        kept = ("path", "limit", "cloudconvert_conn_id", "poll_interval", "began")
        return f"{_HERE}.EndTrigger", {name: getattr(self, name) for name in kept}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event."""
        with await CloudConvertHook(self.cloudconvert_conn_id).aget_conn() as connection:
            while True:
                await asyncio.sleep(self.poll_interval)
                status = await asyncio.to_thread(self._status, connection.api)
                if status is not None or time.time() - self.began > self.limit:
                    yield TriggerEvent({"path": self.path, "status": status})
                    return

    def _status(self, api: Any) -> str | None:
        """Whether it has ended, and how. What is wrong for good is said by whoever resumes."""
        try:
            thing = api.read(self.path)
        except TemporaryError as error:
            self.log.warning("%s The job is looked at again later.", error)
            return None
        except ConnectorError:
            return "error"
        return str(thing["status"]) if has_ended(thing) else None


class NewJobEventTrigger(BaseEventTrigger):
    """Fires when a job, or a task in it, was created, has finished or has failed: NewJobEvent by looking at the list of jobs.

    Serves `NewJobEventSensor`, and an `AssetWatcher`, which starts a DAG for each event. `events` are created, finished
    and failed; with a `tag` only jobs that have it count. It tells what happens after its first look, every
    `poll_interval` seconds; the event is the outputs of NewJobEvent.
    """

    def __init__(
        self,
        events: Sequence[str],
        cloudconvert_conn_id: str = DEFAULT_ID,
        tag: str | None = None,
        poll_interval: float = 30.0,
        seen: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.events, self.tag, self.poll_interval, self.seen = list(events), tag, poll_interval, seen
        self.cloudconvert_conn_id = cloudconvert_conn_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Its class and arguments, to be made again elsewhere."""
        kept = ("events", "cloudconvert_conn_id", "tag", "poll_interval", "seen")
        return f"{_HERE}.NewJobEventTrigger", {name: getattr(self, name) for name in kept}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event for each thing that happens, without end."""
        with await CloudConvertHook(self.cloudconvert_conn_id).aget_conn() as connection:
            seen = Seen.from_dict(self.seen) if self.seen else None
            while True:
                seen, news = await asyncio.to_thread(self._look, connection.api, seen)
                # Kept for the process in which the trigger may go on.
                self.seen = seen.to_dict() if seen else None
                for event in news:
                    yield TriggerEvent(plain(event.outputs()))
                await asyncio.sleep(self.poll_interval)

    def _look(self, api: Any, seen: Seen | None) -> tuple[Seen | None, list[Event]]:
        try:
            return look(api, seen, self.events, self.tag)
        except TemporaryError as error:
            self.log.warning("%s The list of jobs is looked at again later.", sentence(error))
            return seen, []
