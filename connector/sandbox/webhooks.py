"""The account's webhooks: who wants to hear of which events, and how that goes."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connector.sandbox.database import Database, matching

SCHEMA = """
CREATE TABLE IF NOT EXISTS webhooks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, events TEXT NOT NULL, signing_secret TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0, failing INTEGER NOT NULL DEFAULT 0, created_at REAL NOT NULL, updated_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS webhooks_by_url ON webhooks (url);
"""


@dataclass(frozen=True)
class Webhook:
    """One webhook. `failing` says that its last delivery did not succeed; a `disabled` one gets none."""

    id: int
    url: str
    events: tuple[str, ...]
    signing_secret: str
    disabled: bool
    failing: bool
    created_at: float
    updated_at: float


class Webhooks:
    """All webhooks of the account. `clock` gives seconds since 1970."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db = database
        self._clock = clock
        database.script(SCHEMA)

    def create(self, url: str, events: Sequence[str]) -> Webhook:
        """A new webhook with a secret of its own."""
        now = self._clock()
        row = {"url": url, "events": json.dumps(list(events)), "signing_secret": secrets.token_urlsafe(24)}
        number = self._db.insert("webhooks", {**row, "created_at": now, "updated_at": now})
        return _webhook(self._db.rows("SELECT * FROM webhooks WHERE id = ?", (number,))[0])

    def find(self, number: int) -> Webhook | None:
        """The webhook of that number."""
        row = self._db.row("SELECT * FROM webhooks WHERE id = ?", (number,))
        return _webhook(row) if row else None

    def list(self, *, limit: int, offset: int, url: str | None = None) -> list[Webhook]:
        """Webhooks, oldest first; only those of exactly that URL where it is given."""
        where, values = matching({"url": url})
        query = f"SELECT * FROM webhooks WHERE {where} ORDER BY id LIMIT ? OFFSET ?"  # noqa: S608
        return [_webhook(row) for row in self._db.rows(query, (*values, limit, offset))]

    def delete(self, number: int) -> None:
        """Forget a webhook with what was to be sent to it."""
        self._db.run("DELETE FROM webhooks WHERE id = ?", (number,))

    def wanting(self, event: str) -> Sequence[Webhook]:
        """Those that are told of an event."""
        found = map(_webhook, self._db.rows("SELECT * FROM webhooks WHERE NOT disabled ORDER BY id"))
        return [webhook for webhook in found if event in webhook.events]

    def note(self, webhook: Webhook, *, failing: bool, disabled: bool = False) -> None:
        """Record how a delivery went. `disabled` is never taken back here."""
        if (failing, disabled) != (webhook.failing, webhook.disabled):
            changes = {"failing": failing, "disabled": disabled or webhook.disabled, "updated_at": self._clock()}
            self._db.update("webhooks", webhook.id, changes)


def _webhook(row: sqlite3.Row) -> Webhook:
    flags = {"disabled": bool(row["disabled"]), "failing": bool(row["failing"])}
    return Webhook(**{**dict(row), **flags, "events": tuple(json.loads(row["events"]))})
