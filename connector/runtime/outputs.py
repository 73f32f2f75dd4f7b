"""The declared outputs of a module, taken from the API's objects.

An output's `source` is a dotted path in the object, e.g. `links.self`; "." is the whole object. Beside the object's own
keys there are: `files` (the file records of a job's exports, or of a task), `result` (of a job without an export: its
task's result), `form` (what was filled in) and `done` (true: the call went well).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
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
_BESIDE = frozenset({"files", "form", "done"})
"""What a path can begin with beside the object's own keys."""


class Plan:
    """Where the outputs of a declaration come from: most are one key of the object, and are all taken at once.

    Lists have thousands of objects. What must be worked out stands behind what is only taken.
    """

    def __init__(self, declared: type[Fields]) -> None:
        paths = {name: field.source or name for name, field in declared.all().items()}
        taken = {name: path for name, path in paths.items() if "." not in path and path not in _BESIDE}
        self._names = tuple(taken)
        self._take = _taking(tuple(taken.values()))
        self._nothing = dict.fromkeys(taken.values())
        first = {name: path for name, path in paths.items() if path.startswith(_FIRST_FILE)}
        self._of_first_file = [(name, path.removeprefix(_FIRST_FILE)) for name, path in first.items()]
        self._whole = [name for name, path in paths.items() if path == "."]
        self._files = [name for name, path in paths.items() if path == "files"]
        simple = {*taken, *first, *self._whole, *self._files}
        self._deep = [(name, path) for name, path in paths.items() if name not in simple]
        self._needs_files = any(path.split(".")[0] == "files" for path in paths.values())

    def fill(
        self, thing: Mapping[str, Any], form: Mapping[str, Any], files: list[dict[str, Any]] | None = None
    ) -> Record:
        """The outputs of one object."""
        try:
            taken = self._take(thing)
        except KeyError:  # rarely is anything missing
            taken = self._take({**self._nothing, **thing})
        outputs = Record(zip(self._names, taken, strict=False))  # they are of one length, and checking takes time
        for name in self._whole:
            outputs[name] = thing
        if self._needs_files:
            files = file_records(thing) if files is None else files
            first = files[0] if files else _NO_FILE
            for name, key in self._of_first_file:
                outputs[name] = first.get(key)
            for name in self._files:
                outputs[name] = files
        if self._deep:
            context = {**thing, "files": files or [], "form": form, "done": True}
            for name, path in self._deep:
                outputs[name] = _at(context, path)
        return outputs


_NO_FILE: Mapping[str, Any] = {}


def _taking(keys: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(keys) > 1:  # with one key, itemgetter gives no tuple
        return itemgetter(*keys)
    return lambda thing: tuple(thing[key] for key in keys)


@functools.cache
def plan_of(declared: type[Fields]) -> Plan:
    """The plan of a declaration, made once."""
    return Plan(declared)


def _at(context: Mapping[str, Any], path: str) -> Any:
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
    result = task.get("result")
    if not result or task.get("status") != "finished":
        return []
    expiry = _expiry(task.get("ended_at"))
    records: list[dict[str, Any]] = []
    for file in result.get("files") or ():
        size, url = file.get("size"), file.get("url")
        records.append(
            {
                "name": file.get("filename"),
                "size": size if isinstance(size, int) else None,
                "url": url,
                "expires_at": expiry if url else None,
            }
        )
    return records


def _expiry(ended_at: object) -> str | None:
    text = str(ended_at)
    try:
        moment = datetime.fromisoformat(text)
        if text[_END_OF_TIME:] == "+00:00":  # as the API gives it: only the day changes, which long lists have few of
            return _day_after(text[:_END_OF_DAY]) + text[_END_OF_DAY:]
        return (moment.astimezone(UTC) + _URL_LIFETIME).isoformat()
    except (ValueError, OverflowError):
        return None


_END_OF_DAY, _END_OF_TIME = len("2026-11-22"), len("2026-11-22T08:14:12")


@functools.lru_cache(64)
def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + _URL_LIFETIME).isoformat()
