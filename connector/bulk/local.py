"""Workers without a broker: threads of this process. For one machine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from connector.bulk.threads import Crew
from connector.bulk.visits import Visits
from connector.errors import ConnectorError

log = logging.getLogger("connector.bulk")


class Local:
    """A crew that looks at what is due."""

    def __init__(self, visits: Visits, crew: Crew) -> None:
        self._visits = visits
        self._crew = crew
        self._lock = threading.Lock()
        self._waiting = 0

    def waiting(self) -> int:
        """How many items no thread has taken yet."""
        return self._waiting

    def hand_out(self, items: Sequence[int]) -> None:
        """Have a thread look at these."""
        for item in items:
            self._count(1)
            self._crew.submit(lambda item=item: self._visit(item))  # type: ignore[misc]

    def _visit(self, item: int) -> None:
        self._count(-1)
        try:
            self._visits.visit(item)
        except ConnectorError as error:
            log.warning("%s", error)

    def _count(self, change: int) -> None:
        with self._lock:
            self._waiting += change
