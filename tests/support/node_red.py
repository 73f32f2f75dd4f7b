"""Node-RED for tests: the one that the playground installs, in the tests' own cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connector.errors import ConnectorError
from connector.playground.installation import installed, is_installed
from connector.playground.node import Node
from tests.support.node import NO_INSTALL, ROOT

CACHE = ROOT / ".cache"
"""For CLOUDCONVERT_CACHE_DIR of a playground, so that it is installed once for all tests."""


def node_red() -> tuple[Node, Path]:
    """Node.js and the folder of Node-RED's packages; skips the test where that cannot be installed."""
    folder = CACHE / "playground"
    if os.environ.get(NO_INSTALL) and not is_installed(folder):
        pytest.skip("Node-RED is not installed, and nothing may be installed now")
    try:
        return installed(folder)
    except ConnectorError as error:
        pytest.skip(f"{error} {error.hint}")
