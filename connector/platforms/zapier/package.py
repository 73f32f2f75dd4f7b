"""package.json, and what of it the app says again."""

from __future__ import annotations

from typing import Any

from connector.version import __version__

PLATFORM = "19.1.0"
"""The version of zapier-platform-core that an app is run by."""


def package(folder: str) -> dict[str, Any]:
    """What npm and Zapier's command line read."""
    return {
        "name": f"zapier-cloudconvert-connector-{folder}",
        "version": __version__,
        "private": True,
        "description": "CloudConvert for Zapier: convert, merge, optimize and archive files, capture websites, react to jobs",
        "license": "MIT",
        "main": "index.js",
        "engines": {"node": ">=22"},
        "dependencies": {"zapier-platform-core": PLATFORM},
    }
