"""The declared outputs of a module, taken from the API's objects.

An output's `source` is a dotted path in the object, e.g. `links.self`; "." is the whole object. Beside the object's own
keys there are: `files` (the file records of a job's exports, or of a task), `result` (of a job without an export: its
task's result), `form` (what was filled in) and `done` (true: the call went well).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connector.api.endpoints import Object
from connector.forms import Fields
from connector.runtime.record import Record

_URL_LIFETIME = timedelta(hours=24)


def outputs_of(
    declared: type[Fields] | None,
    thing: Mapping[str, Any],
    form: Mapping[str, Any],
    files: list[dict[str, Any]] | None = None,
) -> Record:
    """The outputs by name; None for what the object does not have. Without a declaration, the object itself."""
    if declared is None:
        return Record(thing)
    records = file_records(thing) if files is None else files
    context = {**thing, "files": records, "form": form, "done": True}
    return Record({name: _at(thing, context, field.source or name) for name, field in declared.all().items()})


def _at(thing: Mapping[str, Any], context: Mapping[str, Any], path: str) -> Any:
    if path == ".":
        return dict(thing)
    value: Any = context
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def file_records(thing: Object | Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of every finished export/url task of a job, in order; of a task, its own."""
    tasks = thing["tasks"] if isinstance(thing.get("tasks"), list) else [thing]
    exports = [task for task in tasks if task is thing or task.get("operation") == "export/url"]
    finished = [task for task in exports if task.get("status") == "finished"]
    return [_record(file, task) for task in finished for file in (task.get("result") or {}).get("files") or []]


def _record(file: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    size = file.get("size")
    return {
        "name": file.get("filename"),
        "size": size if isinstance(size, int) else None,
        "url": file.get("url"),
        "expires_at": _expiry(task.get("ended_at")) if file.get("url") else None,
    }


def _expiry(ended_at: object) -> str | None:
    with contextlib.suppress(TypeError, ValueError, OverflowError):
        return (datetime.fromisoformat(str(ended_at)).astimezone(UTC) + _URL_LIFETIME).isoformat()
    return None
