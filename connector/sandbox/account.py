"""The account's credits: what finished tasks took, and the refusal when nothing is left."""

from __future__ import annotations

from connector.sandbox.database import Database
from connector.sandbox.problems import ApiError

UNLIMITED = 1000
"""What an account shows from which nothing is taken."""

SCHEMA = "CREATE TABLE IF NOT EXISTS spent (id INTEGER PRIMARY KEY CHECK (id = 1), credits INTEGER NOT NULL);"


class Account:
    """The credits of one data folder: `credits` to begin with, None to take none."""

    def __init__(self, database: Database, credits: int | None) -> None:  # noqa: A002 - what they are called
        self._db = database
        self._credits = credits
        database.script(SCHEMA)

    @property
    def balance(self) -> int:
        """The credits that are left, at least 0."""
        if self._credits is None:
            return UNLIMITED
        row = self._db.row("SELECT credits FROM spent")
        return max(0, self._credits - (row["credits"] if row else 0))

    def spend(self, credits: int) -> None:  # noqa: A002 - what they are called
        """Take credits, for a task that finished."""
        if credits and self._credits is not None:
            self._db.run(
                "INSERT INTO spent VALUES (1, ?) ON CONFLICT DO UPDATE SET credits = credits + excluded.credits",
                (credits,),
            )

    def require_credits(self) -> None:
        """Raise ApiError 402 where nothing is left."""
        if self.balance <= 0:
            raise ApiError(402, "CREDITS_EXCEEDED", "Your account has run out of conversion minutes")
