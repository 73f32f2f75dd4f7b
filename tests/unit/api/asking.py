"""The two calls that the tests of a session make, one that reads and one that creates."""

from __future__ import annotations

from typing import Any

import pytest

from connector.api.policy import CREATE
from connector.api.session import Session
from connector.errors import ConnectorError
from tests.support.scripted_server import ScriptedServer

KEY = "key-of-the-session-0123456789"
GET, POST = "GET /v2/users/me", "POST /v2/jobs"


def get(session: Session, server: ScriptedServer, **options: Any) -> Any:
    return session.call("GET", f"{server.url}/v2/users/me", **options).data()


def post(session: Session, server: ScriptedServer, **options: Any) -> Any:
    return session.call("POST", f"{server.url}/v2/jobs", json={"tag": "t"}, policy=CREATE, **options).data()


def failure(session: Session, server: ScriptedServer, **options: Any) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        get(session, server, **options)
    return caught.value
