"""The files as they are emitted for the running sandbox, and both ways of using them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from connector.cli.manifests import service_at
from connector.platforms.dronahq import DronaHQ
from tests.conftest import RunningSandbox
from tests.platforms.dronahq.stand_in import Answer, Imported, Pasted
from tests.support.file_server import file_server


@pytest.fixture(scope="session")
def files(sandbox: RunningSandbox) -> Mapping[str, bytes]:
    return DronaHQ().files(service_at(sandbox.base_url))


@pytest.fixture(scope="session")
def pasted(files: Mapping[str, bytes], sandbox: RunningSandbox) -> Pasted:
    return Pasted(files, sandbox)


@pytest.fixture(scope="session")
def imported(files: Mapping[str, bytes], sandbox: RunningSandbox) -> Imported:
    return Imported(json.loads(files["openapi.json"]), sandbox)


@pytest.fixture(scope="session")
def origin() -> Iterator[str]:
    """Where the files are that jobs import."""
    with file_server() as address:
        yield address


@pytest.fixture(scope="session")
def job(pasted: Pasted, origin: str) -> Answer:
    """A job as the platform creates it whose user left everything empty that may be."""
    return pasted("CreateConvertFileJob", FileURL=f"{origin}/photo.png", OutputFormat="jpg")
