"""Outputs as they are kept: JSON, with bytes in files beside it, and without what may be secret."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from connector.errors import InputError
from connector.redact import MASK, redact_data

_BYTES = "$bytes"
_ESCAPED = "$mapping"


def encode(value: Any, folder: Path) -> str:
    """The value as JSON; bytes are written into the folder first, under a name made from their content.

    Raises InputError for what is no data (an open stream), OSError where it cannot be written.
    """
    return json.dumps(_plain(value, folder), ensure_ascii=False, sort_keys=True)


def decode(text: str, folder: Path) -> Any:
    """What `encode` was given. Raises OSError or ValueError where it is not complete any more."""
    return _real(json.loads(text), folder)


def _plain(value: Any, folder: Path) -> Any:
    if isinstance(value, Mapping):
        inner = {str(key): _plain(item, folder) for key, item in value.items()}
        return {_ESCAPED: inner} if {_BYTES, _ESCAPED} & set(inner) else inner
    if isinstance(value, list | tuple):
        return [_plain(item, folder) for item in value]
    if isinstance(value, bytes):
        return {_BYTES: _write(value, folder)}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise InputError(
        f"A value of the kind {type(value).__name__} cannot be kept for a resume: give data, a path or a URL."
    )


def _real(value: Any, folder: Path) -> Any:
    if isinstance(value, list):
        return [_real(item, folder) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_BYTES}:
        return (folder / str(value[_BYTES])).read_bytes()
    inner = value[_ESCAPED] if set(value) == {_ESCAPED} else value
    return {key: _real(item, folder) for key, item in inner.items()}


def _write(content: bytes, folder: Path) -> str:
    """Whole or not at all: a crash must not leave half a file under a name that promises its content."""
    name = hashlib.sha256(content).hexdigest()
    if (folder / name).exists():
        return name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(folder / name)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
    return name


def without_secrets(value: Any, secrets: Iterable[str]) -> Any:
    """The outputs without these texts, and without what the API repeats of a request that may hold others."""
    return _Scrubber(secrets).clean(value)


class _Scrubber:
    """Masks known texts everywhere, and in a task's request all headers and whatever has a telling name."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Longest first: where one begins with another, the longer one must be masked whole.
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def clean(self, value: Any) -> Any:
        """The value with masks."""
        if isinstance(value, Mapping):
            return {key: self._entry(str(key), item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.clean(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _entry(self, key: str, value: Any) -> Any:
        # The request of a task comes back as its payload, the signature of an upload in its form.
        if key in ("payload", "form") and isinstance(value, Mapping):
            masked = {name: _all_masked(item) if name == "headers" else item for name, item in value.items()}
            return self.clean(redact_data(masked))
        return self.clean(value)

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, MASK) if len(secret) > _SHORT else MASK if text == secret else text
        return text


_SHORT = 5  # a shorter secret inside a longer text is more likely an ordinary word


def _all_masked(headers: Any) -> Any:
    return dict.fromkeys(headers, MASK) if isinstance(headers, Mapping) else MASK
