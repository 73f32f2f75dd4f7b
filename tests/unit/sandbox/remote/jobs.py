"""One file to a storage and back, over the API."""

from __future__ import annotations

from typing import Any

from tests.unit.sandbox.client import RAW, Client


def exported(client: Client, operation: str, **payload: Any) -> Any:
    """The task that exports a.txt with hello in it, when it has ended."""
    return client.job(sync=True, i=RAW, e={"operation": operation, "input": "i", **payload})["tasks"][1]


def imported(client: Client, operation: str, **payload: Any) -> tuple[Any, dict[str, bytes]]:
    """The task that imports, when it has ended, and what it brought: contents by name."""
    tasks = {"i": {"operation": operation, **payload}, "e": {"operation": "export/url", "input": "i"}}
    job = client.job(sync=True, **tasks)
    files = (job["tasks"][1]["result"] or {}).get("files", [])
    return job["tasks"][0], {file["filename"]: client.ask("GET", file["url"]).content for file in files}
