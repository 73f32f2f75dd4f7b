"""The gateway as a server: its folder, its state, and a port of this machine."""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connector.connection import Connection
from connector.errors import ConnectorError, InputError, LimitReached
from connector.events.serving import Tls, serving
from connector.hosts.v1.calling import PAUSE


@dataclass(frozen=True)
class Settings:
    """How to run it. `folder` keeps the state; `own_key` is what clients send, by default the connection's key.

    `pause` is the time between two tries of a callback, in seconds.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    own_key: str | None = None
    allow_private_network: bool = False
    pause: float = PAUSE
    tls: Tls | None = None


@contextlib.contextmanager
def gateway_server(connection: Connection, settings: Settings) -> Iterator[str]:
    """Serve while the context lasts; gives the address, e.g. http://127.0.0.1:8786.

    Raises InputError for a port or folder that cannot be had, LimitReached where a package is missing.
    """
    require_server()
    from connector.hosts.v1.access import Access
    from connector.hosts.v1.app import make_app
    from connector.hosts.v1.gateway import Gateway
    from connector.hosts.v1.reach import Reach
    from connector.hosts.v1.state import State

    with _alone(settings.folder), contextlib.ExitStack() as stack:
        state = State(settings.folder / "processes.sqlite", time.time)
        stack.callback(state.close)
        reach = Reach(allow_private=settings.allow_private_network)
        stack.callback(reach.close)
        gateway = Gateway(connection.api, state, reach, pause=settings.pause)
        app = make_app(gateway, Access(connection, settings.own_key), settings.folder)
        with serving(
            app, settings.host, settings.port, what="The gateway cannot be reached", tls=settings.tls
        ) as address:
            try:
                yield address
            finally:
                gateway.release_waiters()


def require_server() -> None:
    """Raise LimitReached unless the packages that the gateway needs are installed."""
    missing = [name for name in ("starlette", "uvicorn", "python_multipart") if importlib.util.find_spec(name) is None]
    if missing:
        raise LimitReached(
            f"The gateway is not installed ({', '.join(missing)} is missing).",
            hint='Install it with: pip install "cloudconvert-connector[v1]"',
        )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder, for its owner only, and for one gateway at a time."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise ConnectorError(f"The folder {folder} cannot be used: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                f"Another gateway uses the state in {folder}.",
                fields={"state": "is in use"},
                hint="Stop it, or give this one another folder with --state.",
            ) from None
        yield
