"""One item of a ledger: who works on it, which job it has, how it ended.

Every change is one conditional UPDATE, so that it works alike in every SQL database. What is noted by somebody who has
lost the lease changes nothing and raises LeaseLost.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from connector.api.clock import Clock
from connector.bulk.database import Database
from connector.bulk.entry import Entry, LeaseLost, new_tag
from connector.bulk.tables import DONE, FAILED, OPEN, WAITING, items


class Rows:
    """The items of a ledger, for one worker of many. Can be shared by threads."""

    def __init__(self, database: Database, *, clock: Clock | None = None, lease: float) -> None:
        self.worker = uuid.uuid4().hex
        self.lease = lease
        self._database = database
        self._clock = clock or Clock()

    def claim(self, run: str, key: str, label: str, position: int) -> Entry:
        """The item with that key, made where there is none, and its lease unless somebody else has it or it is done."""
        insert = self._database.insert(items).on_conflict_do_nothing()
        with self._database.begin() as connection:
            connection.execute(insert, [new_item(run, key, label, position)])
            entry = self._take(connection, items.c.run == run, items.c.key == key, failed=True)
        if entry is None:
            raise LeaseLost(f"The item {label!r} has gone from the ledger.")
        return entry

    def take(self, item: int) -> Entry | None:
        """The item and its lease, unless somebody else has it or it has ended. None where there is no such item."""
        with self._database.begin() as connection:
            return self._take(connection, items.c.id == item)

    def _take(self, connection: sa.engine.Connection, *which: Any, failed: bool = False) -> Entry | None:
        now = self._clock.time()
        holder = f"{self.worker}/{uuid.uuid4().hex[:8]}"
        free = items.c.state.in_((WAITING, OPEN, *([FAILED] if failed else []))) & (items.c.lease_until < now)
        values = {
            "state": OPEN,
            "owner": holder,
            "lease_until": now + self.lease,
            "asks": items.c.asks + 1,
            "error": None,
        }
        got = connection.execute(sa.update(items).where(*which, free).values(values)).rowcount
        row = connection.execute(sa.select(items).where(*which)).mappings().first()
        return _entry(row, holder if got else None) if row else None

    def made(self, entry: Entry, job_id: str) -> Entry:
        """Note the job that was made."""
        self._change(entry, job_id=job_id)
        return replace(entry, job_id=job_id)

    def afresh(self, entry: Entry) -> Entry:
        """Note that nothing came of the item's job: another is asked for, under a new tag."""
        tag = new_tag()
        self._change(entry, asks=1, job_id=None, tag=tag, lost=items.c.lost + 1)
        return replace(entry, asked=False, job_id=None, tag=tag, lost=entry.lost + 1)

    def release(self, entry: Entry, *, due: float = 0.0, asked: bool = True, failed: bool = False) -> None:
        """Let others have it.

        `due` is when somebody has to look at it again. `asked`: this try may have made a job; `failed`: it met an error.
        """
        tries = {} if asked else {"asks": items.c.asks - 1}
        self._change(entry, lease_until=0.0, due=due, failures=items.c.failures + int(failed), **tries)

    def finish(self, entry: Entry, outputs: Mapping[str, Any], spent: float = 0.0) -> None:
        """Note the outputs, which must be data."""
        kept = json.dumps(outputs, ensure_ascii=False, default=str)
        once = items.c.finishes + 1
        self._change(entry, state=DONE, lease_until=0.0, outputs=kept, credits=spent, finishes=once)

    def fail(self, entry: Entry, error: Mapping[str, Any], *, spent: float = 0.0, taken_up: bool = False) -> None:
        """Note why it failed. With `taken_up` a later try takes up the same job; otherwise it makes another."""
        kept = json.dumps(error, ensure_ascii=False, default=str)
        anew = {} if taken_up else {"asks": 0, "failures": 0, "lost": 0, "job_id": None, "tag": new_tag()}
        self._change(entry, state=FAILED, lease_until=0.0, error=kept, credits=spent, **anew)

    def _change(self, entry: Entry, **values: Any) -> None:
        held = (items.c.id == entry.id) & (items.c.owner == entry.holder) & (items.c.state == OPEN)
        with self._database.begin() as connection:
            if not connection.execute(sa.update(items).where(held).values(values)).rowcount:
                raise LeaseLost(f"Somebody else works on {entry.label!r} by now.", job_id=entry.job_id)

    def renew(self) -> int:
        """Hold on to everything that this worker has; gives how many that are."""
        now = self._clock.time()
        held = items.c.owner.startswith(self.worker) & (items.c.state == OPEN) & (items.c.lease_until > now)
        return self._update(held, lease_until=now + self.lease)

    def seize(self, run: str) -> int:
        """End every lease of a run: for somebody who knows that nobody else can be at work."""
        return self._update((items.c.run == run) & (items.c.lease_until > 0), lease_until=0.0)

    def _update(self, which: Any, **values: Any) -> int:
        with self._database.begin() as connection:
            return connection.execute(sa.update(items).where(which).values(values)).rowcount


def new_item(run: str, key: str, label: str, position: int, form: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The columns of an item that nobody has begun."""
    return {
        "run": run,
        "key": key,
        "label": label,
        "position": position,
        "form": None if form is None else json.dumps(form, ensure_ascii=False),
        "tag": new_tag(),
        "state": WAITING,
        "asks": 0,
        "lease_until": 0.0,
        "due": 0.0,
        "failures": 0,
        "lost": 0,
        "finishes": 0,
    }


def _entry(row: Any, holder: str | None) -> Entry:
    return Entry(
        label=row["label"],
        tag=row["tag"],
        holder=holder,
        id=row["id"],
        run=row["run"],
        form=json.loads(row["form"]) if row["form"] else None,
        asked=row["asks"] > 1,
        tries=row["asks"],
        failures=row["failures"],
        job_id=row["job_id"],
        lost=row["lost"],
        is_done=row["state"] == DONE,
        outputs=json.loads(row["outputs"]) if row["outputs"] else None,
        credits=row["credits"] or 0.0,
    )
