"""Archives that unpack elsewhere, or to far too much."""

from __future__ import annotations

import io
import tarfile
import zipfile
from functools import cache

from tests.support.hostile.case import Bait, Case, always, convert, later

_TRICKS = ("OPEN_FAILED", "CONVERSION_FAILED")
_NAMES = {
    "parent": "../../../../owned.txt",
    "absolute": "/owned.txt",
    "backslash": "..\\..\\owned.txt",
    "drive": "C:\\owned.txt",
    "inner": "a/../../../owned.txt",
}
_KINDS = {"symlink": tarfile.SYMTYPE, "hard-link": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "fifo": tarfile.FIFOTYPE}


def cases() -> list[Case]:
    """All of them, each to be turned into another archive."""
    return [*_outside(), *_links(), *_bombs(), *_odd()]


def _outside() -> list[Case]:
    return [
        *(Case(f"zip-{name}", "a.zip", always(_zip({path: b"x"})), convert("tar"), codes=_TRICKS) for name, path in _NAMES.items()),
        *(Case(f"tar-{name}", "a.tar", always(_tar([(path, None)])), convert("zip"), codes=_TRICKS) for name, path in _NAMES.items()),
        Case("zip-outside-7zip", "a.zip", lambda bait: _zip({str(bait.target): b"x"}), convert("7z", "7zip"), codes=(*_TRICKS, "INVALID_OPTION")),
    ]  # fmt: skip


def _links() -> list[Case]:
    return [
        *(Case(f"tar-{name}", "a.tar", always(_tar([("way", kind)])), convert("zip"), codes=_TRICKS) for name, kind in _KINDS.items()),
        Case("tar-through-symlink", "a.tar", _through_link, convert("zip"), codes=_TRICKS),
        Case("tar-link-to-secret", "a.tar", _link_to_secret, convert("zip"), codes=_TRICKS),
        Case("zip-symlink", "a.zip", _zip_link, convert("tar"), codes=_TRICKS),
    ]  # fmt: skip


def _bombs() -> list[Case]:
    limits = ("LIMIT_EXCEEDED", "OPEN_FAILED")
    return [
        Case("zip-bomb", "a.zip", later(_bomb), convert("tar"), codes=limits),
        Case("zip-bomb-to-7z", "a.zip", later(_bomb), convert("7z"), codes=limits, slow=True),
        Case("gz-bomb", "a.tar.gz", later(_gz_bomb), convert("zip"), codes=limits),
        Case("docx-bomb", "a.docx", later(_docx_bomb), convert("pdf"), codes=(*limits, "CONVERSION_FAILED"), slow=True),
        Case("many-members", "a.zip", later(_crowd), convert("tar"), codes=limits),
    ]  # fmt: skip


def _odd() -> list[Case]:
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        for content in (b"first", b"second"):
            # The standard library warns of a name that is there twice; it is just what is wanted.
            archive.filelist, kept = [], archive.filelist
            archive.NameToInfo.clear()
            archive.writestr("same.txt", content)
            archive.filelist = kept + archive.filelist
    return [Case("zip-same-name-twice", "a.zip", always(twice.getvalue()), convert("tar"), "either", _TRICKS)]


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _tar(members: list[tuple[str, bytes | None]], target: str = "/etc/hostname") -> bytes:
    """Members by name: of that type of link or device, else small files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind or tarfile.REGTYPE, target if kind else ""
            member.size = 0 if kind else 1
            archive.addfile(member, None if kind else io.BytesIO(b"x"))
    return buffer.getvalue()


def _through_link(bait: Bait) -> bytes:
    return _tar([("way", tarfile.SYMTYPE), (f"way/{bait.target.name}", None)], str(bait.folder))


def _link_to_secret(bait: Bait) -> bytes:
    return _tar([("way", tarfile.SYMTYPE)], str(bait.text))


def _zip_link(bait: Bait) -> bytes:
    link = zipfile.ZipInfo("way")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(link, str(bait.text))
    return buffer.getvalue()


@cache
def _bomb() -> bytes:
    """Two hundred kilobytes that unpack to two hundred megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(200):
            member.write(bytes(1_000_000))
    return buffer.getvalue()


def _docx_bomb() -> bytes:
    return _zip({"[Content_Types].xml": b"", "word/document.xml": bytes(150_000_000)})


@cache
def _gz_bomb() -> bytes:
    buffer, size = io.BytesIO(), 150_000_000
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
        member = tarfile.TarInfo("zeros")
        member.size = size
        with open("/dev/zero", "rb") as zeros:  # noqa: PTH123 - a device
            archive.addfile(member, zeros)
    return buffer.getvalue()


@cache
def _crowd(count: int = 100_000) -> bytes:
    return _zip({f"{number}.txt": b"" for number in range(count)})
