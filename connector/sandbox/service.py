"""Everything that a request handler needs, put together once at the start."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

from connector.sandbox.access import Access
from connector.sandbox.account import Account
from connector.sandbox.addresses import Addresses, Ports, home, root
from connector.sandbox.conductor import Conductor
from connector.sandbox.crew import Crew, Listeners
from connector.sandbox.database import Database
from connector.sandbox.delivery import Deliverer
from connector.sandbox.detection import Detection
from connector.sandbox.engines.base import Engine
from connector.sandbox.exports import Exports
from connector.sandbox.files import Files
from connector.sandbox.grants import Grants
from connector.sandbox.imports import Imports
from connector.sandbox.limits import RateLimit
from connector.sandbox.listing import Listing
from connector.sandbox.live import Live
from connector.sandbox.notices import Notices
from connector.sandbox.oauth import Clients
from connector.sandbox.operations import Operations
from connector.sandbox.outbox import Outbox
from connector.sandbox.pool import Pool
from connector.sandbox.processing import Processing
from connector.sandbox.settings import Address, Key, Settings
from connector.sandbox.signed_urls import SignedResults
from connector.sandbox.signing import Signer, kept_secret
from connector.sandbox.store import Store
from connector.sandbox.validate import ALIASES, OPERATIONS
from connector.sandbox.webhooks import Webhooks

Clock = Callable[[], float]


@dataclass(frozen=True)
class Service:
    """The parts of a running sandbox."""

    address: Address
    ports: Ports
    database: Database
    store: Store
    files: Files
    signer: Signer
    conductor: Conductor
    pool: Pool
    detection: Detection
    listing: Listing
    operations: frozenset[str]
    access: Access
    live: Live
    account: Account
    limit: RateLimit
    clients: Clients
    grants: Grants
    webhooks: Webhooks
    deliverer: Deliverer
    signed_results: SignedResults
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
    database, files, signer = Database(folder / "sandbox.sqlite"), Files(folder), Signer.of_folder(folder)
    address = _address(settings, folder, ports, signer)
    store, account = Store(database), Account(database, settings.credits)
    webhooks, outbox = Webhooks(database, clock), Outbox(database)
    grants = _grants(settings, database, clock)
    access = Access((Key(address.api_key), *settings.keys), grants)
    live = Live(access, store, signer, address.base_url)
    notices = Notices(webhooks, outbox, signer, address.base_url, clock)
    listeners = Listeners(notices.tell, account.spend, live.show)
    detection = Detection(engines)
    operations = Operations(engines, detection)
    pool = Pool(files, allow_private_network=settings.allow_private_network)
    own = Addresses(address.base_url, signer)
    private = settings.allow_private_network
    imports = Imports(files, may_reach=lambda url: private or own.is_own_file(url), allow_private=private)
    crew = Crew(imports, Exports(files, allow_private=private), Processing(operations, pool, files))
    workers = settings.workers or os.cpu_count() or 1
    return Service(
        address=address,
        ports=ports,
        database=database,
        store=store,
        files=files,
        signer=signer,
        conductor=Conductor(store, files, crew, listeners, workers=workers, clock=clock),
        pool=pool,
        detection=detection,
        listing=Listing(operations),
        operations=frozenset({*OPERATIONS, *ALIASES, *operations.names}),
        access=access,
        live=live,
        account=account,
        limit=RateLimit(settings.rate_limit, clock),
        clients=Clients(settings.oauth_clients),
        grants=grants,
        webhooks=webhooks,
        deliverer=_deliverer(settings, address, outbox, webhooks, clock),
        signed_results=SignedResults(database, clock),
        born=(folder / "secret").stat().st_mtime,
        clock=clock,
    )


def _address(settings: Settings, folder: Path, ports: Ports, signer: Signer) -> Address:
    """Where clients find the server, and the secrets that they are told."""
    base_url = home(settings.host, ports.base)
    identifier = str(uuid.UUID(signer.sign("signed URLs")[:32]))
    return Address(
        base_url,
        home(settings.host, ports.sync),
        settings.api_key or kept_secret(folder / "api-key"),
        settings.webhook_secret or signer.sign("webhook URLs of jobs"),
        (settings.signed_url_base or f"{base_url}/s/{identifier}").rstrip("/"),
        settings.signed_url_secret or signer.sign("secret of signed URLs"),
    )


def _grants(settings: Settings, database: Database, clock: Clock) -> Grants:
    return Grants(database, clock, token_lifetime=settings.access_token_lifetime, code_lifetime=settings.code_lifetime)


def _deliverer(settings: Settings, address: Address, outbox: Outbox, webhooks: Webhooks, clock: Clock) -> Deliverer:
    return Deliverer(
        outbox,
        webhooks,
        account_secret=address.webhook_secret,
        allow_private=settings.allow_private_network,
        clock=clock,
        delays=settings.webhook_delays,
    )


def service_of(request: Request) -> Service:
    """The service that this request is for."""
    service: Service = request.app.state.service
    return service
