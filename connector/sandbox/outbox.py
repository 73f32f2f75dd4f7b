"""What is to be sent to webhooks: kept in the database until it has arrived or was given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from connector.sandbox.database import Database
from connector.sandbox.webhooks import Webhook

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, webhook_id INTEGER REFERENCES webhooks ON DELETE CASCADE, url TEXT NOT NULL,
    target TEXT NOT NULL, event TEXT NOT NULL, body BLOB NOT NULL, failures INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_by_target ON deliveries (target, due_at);
CREATE INDEX IF NOT EXISTS deliveries_by_time ON deliveries (due_at);
CREATE INDEX IF NOT EXISTS deliveries_by_webhook ON deliveries (webhook_id);
"""


@dataclass(frozen=True)
class Delivery:
    """One request to make. `webhook_id` is None for a job's own URL; `failures` counts the tries so far.

    What goes to one `target` goes one after the other.
    """

    id: int
    webhook_id: int | None
    url: str
    target: str
    event: str
    body: bytes
    failures: int
    due_at: float


class Outbox:
    """All deliveries that are still to be made. `changed` is set when there may be something new to do."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.changed = asyncio.Event()
        database.script(SCHEMA)

    def put(self, url: str, event: str, body: bytes, now: float, webhook: Webhook | None = None) -> None:
        """Add a delivery that is due at once."""
        target = f"webhook {webhook.id}" if webhook else url
        row = {"url": url, "target": target, "event": event, "body": body, "due_at": now}
        self._db.insert("deliveries", {**row, "webhook_id": webhook.id if webhook else None})
        self.changed.set()

    def due(self, now: float, *, limit: int, busy: Collection[str]) -> list[Delivery]:
        """The oldest due delivery of each target that is not busy."""
        chosen = self._db.rows(
            "SELECT MIN(id) AS id FROM deliveries WHERE due_at <= ? AND target NOT IN (SELECT value FROM json_each(?))"
            " GROUP BY target ORDER BY 1 LIMIT ?",
            (now, json.dumps(list(busy)), limit),
        )
        return [Delivery(**row) for one in chosen if (row := self._row(one["id"]))]

    def next_time(self) -> float | None:
        """When the next delivery is due, in seconds since 1970; None where there is none."""
        row = self._db.row("SELECT MIN(due_at) AS moment FROM deliveries")
        return row["moment"] if row else None

    def postpone(self, delivery: Delivery, until: float) -> None:
        """Try it again at that time."""
        self._db.update("deliveries", delivery.id, {"failures": delivery.failures + 1, "due_at": until})

    def remove(self, delivery: Delivery) -> None:
        """It has arrived, or was given up."""
        self._db.run("DELETE FROM deliveries WHERE id = ?", (delivery.id,))

    def remove_all(self, webhook: Webhook) -> None:
        """Nothing more goes to this webhook."""
        self._db.run("DELETE FROM deliveries WHERE webhook_id = ?", (webhook.id,))

    def _row(self, number: int) -> dict[str, Any] | None:
        row = self._db.row("SELECT * FROM deliveries WHERE id = ?", (number,))
        return dict(row) if row else None
