"""package.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.platforms.node_red.nodes import CONNECTION, EVENT, Node
from connector.version import __version__

NAME = "node-red-contrib-cloudconvert-connector"


def package(nodes: Sequence[Node]) -> dict[str, Any]:
    """What npm and Node-RED read."""
    types = [CONNECTION, EVENT, *(node.type for node in nodes)]
    return {
        "name": NAME,
        "version": __version__,
        "description": "CloudConvert for Node-RED: convert, merge, optimize and archive files, capture websites, react to jobs",
        "license": "MIT",
        "keywords": ["node-red", "cloudconvert", "file conversion", "pdf"],
        "engines": {"node": ">=18.17"},
        "files": ["nodes", "lib", "resources", "examples"],
        "node-red": {"version": ">=3.0.0", "nodes": {name: f"nodes/{name}.js" for name in types}},
    }
