"""An emitted app for the running sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connector import Connection
from connector.cli.manifests import service_at
from connector.platforms import find
from tests.conftest import RunningSandbox
from tests.platforms.fusion.machine import Machine
from tests.support.file_server import file_server
from tests.support.world import World


@pytest.fixture(scope="session")
def live_files() -> Mapping[str, bytes]:
    """The files for the live service."""
    return find("fusion").files(service_at())


@pytest.fixture(scope="session")
def sandbox_files(sandbox: RunningSandbox) -> Mapping[str, bytes]:
    """The files for the running sandbox."""
    return find("fusion").files(service_at(sandbox.base_url))


@pytest.fixture
def machine(sandbox: RunningSandbox, sandbox_files: Mapping[str, bytes]) -> Machine:
    """The app, connected with the sandbox's key."""
    return Machine(sandbox_files, {"api_key": sandbox.api_key})


@pytest.fixture(scope="session")
def world(connection: Connection) -> Iterator[World]:
    """What modules' examples speak of."""
    with file_server() as origin:
        yield World(connection.api, origin)


def parameters_of(machine: Machine, module: str) -> Any:
    """The emitted form of a module."""
    return machine.code("module", module, "mappableParams")
