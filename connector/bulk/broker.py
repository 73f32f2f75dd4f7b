"""Celery: how items get from the ledger to workers on any number of machines.

A message holds no more than an item's number, and is only a hint. It is acknowledged when it is received: what a dead
worker or broker loses comes due again by the ledger, so that no second account of what is in flight has to be kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from celery import Celery
from kombu import Queue

from connector.bulk.visits import Visits
from connector.errors import InputError

_TASK = "cloudconvert.visit"


class Broker:
    """The queue of a ledger at a broker: `url` is redis://host/0 or amqp://user@host//. Raises InputError for no address."""

    def __init__(self, url: str, ledger_id: str) -> None:
        if "://" not in url:
            problem = "must be an address such as redis://127.0.0.1:6379/0 or amqp://user@host//"
            raise InputError(f"The broker {problem}.", fields={"broker": problem})
        self._queue = f"cloudconvert-bulk-{ledger_id}"
        self.app = Celery("cloudconvert-bulk", broker=url, set_as_current=False)
        self.app.conf.update(
            task_queues=[Queue(self._queue)],
            task_default_queue=self._queue,
            task_ignore_result=True,
            task_serializer="json",
            accept_content=["json"],
            worker_prefetch_multiplier=1,
            worker_hijack_root_logger=False,
            worker_enable_remote_control=False,
            worker_cancel_long_running_tasks_on_connection_loss=False,
            broker_connection_retry_on_startup=True,
            broker_connection_max_retries=None,
            broker_pool_limit=4,
            broker_transport_options={"socket_connect_timeout": 5, "socket_timeout": 15, "socket_keepalive": True},
            task_publish_retry=False,
        )

    def waiting(self) -> int:
        """How many messages no worker has taken yet."""
        with self.app.connection_or_acquire() as connection:
            queue = Queue(self._queue)(connection.default_channel)
            queue.declare()
            # Not passively: at Redis an empty queue does not exist.
            return int(queue.queue_declare().message_count)

    def hand_out(self, items: Sequence[int]) -> None:
        """Send a message for each of these."""
        with self.app.producer_pool.acquire(block=True, timeout=10) as producer:
            for item in items:
                self.app.send_task(_TASK, (item,), producer=producer, queue=self._queue, ignore_result=True)

    def work(self, visits: Visits, concurrency: int) -> int:
        """Be a worker with so many threads until SIGTERM or Ctrl-C; gives the exit code."""

        @self.app.task(name=_TASK)  # type: ignore[untyped-decorator]
        def visit(item: int) -> None:
            visits.visit(item)

        # Celery warns of root because of pickle; here only JSON is accepted.
        warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")
        # Without the event loop: threads acknowledge, and one that meets a broken connection takes it out of the loop, which
        # then waits for ever instead of connecting again.
        worker: Any = self.app.Worker(
            pool="threads", concurrency=concurrency, use_eventloop=False, without_gossip=True, without_mingle=True, without_heartbeat=True,
            loglevel="WARNING", optimization="fair", quiet=True,
        )  # fmt: skip
        worker.start()
        return int(worker.exitcode or 0)
