"""Outputs of earlier steps as values of file fields: a file record becomes a file to upload or to fetch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.fields import Field
from connector.files import InputFile, LocalFile, RemoteFile

_TELLS_A_RECORD = {"data", "expires_at", "path", "size"}
"""What a file record has and what a person never writes who gives a URL with headers."""


def mapped(fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with every file record in a file field made a file, also in nested fields; all else unchanged."""
    return {name: _mapped(fields[name], value) if name in fields else value for name, value in values.items()}


def _mapped(field: Field, value: Any) -> Any:
    if field.kind == "file":
        return file_of(value)
    if field.kind == "files":
        return _files_of(value)
    if field.kind == "collection" and isinstance(value, Mapping):
        return mapped(field.nested(), value)
    if field.kind == "array" and isinstance(value, list):
        return [mapped(field.nested(), item) if isinstance(item, Mapping) else item for item in value]
    return value


def _files_of(value: Any) -> Any:
    """A list of files; lists inside are opened, so that all files of one step can stand beside one of another."""
    if not isinstance(value, list | tuple) or _is_named_bytes(value):
        return [file_of(value)]
    return [file for item in value for file in (_files_of(item) if isinstance(item, list | tuple) else [file_of(item)])]


def _is_named_bytes(value: Any) -> bool:
    return len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], bytes)


def file_of(value: Any) -> Any:
    """A file record as the file itself: what was saved, else its bytes, else its URL. Anything else is left as it is."""
    if not isinstance(value, Mapping) or not _TELLS_A_RECORD & set(value):
        return value
    return _local(value) or _remote(value) or value


def _local(record: Mapping[str, Any]) -> InputFile | None:
    path, data = record.get("path"), record.get("data")
    if isinstance(path, str) and path and Path(path).is_file():
        return LocalFile(_name(record) or Path(path).name, path=Path(path))
    return LocalFile(_name(record) or "file", data=data) if isinstance(data, bytes) else None


def _remote(record: Mapping[str, Any]) -> InputFile | None:
    url = record.get("url")
    return RemoteFile(url, name=_name(record)) if isinstance(url, str) and url else None


def _name(record: Mapping[str, Any]) -> str | None:
    name = record.get("name")
    return name if isinstance(name, str) and name else None
