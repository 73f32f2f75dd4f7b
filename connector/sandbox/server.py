"""Two listening sockets, one process: starting it, telling where it is, and ending it cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn

from connector.errors import InputError
from connector.sandbox.addresses import Ports
from connector.sandbox.app import make_app
from connector.sandbox.engines import discover
from connector.sandbox.engines.inventory import ISOLATION
from connector.sandbox.engines.isolation import isolation
from connector.sandbox.service import Service, build
from connector.sandbox.settings import Address, Settings
from connector.sandbox.sweeping import keep_sweeping
from connector.sandbox.wire import Protocol

logger = logging.getLogger("connector.sandbox")

KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 3
_BACKLOG = 2048


def run(settings: Settings, ready: Callable[[Address], None], stop: threading.Event | None) -> None:
    """Serve until a signal or `stop`. Raises InputError where an address, port or folder cannot be used."""
    with _sockets(settings) as sockets, _data_folder(settings.data_dir) as folder:
        asyncio.run(_serve(settings, folder, sockets, ready, stop or threading.Event()))


async def _serve(
    settings: Settings,
    folder: Path,
    sockets: list[socket.socket],
    ready: Callable[[Address], None],
    stop: threading.Event,
) -> None:
    ports = Ports(*(one.getsockname()[1] for one in sockets))
    service = build(settings, folder, ports, discover())
    background: list[asyncio.Task[None]] = []
    try:
        service.files.remove_strangers(service.store.task_ids())
        service.detection.start()
        threading.Thread(target=_tell_isolation, daemon=True).start()
        service.conductor.recover()
        sweeps = (service.conductor.sweep, service.grants.sweep, service.signed_results.sweep)
        background += map(asyncio.create_task, (keep_sweeping(sweeps), service.deliverer.keep_delivering()))
        asyncio.get_running_loop().call_later(0.2, service.pool.warm)
        server = Server(_config(service), service, stop, lambda: ready(service.address))
        await server.serve(sockets)
    finally:
        await _end(service, background)
        logger.info("the sandbox has ended")


def _tell_isolation() -> None:
    """Say in the log what programs are kept away from. Finding that out starts some, so it is done beside the rest."""
    way = isolation()
    logger.log(logging.INFO if way in ("bubblewrap", "namespaces") else logging.WARNING, ISOLATION[way])


async def _end(service: Service, background: Sequence[asyncio.Task[None]]) -> None:
    """Stop all work; what is not done goes on when the sandbox is started again."""
    for work in background:
        work.cancel()
    await asyncio.gather(*background, return_exceptions=True)
    await service.conductor.close()
    service.pool.close()
    service.database.close()


class Server(uvicorn.Server):
    """Uvicorn's server, which here also ends by an event, wakes those who wait, and returns instead of raising a signal."""

    def __init__(
        self, config: uvicorn.Config, service: Service, stop: threading.Event, ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._service = service
        self._stop = stop
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell it."""
        await super().startup(sockets)
        self._ready()

    async def on_tick(self, counter: int) -> bool:
        """Whether to end now; asked ten times a second."""
        return await super().on_tick(counter) or self._stop.is_set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer those who wait for a job, and let subscribers go, before the connections are closed."""
        self._service.conductor.release_waiters()
        await self._service.live.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGINT and SIGTERM, where this is the main thread."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        logger.info("%s: the sandbox ends", signal.Signals(number).name)
        self.force_exit = self.should_exit
        self.should_exit = True


def _config(service: Service) -> uvicorn.Config:
    return uvicorn.Config(
        service.live.around(make_app(service)),
        http=Protocol,
        ws=cast("type[asyncio.Protocol]", _websocket) if service.live.installed else "none",
        loop="none",
        lifespan="off",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


def _websocket(**given: Any) -> asyncio.Protocol:
    """Uvicorn's protocol for subscribers, loaded when the first one comes."""
    from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

    return WSProtocol(**given)


@contextlib.contextmanager
def _sockets(settings: Settings) -> Iterator[list[socket.socket]]:
    """The two listening sockets, bound."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(_bound(settings.host, port, field))
            for port, field in ((settings.port, "port"), (settings.sync_port, "sync_port"))
        ]


def _bound(host: str, port: int, field: str) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with contextlib.ExitStack() as undo:
            bound = undo.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.setblocking(False)
            undo.pop_all()
    except (OSError, OverflowError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        raise InputError(
            f"The sandbox cannot listen on {host} port {port}: {reason}.",
            fields={field: reason},
            hint="Choose another port, or 0 for a free one.",
        ) from error
    return bound


@contextlib.contextmanager
def _data_folder(chosen: Path | None) -> Iterator[Path]:
    """The data folder, locked against a second server; a temporary one is removed at the end."""
    if chosen is None:
        folder = Path(tempfile.mkdtemp(prefix="cloudconvert-sandbox-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    with _locked(chosen):
        yield chosen.resolve()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise InputError(
            f"The data folder {folder} cannot be used: {error.strerror}.", fields={"data_dir": str(error.strerror)}
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"Another sandbox is using the data folder {folder}.",
                fields={"data_dir": "in use"},
                hint="Stop it, or choose another folder.",
            ) from error
        yield
