"""The README of the folder, for whoever installs the package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE
from connector.platforms.n8n.package import NAME


def readme(modules: Sequence[Any]) -> str:
    """How to install, connect, make a first workflow, and remove it."""
    rows = "\n".join(f"| {one['group']} | {one['label']} | {one['summary']} |" for one in modules)
    return f"""# CloudConvert for n8n

The files in this folder are made from the connector's declarations; do not edit them. They are one community node package in
plain JavaScript, without dependencies and without a build.

## Install

On a self-hosted n8n, in its folder for community nodes (`~/.n8n/nodes`, made if need be), with the path of this folder:

    npm install --install-links --omit=peer --legacy-peer-deps --ignore-scripts /path/to/manifests/n8n

Start n8n again. The nodes are called CloudConvert and CloudConvert Trigger.

## Connect

- **API key**: make one at {KEYS_PAGE} with the scopes `user.read`, `task.read` and `task.write`; the trigger also needs
  `webhook.read` and `webhook.write`. Put it into the credential "CloudConvert API (Connector)".
- **OAuth2**: make a client at {CLIENTS_PAGE} with the redirect URL that n8n shows, and put its ID and secret into
  "CloudConvert OAuth2 API (Connector)". With another environment than Live, change the two URLs too.

For a sandbox of your own choose the environment "Other URL" and give what `cloudconvert-connector sandbox` prints.

## A first workflow

Read a file (binary field `data`), add CloudConvert, choose "Convert a File" and the output format, switch "Download a file" on.
The file comes out in the binary field `data`; of several files the others are in `data_2`, `data_3` and so on. The JSON holds
the job and every file with its URL. Without the download the node gives the job at once; "Wait for a Job" takes it up.

Items are worked on in parallel (Items in Parallel). With "Continue" on error, an item that fails gives its error and the others
go on. Merging and packing can take every file of every item into one job ("Binary Data of All Items").

## Operations

| resource | operation | what it does |
|---|---|---|
{rows}

## Known limits

- A proxy is taken from n8n's process (Node.js), not from the credential.
- A download is streamed where n8n keeps binary data on disk or in S3, and so is an upload.

## Remove

Deactivate workflows with the trigger first, so that their webhooks are taken away; then `npm uninstall {NAME}` in the same folder.
"""
