"""Waiting for jobs and tasks to end: everybody who waits for an id is woken once, without polling."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Bell:
    """Rings for ids."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = defaultdict(set)

    async def wait(self, name: str) -> None:
        """Return when the bell rings for this id, or for all."""
        rung: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[name].add(rung)
        try:
            await rung
        finally:
            self._waiting[name].discard(rung)
            if not self._waiting[name]:
                del self._waiting[name]

    def ring(self, name: str) -> None:
        """Wake everybody who waits for this id."""
        for rung in self._waiting.get(name, ()):
            if not rung.done():
                rung.set_result(None)

    def ring_all(self) -> None:
        """Wake everybody, because nothing will happen any more."""
        for name in list(self._waiting):
            self.ring(name)
