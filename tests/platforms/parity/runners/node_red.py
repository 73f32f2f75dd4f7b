"""Node-RED: the emitted nodes in a real one."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from tests.platforms.node_red.flows import listen, run
from tests.platforms.node_red.server import connection, running
from tests.platforms.parity.recorder import Recorder


class PlatformRunner:
    """Runs the module's node in a flow."""

    name = "node-red"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._server = running()
        self._connection = connection(recorder.url("api"), key, recorder.url("sync"))

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        run(self._server, module, form, self._connection)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        listen(self._server, self._connection, url, events)
