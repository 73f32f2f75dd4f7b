"""Answers of the service kept on disk. A cache never fails: what cannot be read is a miss, what cannot be written is not kept."""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.api.answers import LARGEST

FOLDER_VARIABLE = "CLOUDCONVERT_CACHE_DIR"
_LATEST = 1e11  # seconds since 1970, far beyond any date


@dataclass(frozen=True)
class Entry:
    """The rows of one answer as they came, and when, in seconds since 1970."""

    rows: list[Any]
    at: float


class DiskCache:
    """One file for each question, named by a hash of the base URL and the question. Without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, base_url: str) -> None:
        self._folder = folder
        self._base_url = base_url

    def read(self, question: str) -> Entry | None:
        """The kept answer, however old."""
        path = self._path(question)
        if path is None:
            return None
        try:
            with path.open("rb") as file:
                kept = json.loads(file.read(LARGEST))
            entry = Entry(list(kept["rows"]), float(kept["at"]))
            fits = kept["base_url"] == self._base_url and kept["question"] == question and 0 < entry.at < _LATEST
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return entry if fits else None

    def write(self, question: str, entry: Entry) -> None:
        """Keep the answer; readers see the old one or the new one, never half of it."""
        path = self._path(question)
        if path is None:
            return
        part = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part")
        kept = {"base_url": self._base_url, "question": question, "at": entry.at, "rows": entry.rows}
        with contextlib.suppress(OSError, ValueError, RecursionError):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                part.write_text(json.dumps(kept, separators=(",", ":")), "utf-8")
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def _path(self, question: str) -> Path | None:
        key = hashlib.sha256(f"{self._base_url}\n{question}".encode()).hexdigest()[:32]
        return self._folder / f"operations-{key}.json" if self._folder else None


def default_folder(base_url: str) -> Path | None:
    """Where answers of that server are kept: the folder of CLOUDCONVERT_CACHE_DIR, else the user's own for caches.

    None for a server on this machine: it answers at once, and what it can do changes with what is installed.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    if _is_here(urlsplit(base_url).hostname or ""):
        return None
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("cloudconvert-connector"))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
