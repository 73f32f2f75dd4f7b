"""Which engines are installed, found out in the background: asking a program for its version can take a second."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future

from connector.sandbox.engines import address_of
from connector.sandbox.engines.base import Engine

logger = logging.getLogger("connector.sandbox")


class Detection:
    """Asks every engine for its version once, each in a thread of its own, from `start()` on."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines
        self._answers: dict[str, Future[str | None]] = {address_of(engine): Future() for engine in engines}

    def start(self) -> None:
        """Begin to ask. The threads hold nothing up when the server ends."""
        for engine in self._engines:
            # A running future cannot be cancelled by somebody who only gave up waiting for it.
            self._answers[address_of(engine)].set_running_or_notify_cancel()
            threading.Thread(target=self._ask, args=(engine,), daemon=True).start()

    async def version(self, engine: Engine) -> str | None:
        """The engine's version once it is known, None where it is not installed."""
        return await asyncio.wrap_future(self._answers[address_of(engine)])

    async def known(self, engines: Iterable[Engine] | None = None) -> None:
        """Wait until the versions of these engines, by default of all, are known."""
        for engine in self._engines if engines is None else engines:
            await self.version(engine)

    def now(self, engine: Engine) -> str | None:
        """The version as far as it is known by now."""
        answer = self._answers[address_of(engine)]
        return answer.result() if answer.done() else None

    def _ask(self, engine: Engine) -> None:
        version = None
        try:
            version = engine.version()
        except Exception:
            logger.exception("the engine %s could not say whether it is installed", engine.label)
        self._answers[address_of(engine)].set_result(version)
