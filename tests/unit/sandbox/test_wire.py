from __future__ import annotations

import json
import socket
import statistics
import time
from collections.abc import Iterator

import pytest

from .client import Client


@pytest.fixture
def wire(client: Client) -> Iterator[socket.socket]:
    with socket.create_connection(
        ("127.0.0.1", int(client.address.base_url.rpartition(":")[2])), timeout=10
    ) as connection:
        yield connection


def request(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", "Authorization: Bearer key", *headers, "", ""]).encode()


def everything(wire: socket.socket) -> bytes:
    return b"".join(iter(lambda: wire.recv(65536), b""))


def test_head_and_body_arrive_together_on_a_kept_connection(wire: socket.socket) -> None:
    for _ in range(20):
        wire.sendall(request("/v2/users/me"))
        answer = wire.recv(65536)
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["data"]["id"] == 1


def test_a_kept_connection_costs_no_delay(wire: socket.socket) -> None:
    times = []
    for _ in range(50):
        started = time.perf_counter()
        wire.sendall(request("/v2/users/me"))
        wire.recv(65536)
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 0.03


@pytest.mark.parametrize(
    "rubbish",
    [b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"G\x00T / HTTP/1.1\r\n\r\n"],
)
def test_what_is_no_http_is_refused_in_json(wire: socket.socket, rubbish: bytes) -> None:
    wire.sendall(rubbish)
    head, _, body = everything(wire).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["code"] == "INVALID_REQUEST"


@pytest.mark.parametrize(
    "huge",
    [
        b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000,
        b"GET /" + b"x" * 100_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000,
    ],
)
def test_a_head_that_does_not_end_is_refused(wire: socket.socket, huge: bytes) -> None:
    wire.sendall(huge)
    head, _, body = everything(wire).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert json.loads(body)["code"] == "HEADERS_TOO_LARGE"


def test_requests_in_a_row_are_all_answered(wire: socket.socket) -> None:
    wire.sendall(request("/v2/users/me") * 3 + request("/v2/none", "Connection: close"))
    assert everything(wire).count(b"HTTP/1.1 ") == 4


def test_many_idle_connections_hold_nobody_up(client: Client) -> None:
    port = int(client.address.base_url.rpartition(":")[2])
    idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    started = time.perf_counter()
    assert client.get("users/me")["id"] == 1
    assert time.perf_counter() - started < 1
    for connection in idle:
        connection.close()
