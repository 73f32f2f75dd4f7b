"""A real Node-RED on loopback, with the emitted package installed from its folder."""

from __future__ import annotations

import atexit
import functools
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.cli.manifests import FOLDER
from tests.support.node_red import node_red

PACKAGE = FOLDER / "node-red"
CONNECTION = "connection"
_SETTINGS = """module.exports = {uiHost: '127.0.0.1', flowFile: 'flows.json', credentialSecret: 'of the tests', httpNodeRoot: '/',
  apiMaxLength: '50mb', functionExternalModules: false, externalModules: {autoInstall: false, palette: {allowInstall: false}},
  telemetry: {enabled: false, updateNotification: false}, logging: {console: {level: 'warn'}}};"""


class NodeRed:
    """Node-RED with a user folder of its own. `url` is its root."""

    def __init__(self) -> None:
        node, modules = node_red()
        self.folder = Path(tempfile.mkdtemp(prefix="connector-node-red-"))
        (self.folder / "settings.js").write_text(_SETTINGS)
        (self.folder / "package.json").write_text('{"name": "user-folder", "private": true}')
        words = [*node.npm, "install", "--install-links", "--offline", "--no-audit", "--no-fund", str(PACKAGE)]
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)
        self.url = f"http://127.0.0.1:{_free_port()}"
        start = [node.program, str(modules / "node-red" / "red.js"), "--userDir", str(self.folder)]
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*start, "--port", self.url.rpartition(":")[2]],
                stdout=log,
                stderr=log,
                env={**os.environ, "NODE_ENV": "production"},
            )
        self._deploys = 0
        self._poll("/nodes")

    def deploy(self, *nodes: dict[str, Any]) -> None:
        """Replace all flows by one with these nodes, and wait until it runs.

        What has no place on the canvas would be taken for configuration. The answer comes before the flow has started:
        a node that comes last says that it has.
        """
        self._deploys += 1
        ready = f"/ready-{self._deploys}"
        marker = {
            "id": f"ready{self._deploys}",
            "type": "http in",
            "url": ready,
            "method": "get",
            "wires": [["readied"]],
        }
        last = [marker, {"id": "readied", "type": "http response", "statusCode": "200", "wires": []}]
        placed = [{"z": "tab", "x": 0, "y": 0, **one} for one in [*nodes, *last] if one["id"] != CONNECTION]
        connections = [one for one in nodes if one["id"] == CONNECTION]
        flow = [{"id": "tab", "type": "tab", "label": "tests"}, *connections, *placed]
        answer = requests.post(f"{self.url}/flows", json=flow, timeout=60)
        assert answer.status_code == 204, answer.text
        self._poll(ready)

    def _poll(self, path: str) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if requests.get(self.url + path, headers={"Accept": "application/json"}, timeout=5).ok:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.02)
        pytest.fail(f"Node-RED does not answer {path}: {self.log.read_text()[-500:]}")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=20)


@functools.cache
def running() -> NodeRed:
    """One for the whole run, ended with it; skips the test where it cannot be installed."""

    server = NodeRed()
    atexit.register(server.stop)
    return server


def connection(base_url: str, key: str, sync_url: str = "") -> dict[str, Any]:
    """The connection's node."""
    place = {"environment": "custom", "base_url": base_url, "sync_url": sync_url}
    return {
        "id": CONNECTION,
        "type": "cloudconvert-connection",
        "name": "",
        **place,
        "credentials": {"api_key": key},
    }


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
