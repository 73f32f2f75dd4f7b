"""The local CloudConvert: a server that speaks the v2 API and really converts, for people without an account.

`serve(Settings(), ready)` runs it until SIGINT, SIGTERM or a stop event; `ready` gets its `Address` once it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connector.sandbox.settings import Address, Key, OAuthClient, Settings

if TYPE_CHECKING:
    import threading

__all__ = ["Address", "Key", "OAuthClient", "Settings", "serve"]


def serve(settings: Settings, ready: Callable[[Address], None], stop: threading.Event | None = None) -> None:
    """Serve until SIGINT or SIGTERM comes (in the main thread) or `stop` is set; then end cleanly and return.

    Raises InputError where an address, port or folder cannot be used.
    """
    from connector.sandbox.server import run

    run(settings, ready, stop)
