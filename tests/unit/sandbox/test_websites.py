"""capture-website through the whole server, of an address on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.sandbox import Settings

from .client import Client
from .conftest import running

pytestmark = pytest.mark.engine("chrome")


def captured(client: Client) -> Any:
    """The ended task that captures a page of the sandbox itself."""
    url = f"{client.address.base_url}/oauth/authorize"
    task = client.post("capture-website", {"url": url, "output_format": "pdf"})
    return client.get(f"tasks/{task['id']}", sync=True)


def test_with_the_private_network_allowed_the_page_is_captured(client: Client) -> None:
    task = captured(client)
    assert task["status"] == "finished", task["message"]
    exported = client.post("export/url", {"input": task["id"]})
    url = client.get(f"tasks/{exported['id']}", sync=True)["result"]["files"][0]["url"]
    assert client.ask("GET", url).content.startswith(b"%PDF-")


def test_without_it_the_page_is_refused(folder: Path) -> None:
    with running(Settings(api_key="key", data_dir=folder)) as client:
        task = captured(client)
    assert (task["status"], "--allow-private-network" in task["message"]) == ("error", True)
