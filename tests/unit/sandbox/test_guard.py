from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from connector.sandbox import guard
from connector.sandbox.engines.base import EngineError


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_outer_addresses_are_public(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "::ffff:127.0.0.1"]
)
def test_odd_spellings_of_loopback_are_refused_without_a_connection(host: str, listener: socket.socket) -> None:
    listener.settimeout(0)
    with pytest.raises(EngineError, match=r"private|not known"):
        guard.connect(host, listener.getsockname()[1], timeout=1, allow_private=False)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def both(*_: object, **__: object) -> list[object]:
        return [(2, 1, 6, "", ("1.1.1.1", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(EngineError, match=r"rebind\.example is a private address"):
        guard.connect("rebind.example", 80, timeout=1, allow_private=False)


def test_an_address_of_this_machine_is_refused_even_if_it_looks_public(
    monkeypatch: pytest.MonkeyPatch, listener: socket.socket
) -> None:
    monkeypatch.setattr(guard, "is_public", lambda _: True)
    with pytest.raises(EngineError, match="private"):
        guard.connect("127.0.0.1", listener.getsockname()[1], timeout=1, allow_private=False)


def test_private_addresses_can_be_allowed(listener: socket.socket) -> None:
    guard.connect("127.0.0.1", listener.getsockname()[1], timeout=1, allow_private=True).close()


def test_an_unknown_host_is_named() -> None:
    with pytest.raises(EngineError, match=r"The host .+ is not known"):
        guard.connect("nowhere..invalid", 80, timeout=1, allow_private=True)
