"""Which connection a command uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

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


@contextmanager
def chosen_connections(*, sandbox: bool = False) -> Iterator[Callable[[str | None], Connection]]:
    """Gives connections by name, each opened once, and closes them at the end. The sandbox takes the place of all."""
    opened: dict[str | None, Connection] = {}
    with ExitStack() as stack:

        def connect(name: str | None) -> Connection:
            key = None if sandbox else name
            if key not in opened:
                opened[key] = stack.enter_context(chosen_connection(sandbox=sandbox, name=key))
            return opened[key]

        yield connect


def _has_default() -> bool:
    from connector.connection.store import Store

    return Store.of_user().default() is not None
