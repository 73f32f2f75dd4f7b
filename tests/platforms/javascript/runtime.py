"""The run time with the declarations of the live service, in a Node process that the tests share."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from connector.cli.manifests import service_at
from connector.platforms.javascript import as_json, declarations, run_time
from tests.support.node import Script


@functools.cache
def runtime() -> Script:
    """The process; skips the test where Node is missing."""
    return Script(Path(__file__).with_name("driver.js"), str(emitted()))


@functools.cache
def emitted() -> Path:
    """A folder with the run time and declarations.json, as every package has them."""
    folder = Path(tempfile.mkdtemp(prefix="connector-javascript-"))
    (folder / "runtime").mkdir()
    for path, content in run_time(".").items():
        (folder / path).write_bytes(content)
    (folder / "declarations.json").write_bytes(as_json(declarations(service_at())))
    return folder
