from __future__ import annotations

import io
import os
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import py7zr
import pytest

from connector.sandbox.engines.archives.limits import MOST_MEMBERS, Names, clean_name, clean_part
from connector.sandbox.engines.archivetool import ARCHIVES, PACKED, ArchiveTool
from connector.sandbox.engines.rar import Rar
from tests.unit.sandbox.engines.workbench import format_of, refused, run

ENGINE = ArchiveTool()
MAGIC = {"zip": b"PK\3\4", "7z": b"7z\xbc\xaf", "gz": b"\x1f\x8b", "bz2": b"BZh", "xz": b"\xfd7zXZ"}
TREE = {
    "report/one.txt": b"one" * 1000,
    "report/empty.txt": b"",
    "report/deep/er/ü.bin": bytes(range(256)),
    ".hidden": b"dot",
}


def contents(path: Path) -> dict[str, bytes]:
    """Members and their content; folders end in a slash."""
    kind = format_of(path)
    if kind == "zip":
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    if kind == "7z":
        return unpacked_7z(path)
    with tarfile.open(path) as archive:
        return {
            info.name + "/" * info.isdir(): b"" if info.isdir() else (archive.extractfile(info) or io.BytesIO()).read()
            for info in archive
        }


def unpacked_7z(path: Path) -> dict[str, bytes]:
    folder = path.parent / "unpacked by py7zr"
    with py7zr.SevenZipFile(path) as archive:
        archive.extractall(folder)
        names = {info.filename + "/" * info.is_directory: folder / info.filename for info in archive.list()}
    return {name: b"" if name.endswith("/") else file.read_bytes() for name, file in names.items()}


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same tree, with an empty folder, in every kind of archive."""
    folder = tmp_path_factory.mktemp("samples")
    source = zipped(folder / "in.zip", {**TREE, "void/": b""})
    files = {kind: run(ENGINE, "convert", source, kind).path for kind in PACKED}
    files |= {"jar": source, "tbz": files["tbz2"], "tar.bz": files["tar.bz2"]}
    return {
        kind: files[kind].rename(folder / f"sample.{kind}")
        if kind in PACKED
        else linked(files[kind], folder / f"sample.{kind}")
        for kind in sorted(files, key=len)
    }


def linked(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


@pytest.mark.parametrize("output", ["zip", "7z", "tar", "tar.gz", "tar.bz2"])
def test_files_are_packed_under_their_own_names(tmp_path: Path, output: str) -> None:
    files = [tmp_path / "1.txt", tmp_path / "2.bin"]
    for file in files:
        file.write_bytes(file.name.encode())
    path = run(ENGINE, "archive", files, output, names=("Bericht März.txt", "b.bin")).path
    assert contents(path) == {"Bericht März.txt": b"1.txt", "b.bin": b"2.bin"}
    data = path.read_bytes()
    assert data.startswith(MAGIC.get(output.rsplit(".", maxsplit=1)[-1], b""))
    assert output != "tar" or data[257:262] == b"ustar"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"), (r"..\..\win.ini", "win.ini"), (r"C:\x.txt", "x.txt"), ("a\0b\n.txt", "ab.txt"), ("..", "file"), ("", "file"),
        ("-rf", "rf"), (".htaccess", "htaccess"), ("con.txt", "_con.txt"), ("a\u202etxt.exe", "atxt.exe"), ('a<b>:"c|?*.txt', "a_b___c___.txt"),
        ("end. ", "end"), ("e\u0301.txt", "é.txt"), ("👨\u200d👩.png", "👨\u200d👩.png"),
    ],
)  # fmt: skip
def test_names_are_reduced_to_a_clean_last_part(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_long_names_keep_their_extension() -> None:
    short = clean_part("ü" * 300 + ".tar.gz")
    assert len(short.encode()) <= 200
    assert short.endswith("ü.tar.gz")


def test_ten_thousand_files_of_one_name_take_no_time() -> None:
    names, start = Names(), time.process_time()
    assert len({names.unique("a.txt") for _ in range(10_000)}) == 10_000
    assert time.process_time() - start < 2


@pytest.mark.parametrize("kind", ARCHIVES)
@pytest.mark.parametrize("output", PACKED)
def test_every_declared_pair_keeps_the_whole_tree(samples: dict[str, Path], kind: str, output: str) -> None:
    path = run(ENGINE, "convert", samples[kind], output).path
    found = contents(path)
    assert {name: data for name, data in found.items() if not name.endswith("/")} == TREE
    assert "void/" in found


@pytest.mark.parametrize("kind", ARCHIVES)
def test_files_are_taken_out_under_their_own_names(samples: dict[str, Path], kind: str) -> None:
    found = {file.name: file.path.read_bytes() for file in run(ENGINE, "archive/extract", samples[kind]).result.files}
    assert found == {path.rpartition("/")[2]: content for path, content in TREE.items()}


def test_an_archive_without_files_is_told(tmp_path: Path) -> None:
    error = refused(ENGINE, "archive/extract", zipped(tmp_path / "a.zip", {"folder/": b""}))
    assert (error.code, "holds no files" in error.message) == ("OPEN_FAILED", True)


@pytest.mark.parametrize("output", ["zip", "7z", "tar.gz"])
def test_dates_and_the_right_to_execute_are_kept(tmp_path: Path, output: str) -> None:
    script = tmp_path / "run.sh"
    script.write_bytes(b"#!/bin/sh\n")
    script.chmod(0o755)
    os.utime(script, (1_500_000_000, 1_500_000_000))
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        archive.add(script, "run.sh")
    back = run(ENGINE, "convert", run(ENGINE, "convert", tmp_path / "in.tar", output).path, "tar").path
    with tarfile.open(back) as archive:
        info = archive.getmember("run.sh")
        assert (info.mode & 0o111, info.mtime, info.uid, info.uname) == (
            0o111,
            pytest.approx(1_500_000_000, abs=2),
            0,
            "",
        )


def test_members_of_the_same_path_are_both_kept(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        for data in (b"first", b"second"):
            info = tarfile.TarInfo("a/b.txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    for output in ("zip", "7z"):
        path = run(ENGINE, "convert", tmp_path / "in.tar", output).path
        assert contents(path) == {"a/b.txt": b"first", "a/b (2).txt": b"second"}


def tar_with(path: Path, *infos: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for info in infos:
            archive.addfile(info, io.BytesIO(bytes(info.size)) if info.size else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, **values: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in values.items():
        setattr(info, key, value)
    return info


def zip_link(path: Path) -> Path:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return path


def seven_link(path: Path) -> Path:
    (path.parent / "link").symlink_to("/etc/passwd")
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.write(path.parent / "link", "link")
    return path


def seven_outside(path: Path) -> Path:
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writestr("x", "a")
        archive.header.files_info.files[0]["filename"] = "../../evil"
    return path


HOSTILE: dict[str, tuple[str, str, Callable[[Path], Path]]] = {
    "parent folder": ("in.zip", "outside", lambda path: zipped(path, {"../evil": b"x"})),
    "absolute": ("in.zip", "outside", lambda path: zipped(path, {"/etc/evil": b"x"})),
    "drive": ("in.zip", "outside", lambda path: zipped(path, {"C:\\evil": b"x"})),
    "backslashes": ("in.zip", "outside", lambda path: zipped(path, {"a\\..\\..\\evil": b"x"})),
    "parent folder in tar": ("in.tar.gz", "outside", lambda path: tar_with(path, member("a/../../evil"))),
    "parent folder in 7z": ("in.7z", "outside", seven_outside),
    "link in zip": ("in.zip", "links", zip_link),
    "link in 7z": ("in.7z", "links", seven_link),
    "symbolic link": ("in.tar.gz", "links", lambda path: tar_with(path, member("a", tarfile.SYMTYPE, linkname="/etc"))),
    "hard link": ("in.tar.gz", "links", lambda path: tar_with(path, member("a", tarfile.LNKTYPE, linkname="/etc/passwd"))),
    "device": ("in.tar.gz", "links", lambda path: tar_with(path, member("a", tarfile.CHRTYPE))),
}  # fmt: skip


@pytest.mark.parametrize("trick", HOSTILE)
def test_paths_and_links_that_lead_outside_are_refused(tmp_path: Path, trick: str) -> None:
    name, says, make = HOSTILE[trick]
    (tmp_path / "job").mkdir()
    before = {path.name for path in tmp_path.iterdir()}
    error = refused(ENGINE, "convert", make(tmp_path / "job" / name), "tar")
    assert (error.code, says in error.message) == ("OPEN_FAILED", True)
    assert {path.name for path in tmp_path.iterdir()} == before


def seven_bomb(path: Path) -> Path:
    (path.parent / "zeros").write_bytes(bytes(105 * 1024**2))
    with py7zr.SevenZipFile(path, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        archive.write(path.parent / "zeros", "zeros")
    return path


def overlapping(path: Path) -> Path:
    """Many members that share the same compressed bytes, as in the 42-kB bomb."""
    zipped(path, {f"{number:04}": bytes(10 * 1024**2) if number == 0 else b"" for number in range(300)})
    data = bytearray(path.read_bytes())
    start = data.index(b"PK\1\2")
    first, place = bytes(data[start + 16 : start + 28]), start
    while (place := data.find(b"PK\1\2", place + 1)) > 0:
        data[place + 10 : place + 12], data[place + 16 : place + 28], data[place + 42 : place + 46] = (
            b"\x08\0",
            first,
            bytes(4),
        )
    path.write_bytes(data)
    return path


BOMBS: dict[str, tuple[str, str, Callable[[Path], Path]]] = {
    "zip": ("in.zip", "100 times", lambda path: zipped(path, {"zeros": bytes(105 * 1024**2)})),
    "overlapping zip": ("in.zip", "2 GB", overlapping),
    "tar.gz": ("in.tar.gz", "100 times", lambda path: tar_with(path, member("zeros", size=105 * 1024**2))),
    "7z": ("in.7z", "100 times", seven_bomb),
    "header": ("in.tar.gz", "enormous header", lambda path: tar_with(path, member("a", pax_headers={"comment": "x" * 50 * 1024**2}))),
    "many in zip": ("in.zip", "10,000 files", lambda path: zipped(path, {str(number): b"" for number in range(MOST_MEMBERS + 1)})),
    "many in tar": ("in.tar.gz", "10,000 files", lambda path: tar_with(path, *(member(str(number)) for number in range(MOST_MEMBERS + 1)))),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_within_seconds(tmp_path: Path, bomb: str) -> None:
    name, says, make = BOMBS[bomb]
    path = make(tmp_path / name)
    start = time.process_time()
    error = refused(ENGINE, "convert", path, "tar")
    assert (error.code, says in error.message) == ("LIMIT_EXCEEDED", True)
    assert time.process_time() - start < 5


def test_well_packed_but_small_archives_pass(tmp_path: Path) -> None:
    source = zipped(tmp_path / "in.zip", {"zeros": bytes(5 * 1024**2)})
    assert contents(run(ENGINE, "convert", source, "tar").path)["zeros"] == bytes(5 * 1024**2)


def encrypted_zip(path: Path) -> Path:
    data = bytearray(zipped(path, {"a": b"secret"}).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    return path


def encrypted_7z(path: Path, *, header: bool) -> Path:
    with py7zr.SevenZipFile(path, "w", password="secret", header_encryption=header) as archive:
        archive.writestr("secret", "a")
    return path


def test_encrypted_archives_are_refused(tmp_path: Path) -> None:
    files = [
        encrypted_zip(tmp_path / "a.zip"),
        encrypted_7z(tmp_path / "b.7z", header=False),
        encrypted_7z(tmp_path / "c.7z", header=True),
    ]
    assert {refused(ENGINE, "convert", file, "tar").code for file in files} == {"INVALID_PASSWORD"}


@pytest.mark.parametrize("kind", ["zip", "7z", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_damaged_archives_are_refused(samples: dict[str, Path], tmp_path: Path, kind: str) -> None:
    whole = samples[kind].read_bytes()
    for content in (b"", b"\0", b"no archive" * 100, whole[: len(whole) // 3]):
        (tmp_path / f"bad.{kind}").write_bytes(content)
        assert refused(ENGINE, "convert", tmp_path / f"bad.{kind}", "tar").code == "OPEN_FAILED"


def test_changed_content_is_noticed(tmp_path: Path) -> None:
    path = zipped(tmp_path / "in.zip", {"a": b"content"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"content", b"CONTENT"))
    assert refused(ENGINE, "convert", path, "tar").code == "OPEN_FAILED"


@pytest.mark.engine("rar")
def test_rar_packs_where_the_program_is(tmp_path: Path) -> None:
    path = run(Rar(), "convert", zipped(tmp_path / "in.zip", TREE), "rar").path
    assert path.read_bytes().startswith(b"Rar!\x1a\x07")


def test_without_the_program_rar_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refused(Rar(), "convert", zipped(tmp_path / "in.zip", TREE), "rar")
    assert (Rar().version(), error.code, "zip or 7z" in error.message) == (None, "ENGINE_NOT_INSTALLED", True)
