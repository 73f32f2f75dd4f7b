"""A loopback web server that has a sample file under every name: what modules' examples import by URL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.support.samples import is_known, sample

EXAMPLE_ORIGIN = "https://example.com"


_SPECIAL = {"photo": "png", "": "html", "locked.pdf": "locked.pdf"}
"""Names that do not say, or do not say all, of what the file is."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = urlsplit(self.path).path.rpartition("/")[2]
        kind = _SPECIAL.get(name) or name.rpartition(".")[2]
        content = sample(kind) if is_known(kind) else b""
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def file_server(port: int = 0) -> Iterator[str]:
    """The server's origin, e.g. http://127.0.0.1:40123, for as long as the context lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def at(origin: str, value: Any) -> Any:
    """A form from a module's examples with example.com replaced by the origin of the file server."""
    if isinstance(value, dict):
        return {key: at(origin, item) for key, item in value.items()}
    if isinstance(value, list):
        return [at(origin, item) for item in value]
    return value.replace(EXAMPLE_ORIGIN, origin) if isinstance(value, str) else value
