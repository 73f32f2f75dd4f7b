"""What makes an input of a run the same one in a later run, and what it is called meanwhile."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from connector.errors import InputError
from connector.files import LocalFile, RemoteFile
from connector.module import Module

_NOT_ABOUT_THE_RESULT = frozenset({"wait_limit"})


def key_of(form: Mapping[str, Any]) -> str:
    """The same for the same filled-in form. A file on the disk is the same while its size and time of change are.

    Raises InputError for an open stream: what it holds cannot be known without reading it.
    """
    about = {name: value for name, value in form.items() if name not in _NOT_ABOUT_THE_RESULT}
    return hashlib.sha256(json.dumps(about, sort_keys=True, default=_identity).encode()).hexdigest()


def _identity(value: Any) -> Any:
    match value:
        case LocalFile(path=path) if path is not None:
            try:
                status = path.stat()
            except OSError as error:
                raise InputError(f"The file {path} cannot be read: {error.strerror}.") from error
            return [os.path.abspath(path), status.st_size, status.st_mtime_ns]  # noqa: PTH100 - links stay as named
        case LocalFile(data=data) if data is not None:
            return [value.name, hashlib.sha256(data).hexdigest()]
        case LocalFile():
            raise InputError(
                f"The stream {value.name!r} cannot be found again in a later run.",
                hint="Give a path, a URL or bytes, or run it without a ledger.",
            )
        case RemoteFile():
            return [value.url, dict(value.headers), value.name]
    return str(value)


def label_of(module: type[Module], form: Mapping[str, Any]) -> str:
    """What a person calls the input, filled in or not: its files, else its first text."""
    files = form.get(str(getattr(module.recipe, "inputs", None)))
    texts = (text for value in [files, *form.values()] if (text := _label(value)))
    return next(texts, "")


def _label(value: Any) -> str:
    match value:
        case LocalFile():
            return str(value.path or value.name)
        case RemoteFile():
            parts = urlsplit(value.url)  # the rest may be a signature
            return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        case str() if value.startswith(("http://", "https://")):
            return _label(RemoteFile(value))
        case str() | os.PathLike():
            return os.fspath(value)
        case {"url": str() as address}:
            return _label(RemoteFile(address))
        case (str() as name, bytes()) | {"name": str() as name}:
            return name
        case [first, *_]:
            return _label(first)
    return ""
