"""Workfront Fusion and Make: the emitted app in the tests' interpreter."""

from __future__ import annotations

import contextlib
from typing import Any

from connector.cli.manifests import service_at
from connector.module import Module
from connector.platforms import find
from tests.platforms.fusion.components import attach, detach
from tests.platforms.fusion.filling import bundle
from tests.platforms.fusion.machine import Machine, PlatformError
from tests.platforms.parity.recorder import Recorder


class PlatformRunner:
    """Runs the emitted modules."""

    name = "fusion"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._machine = Machine(find("fusion").files(service_at(recorder.url("api"))), {"api_key": key})

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        parameters = bundle(module, self._machine.code("module", module.name(), "mappableParams"), form)
        with contextlib.suppress(PlatformError):
            self._machine.run(module.name(), parameters)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        webhook = next(iter(self._machine.manifest["components"]["webhook"]))
        with contextlib.suppress(PlatformError):
            detach(self._machine, webhook, url, attach(self._machine, webhook, url, {"events": events}))
