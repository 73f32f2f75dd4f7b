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
@pytest.mark.row("T12")
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
@pytest.mark.row("T11")
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
@pytest.mark.row("T11")
def test_what_is_no_json_is_said_to_be_none(path: Path, content: bytes) -> None:
    safefile.write(path, {})
    path.write_bytes(content)
    with pytest.raises(ConnectionInvalid, match="it is not JSON"):
        safefile.read(path)
    assert path.read_bytes() == content


@pytest.mark.row("T11")
def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    safefile.write(path, {})
    link = path.with_name("link.json")
    link.symlink_to(path)
    with pytest.raises(ConnectionInvalid, match="symbolic link"):
        safefile.read(link)


@pytest.mark.row("T11")
def test_a_folder_or_a_pipe_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ConnectionInvalid, match="no plain file"):
        safefile.read(path)
    os.mkfifo(path.with_name("pipe"), 0o600)
    with pytest.raises(ConnectionInvalid, match="no plain file"):
        safefile.read(path.with_name("pipe"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.row("T11")
def test_a_file_without_permission_is_said_to_be_so(path: Path) -> None:
    safefile.write(path, {})
    path.chmod(0)
    with pytest.raises(ConnectionInvalid, match="permission denied"):
        safefile.read(path)


@pytest.mark.row("T10")
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


def said(error: ConnectorError) -> tuple[str, str]:
    return str(error), error.hint


def refused_to_read(path: Path) -> tuple[str, str]:
    with pytest.raises(ConnectionInvalid) as caught:
        safefile.read(path)
    return said(caught.value)


UNTOUCHED = "Nothing was changed. Repair the file or move it away, then connect again."


def test_each_refusal_names_the_file_what_is_wrong_and_what_to_do(path: Path, tmp_path: Path) -> None:
    safefile.write(path, {})
    path.chmod(0o644)
    assert refused_to_read(path) == (
        f"The file {path} holds secrets, and others may read it.",
        f"Make it yours alone: chmod 600 {path}",
    )
    path.chmod(0o600)
    path.parent.chmod(0o770)
    assert refused_to_read(path) == (
        f"The folder {path.parent} holds secrets, and others may write to it.",
        f"Make it yours alone: chmod 700 {path.parent}",
    )
    link, folder, broken, below = (tmp_path / name for name in ("link", "folder", "broken", "broken/x"))
    link.symlink_to(path)
    folder.mkdir()
    broken.touch(0o600)
    for wrong, why in (
        (link, "it is a symbolic link, which might lead anywhere"),
        (folder, "it is no plain file"),
        (broken, "it is not JSON"),
        (below, "not a directory"),
    ):
        assert refused_to_read(wrong) == (f"The saved connections in {wrong} cannot be read: {why}.", UNTOUCHED)


def test_roots_file_is_believed_and_another_users_is_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    safefile.write(path, {})
    found = os.stat_result((*path.stat()[:4], 0, *path.stat()[5:]))
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    monkeypatch.setattr(os, "fstat", lambda _: found)
    assert safefile.read(path) == {}
    monkeypatch.setattr(os, "fstat", lambda _: os.stat_result((*found[:4], 1, *found[5:])))
    assert refused_to_read(path)[0].endswith("it belongs to another user.")
    assert str(path) in refused_to_read(path)[0]


def test_a_folder_that_others_may_enter_but_not_write_to_is_fine(path: Path) -> None:
    safefile.write(path, {})
    path.parent.chmod(0o711)
    assert safefile.read(path) == {}
    path.parent.chmod(0o1777)  # as /tmp: nobody can replace what is another's
    assert safefile.read(path) == {}


@pytest.mark.parametrize(
    ("number", "message", "hint"),
    [
        (28, "The disk is full: the connection could not be saved in {}.", "Make room and try again. What was saved before is still there."),
        (5, "The connection could not be saved in {}: input/output error.", "Check who may write there, or set CLOUDCONVERT_CONFIG_DIR to another folder."),
        (0, "The connection could not be saved in {}: oserror.", "Check who may write there, or set CLOUDCONVERT_CONFIG_DIR to another folder."),
    ],
)  # fmt: skip
def test_a_save_that_fails_says_why_and_what_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, message: str, hint: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number)) if number else OSError

    monkeypatch.setattr(safefile, "_write_new", fails)
    with pytest.raises(ConnectorError) as caught:
        safefile.write(path, {})
    assert said(caught.value) == (message.format(path.parent), hint)


def test_folders_above_are_made_and_the_file_can_be_read_by_people(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "connections.json"
    safefile.write(path, {"name": "Büro"})
    assert path.read_text() == '{\n  "name": "Büro"\n}'


def test_it_is_the_owners_alone_from_its_first_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    monkeypatch.setattr(os, "fchmod", lambda handle, _: modes.append(stat.S_IMODE(os.fstat(handle).st_mode)))
    before = os.umask(0)
    try:
        safefile.write(path, {})
    finally:
        os.umask(before)
    assert modes == [0o600]


def test_a_folder_that_cannot_be_synced_is_no_trouble(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync = os.fsync

    def files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", files_only)
    safefile.write(path, {"a": 1})
    assert safefile.read(path) == {"a": 1}


def test_what_cannot_be_swept_is_left_and_nothing_that_is_young_is_swept(path: Path) -> None:
    safefile.write(path, {})
    folder, young = path.with_name(".connections.json.1.aa.tmp"), path.with_name(".connections.json.2.bb.tmp")
    folder.mkdir()
    young.touch()
    for one in (folder, young):
        os.utime(one, (1000, 1000))
    safefile.sweep(path, 1600.0)
    assert names(path.parent) == [folder.name, young.name, path.name]
    safefile.sweep(path, 1600.1)
    assert names(path.parent) == [folder.name, path.name]
