"""The ledger of bulk runs: what was asked for, what is in flight, what came out. It is the truth; messages are hints."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from os import PathLike
from typing import Any

import sqlalchemy as sa

from connector.api.clock import Clock
from connector.bulk.database import Database
from connector.bulk.rows import Rows, new_item
from connector.bulk.run import Counts, Input, Run
from connector.bulk.schedule import Schedule
from connector.bulk.tables import DONE, FAILED, OPEN, WAITING, facts, items, runs
from connector.errors import InputError

PATIENCE = 60.0
"""Seconds."""

_AT_A_TIME = 500


class Ledger:
    """All runs in the database at a path or URL. Close it, or use it as a context manager. Can be shared by threads.

    `rows` works on single items, `schedule` says which are to be looked at. After `patience` seconds of silence a
    worker counts as dead, and a message as lost.
    """

    def __init__(self, where: str | PathLike[str], *, clock: Clock | None = None, patience: float = PATIENCE) -> None:
        self.clock = clock or Clock()
        self.database = Database(where)
        self.rows = Rows(self.database, clock=self.clock, lease=patience)
        self.schedule = Schedule(self.database, clock=self.clock, quiet=patience)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections to the database."""
        self.database.close()

    @property
    def id(self) -> str:
        """The name by which a broker knows this ledger, since several may share one."""
        new = {"name": "id", "at": self.clock.time(), "text": uuid.uuid4().hex}
        with self.database.begin() as connection:
            connection.execute(self.database.insert(facts).on_conflict_do_nothing(), [new])
            return str(connection.execute(sa.select(facts.c.text).where(facts.c.name == "id")).scalar_one())

    def start(self, run: Run) -> None:
        """Make the run; one that is there already stays as it was."""
        options = {"output_dir": run.output_dir, "overwrite": run.overwrite}
        row = {
            "id": run.id,
            "module": run.module,
            "parameters": json.dumps(dict(run.parameters), ensure_ascii=False),
            "options": json.dumps(options, ensure_ascii=False),
            "window": run.window,
            "created": self.clock.time(),
        }
        with self.database.begin() as connection:
            connection.execute(self.database.insert(runs).on_conflict_do_nothing(), [row])

    def add(self, run: str, inputs: Iterable[Input]) -> int:
        """Note these inputs; what is known already stays as it is. Gives how many were new."""
        source = iter(inputs)
        before = position = self.counts(run).total
        while some := list(islice(source, _AT_A_TIME)):
            rows = [new_item(run, one.key, one.label, position + n, one.form) for n, one in enumerate(some)]
            with self.database.begin() as connection:
                connection.execute(self.database.insert(items).on_conflict_do_nothing(), rows)
            position += len(some)
        return self.counts(run).total - before

    def run(self, run: str) -> Run:
        """A run by its id. Raises InputError where there is none."""
        with self.database.begin() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run)).mappings().first()
        if row is None:
            raise InputError(f"The ledger knows no run {run[:60]!r}.", fields={"run": "is unknown"}, hint=self._known())
        options = json.loads(row["options"])
        return Run(row["id"], row["module"], json.loads(row["parameters"]), window=row["window"], **options)

    def runs(self) -> list[str]:
        """The ids of all runs, oldest first."""
        with self.database.begin() as connection:
            return list(connection.execute(sa.select(runs.c.id).order_by(runs.c.created, runs.c.id)).scalars())

    def _known(self) -> str:
        known = self.runs()
        return f"It knows: {', '.join(known[-5:])}." if known else "It knows none yet."

    def counts(self, run: str) -> Counts:
        """How far a run is."""
        question = (
            sa.select(items.c.state, sa.func.count(), sa.func.sum(items.c.credits))
            .where(items.c.run == run)
            .group_by(items.c.state)
        )
        with self.database.begin() as connection:
            rows = connection.execute(question).all()
        numbers = {state: number for state, number, _ in rows}
        waiting, flying, done, failed = (numbers.get(state, 0) for state in (WAITING, OPEN, DONE, FAILED))
        return Counts(waiting, flying, done, failed, float(sum(spent or 0 for _, _, spent in rows)))

    def is_idle(self) -> bool:
        """Whether no item that workers could do is left."""
        left = sa.select(items.c.id).where(items.c.state.in_((WAITING, OPEN)), items.c.form.is_not(None)).limit(1)
        with self.database.begin() as connection:
            return connection.execute(left).first() is None

    def results(self, run: str, states: Sequence[str] = (DONE, FAILED)) -> Iterator[dict[str, Any]]:
        """What is known of the items, in the order in which they were handed in, read as they are needed."""
        after = (-1, -1)
        while True:
            further = sa.tuple_(items.c.position, items.c.id) > sa.tuple_(*after)
            chosen = sa.select(items).where(items.c.run == run, items.c.state.in_(states), further)
            with self.database.begin() as connection:
                question = chosen.order_by(items.c.position, items.c.id).limit(_AT_A_TIME)
                rows = connection.execute(question).mappings().all()
            if not rows:
                return
            yield from map(_result, rows)
            after = (rows[-1]["position"], rows[-1]["id"])

    def reasons(self, run: str) -> list[tuple[str, int, str]]:
        """Why items failed: each sentence, how often, and one of the inputs; the most frequent first."""
        question = (
            sa.select(items.c.error, sa.func.count(), sa.func.min(items.c.label))
            .where(items.c.run == run, items.c.state == FAILED)
            .group_by(items.c.error)
        )
        found: dict[str, tuple[int, str]] = {}
        with self.database.begin() as connection:
            for error, number, label in connection.execute(question):
                sentence = json.loads(error)["message"]
                found[sentence] = (found.get(sentence, (0, ""))[0] + number, label)
        return sorted(((s, number, label) for s, (number, label) in found.items()), key=lambda reason: -reason[1])

    def retry(self, run: str) -> int:
        """Let all failed items be tried again; gives how many that are."""
        failed = (items.c.run == run) & (items.c.state == FAILED)
        with self.database.begin() as connection:
            change = sa.update(items).where(failed).values(state=WAITING, error=None, due=0.0)
            return connection.execute(change).rowcount


def _result(row: Any) -> dict[str, Any]:
    known = {"input": row["label"], "state": row["state"], "job_id": row["job_id"], "credits": row["credits"]}
    for part in ("outputs", "error"):
        if row[part]:
            known[part] = json.loads(row[part])
    return known
