"""CloudConvert's side of webhooks: jobs, documents about them, signatures, and calls in-process or over loopback."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

import requests

SECRET = "signing-secret-of-the-tests"
HEADER = "CloudConvert-Signature"
STAMP = "2023-11-14T22:00:00+00:00"
_STATES = {"created": "waiting", "finished": "finished", "failed": "error"}


def task(name: str, status: str, **more: Any) -> dict[str, Any]:
    """A task as the API describes it."""
    ended_at = STAMP if status in ("finished", "error") else None
    return {"id": f"task-{name}", "name": name, "operation": "convert", "status": status, "ended_at": ended_at, **more}


def job(job_id: str = "job-1", status: str = "finished", tasks: Iterable[dict[str, Any]] = (), **more: Any) -> Any:
    """A job as the API describes it."""
    ended_at = STAMP if status in ("finished", "error") else None
    about = {"id": job_id, "tag": "a tag", "status": status, "created_at": STAMP, "started_at": None}
    return {**about, "ended_at": ended_at, "tasks": list(tasks), **more}


def exporting(name: str = "report.pdf") -> dict[str, Any]:
    """A finished export with one file."""
    file = {"filename": name, "size": 3, "url": f"https://storage.example/{name}"}
    return task("export", "finished", operation="export/url", result={"files": [file]})


def document(kind: str, job_id: str = "job-1", **more: Any) -> Any:
    """A webhook's document: `kind` is created, finished or failed."""
    return {"event": f"job.{kind}", "job": job(job_id, _STATES[kind], **more)}


def as_body(about: Any) -> bytes:
    """The bytes that are sent; indented, because nobody may count on how they are spaced."""
    return about if isinstance(about, bytes) else json.dumps(about, indent=1).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    """What the header must hold, made independently of the code under test."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def acall(
    app: Any,
    about: Any,
    *,
    headers: list[tuple[bytes, bytes]] | None = None,
    method: str = "POST",
    chunks: int = 1,
    secret: str = SECRET,
) -> int:
    """Call an ASGI application in this process, with the right signature unless `headers` are given; gives the status."""
    body = as_body(about)
    size = max(1, -(-len(body) // chunks))
    parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)} for number, part in enumerate(parts, 1)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    signed = [(HEADER.lower().encode(), signature(body, secret).encode())]
    scope = {"type": "http", "method": method, "path": "/", "headers": signed if headers is None else headers}
    await app(scope, receive, send)
    return int(sent[0]["status"])


def call(app: Any, about: Any, **how: Any) -> int:
    """The same from a test that is not asynchronous."""
    return asyncio.run(acall(app, about, **how))


def post(url: str, about: Any, secret: str = SECRET) -> int:
    """Call a receiver over the network, as CloudConvert does; gives the status."""
    body = as_body(about)
    headers = {HEADER: signature(body, secret), "Content-Type": "application/json"}
    return requests.post(url, data=body, headers=headers, timeout=10).status_code
