"""Signed URLs: a job in a public link. The signature is checked on the text as it was sent, before anything is decoded."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from connector.sandbox.database import Database
from connector.sandbox.problems import ApiError, forbidden, invalid

CACHE_SECONDS = 24 * 3600.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS signed_results (cache_key TEXT PRIMARY KEY, job_id TEXT NOT NULL, created_at REAL NOT NULL);
"""
_CACHE_KEY = re.compile(r"[A-Za-z0-9_-]{1,255}")


@dataclass(frozen=True)
class SignedJob:
    """What a signed URL asks for: the body of a request to create a job, and the name under which its result is kept."""

    body: dict[str, Any]
    cache_key: str | None


def read(query: str, bases: Collection[str], secret: str) -> SignedJob:
    """The job of a raw query, signed for one of the bases. Raises ApiError 403 for a wrong signature, 422 for a wrong job."""
    signed, _, signature = query.rpartition("&s=")
    if not any(_fits(signature, f"{base}?{signed}", secret) for base in bases):
        raise forbidden("The signature of this URL is missing or wrong.")
    parameters = dict(part.partition("=")[::2] for part in signed.split("&"))
    cache_key = unquote(parameters.get("cache_key", "")) or None
    if cache_key and not _CACHE_KEY.fullmatch(cache_key):
        raise invalid({"cache_key": ["The cache_key may only hold letters, digits, dashes and underscores."]})
    body = _decoded(unquote(parameters.get("job", "")))
    if "export/url" not in _operations(body):
        raise invalid({"job": ["The job must hold an export/url task, to whose file the answer leads."]})
    return SignedJob(body, cache_key)


def signature_of(url: str, secret: str) -> str:
    """The signature of a URL without its `&s=`, in hexadecimal."""
    return hmac.new(secret.encode(), url.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


class SignedResults:
    """Which job holds the result of a cache key."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._db = database
        self._clock = clock
        database.script(SCHEMA)

    def job_id(self, cache_key: str) -> str | None:
        """The job that was made for the key within the last 24 hours."""
        row = self._db.row(
            "SELECT job_id FROM signed_results WHERE cache_key = ? AND created_at > ?",
            (cache_key, self._clock() - CACHE_SECONDS),
        )
        return row["job_id"] if row else None

    def keep(self, cache_key: str, job_id: str) -> None:
        """Remember the job of a key."""
        self._db.run("INSERT OR REPLACE INTO signed_results VALUES (?, ?, ?)", (cache_key, job_id, self._clock()))

    def sweep(self) -> None:
        """Forget what is too old to be used again."""
        self._db.run("DELETE FROM signed_results WHERE created_at < ?", (self._clock() - CACHE_SECONDS,))


def failed(code: str, message: str) -> ApiError:
    """The answer where the job of a signed URL has failed."""
    return ApiError(422, code, message)


def _fits(signature: str, url: str, secret: str) -> bool:
    expected = signature_of(url, secret)
    return hmac.compare_digest(expected.encode(), signature.lower().encode("utf-8", "replace"))


def _decoded(job: str) -> dict[str, Any]:
    """JSON in base64, of either alphabet, with or without padding."""
    plain = job.rstrip("=").translate({ord("-"): "+", ord("_"): "/"})
    try:
        body = json.loads(base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise invalid({"job": ["The job is not the base64 text of a JSON object."]})
    return body


def _operations(body: dict[str, Any]) -> list[object]:
    tasks = body.get("tasks")
    return (
        [task.get("operation") for task in tasks.values() if isinstance(task, dict)] if isinstance(tasks, dict) else []
    )
