"""Packing files into a new archive."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from connector.sandbox.engines.archives.reading import Member

_COMPRESSIONS = {
    "tar": "",
    **dict.fromkeys(("tar.gz", "tgz"), "gz"),
    **dict.fromkeys(("tar.bz2", "tbz2"), "bz2"),
    **dict.fromkeys(("tar.xz", "txz"), "xz"),
}


def pack(path: Path, output_format: str, members: Sequence[Member]) -> None:
    """Write the members in order into a new archive of that format."""
    if output_format in _COMPRESSIONS:
        _write_tar(path, _COMPRESSIONS[output_format], members)
    else:
        _WRITERS[output_format](path, members)


def _write_zip(path: Path, members: Sequence[Member]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for member in members:
            archive.write(member.file, member.path)


def _write_tar(path: Path, compression: str, members: Sequence[Member]) -> None:
    with tarfile.open(path, f"w:{compression}", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for member in members:
            archive.add(member.file, member.path, recursive=False, filter=_anonymous)


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of this machine's users."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    return info


def _write_7z(path: Path, members: Sequence[Member]) -> None:
    from connector.sandbox.engines.archives.seven import write_7z

    write_7z(path, members)


_WRITERS: dict[str, Callable[[Path, Sequence[Member]], None]] = {"zip": _write_zip, "7z": _write_7z}
