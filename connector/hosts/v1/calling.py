"""Tells others what became of a process: a process's own callback, and the account's hooks. Survives a restart.

Source: sections "Callbacks" and "Hooks" of the v1 guide: on a network error or a status from 500 five more tries, five
seconds apart; a hook whose address answers 4xx is deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from connector.errors import ConnectorError
from connector.hosts.v1.process import Process
from connector.hosts.v1.reach import Reach
from connector.hosts.v1.state import Call, Hook, State
from connector.hosts.v1.threads import in_thread
from connector.redact import redact

log = logging.getLogger("connector.v1")

EVENTS = ("started", "finished", "error")
MORE_TRIES = 5
PAUSE = 5.0
"""Seconds between two tries."""

_AT_A_TIME = 8
_LONGEST_SLEEP = 30.0
Planned = tuple[str, str | None, int | None]


def calls_about(process: Process, event: str, status: dict[str, Any], hooks: Iterable[Hook]) -> list[Planned]:
    """The calls that an event of a process asks for: address, body, and the hook that they belong to."""
    calls: list[Planned] = [(hook.url, json.dumps(status), hook.id) for hook in hooks if hook.event == event]
    callback = process.plan.callback if process.plan else None
    if callback and event != "started":
        query = urlencode({"id": process.id, "url": process.url, "step": event})
        calls.append((f"{callback}{'&' if urlsplit(callback).query else '?'}{query}", None, None))
    return calls


class Caller:
    """Makes the calls that the state holds, a few at a time. `pause` is the time between two tries, in seconds."""

    def __init__(self, state: State, reach: Reach, *, pause: float = PAUSE) -> None:
        self._state = state
        self._reach = reach
        self._pause = pause
        self._changed = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """There may be new calls."""
        self._changed.set()

    async def keep_calling(self, now: Any) -> None:
        """Make what is due, and wait for more, until cancelled. What is not done then is done after a restart."""
        while True:
            self._changed.clear()
            for call in self._state.due(_AT_A_TIME - len(self._busy), self._busy):
                self._busy[call.id] = asyncio.create_task(self._make(call))
            following = self._state.next_due()
            sleep = _LONGEST_SLEEP if following is None else min(max(following - now(), 0.05), _LONGEST_SLEEP)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), sleep)

    async def _make(self, call: Call) -> None:
        try:
            status = await in_thread(lambda: self._reach.call(call.url, call.body))
        except requests.RequestException as error:
            log.warning("A call could not be made (%s).", type(error).__name__)
            status = None
        except ConnectorError as error:
            log.warning("A call is not made: %s", redact(error.message))
            status = 0
        except ValueError:  # an address that looked fine, but cannot be called
            status = 0
        try:
            self._settle(call, status)
        finally:
            del self._busy[call.id]
            self._changed.set()

    def _settle(self, call: Call, status: int | None) -> None:
        """By the status of the answer; None where there was none, 0 where there was no call."""
        if (status is None or status >= 500) and call.attempts < MORE_TRIES:
            self._state.later(call.id, self._pause)
            return
        self._state.called(call.id)
        if call.hook is not None and status is not None and 400 <= status < 500:
            log.info("The hook %d answered %d and is deleted.", call.hook, status)
            self._state.delete_hook(call.hook)
