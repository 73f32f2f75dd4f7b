"""Zapier: the emitted app in Zapier's own run time."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from connector.modules import find
from tests.platforms.parity.recorder import Recorder
from tests.platforms.zapier.platform import credentials, execute, method_of, run


class PlatformRunner:
    """Runs the module's search or create, and its second half where it waits to be called back."""

    name = "zapier"

    def __init__(self, recorder: Recorder, key: str) -> None:
        self._held = credentials(recorder.url("api"), key, recorder.url("sync"))

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""
        run(module, form, self._held)

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""
        module = find("NewJobEvent")
        made = execute(method_of(module, "performSubscribe"), self._held, {"events": events}, targetUrl=url)["result"]
        execute(method_of(module, "performUnsubscribe"), self._held, subscribeData=made["results"])
