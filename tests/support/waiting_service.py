"""A stand-in for CloudConvert that converts nothing: its jobs only take their time. For many jobs, workers and faults.

In this process as a context manager, or in one of its own: `python -m tests.support.waiting_service '{"delay": 0.1}'`
prints its address and ends when standard input does. `stats()` counts what clients did, `surplus` among it: jobs beyond
one for each tag.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
CONTENT = b"converted"


@dataclass
class Manners:
    """How it behaves. Times are in seconds; `rate` is the number of jobs that may be created in one second."""

    delay: float = 0.05
    latency: float = 0.0
    rate: float = 0.0
    fails: str = ""  # jobs whose convert task has this output format fail


@dataclass
class Book:
    """What it knows."""

    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_tag: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    allowed_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def stats(self) -> dict[str, int]:
        surplus = sum(len(jobs) - 1 for jobs in self.by_tag.values())
        return {"created": 0, "limited": 0, **self.counts, "tags": len(self.by_tag), "surplus": surplus}


class WaitingService:
    """Serves on a free port for as long as the context lasts. `url` is its root, `sync_url` the one whose reads block."""

    def __init__(self, **manners: Any) -> None:
        self.manners = Manners(**manners)
        self.book = Book()

    def __enter__(self) -> WaitingService:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.service = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.sync_url = f"{self.url}/sync"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def stats(self) -> dict[str, int]:
        return self.book.stats()

    def create(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """A new job; None where there have been too many."""
        with self.book.lock:
            now = time.time()
            if self.manners.rate:
                if self.book.allowed_at > now:
                    self.book.count("limited")
                    return None
                self.book.allowed_at = max(self.book.allowed_at, now - 1) + 1 / self.manners.rate
            uploads = [name for name, task in body["tasks"].items() if task["operation"] == "import/upload"]
            job = {"id": uuid.uuid4().hex, "tag": body.get("tag"), "asked": body["tasks"], "missing": len(uploads)}
            job["done_at"] = float("inf") if uploads else now + self.manners.delay
            self.book.jobs[job["id"]] = job
            self.book.by_tag.setdefault(job["tag"], []).append(job["id"])
            self.book.count("created")
            return job

    def uploaded(self, job: dict[str, Any]) -> None:
        with self.book.lock:
            job["missing"] -= 1
            if job["missing"] <= 0:
                job["done_at"] = min(job["done_at"], time.time() + self.manners.delay)
            self.book.count("uploads")

    def shown(self, job: dict[str, Any]) -> dict[str, Any]:
        """A job as the API describes it."""
        status = "finished" if time.time() >= job["done_at"] else "waiting" if job["missing"] else "processing"
        fails = self.manners.fails and any(t.get("output_format") == self.manners.fails for t in job["asked"].values())
        status = "error" if fails and status == "finished" else status
        tasks = [self._task(job, name, task["operation"], status) for name, task in job["asked"].items()]
        return {"id": job["id"], "tag": job["tag"], "status": status, "tasks": tasks}

    def _task(self, job: dict[str, Any], name: str, operation: str, status: str) -> dict[str, Any]:
        task: dict[str, Any] = {"id": f"{job['id']}.{name}", "name": name, "operation": operation, "status": status}
        if operation == "import/upload" and status == "waiting":
            task["result"] = {"form": {"url": f"{self.url}/store/{job['id']}", "parameters": {}}}
        if operation == "export/url" and status == "finished":
            file = {"filename": f"{name}.out", "size": len(CONTENT), "url": f"{self.url}/files/{job['id']}"}
            task["result"] = {"files": [file]}
        if operation not in ("import/upload", "import/url", "export/url"):
            task["credits"] = 1
            if status == "error":
                task |= {"code": "INVALID_FILE", "message": "The file is damaged", "ended_at": "2026-01-01T00:00:00Z"}
        return task


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512
    service: WaitingService

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients are killed here all the time."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # the head and the body of an answer in one packet

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.server.service.manners.latency)
        service, path = self.server.service, urlsplit(self.path).path
        if path.startswith("/store/"):
            service.uploaded(service.book.jobs[path.rpartition("/")[2]])
            self._send(201, b"")
            return
        job = service.create(json.loads(body))
        if job is None:
            self._send(429, {"message": "Too Many Attempts", "code": "RATE"}, ("Retry-After", "1"))
        else:
            self._send(201, {"data": service.shown(job)})

    def do_GET(self) -> None:
        service, parts = self.server.service, urlsplit(self.path)
        time.sleep(service.manners.latency)
        if parts.path == "/stats":
            self._send(200, service.stats())
        elif parts.path.startswith("/files/"):
            service.book.count("downloads")
            self._send(200, CONTENT)
        elif parts.path == "/v2/jobs":
            tag = parse_qs(parts.query).get("filter[tag]", [""])[0]
            service.book.count("looks")
            self._send(200, {"data": [service.shown(service.book.jobs[j]) for j in service.book.by_tag.get(tag, [])]})
        elif parts.path == "/v2/users/me":
            self._send(200, {"data": {"id": 1, "username": "tester", "credits": 100}})
        elif parts.path == "/v2/operations":
            self._send(200, {"data": []})
        else:
            self._send_job(parts.path)

    def do_DELETE(self) -> None:
        self.server.service.book.jobs.pop(self.path.rpartition("/")[2], None)
        self._send(204, b"")

    def _send_job(self, path: str) -> None:
        service = self.server.service
        job = service.book.jobs.get(path.rpartition("/")[2])
        service.book.count("reads")
        if job is None:
            self._send(404, {"message": "No such job", "code": "NOT_FOUND"})
            return
        while path.startswith("/sync/") and (left := job["done_at"] - time.time()) > 0:
            time.sleep(min(left, 0.5))
        self._send(200, {"data": service.shown(job)})

    def _send(self, status: int, body: Any, *headers: tuple[str, str]) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if not isinstance(body, bytes):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


class Elsewhere:
    """One that serves in a process of its own, so that it takes nothing from its clients' interpreter."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sync_url = f"{url}/sync"

    def stats(self) -> dict[str, int]:
        with urlopen(f"{self.url}/stats", timeout=30) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts

    def environment(self) -> dict[str, str]:
        """The environment in which the command finds it."""
        return {
            "CLOUDCONVERT_API_KEY": "key-of-the-tests-0123456789",
            "CLOUDCONVERT_BASE_URL": self.url,
            "CLOUDCONVERT_SYNC_URL": self.sync_url,
        }


@contextlib.contextmanager
def elsewhere(**manners: Any) -> Iterator[Elsewhere]:
    """Serve in a process of its own for as long as the context lasts."""
    command = [sys.executable, "-m", "tests.support.waiting_service", json.dumps(manners)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        try:
            yield Elsewhere(process.stdout.readline().decode().strip())
        finally:
            process.stdin.close()
            process.wait(timeout=20)


if __name__ == "__main__":
    with WaitingService(**json.loads(sys.argv[1])) as running:
        sys.stdout.write(f"{running.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
