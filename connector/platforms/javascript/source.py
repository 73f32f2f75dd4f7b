"""Files of this folder and of its neighbours that are emitted as they stand, and JSON as it is emitted."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def script(name: str, package: str = __package__) -> bytes:
    """The content of a JavaScript file beside the Python files of a package."""
    return files(package).joinpath(name).read_bytes()


def run_time(folder: str = "lib") -> dict[str, bytes]:
    """The run time by its paths in a package, where `require('./runtime')` finds it. It needs nothing but Node."""
    scripts = sorted(files(__package__).joinpath("runtime").iterdir(), key=lambda path: path.name)
    return {f"{folder}/runtime/{path.name}": path.read_bytes() for path in scripts if path.name.endswith(".js")}


def as_json(document: Any) -> bytes:
    """The document, indented, with a line feed at its end."""
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
