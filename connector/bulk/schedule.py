"""Which items are to be looked at now, and whether anybody may: the part of the ledger that drives the workers.

The same question starts items, comes back to those that were waiting for their job, and picks up what a broker or a
dead worker lost: an item in flight is due again a while after it was last handed out, whatever happened to the message.
"""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa

from connector.api.clock import Clock
from connector.bulk.database import Database
from connector.bulk.tables import OPEN, WAITING, facts, items, runs

_PAUSED = "paused until"


class Schedule:
    """The items that are due. Any number of workers may ask at once; each item is given to one of them."""

    def __init__(self, database: Database, *, clock: Clock | None = None, quiet: float) -> None:
        self.quiet = quiet
        self._database = database
        self._clock = clock or Clock()

    def open_up(self) -> int:
        """Let waiting items begin, the first first, as far as each run's window allows; gives how many."""
        return sum(self._open_up(run, window) for run, window in self._waiting_runs())

    def _waiting_runs(self) -> list[tuple[str, int]]:
        waiting = sa.select(items.c.run).where(items.c.state == WAITING, items.c.form.is_not(None)).distinct()
        with self._database.begin() as connection:
            found = connection.execute(sa.select(runs.c.id, runs.c.window).where(runs.c.id.in_(waiting))).all()
        return [(run, window) for run, window in found]

    def _open_up(self, run: str, window: int) -> int:
        in_run = items.c.run == run
        flying = sa.select(sa.func.count()).where(in_run, items.c.state == OPEN)
        waiting = sa.select(items.c.id).where(in_run, items.c.state == WAITING, items.c.form.is_not(None))
        with self._database.begin() as connection:
            # A change first: of two workers who do this at once, the second then counts what the first has opened.
            connection.execute(sa.update(runs).where(runs.c.id == run).values(window=runs.c.window))
            room = window - connection.execute(flying).scalar_one()
            if room <= 0:
                return 0
            first = waiting.order_by(items.c.position).limit(room).scalar_subquery()
            change = sa.update(items).where(items.c.id.in_(first), items.c.state == WAITING)
            return connection.execute(change.values(state=OPEN, due=self._clock.time())).rowcount

    def due(self, limit: int = 200) -> list[int]:
        """Items in flight that somebody has to look at now. They come again after `quiet` seconds if nobody does."""
        now = self._clock.time()
        claim = uuid.uuid4().hex
        is_due = sa.and_(
            items.c.state == OPEN, items.c.due <= now, items.c.lease_until < now, items.c.form.is_not(None)
        )
        first = sa.select(items.c.id).where(is_due).order_by(items.c.due, items.c.id).limit(limit).scalar_subquery()
        with self._database.begin() as connection:
            # Asked twice: another worker may have taken some of them in between.
            change = sa.update(items).where(items.c.id.in_(first), is_due)
            if not connection.execute(change.values(due=now + self.quiet, claim=claim)).rowcount:
                return []
            return list(connection.execute(sa.select(items.c.id).where(items.c.claim == claim)).scalars())

    def wake(self, job_id: str) -> bool:
        """Have the item with this job looked at soon, since something is said to have happened to it."""
        return self._update((items.c.job_id == job_id) & (items.c.state == OPEN), due=0.0) > 0

    def give_back(self, handed_out: list[int]) -> None:
        """These could not be handed on: they stay due."""
        self._update(items.c.id.in_(handed_out) & (items.c.state == OPEN), due=0.0)

    def _update(self, which: Any, **values: Any) -> int:
        with self._database.begin() as connection:
            return connection.execute(sa.update(items).where(which).values(values)).rowcount

    def pause(self, seconds: float, reason: str) -> None:
        """Let no worker ask the service for anything for so long; a longer pause that goes on already stays."""
        pause = {"at": self._clock.time() + seconds, "text": reason}
        insert = self._database.insert(facts).on_conflict_do_nothing()
        shorter = (facts.c.name == _PAUSED) & (facts.c.at < pause["at"])
        with self._database.begin() as connection:
            connection.execute(insert, [{"name": _PAUSED, **pause}])
            connection.execute(sa.update(facts).where(shorter).values(pause))

    def paused(self) -> tuple[float, str]:
        """Seconds until workers may go on, and why they pause; (0, "") where nobody does."""
        with self._database.begin() as connection:
            row = connection.execute(sa.select(facts.c.at, facts.c.text).where(facts.c.name == _PAUSED)).first()
        left = row[0] - self._clock.time() if row else 0.0
        return (left, str(row[1])) if row and left > 0 else (0.0, "")
