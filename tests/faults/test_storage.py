"""Secrets and files on disks that are full, foreign, odd or killed in the middle: a clear error, and nothing half."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector.api.auth import NoAuth
from connector.api.download import download_to
from connector.api.session import Session
from connector.connection import store as store_module
from connector.connection.record import Secrets
from connector.connection.store import Store
from connector.connection.token import Token
from connector.errors import ConnectionInvalid, ConnectorError, OutOfSpace
from connector.events.event import Event
from connector.events.handlers import Append
from connector.events.journal import Journal
from connector.scenario.ledger import Ledger
from tests.support.clock import FakeClock
from tests.support.connections import with_key
from tests.support.scripted_server import Reply, ScriptedServer

FILLER = b"x" * 4096


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path) -> None:
    """Leave no room at all."""
    with (folder / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(FILLER)
    assert shutil.disk_usage(folder).free == 0


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and path.name != "filler"}


def token(number: int) -> Token:
    return Token(f"access-{number:08}", f"refresh-{number:08}", scopes=("padding" * 2000,))


@pytest.mark.row("T10")
def test_a_token_that_finds_no_room_leaves_the_old_one(small_disk: Path) -> None:
    store = Store(small_disk / "config")
    saved = store.save(replace(with_key(), kind="oauth2", secrets=Secrets(token=token(1))))
    fill(small_disk)
    before = names(small_disk)
    with pytest.raises(OutOfSpace, match="The disk is full"):
        store.keep_token(saved.id, token(1), token(2))
    assert names(small_disk) == before
    (small_disk / "filler").unlink()
    assert Store(small_disk / "config").get("work").secrets.token == token(1)
    kept = store.keep_token(saved.id, token(1), token(2))
    assert kept is not None
    assert kept.secrets.token == token(2)


@pytest.mark.row("T10")
def test_a_download_that_finds_no_room_leaves_nothing(small_disk: Path, server: ScriptedServer) -> None:
    server.route("GET /f", Reply(200, b"x" * 3_000_000))
    session = Session(NoAuth(), clock=FakeClock())
    with pytest.raises(OutOfSpace, match="no room for the file"):
        download_to(session, f"{server.url}/f", small_disk / "out", "f.bin")
    assert names(small_disk) == set()
    server.route("GET /f", Reply(200, b"x" * 300_000))
    assert download_to(session, f"{server.url}/f", small_disk / "out", "f.bin").stat().st_size == 300_000
    session.close()


@pytest.mark.row("T10")
def test_an_event_that_finds_no_room_leaves_no_half_line(small_disk: Path) -> None:
    append = Append(small_disk / "events.jsonl")
    append(Event("job.finished", {"id": "job-1", "tasks": []}))
    whole = (small_disk / "events.jsonl").read_bytes()
    fill(small_disk)
    with pytest.raises(ConnectorError, match="cannot be appended"):
        append(Event("job.finished", {"id": "job-2", "tag": "x" * 9000, "tasks": []}))
    assert (small_disk / "events.jsonl").read_bytes() == whole
    append.close()


@pytest.mark.row("T10")
def test_a_journal_and_a_ledger_that_find_no_room_say_so_and_work_again_with_room(small_disk: Path) -> None:
    journal, ledger = Journal(small_disk / "journal.sqlite3"), Ledger(small_disk / "state")
    fill(small_disk)
    with pytest.raises(OutOfSpace):
        journal.store("webhook", ("job.finished", "job-1", ""), FILLER * 100).result()
    with pytest.raises(ConnectorError, match="cannot be kept"):
        ledger.start(digest="d", name="n" * 100_000, connection="", inputs={"text": "x" * 100_000})
    (small_disk / "filler").unlink()
    assert journal.store("webhook", ("job.finished", "job-1", ""), b"{}").result() is True
    with ledger.start(digest="d", name="n", connection="", inputs={}) as run:
        run.finished()
    journal.close()
    ledger.close()


def replaced_by(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.unlink()
        make(path)

    return change


ODD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "world-readable": (lambda path: path.chmod(0o644), "others may read it"),
    "writable by the group": (lambda path: path.chmod(0o620), "others may read it"),
    "not JSON": (lambda path: path.write_text("{nonsense"), "it is not JSON"),
    "empty": (lambda path: path.write_text(""), "it is not JSON"),
    "of a newer version": (lambda path: path.write_text('{"version": 9, "connections": {}}'), "a newer version"),
    "a link": (replaced_by(lambda path: path.symlink_to("/etc/hostname")), "it is a symbolic link"),
    "a folder": (replaced_by(lambda path: path.mkdir()), "it is no plain file"),
    "a pipe": (replaced_by(lambda path: os.mkfifo(path, 0o600)), "it is no plain file"),
    "in a folder that others may write to": (lambda path: path.parent.chmod(0o777), "others may write to it"),
}


def looks_of(path: Path) -> Any:
    about = path.lstat()
    content = path.read_bytes() if stat.S_ISREG(about.st_mode) else None
    return stat.S_IFMT(about.st_mode), about.st_mode, about.st_ino, content


@pytest.mark.row("T11")
@pytest.mark.parametrize("how", ODD)
def test_an_odd_store_is_a_clear_error_for_reading_and_saving_and_stays_as_it_is(how: str, tmp_path: Path) -> None:
    change, says = ODD[how]
    store = Store(tmp_path / "config")
    store.save(with_key())
    change(store.path)
    before = looks_of(store.path)
    for use in (lambda: store.get("work"), lambda: store.save(with_key("other")), lambda: store.remove("work")):
        with pytest.raises(ConnectionInvalid, match=says):
            use()
    assert looks_of(store.path) == before
    assert names(store.folder) <= {"connections.json", "connections.lock"}


def as_nobody(work: Callable[[], str]) -> str:
    """What it gives when a user without any rights does it."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgid(65534)
        os.setuid(65534)
        try:
            os.write(writing, work().encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read().decode()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that everybody may enter, which none below pytest's own is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.row("T11")
def test_a_store_of_somebody_else_is_a_clear_error(open_to_all: Path) -> None:
    store = Store(open_to_all / "config")
    store.save(with_key())
    store.folder.chmod(0o755)

    def read() -> str:
        with pytest.raises(ConnectorError) as caught:
            Store(open_to_all / "config").get("work")
        return str(caught.value)

    assert "permission denied" in as_nobody(read)


@pytest.mark.row("T11")
@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_said_to_be_one(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    store = Store(tmp_path / "config")
    store.save(with_key())
    before = store.path.read_bytes()
    monkeypatch.setattr(fcntl, "flock", no_locks)
    monkeypatch.setattr(store_module, "_PATIENCE", 0.2)
    with pytest.raises(ConnectorError) as caught:
        store.save(with_key("other"))
    assert "cannot hold the saved connections" in str(caught.value)
    assert "file system with locks" in caught.value.hint
    assert store.path.read_bytes() == before


@pytest.mark.row("T12")
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_whatever_the_umask_only_the_owner_may_look(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        store = Store(tmp_path / "config")
        store.save(with_key())
        journal = Journal(tmp_path / "state" / "journal.sqlite3")
        journal.close()
        with Ledger(tmp_path / "ledger") as ledger, ledger.start(digest="d", name="n", connection="", inputs={}):
            pass
    finally:
        os.umask(before)
    for path in tmp_path.rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
        assert stat.S_IMODE(path.stat().st_mode) == wanted or path.suffix == ".lock", path
