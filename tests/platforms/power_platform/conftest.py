"""The files as they are committed, and as they are emitted for the running sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from connector import Connection
from connector.cli.manifests import service_at
from connector.platforms.power_platform import PowerPlatform
from connector.service import LIVE
from tests.conftest import RunningSandbox
from tests.platforms.power_platform.gateway import Gateway
from tests.support.file_server import file_server
from tests.support.world import World

SIGN_INS = ("api-key", "oauth2")


def read(sign_in: str, file: str, base_url: str = LIVE) -> Any:
    return json.loads(PowerPlatform().files(service_at(base_url))[f"{sign_in}/{file}.json"])


@pytest.fixture(scope="session", params=SIGN_INS)
def definition(request: pytest.FixtureRequest) -> Any:
    return read(request.param, "apiDefinition.swagger")


@pytest.fixture(scope="session", params=SIGN_INS)
def properties(request: pytest.FixtureRequest) -> Any:
    return read(request.param, "apiProperties")


@pytest.fixture(scope="session")
def gateway(sandbox: RunningSandbox) -> Gateway:
    """The connector with an API key, connected to the sandbox."""
    files = [read("api-key", name, sandbox.base_url) for name in ("apiDefinition.swagger", "apiProperties")]
    return Gateway(files[0], files[1], {"api_key": sandbox.api_key})


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where the files are that jobs import."""
    with file_server() as address:
        yield address


@pytest.fixture(scope="session")
def world(connection: Connection, origin: str) -> World:
    """Jobs, tasks and webhooks that exist."""
    return World(connection.api, origin)
