"""The listener on this machine that the browser comes back to after signing in (RFC 8252, section 7.3)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connector.api.clock import Clock, Deadline
from connector.errors import ConnectionInvalid, InputError

PORT = 8785
PATH = "/callback"
PATIENCE = 300.0
"""Seconds that a person has for signing in."""

_LOOK = 0.1
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>CloudConvert</title>"
    "<body style='font:16px sans-serif;margin:4em auto;max-width:32em'><p>{}</p></body></html>"
)
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",  # the address holds the code
    "Connection": "close",
}


def redirect_uri(port: int = PORT) -> str:
    """The redirect URL to register for the OAuth client."""
    return f"http://127.0.0.1:{port}{PATH}"


class Listener:
    """Holds the port while it is entered as a context manager; `wait` gives the one answer.

    Port 0 takes a free one. Raises InputError if the port is taken.
    """

    def __init__(self, port: int = PORT, clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except OSError as error:
            raise InputError(
                f"The port {port} of this machine cannot be listened on: {error.strerror}.",
                fields={"port": "is taken"},
                hint="Choose another one with --port (and register its redirect URL), or add --no-browser.",
            ) from error
        self.port: int = self._server.server_address[1]

    def wait(self, accepts: Callable[[str], bool], patience: float = PATIENCE) -> str:
        """The query of the answer. Raises ConnectionInvalid if nobody came within `patience` seconds.

        `accepts` judges the `state` of an answer. Everything else is refused: other paths and methods, another Host (a
        page that had its own name point here), answers after the first.
        """
        answer = self._server.answer = _Answer(accepts)
        thread = threading.Thread(target=self._server.serve_forever, args=(_LOOK,), name="oauth-listener", daemon=True)
        thread.start()
        try:
            self._await(answer, patience)
        finally:
            self._server.shutdown()
            thread.join()
        return answer.query

    def _await(self, answer: _Answer, patience: float) -> None:
        deadline = Deadline(patience, self._clock)
        while not answer.arrived.is_set():
            if deadline.left() <= 0:
                raise ConnectionInvalid(
                    f"Nobody signed in within {patience / 60:.0f} minutes.", hint="Start again to sign in."
                )
            self._clock.sleep(_LOOK)

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()


class _Answer:
    """The first answer that belongs to this sign-in."""

    def __init__(self, accepts: Callable[[str], bool]) -> None:
        self._accepts = accepts
        self._lock = threading.Lock()
        self.arrived = threading.Event()
        self.query = ""

    def take(self, query: str) -> tuple[int, str]:
        """The status and the sentence for the browser."""
        if not self._accepts(parse_qs(query).get("state", [""])[0]):
            return 400, "This is not the answer that the connector waits for. Start again from the terminal."
        with self._lock:
            if self.arrived.is_set():
                return 409, "This sign-in has been answered already."
            self.query = query
            self.arrived.set()
        return 200, "CloudConvert has answered. You can close this page and go back to the terminal."


class _Server(socketserver.ThreadingTCPServer):
    """A thread for each connection: browsers open some in advance and say nothing on them."""

    allow_reuse_address = True
    daemon_threads = True
    answer: _Answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no event."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "cloudconvert-connector"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        """Takes the answer, or says why not."""
        parts = urlsplit(self.path)
        if self.headers.get("Host") != f"127.0.0.1:{self.server.server_address[1]}":
            self._say(421, "This address answers to another name only.")
        elif parts.path != PATH:
            self._say(404, "There is nothing here.")
        else:
            self._say(*self.server.answer.take(parts.query))

    def _say(self, status: int, sentence: str) -> None:
        body = _PAGE.format(sentence).encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the overridden one
        """Nothing: the address holds the code."""
