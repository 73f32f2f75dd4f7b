"""The file of secrets: private, whole at every moment, and never taken for something else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from connector.connection import safefile
from connector.errors import ConnectionInvalid, ConnectorError, OutOfSpace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "connections.json"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_file_and_folder_are_the_owners_alone_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        safefile.write(path, {"a": 1})
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_it_holds_what_was_written(path: Path) -> None:
    safefile.write(path, {"name": "Büro"})
    safefile.write(path, {"name": "東京"})
    assert safefile.read(path) == {"name": "東京"}
    assert names(path.parent) == [path.name]


def test_no_file_is_no_content(path: Path) -> None:
    assert safefile.read(path) is None


@pytest.mark.parametrize("others", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused_with_the_remedy(path: Path, others: int) -> None:
    safefile.write(path, {})
    path.chmod(others)
    with pytest.raises(ConnectionInvalid) as caught:
        safefile.read(path)
    assert f"chmod 600 {path}" in caught.value.hint


def test_a_folder_that_others_may_write_to_is_refused(path: Path) -> None:
    safefile.write(path, {})
    path.parent.chmod(0o770)
    with pytest.raises(ConnectionInvalid, match="others may write"):
        safefile.read(path)


@pytest.mark.parametrize("content", [b"", b"not JSON", b'{"a": ', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_said_to_be_none(path: Path, content: bytes) -> None:
    safefile.write(path, {})
    path.write_bytes(content)
    with pytest.raises(ConnectionInvalid, match="it is not JSON"):
        safefile.read(path)
    assert path.read_bytes() == content


def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    safefile.write(path, {})
    link = path.with_name("link.json")
    link.symlink_to(path)
    with pytest.raises(ConnectionInvalid, match="symbolic link"):
        safefile.read(link)


def test_a_folder_or_a_pipe_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ConnectionInvalid, match="no plain file"):
        safefile.read(path)
    os.mkfifo(path.with_name("pipe"), 0o600)
    with pytest.raises(ConnectionInvalid, match="no plain file"):
        safefile.read(path.with_name("pipe"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_said_to_be_so(path: Path) -> None:
    safefile.write(path, {})
    path.chmod(0)
    with pytest.raises(ConnectionInvalid, match="permission denied"):
        safefile.read(path)


def test_a_full_disk_leaves_the_old_content_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safefile.write(path, {"old": True})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutOfSpace):
        safefile.write(path, {"new": True})
    assert safefile.read(path) == {"old": True}
    assert names(path.parent) == [path.name]


def test_a_place_that_is_no_folder_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConnectorError, match="could not be saved"):
        safefile.write(tmp_path / "file" / "connections.json", {})


def test_only_its_own_old_temporary_files_are_swept(path: Path) -> None:
    safefile.write(path, {})
    strays = (".connections.json.1.aa.tmp", ".connections.json.2.bb.tmp", "other.tmp")
    for name in strays:
        path.with_name(name).touch()
    for name in (strays[0], strays[2]):
        os.utime(path.with_name(name), (1000, 1000))
    safefile.sweep(path, path.stat().st_mtime)
    assert names(path.parent) == [strays[1], path.name, strays[2]]


def test_a_file_of_another_user_is_not_believed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safefile.write(path, {})
    if os.geteuid() == 0:
        os.chown(path, 4242, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(ConnectionInvalid, match="it belongs to another user"):
        safefile.read(path)


def test_a_path_that_cannot_be_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConnectionInvalid, match="not a directory"):
        safefile.read(tmp_path / "file" / "connections.json")
