"""The run time that n8n, Node-RED and others share, without a platform around it."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from tests.platforms.javascript.runtime import runtime
from tests.platforms.parity.recorder import Recorder


class PlatformRunner:
    """Runs modules with it."""

    name = "javascript"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._connection = {"token": key, "baseUrl": recorder.url("api"), "syncUrl": recorder.url("sync")}

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        runtime().ask(work="run", connection=self._connection, module=module.name(), form=form)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        runtime().ask(work="subscribe", connection=self._connection, url=url, events=events)
