"""No test reaches out, and one that tries is found out, in whatever way and in whatever process it tries."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.support.network_guard import attempts

OUTSIDE = ("192.0.2.1", 9)  # TEST-NET-1: nobody is there
WAYS: dict[str, Callable[[], object]] = {
    "connect": lambda: socket.create_connection(OUTSIDE, timeout=1),
    "connect_ex": lambda: socket.socket().connect_ex(OUTSIDE),
    "IPv6": lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 9)),
    "a datagram": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", OUTSIDE),
    "a message": lambda: socket.socket(type=socket.SOCK_DGRAM).sendmsg([b"x"], [], 0, OUTSIDE),
    "a name": lambda: socket.getaddrinfo("api.cloudconvert.com", 443),
    "a name, the old way": lambda: socket.gethostbyname("api.cloudconvert.com"),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("way", WAYS)
def test_an_attempt_is_refused_and_noted(way: str) -> None:
    with pytest.raises(OSError, match=r"loopback|localhost"):
        WAYS[way]()
    assert len(attempts()) == 1


def test_an_attempt_of_a_child_is_noted_too() -> None:
    tries = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=1)"
    child = subprocess.run([sys.executable, "-c", tries], capture_output=True, text=True)
    assert "Tests may reach loopback only" in child.stderr
    assert attempts() == ["connect 192.0.2.1:9 (-c)"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_loopback_is_free(host: str) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, 9), timeout=1)
    assert attempts() == []


@pytest.mark.parametrize("name", ["no-such-host.invalid", "hooks.example.com", "example.org."])
def test_a_name_that_exists_nowhere_may_be_asked_for_and_is_not_found(name: str) -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(name, 443)
    assert attempts() == []


@pytest.mark.parametrize("number", ["10.0.0.1", "2130706433", "0x7f.1", "fe80::1%1"])
def test_a_number_needs_nobody_to_be_asked(number: str) -> None:
    assert socket.getaddrinfo(number, 80)
    assert attempts() == []
