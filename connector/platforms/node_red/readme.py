"""The README of the folder, for whoever installs the package."""

from __future__ import annotations

from collections.abc import Sequence

from connector.dialog import KEYS_PAGE
from connector.platforms.node_red.examples import examples
from connector.platforms.node_red.nodes import Node
from connector.platforms.node_red.package import NAME


def readme(nodes: Sequence[Node]) -> str:
    """How to install, connect, make a first flow, and remove it."""
    rows = "\n".join(f"| {node.label} | {' '.join(one['summary'] for one in node.modules)} |" for node in nodes)
    return f"""# CloudConvert for Node-RED

The files in this folder are made from the connector's declarations; do not edit them. They are one Node-RED package without
dependencies. Node-RED 3 or newer and Node.js 18.17 or newer are needed.

![The editor with the nodes in the palette, and a flow that converts and merges files](pictures/editor.png)

Without an account, and without installing anything by hand: `cloudconvert-connector playground` opens a Node-RED that has these
nodes and a CloudConvert on your own machine.

## Install

In Node-RED's user folder (usually `~/.node-red`), with the path of this folder:

    npm install --install-links /path/to/manifests/node-red

Start Node-RED again. The palette has a category CloudConvert.

## Connect

Make an API key at {KEYS_PAGE} with the scopes `user.read`, `task.read` and `task.write`; the event node also needs
`webhook.read` and `webhook.write`. Drag a node, open it, add a connection beside "Connection" and paste the key. Node-RED keeps
it encrypted in its credentials file. For a sandbox of your own choose the environment "Other URL" and give the base URL and
sync URL that `cloudconvert-connector sandbox` prints.

## A first flow

Menu > Import > Examples > {NAME}: {" and ".join(f'"{name}"' for name in examples())}.
Open the connection, fill in the key, deploy.

![The dialog of a node: a format is chosen from what the service offers, and its help is in the side bar](pictures/dialog.png)

A file comes as `msg.payload` (a Buffer, as the nodes "read file" and "http request" give it) with its name in `msg.filename`, or
as a web address. With "Download a file" the converted one is `msg.payload` again, its name `msg.filename`, and all files are in
`msg.files`; without it the node gives the job at once. Each node says what it does below itself, and its help is in the side bar.

## Nodes

| node | what it does |
|---|---|
{rows}
| new job event | Fires when a job, or a task in it, was created, has finished or has failed. CloudConvert must reach Node-RED under the address that you fill in. |

## Known limits

- Signing in with OAuth2 is not there: Node-RED has no place for it that other nodes share. Use an API key.
- A proxy is taken from Node.js's own settings, not from the connection.
- Buffers are held in memory, as everywhere in Node-RED. Large files: give their web address and leave "Download a file" off.
- Events that happen while Node-RED is not running are not seen: the webhook is taken away when it ends.

## Remove

Delete the nodes from your flows and deploy, so that webhooks are taken away; then `npm uninstall {NAME}` in the user folder.
"""
