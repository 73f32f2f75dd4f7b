"""Scenarios from the command line against the sandbox, also killed in the middle and taken up again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from connector import Connection
from connector.cli import main
from connector.scenario import run_scenario
from connector.scenario.check import check
from tests.conftest import ROOT, RunningSandbox
from tests.support.samples import sample

SCENARIOS = Path(__file__).parent / "scenarios"


class Done:
    """What a command did."""

    def __init__(self, process: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = process.returncode, process.stdout, process.stderr

    @property
    def document(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


class Bench:
    """Runs the scenario command in a folder with a photo and two documents, and counts the jobs of its sandbox."""

    def __init__(self, folder: Path, sandbox: RunningSandbox) -> None:
        self.folder = folder
        self._sandbox = sandbox
        for name in ("photo.png", "appendix.pdf"):
            (folder / name).write_bytes(sample(name.rpartition(".")[2]))

    def environment(self, **more: str) -> Mapping[str, str]:
        state = str(self.folder / "state")
        return {**self._sandbox.environment(), "CLOUDCONVERT_STATE_DIR": state, "PYTHONPATH": str(ROOT), **more}

    def scenario(self, *words: str) -> Done:
        command = [sys.executable, "-m", "connector.cli", "scenario", *words]
        return Done(self._run(command, self.environment()))

    def cut_off(self, how: str, *words: str) -> None:
        """The same, killed by SIGKILL where the code in `how` says."""
        program = f"import os, signal, sys\ndie = lambda: os.kill(os.getpid(), signal.SIGKILL)\n{how}\nfrom connector.cli import main\nmain(['scenario', *sys.argv[1:]])"
        process = self._run([sys.executable, "-c", program, *words], self.environment())
        assert process.returncode == -signal.SIGKILL, process.stderr

    def _run(self, command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=dict(environment), capture_output=True, text=True, timeout=120
        )

    def size_of(self, path: str) -> tuple[int, int]:
        """Of a picture that was downloaded."""
        with Image.open(self.folder / path) as picture:
            return picture.size

    def run_id(self) -> str:
        """Of the newest run in the ledger."""
        with contextlib.closing(sqlite3.connect(self.folder / "state" / "scenarios.sqlite3")) as database:
            return str(database.execute("SELECT id FROM runs ORDER BY started DESC").fetchone()[0])

    def jobs(self) -> list[Mapping[str, Any]]:
        """Every job that the sandbox has."""
        with self._sandbox.connect() as connection:
            return list(connection.api.pages("/jobs", {"include": "tasks"}))


@pytest.fixture(scope="module")
def own_sandbox() -> Iterator[RunningSandbox]:
    """A sandbox in which nobody else makes jobs."""
    running = RunningSandbox()  # a URL of its own files can be handed on all the same
    yield running
    running.stop()


@pytest.fixture
def bench(tmp_path: Path, own_sandbox: RunningSandbox) -> Bench:
    """A folder and a sandbox to run scenarios in."""
    return Bench(tmp_path, own_sandbox)


@pytest.fixture
def before(bench: Bench) -> int:
    """How many jobs there were before the test."""
    return len(bench.jobs())


CHAIN = [str(SCENARIOS / "chain.yaml"), "--input", "cover=photo.png", "--input", "appendix=appendix.pdf"]


@pytest.mark.parametrize("name", sorted(path.name for path in SCENARIOS.glob("*.yaml")))
def test_every_example_passes_its_check(name: str) -> None:
    assert check(SCENARIOS / name) == []


def test_a_chain_converts_merges_optimizes_and_hands_the_url_on(bench: Bench) -> None:
    steps = bench.scenario("run", *CHAIN, "--output-dir", "out").document["steps"]
    assert steps["merged"]["file_name"] == "photo-with-appendix.pdf"
    assert "/photo-with-appendix.pdf?" in steps["optimize"]["url"]
    with pikepdf.open(bench.folder / steps["optimize"]["files"][0]["path"]) as document:
        assert len(document.pages) == 3  # the photo, and the two pages of the appendix
    assert steps["handed_on"]["file_name"] == "photo-with-appendix.png"


def test_a_list_is_repeated_and_its_files_are_joined(bench: Bench) -> None:
    words = [
        "run",
        str(SCENARIOS / "gallery.yaml"),
        "--input",
        'pictures=["photo.png", "photo.png"]',
        "--input",
        "width=16",
    ]
    steps = bench.scenario(*words, "--output-dir", "out").document["steps"]
    assert [file["name"] for file in steps["small"]["files"]] == ["small-1.jpg", "small-2.jpg"]
    assert [bench.size_of(file["path"]) for file in steps["small"]["files"]] == [(16, 12), (16, 12)]
    assert (steps["album"]["status"], steps["single"]["skipped"]) == ("finished", True)


def test_python_callers_run_scenarios_too(connection: Connection, bench: Bench) -> None:
    picture = ("photo.png", sample("png"))
    result = run_scenario(
        SCENARIOS / "gallery.yaml", connection, {"pictures": [picture], "width": 8}, state=bench.folder / "s"
    )
    assert [file["name"] for file in result.steps["small"]["files"]] == ["small-1.jpg"]
    assert result.steps["small"]["files"][0]["data"].startswith(b"\xff\xd8")
    assert result.steps["album"]["skipped"] is True


PAIR = [str(SCENARIOS / "pair.yaml"), "--input", "picture=photo.png"]

AFTER_CREATING = """
from connector.api.endpoints import Api
create = Api.create_job
Api.create_job = lambda *given, **named: (create(*given, **named), die())
"""
AFTER_SAVING = """
from connector.runtime import job
job._upload_all = lambda *given: die()
"""
WHILE_UPLOADING = """
from connector.runtime import job
def upload(api, task, file, report): die()
job.upload = upload
"""
AFTER_THE_SECOND_JOB = """
from connector.scenario.entries import Run
created = Run.created
count = []
def once_more(*given):
    created(*given)
    count.append(1)
    if len(count) == 2: die()
Run.created = once_more
"""
BEFORE_NOTING_OUTPUTS = "from connector.scenario.entries import Run\nRun.done = lambda *given: die()"


@pytest.mark.row("F10")
@pytest.mark.parametrize(
    "moment", [AFTER_CREATING, AFTER_SAVING, WHILE_UPLOADING, AFTER_THE_SECOND_JOB, BEFORE_NOTING_OUTPUTS],
    ids=["after creating", "after saving", "while uploading", "after the second job", "before noting outputs"],
)  # fmt: skip
def test_a_killed_run_is_taken_up_without_making_a_job_twice(bench: Bench, before: int, moment: str) -> None:
    bench.cut_off(moment, "run", *PAIR)
    steps = bench.scenario("run", PAIR[0], "--resume", bench.run_id()).document["steps"]
    jobs = bench.jobs()[:-before] if before else bench.jobs()
    assert {job["id"] for job in jobs} == {steps[name]["job_id"] for name in ("convert", "optimize")}
    assert [job["status"] for job in jobs] == ["finished"] * 2
    assert len({job["tag"] for job in jobs}) == 2


def test_a_run_that_was_cut_off_is_not_begun_anew_unless_told(bench: Bench, before: int) -> None:
    bench.cut_off(AFTER_SAVING, "run", *PAIR)
    refused = bench.scenario("run", *PAIR)
    assert (refused.code, f"--resume {bench.run_id()}" in refused.err) == (2, True)
    assert bench.scenario("run", *PAIR, "--fresh").code == 0
    assert len(bench.jobs()) == before + 3


def test_a_finished_run_is_not_taken_up_and_the_next_one_begins_at_once(bench: Bench) -> None:
    first = bench.scenario("run", str(SCENARIOS / "account.yaml")).document
    again = bench.scenario("run", str(SCENARIOS / "account.yaml"), "--resume", first["run_id"])
    assert (again.code, "has finished" in again.err) == (2, True)
    assert bench.scenario("run", str(SCENARIOS / "account.yaml")).code == 0


def test_a_failed_conversion_stops_with_its_cause_and_code(bench: Bench) -> None:
    (bench.folder / "photo.png").write_bytes(sample("png")[:60])
    done = bench.scenario("run", *CHAIN)
    assert (done.code, done.out) == (5, "")
    assert "Step 'convert': The task 'convert' (convert) failed" in done.err
    assert "--resume" in done.err
    assert "Traceback" not in done.err


def test_an_error_can_be_passed_over(bench: Bench) -> None:
    (bench.folder / "broken.png").write_bytes(sample("png")[:60])
    words = ["run", str(SCENARIOS / "gallery.yaml"), "--input", 'pictures=["broken.png", "photo.png"]']
    steps = bench.scenario(*words).document["steps"]
    assert steps["small"]["items"][0]["error"]["type"] == "ConversionFailed"
    assert [file["name"] for file in steps["small"]["files"]] == ["small-2.jpg"]


def test_a_check_lists_every_problem_for_machines_and_people(bench: Bench) -> None:
    (bench.folder / "bad.yaml").write_text("steps:\n  - id: a\n    module: GetJob\n    parameters: {job: 1}\n")
    done = bench.scenario("check", "bad.yaml")
    assert done.code == 2
    assert [(p["line"], p["step"], p["field"]) for p in json.loads(done.out)["problems"]] == [
        (4, "a", "job"),
        (4, "a", "job_id"),
    ]
    run = bench.scenario("run", "bad.yaml")
    assert (run.code, "line 4" in run.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "none.yaml"], "cannot be read"),
        (["run", *CHAIN, "--resume", "x", "--fresh"], "exclude each other"),
        (["run", *CHAIN, "--resume", "nonesuch"], "'nonesuch' is not known here"),
        (["run", *CHAIN[:3]], "The input 'appendix' (Appendix) is required"),
        (["run", *CHAIN, "--input", "covr=1"], "Did you mean 'cover'?"),
        (["run", *CHAIN, "--input", "cover"], "write --input NAME=VALUE"),
        (["run", *CHAIN, "--input", "cover=nope.png"], "is no file that can be found"),
    ],
)
def test_a_mistake_gets_one_clear_sentence(
    bench: Bench,
    words: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(bench.folder)
    monkeypatch.setenv("CLOUDCONVERT_STATE_DIR", str(bench.folder / "state"))
    with pytest.raises(SystemExit) as end:
        main(["scenario", *words])
    said = capsys.readouterr()
    assert (end.value.code, said.out) == (2, "")
    assert message in said.err
    assert len(said.err.strip().splitlines()) <= 2


def test_a_scenario_runs_without_an_account_and_leaves_no_state(bench: Bench) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLOUDCONVERT_")}
    state = bench.folder / "state"
    command = [sys.executable, "-m", "connector.cli", "scenario", "run", str(SCENARIOS / "gallery.yaml"), "--sandbox"]
    done = Done(
        bench._run(
            [*command, "--input", "pictures=photo.png"],
            {**environment, "PYTHONPATH": str(ROOT), "CLOUDCONVERT_STATE_DIR": str(state)},
        )
    )
    assert done.document["steps"]["small"]["files"][0]["size"] > 0
    assert not state.exists()
