"""Serving an ASGI application on a port of this machine, in a thread beside the caller."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connector.errors import ConnectorError, InputError, LimitReached

_BACKLOG = 2048
_START_SECONDS = 10.0
_SHUTDOWN_SECONDS = 5


@dataclass(frozen=True)
class Tls:
    """A certificate, with those that vouch for it, and its private key: PEM files."""

    certificate: Path
    private_key: Path

    def check(self) -> None:
        """Raise InputError where they cannot be used."""
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(self.certificate, self.private_key)
        except OSError as error:  # of which SSLError is one
            reason = error.strerror or str(error)
            raise InputError(
                f"The certificate {self.certificate} with the key {self.private_key} cannot be used: {reason}.",
                fields={"certificate": "cannot be used"},
            ) from error


@contextlib.contextmanager
def serving(
    app: Any, host: str, port: int, *, what: str = "Events cannot be received", tls: Tls | None = None
) -> Iterator[str]:
    """Serve `app` while the context lasts; gives the address, e.g. http://127.0.0.1:8790. Port 0 takes a free one.

    `what` begins the sentence about a port that cannot be had. With `tls` the address is https. At the end running requests are answered, and the application's shutdown is awaited. Raises InputError for a port
    that cannot be had, LimitReached where no server is installed.
    """
    if importlib.util.find_spec("uvicorn") is None:
        raise LimitReached(
            "Events cannot be received: no server is installed (uvicorn is missing).",
            hint='Install it with: pip install "cloudconvert-connector[events]", or poll with --poll.',
        )
    import uvicorn

    if tls:
        tls.check()
    with _bound(host, port, what) as bound:
        server = uvicorn.Server(_config(app, tls))
        thread = threading.Thread(target=server.run, args=([bound],), name="events-server", daemon=True)
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield _address(bound, "https" if tls else "http")
        finally:
            server.should_exit = True
            thread.join()


def _config(app: Any, tls: Tls | None) -> Any:
    import uvicorn

    return uvicorn.Config(
        app,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.private_key if tls else None,
    )


def _wait_until_started(server: Any, thread: threading.Thread) -> None:
    end = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise ConnectorError("The server could not be started.")
        time.sleep(0.01)


@contextlib.contextmanager
def _bound(host: str, port: int, what: str) -> Iterator[socket.socket]:
    with contextlib.ExitStack() as stack:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            bound = stack.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(
                f"{what} on {host} port {port}: {reason}.",
                fields={"port": str(reason)},
                hint="Choose another port, or 0 for a free one.",
            ) from error
        yield bound


def _address(bound: socket.socket, scheme: str) -> str:
    host, port = bound.getsockname()[:2]
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
