"""A connection of the app with an API key."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import RunningSandbox
from tests.platforms.zapier.platform import credentials


@pytest.fixture
def held(sandbox: RunningSandbox) -> dict[str, Any]:
    return credentials(sandbox.base_url, sandbox.api_key, sandbox.sync_url)
