"""Taking an archive of strangers apart with 7-Zip: counted before, looked through afterwards."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.archives.limits import MOST_BYTES, Budget, Names, clean_part, member_path, refuse_link
from connector.sandbox.engines.archives.reading import Member, locked, unpack
from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.common.tool import Tool

SEVEN_ZIP = Tool(
    "7-Zip",
    ("7zz", "7z", "7za"),
    "apt-get install 7zip p7zip-full",
    asked="i",
    pattern=r"7-Zip[^\n]*? (\d+\.\d+)",
    file_size=MOST_BYTES,
)
# Compressed single files, of which some hold a tar.
_PACKED_TAR = {"tar.z": "z", "tar.lzma": "lzma"}
_LOCKED = re.compile(r"Wrong password|encrypted archive|Enter password", re.IGNORECASE)
# Without a question to be answered, with a password that nobody has.
_ALWAYS = ("-y", "-bd", "-bb0", "-p")


def unpacked(work: Work) -> list[Member]:
    """The members in order of their names. Raises EngineError OPEN_FAILED, INVALID_PASSWORD or LIMIT_EXCEEDED."""
    budget = Budget(work.source.name, work.source.path.stat().st_size)
    deadline = time.monotonic() + work.timeout
    _count(work, budget, deadline)
    folder = work.folder / "unpacked"
    _call(work, ["x", *_ALWAYS, f"-o{folder}", work.source.path], deadline)
    members = _members(work.source, folder, Budget(work.source.name, budget.packed))
    if work.source.format in _PACKED_TAR and len(members) == 1:
        return unpack(Source(members[0].file, work.source.name, "tar"), work.folder / "members")
    return members


def _count(work: Work, budget: Budget, deadline: float) -> None:
    """Refuse by what the archive says about itself, before anything is written."""
    listed = _call(work, ["l", "-slt", *_ALWAYS, work.source.path], deadline).stdout.partition("\n----------\n")[2]
    for entry in listed.split("\n\n"):
        size = re.search(r"^Size = (\d+)$", entry, re.MULTILINE)
        if "Path = " in entry:
            budget.add_member(int(size[1]) if size else 0)
            budget.add_bytes(int(size[1]) if size else 0)
        if re.search(r"^Encrypted = \+$", entry, re.MULTILINE):
            raise locked(work.source)


def _call(work: Work, arguments: list[str | Path], deadline: float) -> programs.Finished:
    done = SEVEN_ZIP.run(work, arguments, deadline=deadline)
    if done.code in (0, 1):
        return done
    said = done.stdout + done.stderr
    if _LOCKED.search(said):
        raise locked(work.source)
    if "No space left" in said:
        raise EngineError("OUT_OF_SPACE", "The disk of the sandbox is full; make room and try again.")
    raise EngineError(
        "OPEN_FAILED",
        f'The archive "{work.source.name}" is damaged or not what its name says. Pack it again and retry.',
    )


def _members(source: Source, folder: Path, budget: Budget) -> list[Member]:
    names, found = Names(), []
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in (*folders, *sorted(files)):
            path = Path(place, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise refuse_link(source.name)
            budget.add_member()
            budget.add_bytes(path.stat().st_size if path.is_file() else 0)
            if path.is_file() or not any(path.iterdir()):
                found.append(Member(names.unique(_own_name(source, path.relative_to(folder))), path))
    if not found:
        raise EngineError("OPEN_FAILED", f'The archive "{source.name}" is empty. Pack it again and retry.')
    return found


def _own_name(source: Source, path: Path) -> str:
    """A file without a name of its own got that of our neutral copy: it gets that of the person's file."""
    if path.as_posix() in (source.path.stem, source.path.name):
        return clean_part(Path(source.name).stem)
    return member_path(path.as_posix(), source.name)
