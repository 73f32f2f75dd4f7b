"""A server that answers like the API, from memory and at once: `python -m tests.benchmarks.servers.recording [DELAY]`.

A thread for each connection and a blocking socket: nothing is faster in Python for a few clients. It reads uploads and
throws them away, has files of any size at /storage/file/SIZE/NAME, and lists of 10,000 jobs and tasks. A job ends DELAY
seconds after its last upload, and says at which `monotonic` second, which is the same in every process of a machine.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

IN_LISTS = 10_000
_LARGEST_FILE = 1 << 31
_BUFFER = 1 << 18
_SOME_DAY = 1_795_334_400.0
_DAY = datetime.fromtimestamp(_SOME_DAY, UTC).isoformat()

Answer = tuple[int, bytes] | int
"""A status with a body, or the size of a file to send."""


@dataclass
class Job:
    """A job, and when it ends: None as long as files are missing."""

    id: str
    tag: str
    tasks: dict[str, Any]
    missing: int
    ends: float | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Api:
    """The answers. `root` is where clients find it, `delay` in seconds."""

    def __init__(self, root: str, delay: float) -> None:
        self._root = root
        self._delay = delay
        self._jobs: dict[str, Job] = {}
        self._numbers = itertools.count(1)

    def answer(self, method: str, target: str, body: bytes, *, blocking: bool) -> Answer:
        """What comes back for a request; on the blocking root a job once it has ended."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        match method, path.strip("/").split("/"):
            case "GET", ["v2", "users", "me"]:
                return 200, _ME
            case "POST", ["v2", "jobs"]:
                return 201, _json(self._shown(self._create(json.loads(body))))
            case "GET", ["v2", "jobs", job_id]:
                return 200, _json(self._shown(self._ended(job_id) if blocking else self._jobs[job_id]))
            case "GET", ["v2", "jobs" | "tasks" as kind]:
                return 200, _page(kind, int(query["page"][0]), int(query.get("per_page", ["100"])[0]), self._root)
            case "GET", ["v2", "tasks", task_id]:
                return 200, _json(_export(self._root, "export", int(task_id), "large.bin"))
            case "POST", ["storage", "upload", job_id]:
                self._uploaded(self._jobs[job_id])
                return 201, b"<PostResponse/>"
            case "GET", ["storage", "file", size, _]:
                return int(size)
        return 404, b'{"message":"Not found.","code":"NOT_FOUND"}'

    def _create(self, body: dict[str, Any]) -> Job:
        tasks = {name: {"id": f"{name}-{next(self._numbers)}", **task} for name, task in body["tasks"].items()}
        missing = sum(task["operation"] == "import/upload" for task in tasks.values())
        job = Job(f"job-{next(self._numbers)}", body.get("tag", ""), tasks, missing)
        self._jobs[job.id] = job
        return job

    def _uploaded(self, job: Job) -> None:
        job.missing -= 1
        if job.missing <= 0:
            job.ends = time.monotonic() + self._delay
            job.ended.set()

    def _ended(self, job_id: str) -> Job:
        job = self._jobs[job_id]
        job.ended.wait()
        time.sleep(max(0.0, (job.ends or 0.0) - time.monotonic()))
        return job

    def _shown(self, job: Job) -> dict[str, Any]:
        ended = job.ends is not None and job.ends <= time.monotonic()
        status = "finished" if ended else "waiting"
        tasks = [self._task(job, name, task, status) for name, task in job.tasks.items()]
        about = {
            "id": job.id,
            "tag": job.tag,
            "status": status,
            "created_at": _DAY,
            "ended_at": _DAY if ended else None,
        }
        return {**about, "tasks": tasks, "monotonic": job.ends}

    def _task(self, job: Job, name: str, task: dict[str, Any], status: str) -> dict[str, Any]:
        if task["operation"] == "export/url" and status == "finished":
            return _export(self._root, name, 20_000, "photo.jpg")
        form = {
            "url": f"{self._root}/storage/upload/{job.id}",
            "parameters": {"key": task["id"], "signature": "0" * 64},
        }
        result = {"form": form} if task["operation"] == "import/upload" else None
        return _task_like(name, task["operation"], status, task["id"], result)


def _task_like(name: str, operation: str, status: str, task_id: str, result: object) -> dict[str, Any]:
    return {
        "id": task_id, "job_id": None, "name": name, "operation": operation, "status": status, "credits": 1,
        "code": None, "message": None, "percent": 100, "created_at": _DAY, "started_at": _DAY, "ended_at": _DAY,
        "depends_on_task_ids": [], "retry_of_task_id": None, "copy_of_task_id": None, "user_id": 1, "priority": -10,
        "host_name": "here", "storage": "local", "region": "eu-central", "engine": "pillow", "engine_version": "13.0.0",
        "result": result, "links": {"self": f"https://api.cloudconvert.com/v2/tasks/{task_id}"},
    }  # fmt: skip


def _export(root: str, name: str, size: int, filename: str) -> dict[str, Any]:
    files = [{"filename": filename, "size": size, "url": f"{root}/storage/file/{size}/{filename}"}]
    return _task_like(name, "export/url", "finished", str(size), {"files": files})


@functools.lru_cache(1000)
def _page(kind: str, page: int, size: int, root: str) -> bytes:
    first = (page - 1) * size
    numbers = range(first, min(first + size, IN_LISTS))
    more = first + size < IN_LISTS
    links = {"next": f"{root}/v2/{kind}?page={page + 1}" if more else None}
    return json.dumps(
        {"data": [_item(kind, number) for number in numbers], "links": links, "meta": {"current_page": page}}
    ).encode()


def _item(kind: str, number: int) -> dict[str, Any]:
    if kind == "tasks":
        moment = datetime.fromtimestamp(_SOME_DAY + number, UTC).isoformat()
        own = {"id": f"task-{number}", "created_at": moment, "started_at": moment, "ended_at": moment}
        return _export("https://storage.example", "export", number, f"photo-{number}.jpg") | own
    return {
        "id": f"job-{number}",
        "tag": f"tag-{number}",
        "status": "finished",
        "created_at": _DAY,
        "started_at": _DAY,
        "ended_at": _DAY,
    }


def _json(data: object) -> bytes:
    return json.dumps({"data": data}).encode()


_ME = _json({"id": 1, "username": "jane", "email": "jane@example.com", "credits": 4434, "created_at": _DAY})


class Connection:
    """One client's connection."""

    def __init__(self, peer: socket.socket, answer: Callable[[str, str, bytes], Answer], file: int) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._peer = peer
        self._answer = answer
        self._file = file
        self._read = b""

    def serve(self) -> None:
        """Answer one request after the other until the client goes."""
        with self._peer:
            while head := self._head():
                lines = head.decode("latin-1").split("\r\n")
                method, target, _ = lines[0].split(" ")
                headers = {
                    name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
                }
                if headers.get("expect", "").lower() == "100-continue":
                    self._peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = self._body(int(headers.get("content-length", "0")), keep=not target.startswith("/storage"))
                self._send(self._answer(method, target, body))

    def _head(self) -> bytes:
        while b"\r\n\r\n" not in self._read:
            part = self._peer.recv(65536)
            if not part:
                return b""
            self._read += part
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        return head

    def _body(self, size: int, *, keep: bool) -> bytes:
        """The body; of an upload nothing is kept."""
        kept, left, buffer = [self._read[:size]], size - len(self._read[:size]), memoryview(bytearray(_BUFFER))
        self._read = self._read[size:]
        while left > 0:
            count = self._peer.recv_into(buffer, min(left, _BUFFER))
            if not count:
                raise ConnectionError
            left -= count
            if keep:
                kept.append(bytes(buffer[:count]))
        return b"".join(kept)

    def _send(self, answer: Answer) -> None:
        status, body = (200, b"") if isinstance(answer, int) else answer
        size = answer if isinstance(answer, int) else len(body)
        kind = "application/octet-stream" if isinstance(answer, int) else "application/json"
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n".encode()
        self._peer.sendall(head + body)
        sent = 0
        while isinstance(answer, int) and sent < answer:
            sent += os.sendfile(self._peer.fileno(), self._file, sent, min(answer - sent, 1 << 22))


def main(delay: float) -> None:
    """Print the two roots as a line of JSON, then serve until standard input closes."""
    file = os.memfd_create("large")
    os.ftruncate(file, _LARGEST_FILE)
    listening = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(2)]
    roots = [f"http://127.0.0.1:{one.getsockname()[1]}" for one in listening]
    api = Api(roots[0], delay)
    for one, blocking in zip(listening, (False, True), strict=True):
        threading.Thread(
            target=_accept, args=(one, functools.partial(api.answer, blocking=blocking), file), daemon=True
        ).start()
    sys.stdout.write(json.dumps({"base_url": roots[0], "sync_url": roots[1]}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def _accept(listening: socket.socket, answer: Callable[[str, str, bytes], Answer], file: int) -> None:
    while True:
        peer, _ = listening.accept()
        threading.Thread(target=Connection(peer, answer, file).serve, daemon=True).start()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.0)
