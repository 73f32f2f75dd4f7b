"""Archives: files packed into one, one kind of archive into another, and the files out of one."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version

from connector.sandbox.engines.base import Conversion, Engine, Result, Work
from connector.sandbox.engines.common.outputs import one_file

ARCHIVES = ("7z", "jar", "tar", "tar.bz", "tar.bz2", "tar.gz", "tar.xz", "tbz", "tbz2", "tgz", "txz", "zip")
PACKED = ("7z", "tar", "tar.bz2", "tar.gz", "tar.xz", "tbz2", "tgz", "txz", "zip")


class ArchiveTool(Engine):
    """The standard library for zip and tar, py7zr for 7z."""

    name = "archivetool"
    label = "Archive tool"
    install = 'pip install "cloudconvert-connector[sandbox]"'
    conversions = (
        Conversion((), ("zip", "7z", "tar", "tar.gz", "tar.bz2"), "archive", joins=True, rank=20),
        Conversion(ARCHIVES, PACKED, rank=20),
        Conversion(ARCHIVES, (), "archive/extract", rank=20),
    )

    def version(self) -> str | None:
        """The version of py7zr, the only part that is not Python's own."""
        try:
            return package_version("py7zr")
        except PackageNotFoundError:
            return None

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.archives.jobs import members_for, taken_out
        from connector.sandbox.engines.archives.writing import pack

        if work.operation == "archive/extract":
            return taken_out(work, members_for(work))
        pack(work.output(), work.output_format or "zip", members_for(work))
        return one_file(work.output())
