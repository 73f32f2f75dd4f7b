"""Which connection a command uses."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from connector.cli.embedded import embedded_sandbox
from connector.connection import Connection
from connector.connection.connection import KEY_VARIABLE


def chosen_connection(*, sandbox: bool = False, name: str | None = None) -> AbstractContextManager[Connection]:
    """The sandbox of this call; else the named connection; else the environment's; else the default one.

    Raises ConnectionInvalid, which names these ways, if there is none of them.
    """
    if sandbox:
        return embedded_sandbox()
    if name:
        return Connection.named(name)
    if not os.environ.get(KEY_VARIABLE) and _has_default():
        return Connection.named()
    return Connection.from_environment()


def _has_default() -> bool:
    from connector.connection.store import Store

    return Store.of_user().default() is not None
