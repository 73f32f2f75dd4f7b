"""What document files look like inside: some readers turn any rubbish into a document, so we look before they do."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from connector.sandbox.engines.base import EngineError, Source

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOOKED_AT = 64 * 1024


def check(source: Source) -> None:
    """Raise EngineError OPEN_FAILED where the file is empty or is not what its format says. Unknown formats pass."""
    if source.path.stat().st_size == 0:
        raise EngineError("OPEN_FAILED", f"{source.name} is empty: upload the file again.")
    looks_right = _CHECKS.get(source.format)
    if looks_right and not looks_right(source.path):
        raise EngineError(
            "OPEN_FAILED",
            f"{source.name} is damaged or is not a {source.format} file: check the file and its input format.",
        )


def read_text(path: Path) -> str:
    """A text file's content: UTF-8, UTF-16 with its mark, else what Windows wrote in western countries."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def is_encrypted(path: Path) -> bool:
    """Whether an office file needs a password: encrypted OOXML lies in an OLE container, OpenDocument says so in its manifest."""
    if _starts(OLE)(path):
        return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        return "META-INF/manifest.xml" in names and b"manifest:encryption-data" in archive.open(
            "META-INF/manifest.xml"
        ).read(_LOOKED_AT * 16)


def _starts(*marks: bytes) -> Callable[[Path], bool]:
    def looks_right(path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(_LOOKED_AT).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(marks)

    return looks_right


def _zip_with(*names: str) -> Callable[[Path], bool]:
    def looks_right(path: Path) -> bool:
        try:
            with zipfile.ZipFile(path) as archive:
                return any(entry.startswith(names) for entry in archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError):
            return False

    return looks_right


def _text(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head


def _pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _any(*checks: Callable[[Path], bool]) -> Callable[[Path], bool]:
    return lambda path: any(check(path) for check in checks)


# Encrypted Office files keep their extension but lie in an OLE container.
_WORD = _any(_zip_with("word/"), _starts(OLE))
_SHEET = _any(_zip_with("xl/"), _starts(OLE))
_SLIDES = _any(_zip_with("ppt/"), _starts(OLE))
# Old Office programs, and many web shops, write other formats under these extensions.
_OLD_WORD = _any(_starts(OLE, b"{\\rtf", b"\xdb\xa5", b"\xec\xa5", b"<"), _zip_with("word/"))
_OLD_SHEET = _any(_starts(OLE, b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00", b"<"), _zip_with("xl/"))
_OPEN_DOCUMENT = _zip_with("content.xml", "mimetype")
_XML = _starts(b"<")
# Plain, behind a printer's end mark, or with a preview inside.
_POSTSCRIPT = _starts(b"%!", b"\x04%!", b"\xc5\xd0\xd3\xc6")

_CHECKS: dict[str, Callable[[Path], bool]] = {
    **dict.fromkeys(("docx", "docm", "dotx", "dotm"), _WORD),
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "xltm"), _SHEET),
    **dict.fromkeys(("pptx", "pptm", "ppsx", "ppsm", "potx", "potm"), _SLIDES),
    **dict.fromkeys(("doc", "dot"), _OLD_WORD),
    **dict.fromkeys(("xls", "xlt"), _OLD_SHEET),
    **dict.fromkeys(("ppt", "pps", "pot"), _any(_starts(OLE), _zip_with("ppt/"))),
    **dict.fromkeys(("odt", "ott", "ods", "ots", "odp", "otp", "odg", "otg", "odf"), _OPEN_DOCUMENT),
    **dict.fromkeys(("hwp", "wps", "vsd", "pub"), _starts(OLE, b"HWP")),
    **dict.fromkeys(("pages", "numbers", "key"), zipfile.is_zipfile),
    **dict.fromkeys(("fodt", "fods", "fodp", "fodg", "fb2", "opml", "svg"), _any(_XML, _zip_with(""))),
    **dict.fromkeys(
        ("html", "htm", "txt", "csv", "tsv", "md", "rst", "tex", "org", "textile", "ipynb", "typ", "adoc"), _text
    ),
    "eps": _POSTSCRIPT,
    "ps": _POSTSCRIPT,
    "rtf": _starts(b"{\\rtf"),
    "epub": _zip_with("META-INF/"),
    "wpd": _starts(b"\xffWPC"),
    "lwp": _starts(b"WordPro"),
    "pdf": _pdf,
    "vsdx": _zip_with("visio/"),
    "xps": _zip_with("FixedDoc", "_rels/", "Documents/"),
}
