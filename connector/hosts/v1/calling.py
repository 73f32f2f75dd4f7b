"""Tells others what became of a process: a process's own callback, and the account's hooks. Survives a restart.

Source: sections "Callbacks" and "Hooks" of the v1 guide: on a network error or a status from 500 five more tries, five
seconds apart; a hook whose address answers 4xx is deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urldefrag, urlencode, urlsplit

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
_TOTAL = 60.0  # seconds of one call, however slowly its answer drips
Planned = tuple[str, str | None, int | None]


def calls_about(process: Process, event: str, status: dict[str, Any], hooks: Iterable[Hook]) -> list[Planned]:
    """The calls that an event of a process asks for: address, body, and the hook that they belong to."""
    calls: list[Planned] = [(hook.url, json.dumps(status), hook.id) for hook in hooks if hook.event == event]
    callback = process.plan.callback if process.plan else None
    if callback and event != "started":
        query = urlencode({"id": process.id, "url": process.url, "step": event})
        url = urldefrag(callback).url
        calls.append((f"{url}{'&' if urlsplit(url).query else '?'}{query}", None, None))
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

    async def keep_calling(self, now: Callable[[], float]) -> None:
        """Make what is due, and wait for more, until cancelled. What is not done then is done after a restart."""
        while True:
            self._changed.clear()
            try:
                sleep = self._begin(now())
            except ConnectorError as error:
                log.warning("What is to be called cannot be read: %s", error.message)
                sleep = PAUSE
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), sleep)

    def _begin(self, now: float) -> float:
        """Start what can start; gives for how long there is nothing more, in seconds. An end is told by `_changed`."""
        for call in self._state.due(_AT_A_TIME - len(self._busy), self._busy):
            self._busy[call.id] = asyncio.create_task(self._make(call))
        following = self._state.next_due(self._busy)
        if following is None or len(self._busy) >= _AT_A_TIME:
            return _LONGEST_SLEEP
        return min(max(following - now, 0.0), _LONGEST_SLEEP)

    async def _make(self, call: Call) -> None:
        try:
            self._settle(call, await self._status(call))
        except ConnectorError as error:
            log.warning("A call cannot be recorded and will be made again: %s", error.message)
            await asyncio.sleep(PAUSE)
        finally:
            del self._busy[call.id]
            self._changed.set()

    async def _status(self, call: Call) -> int | None:
        """The status of the answer; None where there was none, 0 where there was no call."""
        try:
            async with asyncio.timeout(_TOTAL):
                return await in_thread(lambda: self._reach.call(call.url, call.body))
        except (requests.RequestException, TimeoutError) as error:
            log.warning("A call could not be made (%s).", type(error).__name__)
            return None
        except ConnectorError as error:
            log.warning("A call is not made: %s", redact(error.message))
        except ValueError as error:  # an address that looked fine, but cannot be called
            log.warning("A call is not made (%s).", type(error).__name__)
        return 0

    def _settle(self, call: Call, status: int | None) -> None:
        if (status is None or status >= 500) and call.attempts < MORE_TRIES:
            self._state.later(call.id, self._pause)
            return
        self._state.called(call.id)
        if call.hook is not None and status is not None and 400 <= status < 500:
            log.info("The hook %d answered %d and is deleted.", call.hook, status)
            self._state.delete_hook(call.hook)
