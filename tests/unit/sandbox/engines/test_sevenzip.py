from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from pathlib import Path

import pytest

from connector.sandbox.engines.sevenzip import SevenZip
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("7zip")

ENGINE = SevenZip()
TEXT = b"hello\n" * 100


def cpio(path: Path, members: dict[str, bytes], mode: int = 0o100644) -> Path:
    """An archive in cpio's plain form, which no module of Python reads."""
    data = b""
    for name, content in {**members, "TRAILER!!!": b""}.items():
        kind = mode if name != "TRAILER!!!" else 0
        fields = (1, kind, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        data += head.ljust(-(-len(head) // 4) * 4, b"\0") + content.ljust(-(-len(content) // 4) * 4, b"\0")
    path.write_bytes(data)
    return path


def zipped(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_exotic_archive_becomes_a_common_one(tmp_path: Path) -> None:
    source = cpio(tmp_path / "a.cpio", {"folder/a.txt": TEXT, "b.txt": b"b"})
    assert zipped(run(ENGINE, "convert", source, "zip").path) == {"b.txt": b"b", "folder/a.txt": TEXT}
    with tarfile.open(run(ENGINE, "convert", source, "tar.gz").path) as archive:
        assert sorted(archive.getnames()) == ["b.txt", "folder/a.txt"]


def test_the_files_of_an_exotic_archive_are_taken_out(tmp_path: Path) -> None:
    source = cpio(tmp_path / "a.cpio", {"folder/a.txt": TEXT, "b.txt": b"b"})
    found = run(ENGINE, "archive/extract", source).result.files
    assert {file.name: file.path.read_bytes() for file in found} == {"a.txt": TEXT, "b.txt": b"b"}


@pytest.mark.parametrize(("kind", "packed"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_packed_file_keeps_the_name_that_the_person_gave(kind: str, packed: object, tmp_path: Path) -> None:
    (tmp_path / f"1.{kind}").write_bytes(packed(TEXT))  # type: ignore[operator]
    done = run(ENGINE, "convert", tmp_path / f"1.{kind}", "zip", names=(f"letter.txt.{kind}",))
    assert zipped(done.path) == {"letter.txt": TEXT}


def test_a_packed_tar_is_opened_as_well(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        info = tarfile.TarInfo("x/y.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    source = tmp_path / "1.tar.lzma"
    source.write_bytes(lzma.compress(inner.getvalue(), lzma.FORMAT_ALONE))
    from connector.sandbox.engines.base import Source, Work

    (tmp_path / "work").mkdir()
    work = Work("convert", (Source(source, "a.tar.lzma", "tar.lzma"),), "zip", {}, tmp_path / "work", 60)
    assert zipped(ENGINE.run(work).files[0].path) == {"x/y.txt": TEXT}


def test_paths_that_lead_outside_stay_inside(tmp_path: Path) -> None:
    source = cpio(tmp_path / "a.cpio", {"../../escaped.txt": b"x", "/absolute.txt": b"y"})
    names = list(zipped(run(ENGINE, "convert", source, "zip").path))
    assert len(names) == 2
    assert not [name for name in names if ".." in name or name.startswith("/")]
    assert not list(tmp_path.parent.glob("escaped*"))


def test_links_are_refused(tmp_path: Path) -> None:
    source = cpio(tmp_path / "a.cpio", {"link": b"/etc/passwd"}, mode=0o120777)
    assert refused(ENGINE, "convert", source, "zip").code == "OPEN_FAILED"


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bz2").write_bytes(bz2.compress(bytes(300_000_000)))
    assert refused(ENGINE, "convert", tmp_path / "a.bz2", "zip").code == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("name", ["a.rar", "a.iso", "a.cab", "a.deb"])
def test_rubbish_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 20)
    assert refused(ENGINE, "convert", tmp_path / name, "zip").code == "OPEN_FAILED"
