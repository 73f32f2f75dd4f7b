from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from connector.sandbox.engines.base import EngineError, Source
from connector.sandbox.engines.kept import COLD, Crashed, Kept
from connector.sandbox.engines.office import server, soffice
from tests.unit.sandbox.engines.workbench import run

LATER = 1e9


@dataclass
class Thing:
    """Something that was started, and remembers where and whether it still is."""

    number: int
    folder: Path
    ended: bool = False


class Maker:
    """Counts what it starts."""

    def __init__(self) -> None:
        self.made: list[Thing] = []

    def start(self, folder: Path, stack: ExitStack, deadline: float) -> Thing:
        thing = Thing(len(self.made) + 1, folder)
        self.made.append(thing)
        stack.callback(setattr, thing, "ended", True)
        return thing


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def number(thing: Thing) -> int:
    assert thing.folder.is_dir()
    return thing.number


def fail_with(error: Exception) -> object:
    def job(thing: Thing) -> None:
        raise error

    return job


def test_one_thing_does_many_jobs_and_is_replaced_after_enough() -> None:
    maker = Maker()
    kept = Kept(maker.start, uses=3)
    assert [kept.call(number, LATER) for _ in range(7)] == [1, 1, 1, 2, 2, 2, 3]
    kept.end()
    assert all(thing.ended and not thing.folder.exists() for thing in maker.made)


def test_a_job_is_tried_again_after_a_crash_but_only_once() -> None:
    maker = Maker()
    kept = Kept(maker.start)

    def crash_at_first(thing: Thing) -> int:
        if thing.number == 1:
            raise Crashed
        return thing.number

    assert kept.call(crash_at_first, LATER) == 2
    with pytest.raises(Crashed):
        kept.call(fail_with(Crashed()), LATER)  # type: ignore[arg-type]
    assert [thing.ended for thing in maker.made] == [True, True, True]


@pytest.mark.parametrize(
    ("error", "ends"),
    [(EngineError("OPEN_FAILED", "x"), False), (EngineError("TIMEOUT", "x"), True), (OSError(), True)],
)
def test_what_hangs_or_surprises_is_ended_and_what_only_refuses_is_kept(error: Exception, ends: bool) -> None:
    maker = Maker()
    kept = Kept(maker.start)
    with pytest.raises(type(error)):
        kept.call(fail_with(error), LATER)  # type: ignore[arg-type]
    assert maker.made[0].ended is ends
    kept.end()


def test_idleness_ends_it() -> None:
    maker = Maker()
    kept = Kept(maker.start, idle=0.01)
    kept.call(number, LATER)
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(5)
    assert maker.made[0].ended
    assert kept.call(number, LATER) == 2
    kept.end()


def test_a_second_job_at_the_same_time_gets_one_of_its_own() -> None:
    maker = Maker()
    kept = Kept(maker.start)
    assert kept.call(lambda thing: (thing.number, kept.call(number, LATER)), LATER) == (1, 2)
    assert [thing.ended for thing in maker.made] == [False, True]
    kept.end()


def test_nothing_is_kept_where_that_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COLD, "1")
    maker = Maker()
    kept = Kept(maker.start)
    assert [kept.call(number, LATER) for _ in range(2)] == [1, 2]
    assert all(thing.ended for thing in maker.made)


def children(mark: str) -> list[int]:
    """The processes that have this word among their arguments."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes()
        except OSError:
            continue
        if mark.encode() in words:
            found.append(int(file.parent.name))
    return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Path]:
    """A text to convert with the kept LibreOffice, which is not yet there and gone afterwards."""
    if not server.python():
        pytest.skip(f"LibreOffice cannot be kept; {soffice.INSTALL}")
    server._KEPT.end()
    (tmp_path / "a.txt").write_text("Hello")
    yield tmp_path / "a.txt"
    server._KEPT.end()


@pytest.mark.engine("libreoffice")
def test_a_killed_libreoffice_comes_back_and_the_job_is_done(office: Path) -> None:
    from connector.sandbox.engines.libreoffice import LibreOffice

    run(LibreOffice(), "convert", office, "pdf")
    before = children(str(office.parent / ".kept-"))
    for process in before:
        os.kill(process, signal.SIGKILL)
    assert run(LibreOffice(), "convert", office, "pdf").path.read_bytes().startswith(b"%PDF-")
    assert not set(before) & set(children(str(office.parent / ".kept-")))


@pytest.mark.engine("libreoffice")
def test_a_hung_libreoffice_is_ended(office: Path) -> None:
    from connector.sandbox.engines.libreoffice import LibreOffice

    run(LibreOffice(), "convert", office, "pdf")
    for process in children("soffice.bin"):
        if process in children(str(office.parent / ".kept-")):
            os.kill(process, signal.SIGSTOP)
    source = Source(office, "a.txt", "txt")
    with pytest.raises(EngineError) as caught:
        server.convert(source, "pdf", "writer_pdf_Export", None, office.parent / "out", time.monotonic() + 1)
    assert caught.value.code == "TIMEOUT"
    assert children(str(office.parent / ".kept-")) == []


@pytest.mark.engine("libreoffice")
def test_it_dies_with_the_process_that_keeps_it(office: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from connector.sandbox.engines.base import Source\n"
        "from connector.sandbox.engines.office import server; file = Path(sys.argv[1])\n"
        "server.convert(Source(file, 'a.txt', 'txt'), 'pdf', 'writer_pdf_Export', None, file.parent / 'out', time.monotonic() + 60)\n"
        "print('done', flush=True); time.sleep(600)"
    )
    keeper = subprocess.Popen([sys.executable, "-c", code, str(office)], stdout=subprocess.PIPE)
    assert keeper.stdout
    assert keeper.stdout.readline() == b"done\n"
    assert children(str(office.parent / ".kept-"))
    keeper.kill()
    keeper.communicate()
    end = time.monotonic() + 10
    while children(str(office.parent / ".kept-")) and time.monotonic() < end:
        os.sched_yield()
    assert children(str(office.parent / ".kept-")) == []


@pytest.mark.engine("libreoffice")
def test_without_the_interface_each_call_starts_its_own(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from connector.sandbox.engines.libreoffice import LibreOffice

    monkeypatch.setattr(server, "python", lambda: None)
    assert run(LibreOffice(), "convert", office, "pdf").path.read_bytes().startswith(b"%PDF-")
    assert children(str(office.parent / ".kept-")) == []


@pytest.mark.engine("libreoffice")
def test_the_kept_one_sees_no_file_but_the_one_in_work(office: Path) -> None:
    from connector.sandbox.engines.libreoffice import LibreOffice

    run(LibreOffice(), "convert", office, "pdf")
    left = [path for path in office.parent.glob(".kept-*/*") if path.name not in ("profile", ".root")]
    assert not [path for path in left if path.name.startswith("exchange")]
