"""Forgetting what is old, now and then."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence

logger = logging.getLogger("connector.sandbox")

SWEEP_SECONDS = 60.0


async def keep_sweeping(sweeps: Sequence[Callable[[], None]]) -> None:
    """Sweep at once and then every minute, until cancelled."""
    while True:
        for sweep in sweeps:
            try:
                sweep()
            except (OSError, sqlite3.Error):
                logger.exception("what is old could not be removed")
        await asyncio.sleep(SWEEP_SECONDS)
