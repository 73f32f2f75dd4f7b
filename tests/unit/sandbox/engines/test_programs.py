from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from connector.sandbox.engines import isolation as isolating
from connector.sandbox.engines import program_versions, programs
from connector.sandbox.engines.base import EngineError

SHELL = programs.Program(Path("/bin/sh"), "Shell")


def shell(
    script: str, folder: Path, seconds: float = 20, program: programs.Program = SHELL, **more: object
) -> programs.Finished:
    return program.run(["-c", script], folder=folder, deadline=time.monotonic() + seconds, **more)


def alive(mark: str) -> bool:
    """Whether a process with this word among its arguments runs."""
    found = (file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if os.access(file, os.R_OK))
    return any(mark.encode() in words and b"sleep" in words for words in found)


def gone(mark: str, within: float = 5) -> bool:
    end = time.monotonic() + within
    while alive(mark) and time.monotonic() < end:
        os.sched_yield()
    return not alive(mark)


def test_the_environment_is_clean_and_at_home_in_the_work_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "secret")
    seen = shell("env; echo $HOME $TMPDIR", tmp_path).stdout
    assert "secret" not in seen
    assert f"{tmp_path} {tmp_path}" in seen


def test_words_are_not_read_by_a_shell(tmp_path: Path) -> None:
    done = programs.Program(Path("/bin/echo"), "Echo").run(
        ["$(id)", "; ls"], folder=tmp_path, deadline=time.monotonic() + 20
    )
    assert done.stdout == "$(id) ; ls\n"


def test_a_program_ends_at_its_deadline_with_all_its_children(tmp_path: Path) -> None:
    before = time.monotonic()
    with pytest.raises(EngineError, match="Shell did not finish") as caught:
        shell("sleep 7031 & sleep 7031", tmp_path, seconds=0.3)
    assert caught.value.code == "TIMEOUT"
    assert time.monotonic() - before < 5
    assert gone("7031")


def test_a_program_that_starts_others_without_end_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="started more than 200 programs") as caught:
        shell("for n in $(seq 300); do sleep 7033 & done; wait", tmp_path, seconds=60)
    assert caught.value.code == "LIMIT_EXCEEDED"
    assert gone("7033")
    assert shell("for n in $(seq 50); do sleep 1 & done; wait", tmp_path, seconds=60).code == 0


def test_a_program_dies_with_its_worker(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from connector.sandbox.engines import programs\n"
        "shell = programs.Program(Path('/bin/sh'), 'Shell')\n"
        "shell.run(['-c', 'touch started; sleep 7032 & sleep 7032'], folder=Path(sys.argv[1]), deadline=time.monotonic() + 60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    while not (tmp_path / "started").exists():
        assert worker.poll() is None
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert gone("7032")


def test_a_file_larger_than_allowed_is_not_written(tmp_path: Path) -> None:
    small = programs.Program(Path("/bin/sh"), "Shell", file_size=10_000)
    assert shell("head -c 50000 /dev/zero > big", tmp_path, program=small).code != 0
    assert (tmp_path / "big").stat().st_size <= 10_000


def test_memory_is_limited(tmp_path: Path) -> None:
    small = programs.Program(Path(sys.executable).resolve(), "Python", memory=300 * 1024**2)
    done = small.run(
        ["-I", "-S", "-c", "bytearray(10**9)"],
        folder=tmp_path,
        deadline=time.monotonic() + 20,
        reads=[Path(sys.base_prefix)],
    )
    assert "MemoryError" in done.stderr


def test_there_is_no_network_where_it_can_be_taken_away(tmp_path: Path) -> None:
    if programs.isolation() == "none":
        pytest.skip("no namespaces here; apt-get install bubblewrap")
    devices = shell("cat /proc/net/dev", tmp_path).stdout.splitlines()[2:]
    assert [line.split(":")[0].strip() for line in devices] == ["lo"]


def test_other_folders_are_out_of_sight(tmp_path: Path) -> None:
    if programs.isolation() not in ("bubblewrap", "namespaces"):
        pytest.skip("no mount namespaces here; apt-get install bubblewrap")
    (tmp_path / "mine").mkdir()
    for name in ("given", "other"):
        (tmp_path / name).write_text(name)
    done = shell(f"cat {tmp_path}/given {tmp_path}/other", tmp_path / "mine", reads=[tmp_path / "given"])
    assert done.stdout == "given"
    assert "No such file" in done.stderr


def test_what_it_prints_is_bounded(tmp_path: Path) -> None:
    done = shell("head -c 1000000 /dev/zero | tr '\\0' x; echo the end", tmp_path)
    assert len(done.stdout) <= 64 * 1024
    assert done.stdout.endswith("the end\n")


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("first\n/var/tmp/work-1/input.docx: is broken.\n\n", "input.docx: is broken"),
        ("", "it ended with code 3"),
        ("x" * 5000, "x" * 300),
    ],
)
def test_a_complaint_is_one_short_line_without_folders(printed: str, sentence: str) -> None:
    assert programs.Finished(3, "", printed).complaint() == sentence


def test_a_version_is_asked_once_until_the_program_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    tool = tmp_path / "tool"
    tool.write_text(f"#!/bin/sh\necho asked >> {tmp_path}/log\necho tool 1.2.3")
    tool.chmod(0o755)
    versions = [programs.version(tool, "--version", r"tool ([\d.]+)") for _ in range(3)]
    os.utime(tool, ns=(1, 1))
    versions.append(programs.version(tool, "--version", r"tool ([\d.]+)"))
    assert versions == ["1.2.3"] * 4
    assert (tmp_path / "log").read_text() == "asked\nasked\n"


def test_a_stub_that_is_something_else_has_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert programs.version(programs.on_path("echo"), "--version", r"ImageMagick ([\d.]+)") is None
    assert programs.version(None, "--version", "(.)") is None


def test_a_damaged_cache_only_costs_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    program_versions.cache_file().parent.mkdir(parents=True)
    program_versions.cache_file().write_text("{broken")
    assert program_versions.known(Path("/bin/sh"), lambda _: "1.0") == "1.0"
    assert program_versions.known(Path("/bin/sh"), lambda _: "never asked") == "1.0"


def test_a_program_in_a_package_is_found_without_importing_it() -> None:
    assert programs.in_wheel("no_such_package", "*") is None
    assert programs.in_wheel("connector", "no-such-program") is None


def test_the_way_of_isolation_has_a_name() -> None:
    assert isolating.isolation() in ("bubblewrap", "namespaces", "network only", "none")
