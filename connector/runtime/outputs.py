"""The declared outputs of a module, taken from the API's objects.

An output's `source` is a dotted path in the object, e.g. `links.self`; "." is the whole object. Beside the object's own
keys there are: `files` (the file records of a job's exports, or of a task), `result` (of a job without an export: its
task's result), `form` (what was filled in) and `done` (true: the call went well).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import Any

from connector.api.endpoints import Object
from connector.forms import Fields
from connector.runtime.record import Record
from connector.service import LIFETIME

_URL_LIFETIME = timedelta(seconds=LIFETIME)


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
        plain = ["" if "." in path else path for path in paths.values()]
        self._pick = itemgetter(*plain, "")  # one more, so that there are always several
        self._nothing = dict.fromkeys([*plain, ""])
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
        context = {**thing, "files": records, "form": form, "done": True, "": None}
        try:
            picked = self._pick(context)
        except KeyError:  # rarely is anything missing
            picked = self._pick(self._nothing | context)
        outputs = Record(zip(self._names, picked, strict=False))
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
    if not isinstance(tasks, list):
        return _of_task(thing)
    return [record for task in tasks if task.get("operation") == "export/url" for record in _of_task(task)]


def _of_task(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    files = (task.get("result") or {}).get("files") if task.get("status") == "finished" else None
    if not files:
        return []
    expiry = _expiry(task.get("ended_at"))
    return [_record(file, expiry) for file in files]


def _record(file: Mapping[str, Any], expiry: str | None) -> dict[str, Any]:
    size, url = file.get("size"), file.get("url")
    return {
        "name": file.get("filename"),
        "size": size if isinstance(size, int) else None,
        "url": url,
        "expires_at": expiry if url else None,
    }


_IN_UTC = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3])(?::[0-5]\d){2}\+00:00")


def _expiry(ended_at: object) -> str | None:
    text = str(ended_at)
    try:
        if _IN_UTC.fullmatch(text):  # as the API gives it; only the day changes, which long lists have few of
            return _day_after(text[:10]) + text[10:]
        return (datetime.fromisoformat(text).astimezone(UTC) + _URL_LIFETIME).isoformat()
    except (ValueError, OverflowError):
        return None


@functools.lru_cache(64)
def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + _URL_LIFETIME).isoformat()
