"""The files as they are emitted for the running sandbox, and an importer that uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connector import Connection
from connector.cli.manifests import service_at
from connector.platforms.openapi import OpenAPI
from tests.conftest import RunningSandbox
from tests.platforms.openapi.importer import Importer
from tests.support.file_server import file_server
from tests.support.world import World


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document as it is committed."""
    made: dict[str, Any] = json.loads(OpenAPI().files(service_at())["openapi.json"])
    return made


@pytest.fixture(scope="session")
def files(sandbox: RunningSandbox) -> Mapping[str, bytes]:
    return OpenAPI().files(service_at(sandbox.base_url))


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where the files are that jobs import."""
    with file_server() as address:
        yield address


@pytest.fixture(scope="session")
def importer(files: Mapping[str, bytes], sandbox: RunningSandbox, origin: str) -> Importer:
    return Importer(json.loads(files["openapi.json"]), sandbox, origin)


@pytest.fixture(scope="session")
def world(connection: Connection, origin: str) -> World:
    """Jobs, tasks and webhooks that exist."""
    return World(connection.api, origin)
