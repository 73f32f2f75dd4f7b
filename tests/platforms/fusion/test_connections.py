"""The emitted connections: a key is proved by a request, and a sign-in is exchanged and refreshed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from connector.cli.manifests import service_at
from connector.platforms import find
from tests.conftest import RunningSandbox
from tests.platforms.fusion.components import authorize, refreshed, sign_in, test_key
from tests.platforms.fusion.machine import Machine, PlatformError
from tests.support.scripted_server import Reply, Request, ScriptedServer, data
from tests.support.token_server import CLIENT_ID, CLIENT_SECRET, TokenServer

CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
REDIRECT = "https://app.example.com/oauth/cb/app"


def key_of(machine: Machine, kind: str) -> str:
    connections = machine.manifest["components"]["connection"]
    return next(name for name, about in connections.items() if about["connectionType"] == kind)


def machine_at(url: str) -> Machine:
    return Machine(find("fusion").files(service_at(url)), {})


def test_a_good_key_shows_whose_it_is(sandbox: RunningSandbox, machine: Machine) -> None:
    run = test_key(machine, key_of(machine, "basic"), {"api_key": sandbox.api_key})
    assert "@" in run.metadata["value"]


def test_a_wrong_key_is_refused_with_what_to_do(machine: Machine) -> None:
    with pytest.raises(PlatformError, match="Connect again") as caught:
        test_key(machine, key_of(machine, "basic"), {"api_key": "wrong"})
    assert caught.value.kind == "InvalidAccessTokenError"


def test_the_browser_is_sent_to_the_sign_in_with_the_scopes() -> None:
    machine = machine_at("https://api.cloudconvert.com")
    url = authorize(machine, key_of(machine, "oauth"), CLIENT, ["user.read", "task.read"], REDIRECT)
    assert url.startswith("https://cloudconvert.com/oauth/authorize?")
    expected = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "scope": "user.read task.read",
    }
    assert dict(parse_qsl(urlsplit(url).query)) == expected


def test_the_code_is_exchanged_and_the_tokens_are_kept() -> None:
    with ScriptedServer() as server:
        answer = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 60}
        server.route("POST /oauth/token", Reply(200, answer, [("Content-Type", "application/json")]))
        server.route(
            "GET /v2/users/me",
            Reply(200, {"data": {"id": 1, "email": "a@b.c"}}, [("Content-Type", "application/json")]),
        )
        machine = machine_at(server.url)
        kept = sign_in(machine, key_of(machine, "oauth"), CLIENT, f"{REDIRECT}?code=abc", REDIRECT)
        sent = {name: values[0] for name, values in parse_qs(server.requests[0].body.decode()).items()}
    assert sent == {**CLIENT, "grant_type": "authorization_code", "code": "abc", "redirect_uri": REDIRECT}
    assert server.requests[1].headers["Authorization"] == "Bearer access-1"
    assert kept["refresh_token"] == "refresh-1"


def test_a_token_is_refreshed_in_time_and_the_new_refresh_token_kept() -> None:
    with TokenServer() as server:
        machine = machine_at(server.url)
        first = server.issue()
        old = {**first, "expires": machine.clock.now() + timedelta(minutes=4)}
        new = refreshed(machine, key_of(machine, "oauth"), CLIENT, old)
        again = refreshed(machine, key_of(machine, "oauth"), CLIENT, new)
    assert new["access_token"] in server.valid
    assert new["refresh_token"] != old["refresh_token"]
    assert (again, server.refreshes) == (new, 1)


def test_a_module_takes_the_token_of_a_sign_in(sandbox_files: dict[str, bytes]) -> None:
    with ScriptedServer() as server:
        server.route("GET /v2/users/me", lambda _: data({"id": 1}))
        machine = machine_at(server.url)
        machine.connection = {"access_token": "access-2"}
        machine.run("GetMyInfo", {})
        asked: Request = server.requests[0]
    assert asked.headers["Authorization"] == "Bearer access-2"
