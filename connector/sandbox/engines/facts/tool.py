"""ExifTool itself: reading all facts of a file, and writing those that a person gave."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Result, Work
from connector.sandbox.engines.common.facts import file_size
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.common.tool import Tool, filled

EXIFTOOL = Tool(
    "ExifTool",
    ("exiftool",),
    "apt-get install libimage-exiftool-perl libarchive-zip-perl",
    asked="-ver",
    pattern=r"^(\d+\.\d+)",
)
# What it says about our copy of the file, not about the person's.
_OURS = (
    *("SourceFile", "Directory", "FileModifyDate", "FileAccessDate", "FileInodeChangeDate", "FileCreateDate"),
    *("FilePermissions", "FileAttributes", "FileUserID", "FileGroupID", "FileDeviceID", "FileInodeNumber"),
)
_TAG = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,40}:){0,2}[A-Za-z][A-Za-z0-9_-]{0,80}")
# Tags that would rename, link or date files instead of describing them.
_OF_THE_SYSTEM = re.compile(
    r"(?i)(system:.*|(.*:)?(filename|directory|hardlink|symlink|testname|file\w*date|filepermissions|fileattributes"
    r"|fileuserid|filegroupid|basename|all|common\w*|alldates|geotag|geosync|geotime|geolocate))"
)
_LONGEST_VALUE = 20_000
_MOST_VALUES = 500


def read(work: Work) -> Result:
    """The `metadata` operation."""
    source, facts = work.source, work.folder / f"{work.source.path.stem}.json"
    # Into a file, because only the end of what a program prints is kept.
    into = f"{str(work.folder).replace('%', '%%')}/%f.json"
    done = EXIFTOOL.run(work, ["-config", "", "-json", "-api", "LargeFileSupport=1", "-w", into, source.path])
    found = _parsed(facts)
    if not found or "FileType" not in found:
        reason = str(found.get("Error") or done.complaint())
        raise EngineError(
            "OPEN_FAILED", f"{source.name} cannot be read as {source.format}: {programs.shortened(reason)}."
        )
    kept = {name: value for name, value in found.items() if name not in _OURS}
    named = {"FileName": source.name, "FileSize": file_size(source.path.stat().st_size)}
    return Result(metadata={name: named.get(name, value) for name, value in kept.items()})


def write(work: Work) -> Result:
    """The `metadata/write` operation. An empty value deletes."""
    given = work.options.get("metadata")
    if not isinstance(given, Mapping) or not given:
        raise EngineError(
            "INVALID_OPTION", 'The "metadata" to write is missing. Give an object such as {"Title": "Report"}.'
        )
    path, words = output_path(work), list(_assignments(work, given))
    if not words:
        raise EngineError("INVALID_OPTION", f"None of the given metadata can be written into {work.source.name}.")
    done = EXIFTOOL.run(work, ["-config", "", "-m", *words, "-o", path, work.source.path])
    if not filled(path) or "image files copied" in done.stdout:
        _refuse(work, done)
    for warning in re.findall(r"^Warning: (.*)$", done.stderr, re.MULTILINE)[:5]:
        work.warn(f"ExifTool: {programs.shortened(re.sub(r' - /.*$', '', warning))}.")
    return one_file(path)


def _assignments(work: Work, given: Mapping[object, object]) -> Iterator[str]:
    if len(given) > _MOST_VALUES:
        raise EngineError("INVALID_OPTION", f"There are more than {_MOST_VALUES} metadata to write: give fewer.")
    for name, value in given.items():
        tag = str(name)
        if not _TAG.fullmatch(tag) or _OF_THE_SYSTEM.fullmatch(tag):
            work.warn(f'"{tag[:60]}" is not the name of a piece of metadata that can be written.')
            continue
        for one in value if isinstance(value, list) else [value]:
            text = "" if one is None else str(one)
            if len(text) > _LONGEST_VALUE or "\0" in text or isinstance(one, Mapping):
                raise EngineError(
                    "INVALID_OPTION", f"The value of {tag} must be a text of at most {_LONGEST_VALUE} characters."
                )
            yield f"-{tag}={text}"


def _refuse(work: Work, done: programs.Finished) -> None:
    said = done.stderr + done.stdout
    if "Nothing to do" in said or "files copied" in said or "doesn't exist or isn't writable" in said:
        raise EngineError(
            "INVALID_OPTION",
            f"None of the given metadata can be written into {work.source.name}: use names such as Title, Artist or Copyright.",
        )
    if re.search(r"File format error|Not a valid|Error reading|corrupted|format not supported", said):
        raise EngineError("OPEN_FAILED", f"{work.source.name} is damaged or is not a {work.source.format} file.")
    raise EXIFTOOL.failure(done, work.source)


def _parsed(path: Path) -> dict[str, object]:
    if not filled(path):
        return {}
    try:
        [facts] = json.loads(path.read_text("utf-8", "replace"))
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
