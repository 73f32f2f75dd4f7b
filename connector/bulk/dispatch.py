"""Hands out what is due, as far as there is room for it; one runs beside every group of workers."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from connector.bulk.ledger import Ledger
from connector.errors import ConnectorError
from connector.redact import redact

log = logging.getLogger("connector.bulk")

TICK = 0.25
"""Seconds between two looks at the ledger."""

_ROOM = 300  # items that may wait for a worker; more would come due again before their turn


class HandingOut(Protocol):
    """The way from the ledger to the workers. May fail in any way: whatever gets lost on it comes due again."""

    def waiting(self) -> int:
        """How many items wait there for a worker."""

    def hand_out(self, items: Sequence[int]) -> None:
        """Have a worker look at these."""


class Dispatcher:
    """Hands out the due items of a ledger."""

    def __init__(self, ledger: Ledger, way: HandingOut) -> None:
        self._ledger = ledger
        self._way = way

    def once(self) -> int:
        """Hand out what is due now; gives how many items that were."""
        schedule = self._ledger.schedule
        if schedule.paused()[0]:
            return 0
        room = _ROOM - self._way.waiting()
        if room <= 0:
            return 0
        schedule.open_up()
        due = schedule.due(room)
        try:
            if due:
                self._way.hand_out(due)
        except BaseException:
            schedule.give_back(due)
            raise
        return len(due)

    @contextlib.contextmanager
    def running(self, idle: Callable[[], object] | None = None) -> Iterator[None]:
        """Do so again and again in a thread; `idle` is called once when nothing is left to do."""
        ended = threading.Event()
        thread = threading.Thread(target=self._run, args=(ended, idle), name="bulk-dispatcher", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=10)

    def _run(self, ended: threading.Event, idle: Callable[[], object] | None) -> None:
        trouble = ""
        while not ended.wait(TICK):
            try:
                if not self.once() and idle and self._ledger.is_idle():
                    idle()
                    return
                trouble = ""
            except Exception as error:  # noqa: BLE001 - a broker or a database that is away comes back
                said = str(error) if isinstance(error, ConnectorError) else f"{type(error).__name__}: {error}"
                if said != trouble:
                    log.warning("Nothing can be handed out at the moment: %s", redact(said)[:300])
                trouble = said
