"""Where the two wings meet for Python callers: a module by its name, a connection, a form."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from connector import modules
from connector.connection import Connection
from connector.runtime import Options, Progress, Silent, execute


def run(
    module: str,
    connection: Connection,
    /,
    *,
    output_dir: str | PathLike[str] | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    **form: Any,
) -> Any:
    """Run a module and give its outputs.

    Args:
        module: its name, e.g. "ConvertFile".
        connection: who signs in, and where.
        output_dir: the folder into which files are downloaded; without it they come as bytes in `files[].data`.
        overwrite: replace files of the same name there, instead of adding a number.
        progress: is told what happens.
        form: the module's fields. A file field takes a path, a URL, `(name, bytes)`, an open binary stream, or a
            mapping with `url` and `headers`.

    A module that lists things gives `Items`, which are fetched while they are read; every other gives a `Record`.

    Raises ConnectorError; its class says what to do (see connector.errors).

    """
    declared = modules.find(module)
    options = Options(Path(output_dir) if output_dir is not None else None, overwrite, progress or Silent())
    return execute(connection.api, declared.recipe, declared.fill(form), options, declared.Output)
