"""The flows that a playground begins with: the package's own examples, connected to the sandbox."""

from __future__ import annotations

from connector.platforms.node_red.examples import CAPTURE, CONNECTED, PAGE, SHOW, START, Flow, examples

CONNECTION = CONNECTED
"""The id of the connection that every node of the flows uses."""

UPLOAD_PAGE = PAGE
_PICTURE = {"type": "picture", "name": "the website", "width": 320, "x": 490}
_TOLD = {
    "name": "a website, every minute: try another address in the second node",
    "info": "The sandbox opens the page in a Chromium of its own. This one is the upload page of the other flow.",
    "x": 270,
}


def flows(url: str, base_url: str, sync_url: str) -> Flow:
    """All nodes, for a Node-RED at `url` and a sandbox at the other two addresses."""
    made: Flow = []
    for number, (label, flow) in enumerate(reversed(examples().items()), 1):
        tab = f"playground-{number}"
        made.append({"id": tab, "type": "tab", "label": label})
        made += [{**node, "z": tab} for node in flow if node["id"] != CONNECTION]
    connection = next(node for flow in examples().values() for node in flow if node["id"] == CONNECTION)
    place = {"name": "the sandbox on this machine", "environment": "custom", "base_url": base_url, "sync_url": sync_url}
    return [*(_changed(node, url) for node in made), {**connection, **place}]


def _changed(node: dict[str, object], url: str) -> dict[str, object]:
    """The capture repeats, of a page that is surely there, and shows its picture."""
    match node["id"]:
        case id_ if id_ == START:
            return node | {"name": "every minute", "repeat": "60", "once": True, "onceDelay": 1}
        case id_ if id_ == CAPTURE:
            return node | {"url": f"{url}{UPLOAD_PAGE}"}
        case id_ if id_ == SHOW:
            return {**{key: node[key] for key in ("id", "z", "y", "wires")}, **_PICTURE}
        case _:
            return node | _TOLD if node["type"] == "comment" and node["z"] == "playground-2" else node
