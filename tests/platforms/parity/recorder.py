"""Three addresses in front of a running sandbox: its API, its blocking API and its storage. Each notes what it is asked.

The API is told that its host is the storage's address, so that every upload form and every file lies on a host of its
own: a token that is seen there has leaked.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

Role = Literal["api", "sync", "storage"]
_HOP = {"host", "connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass
class Exchange:
    """One request: which of the addresses it went to, and what it said. `body` is JSON, a list of parts, or text."""

    role: Role
    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any = None
    raw: bytes = field(default=b"", repr=False)
    status: int = 0


class Recorder:
    """Used as a context manager. `exchanges` holds what came, in order."""

    def __init__(self, base_url: str, sync_url: str) -> None:
        self.exchanges: list[Exchange] = []
        self._behind = {"api": base_url, "sync": sync_url, "storage": base_url}
        self._servers: dict[str, ThreadingHTTPServer] = {}

    def __enter__(self) -> Recorder:
        for role in self._behind:
            server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, role))
            server.daemon_threads = True
            self._servers[role] = server
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()

    def url(self, role: Role) -> str:
        """The root of one of the addresses."""
        return f"http://127.0.0.1:{self._servers[role].server_port}"

    def take(self) -> list[Exchange]:
        """What has been recorded since the last time."""
        taken, self.exchanges = self.exchanges, []
        return taken

    def forward(self, role: str, handler: BaseHTTPRequestHandler) -> None:
        """Note the request, send it on, and hand the answer back."""
        raw = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        query = parse_qsl(parts.query, keep_blank_values=True)
        noted = Exchange(role, handler.command, parts.path, query, headers, _parsed(headers, raw), raw)  # type: ignore[arg-type]
        self.exchanges.append(noted)
        behind = HTTPConnection(urlsplit(self._behind[role]).netloc, timeout=120)
        sent = {name: value for name, value in headers.items() if name not in _HOP}
        behind.request(handler.command, handler.path, raw, {**sent, "Host": urlsplit(self.url("storage")).netloc})
        answer = behind.getresponse()
        content = answer.read()
        noted.status = answer.status
        handler.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        behind.close()


def _handler(recorder: Recorder, role: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            recorder.forward(role, self)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def _parsed(headers: dict[str, str], raw: bytes) -> Any:
    kind = headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        parts = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw).iter_parts()
        return [
            (part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload(decode=True))
            for part in parts
        ]
    if "json" in kind and raw:
        return json.loads(raw)
    return raw.decode() or None
