"""The Python run time: what the platforms are compared with."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from connector import Connection
from connector.errors import ConnectorError
from connector.events import Journal, Subscription
from connector.module import Module
from connector.runtime import Items, execute
from tests.platforms.parity.recorder import Recorder


class PythonRunner:
    """Runs modules with the recipes' own run time."""

    name = "python"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._connection = Connection.api_key(key, base_url=recorder.url("api"), sync_url=recorder.url("sync"))

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        with contextlib.suppress(ConnectorError):
            given = execute(self._connection.api, module.recipe, module.fill(form), outputs=module.Output)
            if isinstance(given, Items):
                list(given)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "events.sqlite") as journal:
            subscription = Subscription(self._connection.api, journal, url, events)
            with contextlib.suppress(ConnectorError):
                subscription.attach()
                subscription.detach()
