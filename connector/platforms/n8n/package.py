"""package.json."""

from __future__ import annotations

from typing import Any

from connector.version import __version__

NAME = "n8n-nodes-cloudconvert-connector"
NODE = "CloudConvertConnector"
TRIGGER = "CloudConvertConnectorTrigger"


def package() -> dict[str, Any]:
    """What npm and n8n read."""
    return {
        "name": NAME,
        "version": __version__,
        "description": "CloudConvert for n8n: convert, merge, optimize and archive files, capture websites, react to jobs",
        "license": "MIT",
        "keywords": ["n8n-community-node-package", "cloudconvert", "file conversion"],
        "engines": {"node": ">=18.17"},
        "files": ["credentials", "lib", "nodes"],
        "n8n": {
            "n8nNodesApiVersion": 1,
            "credentials": [
                "credentials/CloudConvertConnectorApi.credentials.js",
                "credentials/CloudConvertConnectorOAuth2Api.credentials.js",
            ],
            "nodes": [f"nodes/{name}/{name}.node.js" for name in (NODE, TRIGGER)],
        },
        "peerDependencies": {"n8n-workflow": "*"},
    }
