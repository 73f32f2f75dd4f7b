from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from connector.errors import InputError
from connector.sandbox import Address, Settings, serve

from .client import EXPORTED, RAW, Client
from .conftest import running
from .receiver import Receiver

SCRIPT = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from connector.sandbox import Settings, serve
settings = Settings(api_key="key", data_dir=Path(sys.argv[1]), allow_private_network="private" in sys.argv)
serve(settings, lambda address: print(json.dumps(asdict(address)), flush=True))
print("clean end")
"""


class Process:
    """A sandbox in a process of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-c", SCRIPT, str(folder), *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            self.process.communicate(timeout=10)
            pytest.fail("the sandbox did not start")
        self.client = Client(Address(**json.loads(line)))

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """End it by a signal; gives its exit code and what it still printed."""
        self.process.send_signal(how)
        printed, _ = self.process.communicate(timeout=10)
        self.client.close()
        return self.process.returncode, printed


@pytest.fixture
def process(folder: Path) -> Iterator[Process]:
    made = Process(folder)
    yield made
    if made.process.poll() is None:
        made.end(signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_soon_even_when_somebody_waits(process: Process, how: signal.Signals) -> None:
    job = process.client.job(i={"operation": "import/upload"})
    answers: list[requests.Response] = []
    waiting = threading.Thread(
        target=lambda: answers.append(Client(process.client.address).ask("GET", f"jobs/{job['id']}", sync=True))
    )
    waiting.start()
    time.sleep(0.2)
    started = time.perf_counter()
    assert process.end(how) == (0, "clean end\n")
    assert time.perf_counter() - started < 6
    waiting.join(5)
    assert (answers[0].status_code, answers[0].json()["code"]) == (503, "SERVICE_UNAVAILABLE")


def test_jobs_and_files_survive_being_killed(process: Process, folder: Path) -> None:
    done = process.client.job(sync=True, **EXPORTED)
    open_job = process.client.job(i={"operation": "import/upload"}, e={"operation": "export/url", "input": "i"})
    process.end(signal.SIGKILL)
    with running(Settings(api_key="key", data_dir=folder)) as client:
        again = client.get(f"jobs/{done['id']}")
        assert (again["status"], again["ended_at"]) == ("finished", done["ended_at"])
        assert client.ask("GET", again["tasks"][1]["result"]["files"][0]["url"]).content == b"hello"
        form = client.get(f"tasks/{open_job['tasks'][0]['id']}")["result"]["form"]
        assert client.upload(form, "a.txt", b"late").status_code == 201
        assert client.get(f"jobs/{open_job['id']}", sync=True)["status"] == "finished"


def test_killed_at_any_moment_every_job_still_ends(process: Process, folder: Path) -> None:
    jobs = [
        process.client.job(
            i={**RAW, "filename": "a.md"}, c={"operation": "archive", "input": "i", "output_format": "zip"}
        )["id"]
        for _ in range(10)
    ]
    process.end(signal.SIGKILL)
    with running(Settings(api_key="key", data_dir=folder)) as client:
        assert {client.get(f"jobs/{job}", sync=True)["status"] for job in jobs} == {"finished"}


def test_a_data_folder_is_for_one_server(process: Process, folder: Path) -> None:
    with pytest.raises(InputError, match="Another sandbox is using the data folder"):
        serve(Settings(data_dir=folder), lambda _: None)


def test_a_taken_port_is_told(process: Process) -> None:
    port = int(process.client.address.base_url.rpartition(":")[2])
    with pytest.raises(InputError, match=f"cannot listen on 127.0.0.1 port {port}: Address already in use"):
        serve(Settings(port=port), lambda _: None)


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(InputError, match=r"cannot listen on 192\.0\.2\.1"):
        serve(Settings(host="192.0.2.1"), lambda _: None)


def test_a_folder_that_is_a_file_is_told(folder: Path) -> None:
    (folder / "x").write_text("x")
    with pytest.raises(InputError, match="cannot be used"):
        serve(Settings(data_dir=folder / "x"), lambda _: None)


def test_without_a_folder_nothing_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with running(Settings()) as client:
        assert len(client.address.api_key) > 20
        assert len(list(folder.glob("cloudconvert-sandbox-*"))) == 1
        assert client.job(sync=True, **EXPORTED)["status"] == "finished"
    assert list(folder.iterdir()) == []


def test_a_data_folder_keeps_its_key_and_secrets_to_itself(folder: Path) -> None:
    with running(Settings(data_dir=folder)) as client:
        first = client.address
    with running(Settings(data_dir=folder)) as client:
        second = client.address
        assert client.get("users/me")["id"] == 1
    secrets = [(one.api_key, one.webhook_secret, one.signed_url_secret) for one in (first, second)]
    assert secrets[0] == secrets[1]
    assert len(set(secrets[0])) == 3
    assert [(folder / name).stat().st_mode & 0o777 for name in ("api-key", "secret")] == [0o600, 0o600]


def test_two_data_folders_have_different_keys(folder: Path) -> None:
    keys = []
    for name in ("a", "b"):
        with running(Settings(data_dir=folder / name)) as client:
            keys.append(client.address.api_key)
    assert keys[0] != keys[1]


def test_an_event_on_its_way_survives_being_killed(folder: Path) -> None:
    process = Process(folder, "private")
    with Receiver() as receiver:
        receiver.hold.clear()
        process.client.post("webhooks", {"url": receiver.url, "events": ["job.finished"]})
        process.client.job(sync=True, **EXPORTED)
        lost = receiver.next()
        process.end(signal.SIGKILL)
        receiver.hold.set()
        with running(Settings(api_key="key", data_dir=folder, allow_private_network=True)):
            assert receiver.next().body == lost.body


def test_a_held_up_webhook_does_not_hold_up_the_end(folder: Path) -> None:
    process = Process(folder, "private")
    with Receiver() as receiver:
        receiver.hold.clear()
        process.client.post("webhooks", {"url": receiver.url, "events": ["job.finished"]})
        process.client.job(sync=True, **EXPORTED)
        receiver.next()
        started = time.perf_counter()
        assert process.end(signal.SIGTERM) == (0, "clean end\n")
        assert time.perf_counter() - started < 6


def test_importing_it_is_light() -> None:
    program = "import connector.sandbox, sys; print([name for name in ('starlette', 'uvicorn', 'sqlite3', 'PIL') if name in sys.modules])"
    unmeasured = {
        name: value for name, value in os.environ.items() if not name.startswith("COV")
    }  # that imports sqlite3
    done = subprocess.run([sys.executable, "-c", program], env=unmeasured, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_file_of_its_own_can_be_imported_all_the_same(process: Process) -> None:
    job = process.client.job(sync=True, i={"operation": "import/url", "url": process.client.exported()})
    assert job["status"] == "finished"


def test_private_addresses_are_refused_by_default(process: Process) -> None:
    unsigned = process.client.exported().partition("?")[0]
    job = process.client.job(sync=True, i={"operation": "import/url", "url": unsigned})
    assert (job["status"], job["tasks"][0]["code"]) == ("error", "DOWNLOAD_FAILED")
    assert "--allow-private-network" in job["tasks"][0]["message"]


def test_logs_hold_no_secrets(folder: Path) -> None:
    script = "import logging; logging.basicConfig(level=logging.DEBUG);" + SCRIPT
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    client = Client(Address(**json.loads(process.stdout.readline())))
    requests.get(url := client.exported(), timeout=10)
    client.close()
    process.terminate()
    log = process.communicate(timeout=10)[1]
    assert "GET /storage/tasks/" in log
    assert url.partition("Signature=")[2] not in log
    assert "Bearer" not in log
