"""7-Zip: archives that Python cannot read, unpacked and packed again as a common kind."""

from __future__ import annotations

from connector.sandbox.engines.archivetool import PACKED
from connector.sandbox.engines.base import Conversion, Engine, Result, Work
from connector.sandbox.engines.common.outputs import one_file
from connector.sandbox.engines.exotic.unpacking import SEVEN_ZIP

_INPUTS = (
    *(
        "ar",
        "arj",
        "bz2",
        "cab",
        "chm",
        "cpio",
        "deb",
        "dmg",
        "gz",
        "img",
        "iso",
        "lha",
        "lzh",
        "lzma",
        "msi",
        "rar",
        "rpm",
    ),
    *("squashfs", "tar.lzma", "tar.z", "vhd", "vmdk", "wim", "xar", "xz", "z", "zst"),
)


class SevenZip(Engine):
    """Reads only; what it takes out is packed by Python."""

    name = "7zip"
    stands_for = ("archivetool",)
    label = "7-Zip"
    install = SEVEN_ZIP.install
    conversions = (Conversion(_INPUTS, PACKED, rank=30), Conversion(_INPUTS, (), "archive/extract", rank=30))

    def version(self) -> str | None:
        """What 7-Zip says about itself, e.g. "26.02"; None also where py7zr is missing."""
        from connector.sandbox.engines.archivetool import ArchiveTool

        return SEVEN_ZIP.version() if ArchiveTool().version() else None

    def run(self, work: Work) -> Result:
        """Take the members out; pack them again unless that is all that is wanted."""
        from connector.sandbox.engines.archives.jobs import taken_out
        from connector.sandbox.engines.archives.writing import pack
        from connector.sandbox.engines.exotic.unpacking import unpacked

        if work.operation == "archive/extract":
            return taken_out(work, unpacked(work))
        pack(work.output(), work.output_format or "zip", unpacked(work))
        return one_file(work.output())
