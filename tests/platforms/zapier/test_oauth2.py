"""The app that signs in with OAuth2, made for a sandbox: authorize, take the tokens, use them, refresh them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.cli.manifests import service_at
from connector.platforms import find
from tests.conftest import RunningSandbox
from tests.platforms.zapier.platform import CLIENT, execute
from tests.support.consent import press
from tests.support.scripted_server import Reply, ScriptedServer

VERIFIER = "verifier-of-the-tests-verifier-of-the-tests-0123"
CONFIG = "authentication.oauth2Config"


@pytest.fixture
def zapier() -> Iterator[ScriptedServer]:
    """Where Zapier has the browser sent back to."""
    with ScriptedServer() as server:
        server.route("GET /return", Reply(200))
        yield server


@pytest.fixture
def service(zapier: ScriptedServer) -> Iterator[RunningSandbox]:
    running = RunningSandbox("--oauth-client", ":".join([*CLIENT, f"{zapier.url}/return"]))
    yield running
    running.stop()


@pytest.fixture
def app(service: RunningSandbox, tmp_path: Path) -> Path:
    for name, content in find("zapier").files(service_at(service.base_url)).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path / "oauth2"


def signed_in(app: Path, zapier: ScriptedServer) -> dict[str, Any]:
    """The tokens after a person has allowed it."""
    inputs = {"redirect_uri": f"{zapier.url}/return", "state": "state-of-zapier"}
    address = execute(f"{CONFIG}.authorizeUrl", {}, inputs, app=app)["result"]["results"]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    # Zapier adds these two where an app says that it wants them.
    press("allow", f"{address}&code_challenge={challenge}&code_challenge_method=S256")
    [back] = zapier.asked("GET /return")
    assert back.query["state"] == "state-of-zapier"
    given = {**inputs, "code": back.query["code"], "code_verifier": VERIFIER}
    return execute(f"{CONFIG}.getAccessToken", {}, given, app=app)["result"]["results"]  # type: ignore[no-any-return]


def test_a_person_signs_in_and_stays_signed_in(app: Path, zapier: ScriptedServer) -> None:
    tokens = signed_in(app, zapier)
    account = execute("authentication.test", tokens, app=app)["result"]["results"]
    assert execute("authentication.connectionLabel", tokens, account, app=app)["result"]["results"] == "sandbox"
    fresh = execute(f"{CONFIG}.refreshAccessToken", tokens, app=app)["result"]["results"]
    assert fresh["access_token"] != tokens["access_token"]
    assert execute("authentication.test", fresh, app=app)["result"]["results"] == account


def test_a_token_that_is_over_makes_zapier_refresh_it(app: Path, zapier: ScriptedServer) -> None:
    answer = execute("searches.get_my_info.operation.perform", {"access_token": "over"}, app=app)
    assert answer["error"]["type"] == "RefreshAuthError"
    assert "'over'" not in answer["error"]["message"]


def test_it_asks_for_every_scope_that_a_module_needs_and_for_no_secret(app: Path) -> None:
    address = execute(f"{CONFIG}.authorizeUrl", {}, {"redirect_uri": "https://example.com", "state": "s"}, app=app)
    assert "webhook.write" in address["result"]["results"]
    assert CLIENT[1] not in address["result"]["results"]
    assert CLIENT[1] not in (app / "app.json").read_text()
