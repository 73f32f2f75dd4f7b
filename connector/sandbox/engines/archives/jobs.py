"""The two things done with archives: files into one, and one into another kind."""

from __future__ import annotations

from connector.sandbox.engines.archives.limits import Names, clean_name
from connector.sandbox.engines.archives.reading import Member, unpack
from connector.sandbox.engines.base import Work


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
