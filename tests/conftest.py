"""What every test has: no network but loopback, a running sandbox, and a connection to it."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector import Connection

ROOT = Path(__file__).resolve().parent.parent


SLOW = (
    "contract/test_sandbox_pairs.py",
    "contract/test_scenarios.py",
    "contract/v1/test_restart.py",
    "faults/",
    "platforms/airflow/",
    "platforms/fusion/test_deploy.py",
    "platforms/fusion/test_modules.py",
    "platforms/linters/",
    "platforms/n8n/",
    "platforms/node_red/",
    "platforms/openapi/",
    "platforms/parity/",
    "platforms/playground/",
    "platforms/power_platform/",
    "platforms/v1/",
    "platforms/zapier/",
    "unit/sandbox/engines/",
)
"""Tests that run many real converters, or start and kill many processes: `tests/run --quick` leaves them out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if str(item.path.relative_to(ROOT / "tests")).startswith(SLOW):
            item.add_marker(pytest.mark.slow)


def _is_loopback(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def _no_network_but_loopback(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that reaches out would pass here and fail elsewhere, or record a cassette of somebody's account."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if not _is_loopback(address):
            raise AssertionError(f"A test tried to connect to {address}: only loopback is allowed.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in (
        "CLOUDCONVERT_API_KEY",
        "CLOUDCONVERT_BASE_URL",
        "CLOUDCONVERT_SYNC_URL",
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("CLOUDCONVERT_CONFIG_DIR", "CLOUDCONVERT_STATE_DIR"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / name))


class RunningSandbox:
    """A sandbox in a process of its own, started by the command that people use."""

    def __init__(self, *options: str, data_dir: Path | None = None) -> None:
        command = [
            sys.executable,
            "-m",
            "connector.cli",
            "sandbox",
            *(() if "--port" in options else ("--port", "0", "--sync-port", "0")),
            *options,
        ]
        if data_dir:
            command += ["--data-dir", str(data_dir)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
        assert self.process.stdout
        address = json.loads(self.process.stdout.readline())
        self.base_url: str = address["base_url"]
        self.sync_url: str = address["sync_url"]
        self.api_key: str = address["api_key"]

    def connect(self) -> Connection:
        """A connection to it."""
        return Connection.api_key(self.api_key, base_url=self.base_url, sync_url=self.sync_url)

    def environment(self) -> dict[str, str]:
        """The environment in which `run` finds it."""
        own = {
            "CLOUDCONVERT_API_KEY": self.api_key,
            "CLOUDCONVERT_BASE_URL": self.base_url,
            "CLOUDCONVERT_SYNC_URL": self.sync_url,
        }
        return {**os.environ, **own}

    def stop(self, how: int = signal.SIGTERM) -> int:
        """End it and give its exit code."""
        self.process.send_signal(how)
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """One sandbox for the whole run. It may reach loopback, so that tests can serve it files."""
    running = RunningSandbox("--allow-private-network")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def connection(sandbox: RunningSandbox) -> Iterator[Connection]:
    """A connection to the running sandbox."""
    with sandbox.connect() as connected:
        yield connected


@pytest.fixture(autouse=True)
def _engines_that_a_test_needs(request: pytest.FixtureRequest) -> None:
    """Skip a test marked `engine(name)` where that converter is missing, and say how to install it."""
    for marker in request.node.iter_markers("engine"):
        from connector.sandbox.engines import discover

        engine = next(engine for engine in discover() if engine.name == marker.args[0])
        if engine.version() is None:
            pytest.skip(f"{engine.label} is missing; {engine.install}")
