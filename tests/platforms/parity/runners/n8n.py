"""n8n: the emitted node in n8n's own engine."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from tests.platforms.n8n.engine import credentials, engine, run
from tests.platforms.parity.recorder import Recorder


class PlatformRunner:
    """Runs the node with one item."""

    name = "n8n"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._held = credentials(recorder.url("api"), key, recorder.url("sync"))

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        run(module, form, self._held)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        parameters = {"authentication": "apiKey", "events": events}
        engine().ask(work="trigger", url=url, parameters=parameters, credentials=self._held)
