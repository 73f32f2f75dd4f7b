"""`bulk worker`: does what is noted in a ledger, beside any number of others."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import click

from connector.api.session import LARGEST_POOL
from connector.bulk.many import WORKERS
from connector.cli.bulk_ledger import ledger_option, opened
from connector.cli.chosen import chosen_connection
from connector.errors import LimitReached

BROKER_VARIABLE = "CLOUDCONVERT_BROKER"
BROKER = "redis://127.0.0.1:6379/0"


@click.command("worker")
@click.option(
    "--broker",
    envvar=BROKER_VARIABLE,
    default=BROKER,
    show_default=True,
    metavar="URL",
    help="Redis, or RabbitMQ (amqp://...).",
)
@click.option("--local", is_flag=True, help="Without a broker: this process does it all.")
@click.option(
    "--concurrency", default=WORKERS, show_default=True, type=click.IntRange(1, LARGEST_POOL), help="Files at a time."
)
@click.option("--until-done", is_flag=True, help="End when nothing is left to do.")
@click.option(
    "--connection", "connection_name", metavar="NAME", help="A saved connection; without it, the default one."
)
@click.option(
    "--patience",
    type=click.FloatRange(min=1),
    metavar="SECONDS",
    help="After so much silence a worker counts as dead, and a message as lost; 60 by default. The same for all workers.",
)
@ledger_option
def command(
    broker: str,
    local: bool,
    concurrency: int,
    until_done: bool,
    connection_name: str | None,
    patience: float | None,
    ledger: str | None,
) -> int:
    """Do what is noted in the ledger, until Ctrl-C or SIGTERM. Start as many as you like, on any machine that sees it."""
    from connector.bulk.dispatch import Dispatcher
    from connector.bulk.keeping import renewing
    from connector.bulk.visits import Visits

    with opened(ledger, patience) as kept, chosen_connection(name=connection_name) as connection, renewing(kept):
        visits = Visits(kept, connection)
        way = _Local(visits, concurrency) if local else _Celery(broker, kept.id, visits, concurrency)
        with Dispatcher(kept, way.way).running(way.stop if until_done else None):
            return way.work()


class _Local:
    """Threads of this process."""

    def __init__(self, visits: Any, concurrency: int) -> None:
        from connector.bulk.local import Local
        from connector.bulk.threads import Crew

        self._crew = Crew(concurrency)
        self.way: Any = Local(visits, self._crew)
        self._stopped = False

    def stop(self, *_: object) -> None:
        self._stopped = True

    def work(self) -> int:
        signal.signal(signal.SIGTERM, self.stop)
        with self._crew:
            while not self._stopped:
                time.sleep(0.1)
        return 0


class _Celery:
    """Celery's threads, fed through a broker."""

    def __init__(self, broker: str, ledger_id: str, visits: Any, concurrency: int) -> None:
        try:
            from connector.bulk.broker import Broker
        except ImportError as error:
            raise LimitReached(
                f"Celery is not installed ({error.name} is missing).",
                hint='Install it with: pip install "cloudconvert-connector[celery]", or do without a broker by --local.',
            ) from error
        self.way: Any = Broker(broker, ledger_id)
        self._visits = visits
        self._concurrency = concurrency

    def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)  # Celery lets its tasks end, and leaves

    def work(self) -> int:
        return int(self.way.work(self._visits, self._concurrency))
