"""Handing on: gives each event of the journal to the handler, once."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from connector.api.endpoints import Api
from connector.events.event import KINDS, Event
from connector.events.journal import KEPT, Journal, Waiting
from connector.events.opening import Opener, delay_after
from connector.redact import redact

log = logging.getLogger("connector.events")

Handler = Callable[[Event], object]
"""Acts on one event. An exception means that it was not acted on: it is tried again later.

A handler with a method `many` gets several events at once, in order; it acts on all of them or on none.
"""

_BATCH = 64
_GLANCE = 0.5  # seconds between looks for what another process has stored
_SWEEP_EVERY = 3600.0


class Handover:
    """Hands the journal's events on; of several processes with the same journal, one at a time does it.

    Args:
        journal: where the events come from.
        handler: acts on an event. One that raises gets the event again, after growing delays, for seven days; other
            events are not held up by it.
        api: with it, each job is fetched by its id with one's own credential, and only that state is believed: what
            the API does not know (404), or knows otherwise, is dropped. None believes the signed document.
        kinds: which events are wanted.
        stop: asked before each event whether to leave the rest waiting.

    """

    def __init__(
        self,
        journal: Journal,
        handler: Handler,
        *,
        api: Api | None,
        kinds: Collection[str] = KINDS,
        stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._journal = journal
        self._handler = handler
        self._opener = Opener(journal, api, kinds)
        self._stop = stop
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._swept = 0.0

    def start(self) -> None:
        """Hand on in a thread of its own, from now until `close`."""
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._run, name="events-handover", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Something was stored."""
        # Setting it takes a lock and wakes a thread; while it is set, another round is certain anyway.
        if not self._wake.is_set():
            self._wake.set()

    def close(self) -> None:
        """Let the running handler end, and stop; what is waiting stays in the journal."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def drain(self) -> int:
        """Hand on all that is due, and give how many events that were. 0 while another process is doing it."""
        total = 0
        with self._turn() as mine:
            while mine and not self._is_over():
                opened, handed = self._opener.open_due(), self._hand_on()
                total += handed
                if not opened and not handed:
                    self._sweep()
                    break
        return total

    def _is_over(self) -> bool:
        return self._closing.is_set() or self._stop()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            try:
                self.drain()
            except Exception as error:  # noqa: BLE001 - whatever it is, the events that come later are wanted too
                log.warning("Handing on is interrupted, and tried again: %s", redact(str(error)))
                self._closing.wait(1.0)
            self._wake.wait(_GLANCE)

    def _sweep(self) -> None:
        if self._journal.clock.time() - self._swept > _SWEEP_EVERY:
            self._swept = self._journal.clock.time()
            self._journal.sweep()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[bool]:
        """Whether it is ours to hand on. The kernel frees the lock of a process that dies."""
        lock = os.open(f"{self._journal.path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            yield _locked(lock)
        finally:
            os.close(lock)

    def _hand_on(self) -> int:
        waiting = self._journal.waiting(_BATCH)
        many = getattr(self._handler, "many", None)
        if many is not None and len(waiting) > 1 and self._hand_together(many, waiting):
            return len(waiting)
        handed = 0
        for one in waiting:
            if self._is_over():
                break
            handed += self._hand(one)
        return handed

    def _hand_together(self, many: Callable[[Sequence[Event]], Any], waiting: Sequence[Waiting]) -> bool:
        try:
            many([one.event for one in waiting])
        except Exception:  # noqa: BLE001 - one by one will tell which it is, and why
            return False
        self._journal.handed([one.number for one in waiting])
        return True

    def _hand(self, one: Waiting) -> bool:
        try:
            self._handler(one.event)
        except Exception as error:  # noqa: BLE001 - a handler is somebody else's code
            self._failed(one, redact(f"{type(error).__name__}: {error}")[:300])
            return False
        self._journal.handed([one.number])
        return True

    def _failed(self, one: Waiting, why: str) -> None:
        if self._journal.clock.time() - one.received_at > KEPT:
            log.error("%s could not be handed on for seven days and is given up: %s", one.event.id, why)
            self._journal.drop("events", one.number)
            return
        delay = delay_after(one.attempts)
        log.error("%s could not be handed on (%s); trying again in %.0f s.", one.event.id, why, delay)
        self._journal.later("events", one.number, delay)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
