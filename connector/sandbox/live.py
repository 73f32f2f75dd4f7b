"""Events over socket.io, as they happen, for clients that subscribe to a channel. An extra: without it nobody is told."""

from __future__ import annotations

import asyncio
import importlib.util
import re
from collections.abc import Iterator
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from connector.sandbox.access import Access
from connector.sandbox.addresses import Addresses
from connector.sandbox.answers import USER_ID, job_answer, task_answer
from connector.sandbox.events import event_of, task_event_of
from connector.sandbox.signing import Signer
from connector.sandbox.store import Store

PACKAGE = "socketio"
_PATH = "/socket.io/"
_CHANNEL = re.compile(r"private-(job|task|user)\.([\w-]{1,36})(?:\.(jobs|tasks))?")

Event = tuple[str, dict[str, object]]


class Live:
    """Tells subscribers of jobs and tasks. `home` is the root for those whose creator's own root is not known."""

    def __init__(self, access: Access, store: Store, signer: Signer, home: str) -> None:
        self._access = access
        self._store = store
        self._signer = signer
        self._home = home
        self._sending: set[asyncio.Task[None]] = set()
        self._server: Any = None
        self._entry: ASGIApp | None = None

    @property
    def installed(self) -> bool:
        """Whether clients can subscribe."""
        return importlib.util.find_spec(PACKAGE) is not None

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application with the way in for subscribers."""

        async def entered(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] in ("http", "websocket") and scope["path"].startswith(_PATH):
                self._entry = self._entry or self._opened()
                await self._entry(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close"})
            else:
                await app(scope, receive, send)

        return entered if self.installed else app

    def _opened(self) -> ASGIApp:
        """The library is loaded when the first subscriber comes: it would make every start slower."""
        import socketio

        self._server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*")
        self._server.on("subscribe", self._subscribe)
        entry: ASGIApp = socketio.ASGIApp(self._server)
        return entry

    def show(self, event: str, job_id: str | None, task_id: str | None = None) -> None:
        """Tell of a task, or without `task_id` of a job, as it is now."""
        if self._server is None:
            return
        for channel in _channels(job_id, task_id):
            if any(self._server.manager.get_participants("/", channel)):
                for data in self._task(task_id) if task_id else self._job(job_id):
                    self._send(event, channel, data, to=channel)

    async def close(self) -> None:
        """Let all subscribers go, because the server ends."""
        if self._server is not None:
            for sid, _ in list(self._server.manager.get_participants("/", None)):
                await self._server.disconnect(sid)
            await self._server.shutdown()

    def _send(self, event: str, channel: str, data: object, *, to: str) -> None:
        sending = asyncio.get_running_loop().create_task(self._server.emit(event, (channel, data), to=to))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _subscribe(self, sid: str, wanted: object = None, *_more: object) -> None:
        """Let a client into a channel. What has ended already is told at once: here much ends before anybody listens."""
        channel, token = _wanted(wanted)
        holder = self._access.holder(token)
        if holder and "task.read" in holder.scopes and (found := _CHANNEL.fullmatch(channel)):
            await self._server.enter_room(sid, channel)
            for event, data in self._ended(*found.groups()):
                self._send(event, channel, data, to=sid)

    def _ended(self, kind: str, identity: str, of: str | None) -> Iterator[Event]:
        job = self._store.job(identity) if kind == "job" else None
        if job and of is None and job.ended:
            yield from ((event_of(job), data) for data in self._job(identity))
        single = self._store.task(identity) if kind == "task" else None
        for task in (single,) if single else job.tasks if job and of == "tasks" else ():
            if task.ended:
                yield from ((task_event_of(task.status), data) for data in self._task(task.id))

    def _job(self, job_id: str | None) -> Iterator[dict[str, object]]:
        if job_id and (job := self._store.job(job_id)):
            yield {"job": job_answer(job, Addresses(job.root or self._home, self._signer))}

    def _task(self, task_id: str) -> Iterator[dict[str, object]]:
        if task := self._store.task(task_id):
            yield {"task": task_answer(task, Addresses(self._home, self._signer))}


def _channels(job_id: str | None, task_id: str | None) -> tuple[str, ...]:
    if task_id is None:
        return f"private-job.{job_id}", f"private-user.{USER_ID}.jobs"
    of_job = (f"private-job.{job_id}.tasks",) if job_id else ()
    return (*of_job, f"private-task.{task_id}", f"private-user.{USER_ID}.tasks")


def _wanted(message: object) -> tuple[str, str]:
    """The channel and the token of a request to subscribe; empty where they are missing."""
    asked = message if isinstance(message, dict) else {}
    auth = asked.get("auth")
    headers = auth.get("headers") if isinstance(auth, dict) else None
    token = str(headers.get("Authorization")) if isinstance(headers, dict) else ""
    return str(asked.get("channel")), token.removeprefix("Bearer ").strip()
