"""A session with a clock that can be moved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.api.auth import Bearer
from connector.api.session import Session
from tests.support.clock import FakeClock
from tests.unit.api.asking import KEY


@pytest.fixture
def session(clock: FakeClock) -> Iterator[Session]:
    made = Session(Bearer(KEY), clock=clock)
    yield made
    made.close()
