"""The run time with the declarations of the live service, in a Node process that the tests share."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

from connector.cli.manifests import service_at
from connector.platforms.javascript import as_json, declarations, script
from tests.support.node import Script


@functools.cache
def runtime() -> Script:
    """The process; skips the test where Node is missing."""
    return Script(Path(__file__).with_name("driver.js"), str(emitted()))


@functools.cache
def emitted() -> Path:
    """A folder with runtime.js and declarations.json, as every package has them."""
    folder = Path(tempfile.mkdtemp(prefix="connector-javascript-"))
    (folder / "runtime.js").write_bytes(script("runtime.js"))
    (folder / "declarations.json").write_bytes(as_json(declarations(service_at())))
    return folder
