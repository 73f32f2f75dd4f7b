"""Record the cassettes again: `python -m tests.record [MODULE...]`.

Runs every module's examples against a sandbox that is started for it. To record against the live service instead, set
CLOUDCONVERT_API_KEY to a key of your own and add `--live`; URL inputs then come from CLOUDCONVERT_EXAMPLE_ORIGIN, a web
server that CloudConvert can reach and that holds the examples' files. Keys and signatures are never written.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from connector import Connection, modules
from connector.module import Module
from connector.runtime import Items, execute
from tests.conftest import RunningSandbox
from tests.support.cassettes import BASE_URL, FILES_URL, FOLDER, KEY, SYNC_URL, cassette, forms
from tests.support.file_server import file_server
from tests.support.world import IDS, World


def main(words: list[str]) -> None:
    """Record the modules that were named, or all."""
    live = "--live" in words
    names = [word for word in words if not word.startswith("-")] or list(modules.all_modules())
    with ExitStack() as stack:
        origin = os.environ.get("CLOUDCONVERT_EXAMPLE_ORIGIN", "https://example.com") if live else FILES_URL
        connect = Connection.from_environment if live else _sandbox(stack)
        world = World(connect().api, origin)
        for name in names:
            module = modules.find(name)
            shutil.rmtree(FOLDER / module.name(), ignore_errors=True)
            for title, example in forms(module, origin):
                _record(world, connect, module, title, example)
                print(f"{module.name()}/{title}")  # noqa: T201


def _record(world: World, connect: Callable[[], Connection], module: type[Module], title: str, example: Any) -> None:
    """With a connection of its own: what one has learned of the service, the next must not know."""
    form = world.real(module, example)
    aliases = {str(form[name]): str(example[name]) for name in IDS if name in example}
    with connect() as connection, cassette(module.name(), title, "all", aliases):
        outputs = execute(connection.api, module.recipe, module.fill(form), outputs=module.Output)
        list(outputs if isinstance(outputs, Items) else [])


def _sandbox(stack: ExitStack) -> Callable[[], Connection]:
    stack.enter_context(file_server(int(FILES_URL.rpartition(":")[2])))
    ports = ["--port", BASE_URL.rpartition(":")[2], "--sync-port", SYNC_URL.rpartition(":")[2]]
    sandbox = RunningSandbox(*ports, "--api-key", KEY, "--allow-private-network")
    stack.callback(sandbox.stop)
    return sandbox.connect


if __name__ == "__main__":
    main(sys.argv[1:])
