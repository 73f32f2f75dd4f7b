"""The declared outputs of a module, taken from the API's objects.

An output's `source` is a dotted path in the object, e.g. `links.self`; "." is the whole object. Beside the object's own
keys there are: `files` (the file records of a job's exports, or of a task), `result` (of a job without an export: its
task's result), `form` (what was filled in) and `done` (true: the call went well).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter
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
    return Record(thing) if declared is None else plan_of(declared).fill(thing, form, files)


_FIRST_FILE = "files.0."


class Plan:
    """Where the outputs of a declaration come from: most by one key of the object, so that they are found all at once."""

    def __init__(self, declared: type[Fields]) -> None:
        paths = {name: field.source or name for name, field in declared.all().items()}
        self._names = tuple(paths)
        self._pick = itemgetter(*paths.values(), "")  # one more, so that there are always several
        self._nothing = dict.fromkeys([*paths.values(), ""])
        self._of_first_file = [
            (name, path.removeprefix(_FIRST_FILE)) for name, path in paths.items() if path.startswith(_FIRST_FILE)
        ]
        self._deep = [(name, path) for name, path in paths.items() if "." in path and not path.startswith(_FIRST_FILE)]
        self._needs_files = any(path.split(".")[0] == "files" for path in paths.values())

    def fill(
        self, thing: Mapping[str, Any], form: Mapping[str, Any], files: list[dict[str, Any]] | None = None
    ) -> Record:
        """The outputs of one object."""
        records = (file_records(thing) if self._needs_files else []) if files is None else files
        context = {**self._nothing, **thing, "files": records, "form": form, "done": True}
        outputs = Record(zip(self._names, self._pick(context), strict=False))
        if records:
            first = records[0]
            for name, key in self._of_first_file:
                outputs[name] = first.get(key)
        for name, path in self._deep:
            outputs[name] = _at(thing, context, path)
        return outputs


@functools.cache
def plan_of(declared: type[Fields]) -> Plan:
    """The plan of a declaration, made once."""
    return Plan(declared)


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
    tasks = thing.get("tasks")
    exports = [task for task in tasks if task.get("operation") == "export/url"] if isinstance(tasks, list) else [thing]
    return [
        _record(file, task)
        for task in exports
        if task.get("status") == "finished"
        for file in (task.get("result") or {}).get("files") or []
    ]


def _record(file: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    size, url = file.get("size"), file.get("url")
    return {
        "name": file.get("filename"),
        "size": size if isinstance(size, int) else None,
        "url": url,
        "expires_at": _expiry(task.get("ended_at")) if url else None,
    }


def _expiry(ended_at: object) -> str | None:
    try:
        ended = datetime.fromisoformat(str(ended_at))
        # Read from "+00:00" it is in UTC already, as the API gives it.
        return ((ended if ended.tzinfo is UTC else ended.astimezone(UTC)) + _URL_LIFETIME).isoformat()
    except (ValueError, OverflowError):
        return None
