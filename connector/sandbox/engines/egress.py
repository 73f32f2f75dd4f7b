"""The only way out for a browser: a proxy that connects to checked addresses only, or to nothing at all.

Names are resolved and addresses checked here, at the moment of connecting, so neither a redirect nor a name that changes
its address leads anywhere else. The browser's own resolver is switched off.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from connector.sandbox import guard
from connector.sandbox.engines.base import EngineError

DOCUMENT_HOST = "document.invalid"
"""Under this name the proxy itself answers with the document that is converted."""

Connect = Callable[[str, int], socket.socket]
_HEAD_LIMIT = 256 * 1024
_CONNECT_SECONDS = 15.0
_IDLE_SECONDS = 120.0


def to_checked_addresses(*, allow_private: bool) -> Connect:
    """Connections to public addresses, or to any where private ones are allowed."""
    return lambda host, port: guard.connect(host, port, timeout=_CONNECT_SECONDS, allow_private=allow_private)


def to_nowhere(host: str, port: int) -> socket.socket:
    """No connection at all: what a document from a stranger gets."""
    raise EngineError("CONVERSION_FAILED", f"{host}:{port} was not loaded: documents are converted without network.")


@dataclass
class Egress:
    """Serves one browser from `start` until `stop`. `refusals` holds the reason for each host that it was denied."""

    connect: Connect
    document: Path | None = None
    refusals: dict[str, str] = field(default_factory=dict)
    _listener: socket.socket | None = None

    def start(self, listener: socket.socket) -> None:
        """Accept on a socket that already listens, in a thread of its own."""
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        """Take no more connections."""
        if self._listener:
            # Closing alone would leave the thread waiting in accept().
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError, ValueError):
            client.settimeout(_IDLE_SECONDS)
            head, rest = _read_head(client)
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            if method == "CONNECT":
                self._tunnel(client, target, rest)
            else:
                self._forward(client, target, head, rest)

    def _tunnel(self, client: socket.socket, target: str, rest: bytes) -> None:
        parts = urlsplit(f"//{target}")
        server = self._open(parts.hostname or "", parts.port or 443)
        if server is None:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with server:
            client.sendall(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            _relay(client, server, rest)

    def _forward(self, client: socket.socket, target: str, head: bytes, rest: bytes) -> None:
        parts = urlsplit(target)
        if self.document and parts.hostname == DOCUMENT_HOST:
            _answer(client, self.document if parts.path == "/" else None)
            return
        # Without an answer the browser shows no page of ours as if it were the site's.
        server = self._open(parts.hostname or "", parts.port or 80) if parts.scheme == "http" else None
        if server is not None:
            with server:
                _relay(client, server, _for_origin(parts.path or "/", parts.query, head) + rest)

    def _open(self, host: str, port: int) -> socket.socket | None:
        try:
            server = self.connect(host, port)
        except EngineError as error:
            self.refusals[host] = error.message
            return None
        except OSError as error:
            self.refusals[host] = f"{host} does not answer ({error.strerror or 'timed out'})."
            return None
        server.settimeout(_IDLE_SECONDS)
        return server


def _read_head(client: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65536)
        if not part or len(data) > _HEAD_LIMIT:
            raise ValueError("not a request")
        data += part
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def _for_origin(path: str, query: str, head: bytes) -> bytes:
    """The request as the site itself wants it: a path instead of an address, one request for each connection."""
    first, *lines = head.split(b"\r\n")
    method, _, version = first.split(b" ", 2)
    target = f"{path}?{query}" if query else path
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection:"))]
    return b"\r\n".join(
        [b" ".join((method, target.encode("latin-1", "replace"), version)), *kept, b"Connection: close", b"", b""]
    )


def _relay(client: socket.socket, server: socket.socket, first: bytes) -> None:
    """Pass bytes both ways until both sides have finished."""
    server.sendall(first)
    upward = threading.Thread(target=_copy, args=(client, server), daemon=True)
    upward.start()
    _copy(server, client)
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)
    upward.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _answer(client: socket.socket, file: Path | None) -> None:
    status, body = ("200 OK", file.read_bytes()) if file else ("404 Not Found", b"")
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    client.sendall(head.encode() + body)
