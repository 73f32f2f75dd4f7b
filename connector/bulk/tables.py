"""The ledger's tables. One row an input: what was asked for, the job that was made of it, and what came out.

An item is `waiting` until it is begun, `open` while it is in flight, and then `done` or `failed`. Times are in seconds
since 1970. Whoever works on an item holds its lease: `owner`, until `lease_until`.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

WAITING, OPEN, DONE, FAILED = "waiting", "open", "done", "failed"

metadata = MetaData()

runs = Table(
    "bulk_runs",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("module", String(80), nullable=False),
    Column("parameters", Text, nullable=False),  # the fields that all inputs share, as JSON
    Column("options", Text, nullable=False),  # where files go, and how, as JSON
    Column("window", Integer, nullable=False),  # how many items may be in flight
    Column("created", Float, nullable=False),
)

items = Table(
    "bulk_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", String(80), ForeignKey("bulk_runs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", String(64), nullable=False),  # what makes an input the same one in a later run
    Column("label", Text, nullable=False),
    Column("form", Text),  # the input's own fields as JSON; NULL where the caller keeps them
    Column("tag", String(80), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("asks", Integer, nullable=False),  # how many tries may have asked for a job with this tag
    Column("job_id", String(80), index=True),
    Column("owner", String(80)),
    Column("lease_until", Float, nullable=False),
    Column("due", Float, nullable=False),  # when somebody has to look at it again
    Column("claim", String(40)),  # by which call of `Schedule.due` it was handed out last
    Column("failures", Integer, nullable=False),  # how many tries met an error that may pass
    Column("lost", Integer, nullable=False),  # how many of its jobs were deleted before their files were here
    Column("finishes", Integer, nullable=False),
    Column("outputs", Text),
    Column("error", Text),
    Column("credits", Float),
    UniqueConstraint("run", "key"),
    Index("bulk_items_by_state", "run", "state"),
    Index("bulk_items_by_due", "state", "due"),
)

facts = Table(
    "bulk_facts",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", Float, nullable=False),
    Column("text", Text, nullable=False),
)
"""What concerns the whole ledger: until when its workers pause, and why; under what name a broker knows it."""
