"""The gate of a session: after a 429 everybody waits, not only the one who was refused."""

from __future__ import annotations

import pytest

from connector.api.auth import Bearer
from connector.api.clock import Deadline
from connector.api.gate import Gate
from connector.api.session import Session
from connector.errors import RateLimited
from tests.support.clock import FakeClock
from tests.support.scripted_server import ScriptedServer, data, error


def test_an_open_gate_lets_through_at_once(clock: FakeClock) -> None:
    Gate(clock).enter(Deadline(1, clock))
    assert clock.slept == []


def test_a_closed_gate_is_waited_for(clock: FakeClock) -> None:
    gate = Gate(clock)
    gate.close(10)
    gate.close(3)
    gate.enter(Deadline(60, clock))
    assert sum(clock.slept) >= 10
    assert gate.closed_for() == 0


def test_nobody_waits_longer_than_the_deadline(clock: FakeClock) -> None:
    gate = Gate(clock)
    gate.close(100)
    with pytest.raises(RateLimited, match="another 100 seconds") as limited:
        gate.enter(Deadline(60, clock))
    assert limited.value.retry_after == 100
    assert clock.slept == []


def test_a_refusal_of_one_request_holds_back_the_next(clock: FakeClock, server: ScriptedServer) -> None:
    """A 429 whose delay is too long for the first caller is a reason for the second not to ask at all."""
    server.route("GET /v2/a", error(429, Retry_After="90"))
    server.route("GET /v2/b", data({"id": 1}))
    session = Session(Bearer("key-of-the-tests"), clock=clock)
    for path in ("a", "b"):
        with pytest.raises(RateLimited):
            session.call("GET", f"{server.url}/v2/{path}")
    assert [request.path for request in server.requests] == ["/v2/a"]
    clock.sleep(90)
    assert session.call("GET", f"{server.url}/v2/b").data() == {"id": 1}
