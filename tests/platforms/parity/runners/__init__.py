"""One file for each platform: a class that runs a module there. Found by themselves."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, Protocol

from connector.module import Module
from tests.platforms.parity.recorder import Recorder


class Runner(Protocol):
    """Runs modules as one platform does, with a connection that has the `key`, through the recorder's addresses.

    A failure of the service or of the run is swallowed: what counts is what was sent until then.
    """

    name: str

    def __init__(self, recorder: Recorder, key: str) -> None:
        """Get ready."""

    def run(self, module: type[Module], form: dict[str, Any]) -> None:
        """Fill the form in and run the module."""

    def subscribe(self, url: str, events: list[str]) -> None:
        """Attach a webhook for these events and detach it again."""


def platforms() -> dict[str, type[Runner]]:
    """The runner of each platform by name; the Python run time is not among them."""
    files = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    found = [file.PlatformRunner for file in files if hasattr(file, "PlatformRunner")]
    return {runner.name: runner for runner in found}
