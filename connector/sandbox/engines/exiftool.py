"""ExifTool: what files say about themselves, under the very names that the service gives, and changes to it."""

from __future__ import annotations

from connector.sandbox.engines.base import Conversion, Engine, Option, Result, Work
from connector.sandbox.engines.facts.tool import EXIFTOOL
from connector.sandbox.engines.media.formats import AUDIO_INPUTS, VIDEO_INPUTS
from connector.sandbox.engines.pillow import INPUTS

_RAW = (
    "3fr",
    "arw",
    "cr2",
    "cr3",
    "crw",
    "dcr",
    "dng",
    "erf",
    "mos",
    "mrw",
    "nef",
    "orf",
    "pef",
    "raf",
    "raw",
    "rw2",
    "x3f",
)
_OTHERS = (
    *(
        "ai",
        "doc",
        "docm",
        "docx",
        "eps",
        "epub",
        "exr",
        "fits",
        "heic",
        "heif",
        "html",
        "mobi",
        "odg",
        "odp",
        "ods",
        "odt",
    ),
    *("otf", "pages", "numbers", "key", "ppt", "pptm", "pptx", "ps", "psb", "rtf", "svg", "ttf", "txt", "vsd", "xcf"),
    *(
        "xls",
        "xlsm",
        "xlsx",
        "7z",
        "gz",
        "iso",
        "rar",
        "tar",
        "zip",
        "azw",
        "azw3",
        "djvu",
        "dwg",
        "swf",
        "woff",
        "woff2",
    ),
)
_WRITABLE = (
    *("avif", "gif", "heic", "heif", "jfif", "jp2", "jpeg", "jpg", "png", "psd", "psb", "tif", "tiff"),
    *("cr2", "cr3", "crw", "dng", "erf", "mos", "mrw", "nef", "orf", "pef", "raf", "rw2"),
    *("3g2", "3gp", "ai", "eps", "m4a", "m4v", "mov", "mp4"),
)
_VALUES = (Option("metadata", "dictionary"),)


class ExifTool(Engine):
    """Reads nearly everything; writes into pictures, videos of Apple's kind and PDF files."""

    name = "exiftool"
    label = "ExifTool"
    install = EXIFTOOL.install
    conversions = (
        Conversion(
            tuple(dict.fromkeys((*INPUTS, *_RAW, *_OTHERS, *AUDIO_INPUTS, *VIDEO_INPUTS, "pdf"))),
            (),
            "metadata",
            rank=10,
            credits=0,
        ),
        Conversion(_WRITABLE, (), "metadata/write", _VALUES, rank=30),
        # It only appends to a PDF, so that what it replaces can still be read; another engine writes the file anew.
        Conversion(("pdf",), (), "metadata/write", _VALUES, rank=40),
    )

    def version(self) -> str | None:
        """What ExifTool says about itself, e.g. "12.57"."""
        return EXIFTOOL.version()

    def run(self, work: Work) -> Result:
        """Do the work."""
        from connector.sandbox.engines.facts import tool

        return tool.write(work) if work.operation == "metadata/write" else tool.read(work)
