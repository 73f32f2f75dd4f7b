"""Blocking work beside the event loop, each in a thread of its own that does not hold up the end of the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """What the work gives, or raises.

    Not asyncio.to_thread: waits for jobs would fill its pool, and the interpreter would wait for them at its end.
    """
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()

    def hand_over(settle: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if result.done() else settle())

    def run() -> None:
        try:
            value = work()
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            failure = error
            hand_over(lambda: result.set_exception(failure))
        else:
            hand_over(lambda: result.set_result(value))

    threading.Thread(target=run, name="v1-gateway", daemon=True).start()
    return await result
