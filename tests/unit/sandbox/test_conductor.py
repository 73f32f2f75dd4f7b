from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path

import pytest

from connector.sandbox.conductor import KEEP_SECONDS, UPLOAD_SECONDS
from connector.sandbox.database import Database
from connector.sandbox.engines.isolation import network_namespace
from connector.sandbox.records import File
from connector.sandbox.store import Store

from .lab import RAW, Lab, experiment, lab

UP = {"operation": "convert", "input": "i", "output_format": "up"}


def gone(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_job_runs_from_import_to_export(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(i=RAW, c=UP, e={"operation": "export/url", "input": "c"})
        assert {task.status for task in tasks.values()} == {"finished"}
        assert tasks["e"].files == (File(1, "a.up", 5),)
        assert lab.content(tasks["e"]) == b"HELLO"
        assert (tasks["c"].engine, tasks["c"].engine_version, tasks["c"].credits, tasks["e"].credits) == (
            "toy",
            "1.5",
            1,
            0,
        )

    experiment(folder, test)


def test_several_outputs_are_numbered(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        raw = {**RAW, "file": "one\ntwo"}
        lines = {"operation": "convert", "input": "i", "output_format": "line"}
        tasks = await lab.run(i=raw, c=lines, d={**lines, "filename": "p%02d.line"})
        assert [file.name for file in tasks["c"].files] == ["a-1.line", "a-2.line"]
        assert [file.name for file in tasks["d"].files] == ["p01.line", "p02.line"]
        assert lab.content(tasks["c"], 2) == b"two"

    experiment(folder, test)


def test_several_inputs_are_converted_one_by_one(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(i=RAW, j={**RAW, "file": "x"}, c={**UP, "input": ["i", "j"]})
        assert [file.name for file in tasks["c"].files] == ["a.up", "a (2).up"]
        assert lab.content(tasks["c"], 2) == b"X"

    experiment(folder, test)


def test_a_joining_operation_converts_what_it_cannot_take_first(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        ready = {**RAW, "file": "READY", "filename": "r.up"}
        tasks = await lab.run(i=RAW, j=ready, m={"operation": "merge", "input": ["i", "j", "i"], "output_format": "up"})
        assert tasks["m"].message is None
        assert lab.content(tasks["m"]) == b"HELLO+READY"
        assert tasks["m"].credits == 2

    experiment(folder, test)


def test_metadata_stands_in_the_result(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(i=RAW, m={"operation": "metadata", "input": "i"})
        assert (tasks["m"].extra, tasks["m"].files, tasks["m"].credits) == ({"metadata": {"Length": 5}}, (), 0)

    experiment(folder, test)


def test_an_unknown_option_is_told_in_the_message(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(i=RAW, c={**UP, "sparkle": True, "engine_version": "9"})
        assert tasks["c"].status == "finished"
        assert (
            tasks["c"].message
            == "The option sparkle is not known to Toy here and was ignored. Engine version 9 is not installed; 1.5 was used."
        )

    experiment(folder, test)


@pytest.mark.parametrize(
    ("output_format", "code", "words"),
    [
        ("refuse", "OPEN_FAILED", "glued shut"),
        ("crash", "CONVERSION_FAILED", "Toy failed on this file in an unexpected way"),
        ("die", "CONVERSION_FAILED", "Toy crashed on this file"),
        ("outside", "CONVERSION_FAILED", "no usable output"),
        ("link", "CONVERSION_FAILED", "no usable output"),
        ("hungry", "LIMIT_EXCEEDED", "more memory"),
        ("gone", "ENGINE_NOT_INSTALLED", "Absentia"),
        ("gold", "INVALID_CONVERSION_TYPE", "toy cannot become gold"),
    ],
)
def test_a_failure_ends_its_task_with_a_sentence_and_others_go_on(
    folder: Path, output_format: str, code: str, words: str
) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(
            i=RAW, c={**UP, "output_format": output_format}, good=UP, e={"operation": "export/url", "input": "c"}
        )
        assert (tasks["c"].status, tasks["c"].code) == ("error", code)
        assert words in str(tasks["c"].message)
        assert "Traceback" not in str(tasks["c"].message)
        assert tasks["good"].status == "finished"
        assert (tasks["e"].code, tasks["e"].started_at) == ("INPUT_TASK_FAILED", None)
        assert lab.content(tasks["i"]) == b"hello"

    experiment(folder, test)


def test_an_engine_sees_nothing_of_the_servers_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "a secret")

    async def test(lab: Lab) -> None:
        tasks = await lab.run(i=RAW, c={**UP, "output_format": "environment"})
        seen = json.loads(lab.content(tasks["c"]))
        assert "a secret" not in seen.values()
        assert all(seen[name].startswith(str(folder / "work")) for name in ("HOME", "TMPDIR", "cwd"))
        assert "CONNECTOR_SANDBOX_ALLOW_PRIVATE" not in seen

    experiment(folder, test)


def test_an_engine_reaches_out_only_for_what_is_declared_so(folder: Path) -> None:
    if not network_namespace():
        pytest.skip("this system lets no process be without network")

    async def test(lab: Lab, port: int) -> None:
        site = {"operation": "capture-website", "url": "http://example.com", "output_format": "call", "port": port}
        tasks = await lab.run(i=RAW, c={**UP, "output_format": "call", "port": port}, s=site)
        assert lab.content(tasks["c"]) != b"connected"
        assert lab.content(tasks["s"]) == b"connected"

    with socket.create_server(("127.0.0.1", 0)) as listening:
        experiment(folder, lambda lab: test(lab, listening.getsockname()[1]))


def test_a_timeout_kills_everything_that_the_engine_started(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        pids = folder / "pids"
        tasks = await lab.run(i=RAW, c={**UP, "output_format": "hang", "timeout": 0.3, "pidfile": str(pids)})
        assert (tasks["c"].code, tasks["c"].message) == (
            "TIMEOUT",
            "Toy did not finish in the time the task allows; raise the task's timeout or use a smaller file.",
        )
        await lab.until(lambda: all(gone(int(pid)) for pid in pids.read_text().split()))

    experiment(folder, test)


def test_cancelling_kills_the_work_and_fails_what_depends_on_it(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        pids = folder / "pids"
        job_id = lab.start(
            i=RAW, c={**UP, "output_format": "hang", "pidfile": str(pids)}, e={"operation": "export/url", "input": "c"}
        )
        await lab.until(lambda: pids.exists() and pids.read_text())
        lab.service.conductor.cancel(lab.task(job_id, "c"))
        assert (await lab.ended(job_id)).status == "error"
        assert (lab.task(job_id, "c").code, lab.task(job_id, "e").code) == ("CANCELLED", "INPUT_TASK_FAILED")
        await lab.until(lambda: all(gone(int(pid)) for pid in pids.read_text().split()))

    experiment(folder, test)


def test_a_dead_parent_takes_its_workers_along(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        pids = folder / "pids"
        lab.start(i=RAW, c={**UP, "output_format": "hang", "pidfile": str(pids)})
        await lab.until(lambda: pids.exists() and pids.read_text())
        worker = next(iter(lab.service.pool._busy))
        worker._socket.shutdown(2)
        await lab.until(lambda: gone(int(pids.read_text().split()[0])))
        os.kill(int(pids.read_text().split()[1]), 9)

    experiment(folder, test)


def test_an_ignored_error_lets_the_job_finish(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        job = await lab.ended(
            lab.start(
                i=RAW,
                c={**UP, "output_format": "refuse", "ignore_error": True},
                d=UP,
                e={"operation": "export/url", "input": ["c", "d"]},
            )
        )
        assert job.status == "finished"
        assert [file.name for file in lab.task(job.id, "e").files] == ["a.up"]

    experiment(folder, test)


def test_a_thousand_tasks_one_after_the_other_all_end(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        chain = {
            f"e{number}": {"operation": "export/url", "input": f"e{number - 1}" if number else "i"}
            for number in range(998)
        }
        job = await lab.ended(lab.start(x=RAW, i={"operation": "export/azure/blob", "input": "x", **AZURE}, **chain))
        assert job.status == "error"
        assert {task.code for task in job.tasks if task.name and task.name.startswith("e")} == {"INPUT_TASK_FAILED"}

    experiment(folder, test)


AZURE = {"storage_account": "a", "container": "c"}


def test_what_the_sandbox_cannot_do_says_so(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        tasks = await lab.run(
            i=RAW,
            e={"operation": "export/azure/blob", "input": "i", **AZURE},
            f={"operation": "import/azure/blob", **AZURE},
        )
        assert tasks["e"].message == "The local sandbox cannot do export/azure/blob; use export/url instead."
        assert (tasks["f"].code, tasks["f"].status) == ("OPERATION_NOT_AVAILABLE", "error")

    experiment(folder, test)


def test_jobs_and_files_go_after_24_hours(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        job_id = lab.start(i=RAW)
        task = (await lab.ended(job_id)).tasks[0]
        lab.clock.now += KEEP_SECONDS - 1
        lab.service.conductor.sweep()
        assert lab.content(task) == b"hello"
        lab.clock.now += 2
        lab.service.conductor.sweep()
        assert lab.service.store.job(job_id) is None
        assert not lab.service.files.path(task.id, 1).exists()

    experiment(folder, test)


def test_an_upload_that_never_comes_is_given_up(folder: Path) -> None:
    async def test(lab: Lab) -> None:
        job_id = lab.start(i={"operation": "import/upload"})
        lab.clock.now += UPLOAD_SECONDS + 1
        lab.service.conductor.sweep()
        assert (await lab.ended(job_id)).tasks[0].code == "TIMEOUT"

    experiment(folder, test)


def test_a_full_disk_fails_the_task_and_not_the_server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(lab: Lab) -> None:
        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(lab.service.files, "keep", full)
            patch.setattr(lab.service.files, "share", full)
            tasks = await lab.run(i=RAW, e={"operation": "export/url", "input": "i"})
        assert tasks["i"].code == "OUT_OF_SPACE"
        assert (await lab.run(i=RAW, c=UP))["c"].status == "finished"

    experiment(folder, test)


def test_interrupted_work_starts_again_after_a_restart(folder: Path) -> None:
    async def main() -> None:
        async with lab(folder) as first:
            job_id = first.start(i=RAW, c={**UP, "output_format": "hang"}, e={"operation": "export/url", "input": "c"})
            await first.until(lambda: first.task(job_id, "c").status == "processing")
            task = first.task(job_id, "c")
        database = Database(folder / "sandbox.sqlite")
        Store(database).change_task(task.id, payload=UP)
        database.close()
        async with lab(folder) as second:
            job = await second.ended(job_id)
            assert (job.status, second.content(second.task(job_id, "e"))) == ("finished", b"HELLO")

    asyncio.run(main())
