"""What the tests of bad input have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.api.endpoints import Api
from tests.fuzz.stub import Stub


@pytest.fixture(scope="module")
def served() -> Iterator[Stub]:
    """One stub for the tests of a file."""
    with Stub() as stub:
        yield stub


@pytest.fixture(scope="module")
def service_api(served: Stub) -> Api:
    """The API at the stub."""
    return served.api


@pytest.fixture
def service(served: Stub) -> Stub:
    """The stub, which has not been asked anything yet."""
    served.requests.clear()
    served.routes.clear()
    return served
