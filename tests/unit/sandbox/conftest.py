"""A sandbox that answers over HTTP, in this process, for the tests of its API."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.sandbox import Address, Settings, serve

from .client import Client


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a sandbox that may reach loopback."""
    with running(
        Settings(api_key="key", data_dir=tmp_path_factory.mktemp("data"), allow_private_network=True, workers=2)
    ) as made:
        yield made


class running:  # noqa: N801 - reads as a function
    """Serve in a thread for as long as the context lasts; gives a client."""

    def __init__(self, settings: Settings) -> None:
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._addresses: list[Address] = []
        self._thread = threading.Thread(target=serve, args=(settings, self._on_ready, self._stop))

    def _on_ready(self, address: Address) -> None:
        self._addresses.append(address)
        self._ready.set()

    def __enter__(self) -> Client:
        self._thread.start()
        assert self._ready.wait(20)
        self._client = Client(self._addresses[0])
        return self._client

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path
