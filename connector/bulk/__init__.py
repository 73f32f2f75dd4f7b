"""Bulk runs: one module over many inputs, with a ledger that survives whatever happens meanwhile."""

from connector.bulk.many import Outcome, Watcher, run_many

__all__ = ["Outcome", "Watcher", "run_many"]
