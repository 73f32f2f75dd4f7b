"""Brings events to webhooks: a few at a time, again after a failure, later again after a restart."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import logging
import sqlite3
from collections.abc import Callable, Sequence
from enum import Enum

from connector.sandbox import guard
from connector.sandbox.engines.base import EngineError
from connector.sandbox.outbox import Delivery, Outbox
from connector.sandbox.posting import Post
from connector.sandbox.threads import in_thread
from connector.sandbox.webhooks import Webhooks

logger = logging.getLogger("connector.sandbox")

AT_A_TIME = 8
TOTAL_TIMEOUT = 30.0
_LONGEST_PAUSE = 30.0
_STUBBORN_SECONDS = 5.0


class Verdict(Enum):
    """What comes of a try."""

    DELIVERED = "delivered"
    RETRY = "will be tried again"
    FAILED = "is not tried again"
    GONE = "disabled the webhook"


def verdict(status: int | None) -> Verdict:
    """By the status of the answer; None where there was none. A redirect is a failure like any other."""
    if status is None or status >= 500:
        return Verdict.RETRY
    if status == 410:
        return Verdict.GONE
    return Verdict.DELIVERED if 200 <= status < 300 else Verdict.FAILED


class Deliverer:
    """Empties the outbox. A job's own URL is signed with `account_secret`; `delays` are the pauses between tries."""

    def __init__(
        self,
        outbox: Outbox,
        webhooks: Webhooks,
        *,
        account_secret: str,
        allow_private: bool,
        clock: Callable[[], float],
        delays: Sequence[float],
    ) -> None:
        self._outbox = outbox
        self._webhooks = webhooks
        self._account_secret = account_secret
        self._allow_private = allow_private
        self._clock = clock
        self._delays = delays
        self._lanes: dict[str, asyncio.Task[None]] = {}

    async def keep_delivering(self) -> None:
        """Deliver what is due, and wait for more, until cancelled. What is not done then stays in the outbox."""
        try:
            while True:
                self._outbox.changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._outbox.changed.wait(), self._begin())
        finally:
            lanes = list(self._lanes.values())
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)

    async def deliver_due(self) -> None:
        """Make every delivery that is due now, and return."""
        self._begin()
        while self._lanes:
            await asyncio.gather(*self._lanes.values())
            self._begin()

    def _begin(self) -> float:
        """Start what can start; how long there is nothing more to start, in seconds."""
        try:
            room, now = AT_A_TIME - len(self._lanes), self._clock()
            for delivery in self._outbox.due(now, limit=room, busy=self._lanes) if room else ():
                self._lanes[delivery.target] = asyncio.get_running_loop().create_task(self._deliver(delivery))
            following = self._outbox.next_time()
        except sqlite3.Error:
            logger.exception("the outbox could not be read; trying again")
            return _STUBBORN_SECONDS
        # What is due now waits for a lane, whose end is told by `changed`.
        wait = following - now if following and following > now else _LONGEST_PAUSE
        return min(wait, _LONGEST_PAUSE)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            self._record(delivery, await self._tried(delivery))
        except sqlite3.Error:
            logger.exception("the delivery %s could not be recorded; it will be made again", delivery.id)
            await asyncio.sleep(_STUBBORN_SECONDS)
        finally:
            del self._lanes[delivery.target]
            self._outbox.changed.set()

    async def _tried(self, delivery: Delivery) -> Verdict:
        webhook = self._webhooks.find(delivery.webhook_id) if delivery.webhook_id else None
        if delivery.webhook_id and webhook is None:
            return Verdict.FAILED
        secret = webhook.signing_secret if webhook else self._account_secret
        post = Post(delivery.url, delivery.body, secret, self._allow_private)
        try:
            async with asyncio.timeout(TOTAL_TIMEOUT):
                status = await in_thread(post.run)
        except guard.Refused as error:
            logger.warning("%s was not sent: %s", delivery.event, error.message)
            return Verdict.FAILED
        except (OSError, http.client.HTTPException, EngineError) as error:
            logger.warning("%s could not be sent (%s)", delivery.event, type(error).__name__)
            return verdict(None)
        except ValueError:
            return Verdict.FAILED
        finally:
            post.stop()
        logger.info("%s was sent to a webhook, which answered %d", delivery.event, status)
        return verdict(status)

    def _record(self, delivery: Delivery, result: Verdict) -> None:
        retried = result is Verdict.RETRY and delivery.failures < len(self._delays)
        webhook = self._webhooks.find(delivery.webhook_id) if delivery.webhook_id else None
        if retried:
            self._outbox.postpone(delivery, self._clock() + self._delays[delivery.failures])
        else:
            self._outbox.remove(delivery)
        if webhook is None:
            return
        gone = result is Verdict.GONE
        self._webhooks.note(webhook, failing=result is not Verdict.DELIVERED, disabled=gone)
        if gone:
            self._outbox.remove_all(webhook)
