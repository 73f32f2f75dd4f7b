"""The flows that a playground begins with: the package's own examples, connected to the sandbox."""

from __future__ import annotations

from connector.platforms.node_red.examples import CAPTURE, CONNECTED, HINT, PAGE, SHOW, START, Flow, Node, examples

CONNECTION = CONNECTED
"""The id of the connection that every node of the flows uses."""

UPLOAD_PAGE = PAGE

_BARE = ("id", "z", "x", "y", "wires")  # what a node has whatever its type is


def flows(url: str, base_url: str, sync_url: str) -> Flow:
    """All nodes, for a Node-RED at `url` and a sandbox at the other two addresses."""
    made: Flow = []
    for number, (label, flow) in enumerate(reversed(examples().items()), 1):
        tab = f"playground-{number}"
        made.append({"id": tab, "type": "tab", "label": label})
        made += [_changed({**node, "z": tab}, url) for node in flow if node["id"] != CONNECTION]
    connection = next(node for flow in examples().values() for node in flow if node["id"] == CONNECTION)
    place = {"name": "the sandbox on this machine", "environment": "custom", "base_url": base_url, "sync_url": sync_url}
    return [*made, {**connection, **place}]


def _changed(node: Node, url: str) -> Node:
    """The capture repeats, of a page that is surely there, and shows its picture."""
    changes: dict[str, Node] = {
        START: {"name": "every minute", "repeat": "60", "once": True, "onceDelay": 1},
        CAPTURE: {"url": f"{url}{UPLOAD_PAGE}"},
        SHOW: {"type": "picture", "name": "the website", "width": 320, "x": 490},
        HINT: {
            "name": "a website, every minute: try another address in the second node",
            "info": "The sandbox opens the page in a Chromium of its own. This one is the upload page of the other flow.",
            "x": 270,
        },
    }
    change = changes.get(str(node["id"]), {})
    return {**({key: node[key] for key in _BARE} if "type" in change else node), **change}
