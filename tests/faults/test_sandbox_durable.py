"""A sandbox that is killed, whose disk is full, or that is given far too much to do at once."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from connector.sandbox.pool import Worker
from tests.support.samples import sample
from tests.support.watched import Watched, until
from tests.unit.sandbox.client import Client

ROUNDS = 6
GROWTH = 150_000_000
EXPORT = {"operation": "export/url", "input": ["i", "c"]}
MISSING = ("ENGINE_NOT_INSTALLED", "INPUT_TASK_FAILED")


def mixed(client: Client, *, warm: bool) -> list[str]:
    """The ids of jobs that copy, convert in the worker, by a program and, where `warm`, by one that stays up."""
    inline = {"operation": "import/base64", "filename": "a.png", "file": base64(sample("png"))}
    sound = {"operation": "import/base64", "filename": "a.wav", "file": base64(sample("wav"))}
    ways = [(inline, "jpg"), (inline, "pdf"), (sound, "mp3"), (inline, "webp"), (sound, "flac")]
    return [job_of(client, source, target) for source, target in [*ways * 2, *(_STAYING if warm else [])]]


def job_of(client: Client, source: dict[str, Any], target: str) -> str:
    convert = {"operation": "convert", "input": "i", "output_format": target}
    return str(client.job(i=source, c=convert, e=EXPORT)["id"])


_STAYING = [
    ({"operation": "import/raw", "filename": "a.html", "file": "<h1>Page</h1>"}, "png"),
    ({"operation": "import/raw", "filename": "a.csv", "file": "a,b"}, "ods"),
]
"""What the browser and LibreOffice do, which stay up between jobs."""


def base64(content: bytes) -> str:
    from base64 import b64encode

    return b64encode(content).decode()


def served(client: Client, job: dict[str, Any]) -> dict[str, str]:
    """The files of a finished job as they are served: digests by name. They are whole."""
    digests = {}
    for file in job["tasks"][-1]["result"]["files"]:
        answer = client.ask("GET", file["url"])
        assert (answer.status_code, len(answer.content)) == (200, file["size"])
        check_whole(file["filename"], answer.content)
        digests[file["filename"]] = hashlib.sha256(answer.content).hexdigest()
    return digests


def check_whole(name: str, content: bytes) -> None:
    """A picture can be read to its last line; other files end as their formats do."""
    from PIL import Image

    kind = name.rpartition(".")[2]
    if kind in ("png", "jpg", "webp"):
        Image.open(io.BytesIO(content)).load()
    assert content[:4] in {"pdf": (b"%PDF",), "flac": (b"fLaC",), "wav": (b"RIFF",)}.get(kind, (content[:4],))
    assert kind != "pdf" or content.rstrip().endswith(b"%%EOF")


def test_killed_at_any_moment_no_job_and_no_file_is_lost(tmp_path: Path) -> None:
    chance = random.Random(7)
    ids: list[str] = []
    known: dict[str, dict[str, str]] = {}
    for number in range(ROUNDS):
        with Watched(tmp_path, "--workers", "3") as sandbox:
            ids += mixed(sandbox.client, warm=number == ROUNDS - 2)
            # The moment is what is tried out: from the first request to well into the conversions.
            time.sleep(chance.uniform(0.0, 1.5))
            known |= {
                job["id"]: served(sandbox.client, job) for job in finished(sandbox, ids) if job["id"] not in known
            }
            sandbox.kill()
            assert until(lambda: sandbox.children() == []), sandbox.children()
    with Watched(tmp_path) as sandbox:
        jobs = sandbox.ended(ids, 60)
        assert {task["code"] for job in jobs.values() for task in job["tasks"]} <= {None, *MISSING}
        after = {job["id"]: served(sandbox.client, job) for job in jobs.values() if job["status"] == "finished"}
        assert known.items() <= after.items()
        check_folder(sandbox)
    assert len(known) > 5


def finished(sandbox: Watched, ids: list[str]) -> list[dict[str, Any]]:
    return [job for job in (sandbox.client.get(f"jobs/{one}") for one in ids) if job["status"] == "finished"]


def check_folder(sandbox: Watched) -> None:
    """Nothing half-written lies in the data folder: every file belongs to a task and has its size."""
    tasks = {task["id"]: task for task in sandbox.client.get("tasks?per_page=1000")}
    for path in (sandbox.data / "files").glob("*/*"):
        files = (tasks[path.parent.name]["result"] or {}).get("files", [])
        assert path.stat().st_size == files[int(path.name) - 1]["size"]
    assert until(lambda: all(path.name.startswith("worker-") for path in (sandbox.data / "work").iterdir()))


def test_a_worker_whose_answer_nobody_reads_any_more_ends_too(tmp_path: Path) -> None:
    worker = Worker(tmp_path, {})
    worker._socket.setblocking(True)
    call = {"engine": "no:Engine", "temporary": str(tmp_path), "sources": [], "folder": str(tmp_path)}
    worker._socket.sendall(json.dumps(call).encode() + b"\n")
    worker._socket.recv(1, socket.MSG_PEEK)
    worker._socket.close()
    assert until(lambda: not worker.alive)
    worker.end()


def test_an_upload_that_was_cut_by_the_end_can_be_made_again(tmp_path: Path) -> None:
    with Watched(tmp_path) as sandbox:
        job = sandbox.client.job(i={"operation": "import/upload"}, e={"operation": "export/url", "input": "i"})
        with half_upload(sandbox, job["tasks"][0]["result"]["form"]):
            assert until(lambda: any((sandbox.data / "files").glob("*/draft-*")))
            sandbox.kill()
    with Watched(tmp_path) as sandbox:
        task = sandbox.client.get(f"tasks/{job['tasks'][0]['id']}")
        assert (task["status"], list((sandbox.data / "files").glob("*/*"))) == ("waiting", [])
        assert sandbox.client.upload(task["result"]["form"], "a.txt", b"whole").status_code == 201
        [job] = sandbox.ended([job["id"]], 20).values()
        assert sandbox.client.ask("GET", job["tasks"][1]["result"]["files"][0]["url"]).content == b"whole"


def half_upload(sandbox: Watched, form: dict[str, Any]) -> socket.socket:
    """A connection on which half of a file was sent."""
    fields = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["parameters"].items()
    )
    body = f'{fields}--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'.encode() + bytes(
        2_000_000
    )
    address = urlsplit(sandbox.base_url)
    head = f"POST {urlsplit(form['url']).path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall(f"{head}Content-Length: {len(body) * 2}\r\n\r\n".encode() + body)
    return connection


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Watched]:
    """A sandbox on a disk of 8 MB."""
    data = tmp_path / "data"
    data.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", data], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {made.stderr.strip()}")
    try:
        with Watched(tmp_path) as sandbox:
            yield sandbox
    finally:
        subprocess.run(["umount", "-l", data], check=True)


def check_works(sandbox: Watched) -> None:
    assert sandbox.client.exported()
    assert len(list((sandbox.data / "files").glob("*/draft-*"))) == 0


def test_a_file_that_does_not_fit_fails_its_task(small: Watched) -> None:
    job = small.client.job(i={"operation": "import/upload"}, e={"operation": "export/url", "input": "i"})
    refused = small.client.upload(job["tasks"][0]["result"]["form"], "a.bin", bytes(20_000_000))
    assert (refused.status_code, refused.json()["code"]) == (507, "OUT_OF_SPACE")
    [ended] = small.ended([job["id"]], 20).values()
    assert [task["code"] for task in ended["tasks"]] == ["OUT_OF_SPACE", "INPUT_TASK_FAILED"]
    check_works(small)


@pytest.mark.parametrize(
    ("kind", "target", "more"),
    [
        ("png", "bmp", {"width": 3000, "height": 3000, "fit": "scale"}),
        ("png", "ppm", {"width": 3000, "height": 3000, "fit": "scale", "engine": "imagemagick"}),
        ("wav", "aiff", {"audio_channels": 2, "sample_rate": 48000}),
        ("zip", "tar", {}),
        ("pdf", "bmp", {"pixel_density": 600}),
    ],
)
def test_an_output_that_does_not_fit_fails_its_task(
    small: Watched, kind: str, target: str, more: dict[str, Any]
) -> None:
    content = {"wav": long_sound, "zip": packed}.get(kind, lambda: sample(kind))()
    job = small.client.job(
        i={"operation": "import/upload"},
        c={"operation": "convert", "input": "i", "output_format": target, **more},
        o={"operation": "import/raw", "file": "other", "filename": "o.txt"},
    )
    assert small.client.upload(job["tasks"][0]["result"]["form"], f"a.{kind}", content).status_code == 201
    [ended] = small.ended([job["id"]], 60).values()
    if ended["tasks"][1]["code"] == "ENGINE_NOT_INSTALLED":
        pytest.skip(ended["tasks"][1]["message"])
    assert [task["code"] for task in ended["tasks"]] == [None, "OUT_OF_SPACE", None]
    check_works(small)


def long_sound() -> bytes:
    import wave

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000 * 90))
    return buffer.getvalue()


def packed() -> bytes:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bin", bytes(random.Random(1).randbytes(1000) * 9000))
    return buffer.getvalue()


def test_a_disk_that_is_full_to_the_last_byte_refuses_and_recovers(small: Watched) -> None:
    stone = small.data / "stone"
    before = small.client.exported()
    fill(stone)
    answers = [
        small.client.ask(
            "POST", "jobs", json={"tasks": {"i": {"operation": "import/raw", "file": "x" * 9000, "filename": "a"}}}
        )
        for _ in range(5)
    ]
    assert {answer.status_code for answer in answers} <= {201, 507}
    assert {answer.json().get("code") for answer in answers if answer.status_code == 507} <= {"OUT_OF_SPACE"}
    assert small.client.ask("GET", before).content == b"hello"
    stone.unlink()
    jobs = small.ended([answer.json()["data"]["id"] for answer in answers if answer.status_code == 201], 30)
    assert {job["tasks"][0]["code"] for job in jobs.values()} <= {"OUT_OF_SPACE"}
    check_works(small)


def fill(stone: Path) -> None:
    """Write into the file until there is no room left."""
    with suppress(OSError), stone.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@pytest.mark.parametrize("count", [300, pytest.param(1000, marks=pytest.mark.slow)])
def test_very_many_jobs_all_end_in_order_with_little_memory(tmp_path: Path, count: int) -> None:
    with Watched(tmp_path, "--workers", "1") as sandbox:
        sandbox.client.exported()
        before = sandbox.memory()
        source = {"operation": "import/base64", "filename": "a.png", "file": base64(sample("png"))}
        ids = [job_of(sandbox.client, source, "jpg") for _ in range(count)]
        jobs = sandbox.ended(ids, 240)
        assert [job["status"] for job in jobs.values()] == ["finished"] * count
        assert ended_in_log(sandbox) == [jobs[one]["tasks"][1]["id"] for one in ids]
        assert sandbox.memory() - before < GROWTH


def ended_in_log(sandbox: Watched) -> list[str]:
    """The ids of the convert tasks in the order in which they ended."""
    return re.findall(r"task (\S+) \(convert\) ended: finished", sandbox.log.read_text())
