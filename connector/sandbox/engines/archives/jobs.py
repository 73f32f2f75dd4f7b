"""What is done with archives: files into one, one into another kind, and the files out of one."""

from __future__ import annotations

from collections.abc import Sequence

from connector.sandbox.engines.archives.limits import Names, clean_name
from connector.sandbox.engines.archives.reading import Member, unpack
from connector.sandbox.engines.base import EngineError, OutputFile, Result, Work


def gathered(work: Work) -> list[Member]:
    """All sources under the names people gave them; the second of the same name gets " (2)"."""
    names = Names()
    return [Member(names.unique(clean_name(source.name)), source.path) for source in work.sources]


def unpacked(work: Work) -> list[Member]:
    """The members of the source, each path once."""
    names, seen, kept = Names(), set(), []
    for member in unpack(work.source, work.folder / "unpacked"):
        folder = member.file.is_dir()
        if folder and member.path in seen:
            continue
        seen.add(member.path)
        kept.append(Member(member.path if folder else names.unique(member.path), member.file))
    return kept


def members_for(work: Work) -> list[Member]:
    """What is to be packed for this work."""
    return gathered(work) if work.operation == "archive" else unpacked(work)


def taken_out(work: Work, members: Sequence[Member]) -> Result:
    """The files among the members, each under the last part of its path. Raises EngineError OPEN_FAILED for none."""
    files = [OutputFile(one.file, one.path.rpartition("/")[2]) for one in members if one.file.is_file()]
    if not files:
        raise EngineError(
            "OPEN_FAILED", f'The archive "{work.source.name}" holds no files. Check that it is the right one.'
        )
    return Result(files)
