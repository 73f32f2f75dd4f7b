"""The fault proxy does what its toxics are named for; otherwise the tests that use it would prove nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests

from tests.faults.proxy import (
    Bandwidth,
    FaultProxy,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
    Toxic,
)
from tests.support.scripted_server import Reply, ScriptedServer

BODY = bytes(range(256)) * 40


@pytest.fixture
def proxy(server: ScriptedServer) -> Iterator[FaultProxy]:
    server.route("GET /", Reply(200, BODY))
    server.route("POST /", Reply(200, b"done"))
    with FaultProxy(server.url) as running:
        yield running


def get(proxy: FaultProxy) -> tuple[bytes, float]:
    began = time.monotonic()
    return requests.get(proxy.url, timeout=5).content, time.monotonic() - began


@pytest.mark.parametrize(
    ("toxic", "least", "most"),
    [
        (Toxic(), 0, 0.3),
        (Latency(latency=300), 0.3, 2),
        (Bandwidth(rate=20), 0.4, 3),
        (Slicer(average_size=100, delay=1000), 0.1, 3),
        (SlowClose(delay=100), 0, 2),
    ],
    ids=lambda toxic: type(toxic).__name__,
)
def test_slow_is_slow_and_whole(toxic: Toxic, least: float, most: float, proxy: FaultProxy) -> None:
    content, took = get(proxy.add(toxic))
    assert content == BODY
    assert least <= took < most


@pytest.mark.parametrize(
    "toxic", [ResetPeer(), LimitData(0), LimitData(5000), LimitData(5000, reset=True), Timeout(timeout=50)], ids=str
)
def test_broken_is_broken_and_only_as_often_as_was_said(toxic: Toxic, proxy: FaultProxy) -> None:
    proxy.add(toxic, uses=1)
    with pytest.raises(requests.RequestException):
        get(proxy)
    assert get(proxy)[0] == BODY


def test_a_reset_is_a_reset(proxy: FaultProxy) -> None:
    with pytest.raises(requests.ConnectionError, match="reset"):
        get(proxy.add(ResetPeer()))


def test_down_is_refused_and_up_is_back(proxy: FaultProxy) -> None:
    proxy.down()
    with pytest.raises(requests.ConnectionError, match="refused"):
        get(proxy)
    proxy.up()
    assert get(proxy)[0] == BODY


def test_a_toxic_can_wait_for_its_request_and_lose_only_the_answer(proxy: FaultProxy, server: ScriptedServer) -> None:
    proxy.add(LimitData(0).when(b"POST / "), uses=1)
    assert get(proxy)[0] == BODY
    with pytest.raises(requests.ConnectionError):
        requests.post(proxy.url, data=b"x", timeout=5)
    assert len(server.asked("POST /")) == 1
    assert requests.post(proxy.url, data=b"x", timeout=5).content == b"done"
