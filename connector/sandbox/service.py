"""Everything that a request handler needs, put together once at the start."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from connector.sandbox.addresses import Addresses, Ports, root
from connector.sandbox.conductor import Conductor, Crew
from connector.sandbox.detection import Detection
from connector.sandbox.engines.base import Engine
from connector.sandbox.exports import Exports
from connector.sandbox.files import Files
from connector.sandbox.imports import Imports
from connector.sandbox.listing import Listing
from connector.sandbox.operations import Operations
from connector.sandbox.pool import Pool
from connector.sandbox.processing import Processing
from connector.sandbox.settings import Settings
from connector.sandbox.signing import Signer
from connector.sandbox.store import Store
from connector.sandbox.validate import ALIASES, OPERATIONS

Clock = Callable[[], float]


@dataclass(frozen=True)
class Service:
    """The parts of a running sandbox."""

    api_key: str
    ports: Ports
    store: Store
    files: Files
    signer: Signer
    conductor: Conductor
    pool: Pool
    detection: Detection
    listing: Listing
    operations: frozenset[str]
    born: float
    clock: Clock

    def addresses(self, request: Request) -> Addresses:
        """URLs under the root that this client uses."""
        local = request.scope["server"] or ("127.0.0.1", self.ports.base)
        return Addresses(root(request.scope["scheme"], request.headers.get("host", ""), local, self.ports), self.signer)

    def blocks(self, request: Request) -> bool:
        """Whether the request came in on the root that waits."""
        return bool((request.scope["server"] or ("", 0))[1] == self.ports.sync)


def build(
    settings: Settings, folder: Path, ports: Ports, engines: Sequence[Engine], clock: Clock = time.time
) -> Service:
    """Open the data folder and put the parts together. Needs a running event loop."""
    workers = settings.workers or os.cpu_count() or 1
    store, files = Store(folder / "sandbox.sqlite"), Files(folder)
    detection = Detection(engines)
    operations = Operations(engines, detection)
    pool = Pool(files, allow_private_network=settings.allow_private_network)
    crew = Crew(
        Imports(files, allow_private_network=settings.allow_private_network),
        Exports(files),
        Processing(operations, pool, files),
    )
    return Service(
        api_key=settings.api_key or secrets.token_urlsafe(24),
        ports=ports,
        store=store,
        files=files,
        signer=Signer.of_folder(folder),
        conductor=Conductor(store, files, crew, workers=workers, clock=clock),
        pool=pool,
        detection=detection,
        listing=Listing(operations),
        operations=frozenset({*OPERATIONS, *ALIASES, *operations.names}),
        born=(folder / "secret").stat().st_mtime,
        clock=clock,
    )


def service_of(request: Request) -> Service:
    """The service that this request is for."""
    service: Service = request.app.state.service
    return service
