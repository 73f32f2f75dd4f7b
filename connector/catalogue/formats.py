"""What format a file has by its name, which formats are the same under two names, and what flows through a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from connector.files import InputFile, RemoteFile

_COMPRESSED = ("7z", "bz", "bz2", "gz", "lzo", "xz", "z")
_SAME = (
    ("jpg", "jpeg", "jfif"),
    ("tiff", "tif"),
    ("html", "htm"),
    ("mpeg", "mpg"),
    ("aiff", "aif"),
    ("3gp", "3gpp"),
    ("tar.gz", "tgz"),
    ("tar.bz2", "tbz2", "tbz"),
)
_ITS_OWN = ("optimize", "watermark", "metadata/write")


def format_of(file: InputFile | str) -> str | None:
    """The format that a file's name promises, also a compound one such as tar.gz; None where there is no extension."""
    if isinstance(file, RemoteFile):
        name = file.name or unquote(urlsplit(file.url).path)
    else:
        name = file if isinstance(file, str) else file.name
    stem, dot, extension = name.replace("\\", "/").rpartition("/")[2].lower().rpartition(".")
    if not dot or not stem or not extension.isalnum():
        return None
    return f"tar.{extension}" if stem.endswith(".tar") and extension in _COMPRESSED else extension


def spellings(name: str) -> tuple[str, ...]:
    """The format under all of its names, as given first."""
    same = next((group for group in _SAME if name in group), ())
    return tuple(dict.fromkeys((name, *same)))


def formats_in(tasks: Mapping[str, Mapping[str, Any]], files: Mapping[str, InputFile]) -> dict[str, str | None]:
    """For every task of a job (as the API takes them, by name) the format of its inputs; None if unknown or mixed.

    `files` holds the input files by the names of their import tasks.
    """
    return {name: _of_inputs(name, tasks, files, ()) for name in tasks}


def _of_inputs(
    name: str, tasks: Mapping[str, Any], files: Mapping[str, InputFile], path: tuple[str, ...]
) -> str | None:
    inputs = tasks[name].get("input") or ()
    names = [inputs] if isinstance(inputs, str) else [one for one in inputs if isinstance(one, str)]
    found = {_of_result(one, tasks, files, (*path, name)) for one in names}
    return found.pop() if len(found) == 1 else None


def _of_result(
    name: str, tasks: Mapping[str, Any], files: Mapping[str, InputFile], path: tuple[str, ...]
) -> str | None:
    task = tasks.get(name)
    if task is None or name in path:  # a name of nothing, or a circle: others say so
        return None
    operation = str(task.get("operation"))
    if operation.startswith("import/"):
        return format_of(files[name]) if name in files else format_of(str(task.get("filename") or ""))
    if task.get("output_format"):
        return str(task["output_format"])
    if operation.startswith("pdf/"):
        return "pdf"
    return task.get("input_format") or _of_inputs(name, tasks, files, path) if operation in _ITS_OWN else None
