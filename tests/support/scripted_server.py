"""A small real HTTP server on loopback: it answers with a script, misbehaves on demand and remembers what it was asked."""

from __future__ import annotations

import json
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.client import responses
from http.server import BaseHTTPRequestHandler
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

Fault = Literal["close", "reset", "hang"]


@dataclass
class Request:
    """What a client sent."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes

    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)

    def form(self) -> dict[str, tuple[str | None, bytes]]:
        """The parts of a multipart form in their order: name to (file name, content)."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts()
        return {
            str(part.get_param("name", header="content-disposition")): (
                part.get_filename(),
                bytes(part.get_payload(decode=True)),
            )
            for part in parts
        }


@dataclass
class Reply:
    """One answer. The body is bytes, or data that is sent as JSON.

    Args:
        length: the Content-Length to claim; None for none at all. The true one by default.
        sends: how many bytes of the body really go out before the connection ends.
        fault: "close" and "reset" end the connection without a word (or, with `sends`, in the middle of the body),
            "hang" keeps it open and silent.
        reads: answer, or misbehave, when so many bytes of the request's body have been read.
        chunked: in chunks; one that is cut by `sends` misses its end.
        drip: send so many bytes at a time.

    """

    status: int = 200
    body: Any = b""
    headers: Iterable[tuple[str, str]] = ()
    length: int | Literal["true"] | None = "true"
    sends: int | None = None
    fault: Fault | None = None
    reads: int | None = None
    chunked: bool = False
    drip: int = 1 << 20

    def content(self) -> bytes:
        """The body as bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def data(value: Any, status: int = 200) -> Reply:
    """An answer as the API wraps it."""
    return Reply(status, {"data": value})


def error(status: int, message: str = "", code: str = "", **headers: str) -> Reply:
    """An error as the API words it; an underscore in a header's name stands for a dash."""
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Reply(status, {"message": message, "code": code}, pairs)


def ranged(content: bytes, *, etag: str | None = '"v1"') -> Callable[[Request], Reply]:
    """A file behind a server that knows Range and If-Range, as storage hosts do."""

    def answer(request: Request) -> Reply:
        tags = [("ETag", etag)] if etag else []
        wanted = request.headers.get("Range", "")
        fits = request.headers.get("If-Range") in (None, etag)
        if not wanted or not fits:
            return Reply(200, content, tags)
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        where = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Reply(206, content[start:], [*tags, ("Content-Range", where)])

    return answer


Script = Reply | Callable[[Request], Reply]


@dataclass
class ScriptedServer:
    """Used as a context manager. `route` says what to answer; `requests` holds what came, in order."""

    requests: list[Request] = field(default_factory=list)
    routes: dict[str, list[Script]] = field(default_factory=dict)

    def __enter__(self) -> ScriptedServer:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.script = self
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        """Its address and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def route(self, what: str, *script: Script) -> None:
        """Answer requests such as "GET /v2/jobs" one after the other with these; the last one stays."""
        self.routes[what] = list(script)

    def asked(self, what: str) -> list[Request]:
        """The requests to such a route."""
        return [request for request in self.requests if f"{request.method} {request.path}" == what]

    def reads_of(self, request: Request) -> int | None:
        """How many bytes of its body the next answer wants to read; None for all."""
        step = self.routes.get(f"{request.method} {request.path}", [Reply()])[0]
        return step.reads if isinstance(step, Reply) else None

    def reply_to(self, request: Request) -> Reply:
        """The next answer of the request's route; 404 for a route that nobody wrote."""
        with self._lock:
            self.requests.append(request)
            script = self.routes.get(f"{request.method} {request.path}", [error(404, "Not in the script", "NOT_FOUND")])
            step = script.pop(0) if len(script) > 1 else script[0]
        return step(request) if callable(step) else step


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    script: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the overridden one
        """Quiet."""

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if self.raw_requestline and self.parse_request():
            self._answer()
        self.close_connection = True

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, b"")
        length = int(self.headers.get("Content-Length") or 0)
        reads = self.server.script.reads_of(request)
        request.body = self.rfile.read(length if reads is None else min(length, reads))
        reply = self.server.script.reply_to(request)
        if reply.fault and reply.sends is None:
            self._end(reply.fault)
            return
        self._send(reply)
        if reply.reads is not None:
            self.connection.shutdown(socket.SHUT_WR)
            while self.rfile.read1(1 << 20):  # closing with unread bytes would reset, and lose the answer
                pass
        elif reply.fault:
            self._end(reply.fault)

    def _send(self, reply: Reply) -> None:
        content = reply.content()
        head = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, '-')}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in reply.headers]
        if reply.chunked:
            head.append("Transfer-Encoding: chunked")
            content = b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)
        elif reply.length is not None:
            head.append(f"Content-Length: {len(content) if reply.length == 'true' else reply.length}")
        self.connection.sendall("\r\n".join([*head, "", ""]).encode("latin-1"))
        for start in range(0, len(content[: reply.sends]), reply.drip):
            self.connection.sendall(content[: reply.sends][start : start + reply.drip])

    def _end(self, fault: Fault) -> None:
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault == "hang":
            self.rfile.read(1)  # until the client has had enough
