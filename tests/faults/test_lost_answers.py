"""Exactly one job, whatever becomes of the answer to its create, and of the process that waited for it."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connector import Connection
from connector.api.endpoints import Api
from connector.errors import NoAnswer
from connector.module import Module
from connector.modules import all_modules
from connector.recipe import CustomJob, Job
from connector.runtime import execute
from tests.conftest import ROOT, RunningSandbox
from tests.faults.proxy import FaultProxy, Instead, LimitData, ResetPeer, Timeout, Toxic
from tests.support.commands import Command
from tests.support.file_server import EXAMPLE_ORIGIN, at, file_server
from tests.support.samples import is_known, sample

pytestmark = pytest.mark.row("F10")

JOBS = [module for module in all_modules().values() if isinstance(module.recipe, Job | CustomJob)]
FAILURE = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
LOST: list[Toxic] = [
    LimitData(0),
    LimitData(0, reset=True),
    LimitData(40),
    ResetPeer(),
    Timeout(timeout=100),
    Instead(FAILURE),
    Instead(FAILURE.replace(b"500", b"504")),
    Instead(b"HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n<html></h"),
]
each_job = pytest.mark.parametrize("module", JOBS, ids=lambda module: module.name())


FormOf = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def form_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FormOf]:
    """Gives a module's first example with files of this machine: a job whose files are still to come keeps nobody busy."""
    folder = tmp_path_factory.mktemp("samples")
    with file_server() as origin:

        def local(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: local(item) for key, item in value.items()}
            if isinstance(value, list):
                return [local(item) for item in value]
            name = str(value).removeprefix(f"{EXAMPLE_ORIGIN}/")
            if name == value or "." not in name:
                return at(origin, value)
            path = folder / name.rpartition("/")[2]
            path.write_bytes(sample(path.name if is_known(path.name) else path.suffix[1:]))
            return str(path)

        def form_of(module: type[Module], **more: Any) -> dict[str, Any]:
            takes_files = isinstance(module.recipe, CustomJob) or bool(getattr(module.recipe, "inputs", None))
            form = (local if takes_files else partial(at, origin))(dict(module.examples[0]))
            return {name: value for name, value in form.items() if name not in ("download", "tag")} | more

        yield form_of


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox in which nobody else makes jobs."""
    running = RunningSandbox("--allow-private-network")
    yield running
    running.stop()


@pytest.fixture
def proxy(own: RunningSandbox) -> Iterator[FaultProxy]:
    with FaultProxy(own.base_url) as running:
        yield running


@pytest.fixture
def through(proxy: FaultProxy, own: RunningSandbox) -> Iterator[Connection]:
    """A connection that leads through the proxy."""
    with Connection.api_key(own.api_key, base_url=proxy.url) as connection:
        yield connection


def tagged(own: RunningSandbox, tag: str) -> list[str]:
    """The ids of the jobs with that tag. They are deleted, so that nothing is converted that nobody wants."""
    with own.connect() as direct:
        found = [str(job["id"]) for job in direct.api.pages("/jobs", {"filter[tag]": tag})]
        for job_id in found:
            direct.api.request("DELETE", f"/jobs/{job_id}")
        return found


def tag_of(own: RunningSandbox, job_id: str) -> str:
    with own.connect() as direct:
        return str(direct.api.job(job_id)["tag"])


@each_job
def test_every_module_makes_one_job_when_the_answer_is_lost(
    module: type[Module], own: RunningSandbox, proxy: FaultProxy, through: Connection, form_of: FormOf
) -> None:
    lost = LOST[JOBS.index(module) % len(LOST)]
    proxy.add(lost.when(b"POST /v2/jobs "), uses=1)
    outputs = execute(through.api, module.recipe, module.fill(form_of(module)), None, module.Output)
    job_id = outputs["job_id"]  # type: ignore[call-overload]
    assert tagged(own, tag_of(own, job_id)) == [job_id]
    assert proxy.spent


@pytest.mark.parametrize("lost", LOST, ids=[str(number) for number in range(len(LOST))])
@pytest.mark.parametrize("tag", [None, "a tag of one's own"])
def test_however_the_answer_is_lost_there_is_one_job(
    lost: Toxic, tag: str | None, own: RunningSandbox, proxy: FaultProxy, through: Connection, form_of: FormOf
) -> None:
    module = all_modules()["ConvertFile"]
    proxy.add(lost.when(b"POST /v2/jobs "), uses=1)
    form = form_of(module, **({"tag": tag} if tag else {}))
    outputs = execute(through.api, module.recipe, module.fill(form), None, module.Output)
    assert tagged(own, outputs["tag"]) == [outputs["job_id"]]  # type: ignore[call-overload]
    assert proxy.spent


def test_a_job_that_nothing_could_tell_apart_is_not_sent_twice(
    own: RunningSandbox, proxy: FaultProxy, through: Connection, form_of: FormOf
) -> None:
    module = all_modules()["CreateJob"]
    proxy.add(LimitData(0).when(b"POST /v2/jobs "), uses=1)
    with pytest.raises(NoAnswer) as caught:
        execute(through.api, module.recipe, module.fill(form_of(module, tag="one's own")))
    assert "look for the tag" in caught.value.hint
    assert len(tagged(own, "one's own")) == 1


class Bench:
    """Runs that were killed, and the command that takes them up."""

    def __init__(self, folder: Path, own: RunningSandbox) -> None:
        self.state = folder / "state"
        self.environment = {**own.environment(), "CLOUDCONVERT_STATE_DIR": str(self.state)}
        self.forms = folder / "forms"
        self.forms.mkdir()

    def kill(self, forms: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """Run each and kill it after its job was made and before that was noted."""
        for name, form in forms.items():
            (self.forms / f"{name}.json").write_text(json.dumps(form))
        words = [sys.executable, "-m", "tests.support.killed", str(self.forms)]
        done = subprocess.run(words, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120)
        found: dict[str, int] = json.loads(done.stdout)
        return found

    def noted(self) -> dict[str, tuple[str, str, str | None]]:
        """What the ledger knows of each module's run: its id, its tag and its job."""
        with closing(sqlite3.connect(self.state / "scenarios.sqlite3")) as database:
            rows = database.execute("SELECT name, id, tag, job_id FROM runs JOIN units ON run = id").fetchall()
        return {name: tuple(rest) for name, *rest in rows}  # type: ignore[misc]


@pytest.fixture
def bench(tmp_path: Path, own: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench(tmp_path, own)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


def test_every_modules_job_is_taken_up_after_a_kill_between_sending_and_saving(
    bench: Bench, own: RunningSandbox, command: Command, form_of: FormOf
) -> None:
    forms = {module.name(): form_of(module) for module in JOBS}
    assert bench.kill(forms) == dict.fromkeys(sorted(forms), -9)
    noted = bench.noted()
    assert sorted(noted) == sorted(forms)
    for name, (run_id, tag, job_id) in noted.items():
        assert job_id is None  # so nothing but the tag leads to it
        done = command("run", name, "--input", str(bench.forms / f"{name}.json"), "--resume", run_id)
        assert done.code == 0, done.err
        assert tagged(own, tag) == [done.document["job_id"]], name


def test_the_next_run_of_the_same_form_mentions_the_one_that_was_cut_off_once(
    bench: Bench, command: Command, form_of: FormOf
) -> None:
    bench.kill({"ConvertFile": form_of(all_modules()["ConvertFile"])})
    run_id = bench.noted()["ConvertFile"][0]
    words = ["run", "ConvertFile", "--input", str(bench.forms / "ConvertFile.json")]
    assert f"--resume {run_id} takes its job up instead of making another." in command(*words).err
    assert "--resume" not in command(*words).err


def test_a_job_of_ones_own_tag_is_not_made_again_by_a_resume(
    bench: Bench, own: RunningSandbox, command: Command, form_of: FormOf
) -> None:
    bench.kill({"CreateJob": form_of(all_modules()["CreateJob"], tag="mine after a kill")})
    run_id = bench.noted()["CreateJob"][0]
    done = command("run", "CreateJob", "--input", str(bench.forms / "CreateJob.json"), "--resume", run_id)
    assert (done.code, "whether it was cannot be known" in done.err) == (2, True)
    assert len(tagged(own, "mine after a kill")) == 1


def test_an_error_that_leaves_a_job_says_how_to_take_it_up(bench: Bench, own: RunningSandbox, command: Command) -> None:
    files = socket.create_server(("127.0.0.1", 0))  # takes connections and never speaks, so that the job has to wait
    url = f"http://127.0.0.1:{files.getsockname()[1]}/a.png"
    form = {"input_file": url, "output_format": "jpg", "download": True, "wait_limit": 1}
    (bench.forms / "form.json").write_text(json.dumps(form))
    words = ["run", "ConvertFile", "--input", str(bench.forms / "form.json")]
    given_up = command(*words)
    run_id = re.search(r"The same command with --resume (\w+) takes the job up", given_up.err)
    assert (given_up.code, bool(run_id)) == (4, True)
    assert run_id
    again = command(*words, "-p", "download=false", "--resume", run_id[1])
    assert again.code == 0, again.err
    assert tagged(own, again.document["tag"]) == [again.document["job_id"]]
    assert again.document["job_id"] in given_up.err
    files.close()


def test_an_error_that_leaves_nothing_speaks_of_no_resume(
    bench: Bench, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "another-key")
    done = command("run", "ConvertFile", "-p", "input_file=https://example.com/a.png", "-p", "output_format=jpg")
    assert (done.code, "--resume" in done.err) == (3, False)


def test_what_cannot_be_resumed_says_so(bench: Bench, command: Command) -> None:
    for words, why in [
        (["GetMyInfo"], "is for modules that make a job"),
        (["ConvertFile", "-p", "input_file=https://example.com/a.png", "-p", "output_format=jpg"], "is not known here"),
        (["ConvertFile", "--sandbox", "-p", "input_file=https://x.io/a.png", "-p", "output_format=jpg"], "no use with"),
    ]:
        done = command("run", *words, "--resume", "nonesuch")
        assert (done.code, why in done.err) == (2, True), done.err


def test_a_state_folder_that_cannot_be_used_is_no_reason_not_to_convert(
    bench: Bench, command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CLOUDCONVERT_STATE_DIR", str(tmp_path / "file" / "state"))
    done = command("run", "ConvertFile", "-p", "input_file=https://example.com/a.png", "-p", "output_format=jpg")
    assert (done.code, "could not be taken up if it were cut off" in done.err) == (0, True)


def test_a_run_that_was_stopped_by_hand_says_how_to_take_it_up(
    bench: Bench, own: RunningSandbox, command: Command, form_of: FormOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bench.forms / "form.json").write_text(json.dumps(form_of(all_modules()["ConvertFile"])))
    words = ["run", "ConvertFile", "--input", str(bench.forms / "form.json")]
    create = Api.create_job

    def create_and_stop(*given: Any) -> None:
        create(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        stopping.setattr(Api, "create_job", create_and_stop)
        stopped = command(*words)
    run_id = re.search(r"--resume (\w+) takes the job up", stopped.err)
    assert (stopped.code, bool(run_id)) == (130, True)
    assert run_id
    again = command(*words, "--resume", run_id[1]).document
    assert tagged(own, again["tag"]) == [again["job_id"]]
