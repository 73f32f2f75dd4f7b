"""The tag of the job that a task makes: the same for every try, so that a retried task finds the job of the try before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connector.files import LocalFile, RemoteFile

_LONGEST = 200  # characters for a person to read; CloudConvert takes 255


def tag_of(task_instance: Any, form: Mapping[str, Any], number: int = 1) -> str:
    """The tag for this DAG, task, run and map index, and for what the form says.

    A task that is cleared after its DAG was changed asks for something else, and gets a job of its own. So does one whose
    job has failed: `number` counts them. The end of the tag is of letters and digits, unlike anything else's.
    """
    ti = task_instance
    place = f"{ti.dag_id}/{ti.task_id}/{ti.run_id}/{ti.map_index}"
    whole = json.dumps([place, _plain(form), number], sort_keys=True, default=str)
    return f"{place[:_LONGEST]}#{hashlib.sha256(whole.encode()).hexdigest()[:16]}"


def _plain(value: Any) -> Any:
    match value:
        case LocalFile(path=Path() as path):
            about = path.stat()
            return [str(path), about.st_size, about.st_mtime_ns]
        case LocalFile():
            return value.name
        case RemoteFile():
            return [value.url, value.name]
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value
