"""Node-RED: a package with a node for each module that makes files, one for each group of the others, and examples."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from connector.platforms.javascript import as_json, declarations, run_time, script
from connector.platforms.node_red.connection import connection_page
from connector.platforms.node_red.event import event_page
from connector.platforms.node_red.examples import examples
from connector.platforms.node_red.nodes import CONNECTION, EVENT, nodes
from connector.platforms.node_red.package import package
from connector.platforms.node_red.page import page
from connector.platforms.node_red.readme import readme
from connector.platforms.platform import Platform, Service


class NodeRed(Platform):
    """The node package for Node-RED."""

    name = "node-red"
    label = "Node-RED"

    def files(self, service: Service) -> Mapping[str, bytes]:
        made = declarations(service)
        found = nodes(made["modules"])
        return {
            "README.md": readme(found).encode(),
            "package.json": as_json(package(found)),
            "lib/declarations.json": as_json(made),
            **run_time(),
            **{f"lib/{name}.js": _script(f"{name}.js") for name in ("module-node", "connection-node", "event-node")},
            "resources/editor.js": _script("editor.js"),
            f"nodes/{CONNECTION}.js": b"module.exports = require('../lib/connection-node');\n",
            f"nodes/{CONNECTION}.html": connection_page().encode(),
            f"nodes/{EVENT}.js": b"module.exports = require('../lib/event-node');\n",
            f"nodes/{EVENT}.html": event_page(made["modules"]).encode(),
            **{f"nodes/{node.type}.js": node.script().encode() for node in found},
            **{f"nodes/{node.type}.html": page(node).encode() for node in found},
            **{f"pictures/{name}": picture for name, picture in pictures().items()},
            **{f"examples/{name}.json": as_json(flow) for name, flow in examples().items()},
        }


def pictures() -> Mapping[str, bytes]:
    """What the README shows, taken by tests/pictures.py."""
    folder = files(__package__).joinpath("pictures")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir(), key=str) if path.name.endswith(".png")}


def _script(name: str) -> bytes:
    return script(name, __package__)
