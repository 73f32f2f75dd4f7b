"""Signing in: state, PKCE, the exchange of the code, and answers that are not for us."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.connection.hosts import Addresses, addresses
from connector.connection.oauth import SignIn, challenge, new_verifier
from connector.errors import ConnectionInvalid, InputError, NetworkError, ProtocolError
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply
from tests.support.token_server import CLIENT_ID, CLIENT_SECRET, TokenServer

REDIRECT = "http://127.0.0.1:8785/callback"
SCOPES = ("user.read", "task.read")


def attempt(at: Addresses, secret: str = CLIENT_SECRET) -> SignIn:
    return SignIn(at, CLIENT_ID, secret, SCOPES, REDIRECT, clock=FakeClock())


@pytest.fixture
def at(tokens: TokenServer) -> Addresses:
    return addresses("custom", base_url=tokens.url)


def browse(sign_in: SignIn) -> str:
    """Where the server sends the browser back to."""
    return requests.get(sign_in.url, allow_redirects=False, timeout=10).headers["Location"]


def test_the_address_holds_what_the_server_needs(at: Addresses) -> None:
    sign_in = attempt(at)
    url = urlsplit(sign_in.url)
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url._replace(query="").geturl() == at.authorize
    assert asked.pop("code_challenge")
    assert asked == {
        "response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": "user.read task.read",
        "state": sign_in.state, "code_challenge_method": "S256",
    }  # fmt: skip


def test_the_answer_becomes_a_token(at: Addresses, tokens: TokenServer) -> None:
    sign_in = attempt(at)
    token = sign_in.finish(browse(sign_in))
    assert token.access in tokens.valid
    assert token.refresh
    assert token.expires_at == FakeClock().now + 3600


def test_the_query_alone_will_do_and_blanks_are_forgiven(at: Addresses, tokens: TokenServer) -> None:
    sign_in = attempt(at)
    assert sign_in.finish(f"  {urlsplit(browse(sign_in)).query}\n").access in tokens.valid


def test_fewer_scopes_than_asked_for_are_noted(at: Addresses, tokens: TokenServer) -> None:
    tokens.grants = "task.read"
    sign_in = attempt(at)
    assert sign_in.finish(browse(sign_in)).scopes == ("task.read",)


@pytest.mark.parametrize("state", ["", "another-state", "ä", "\udcff"])
@pytest.mark.row("T13")
def test_an_answer_with_another_state_is_refused_before_anything_is_sent(
    at: Addresses, tokens: TokenServer, state: str
) -> None:
    for answer in (
        f"{REDIRECT}?code=code-1&state={state}",
        f"{REDIRECT}?error=access_denied&state={state}",
        "",
        "?",
        "x",
    ):
        with pytest.raises(InputError, match="not the answer to this sign-in"):
            attempt(at).finish(answer)
    assert tokens.requests == []


def test_an_answer_without_a_code_is_refused(at: Addresses) -> None:
    sign_in = attempt(at)
    with pytest.raises(InputError, match="no code"):
        sign_in.finish(f"{REDIRECT}?state={sign_in.state}")


@pytest.mark.row("T13")
def test_a_person_who_declines_is_told_so(at: Addresses, tokens: TokenServer) -> None:
    tokens.refuses = "access_denied"
    sign_in = attempt(at)
    with pytest.raises(ConnectionInvalid, match="declined"):
        sign_in.finish(browse(sign_in))


@pytest.mark.row("T13")
def test_an_answer_is_good_once(at: Addresses) -> None:
    sign_in = attempt(at)
    answer = browse(sign_in)
    sign_in.finish(answer)
    with pytest.raises(InputError, match="used already"):
        sign_in.finish(answer)


def test_a_code_of_another_attempt_is_refused_by_its_challenge(at: Addresses) -> None:
    stolen = parse_qs(urlsplit(browse(attempt(at))).query)["code"][0]
    sign_in = attempt(at)
    with pytest.raises(ConnectionInvalid, match="invalid_grant"):
        sign_in.finish(f"{REDIRECT}?code={stolen}&state={sign_in.state}")


def test_a_wrong_client_secret_is_named(at: Addresses) -> None:
    sign_in = attempt(at, "not-the-secret-of-the-client")
    with pytest.raises(ConnectionInvalid, match="invalid_client") as caught:
        sign_in.finish(browse(sign_in))
    assert "client ID" in caught.value.hint


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"null", {"token_type": "Bearer"}, {"access_token": 5, "expires_in": "soon"}]
)
def test_an_answer_without_a_token_is_a_broken_promise(at: Addresses, tokens: TokenServer, body: Any) -> None:
    sign_in = attempt(at)
    answer = browse(sign_in)
    tokens.route("POST /oauth/token", Reply(200, body))
    with pytest.raises((ProtocolError, ConnectionInvalid)):
        sign_in.finish(answer)


def test_the_code_and_the_secret_follow_no_redirect(at: Addresses, tokens: TokenServer) -> None:
    sign_in = attempt(at)
    answer = browse(sign_in)
    tokens.route("POST /oauth/token", Reply(307, b"", [("Location", "/elsewhere")]))
    with pytest.raises(ProtocolError, match="redirects"):
        sign_in.finish(answer)
    assert tokens.asked("POST /elsewhere") == []


def test_a_token_url_that_is_not_there_says_so(at: Addresses) -> None:
    sign_in = attempt(replace(at, token="http://127.0.0.1:9/token"))
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:9 cannot be reached"):
        sign_in.finish(f"{REDIRECT}?code=code-1&state={sign_in.state}")


def test_secrets_are_sent_over_https_only(at: Addresses) -> None:
    for wrong in (replace(at, token="http://api.test/token"), replace(at, authorize="http://api.test/authorize")):
        with pytest.raises(InputError, match="https"):
            attempt(wrong)


@pytest.fixture
def _https_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("OAUTHLIB_INSECURE_TRANSPORT", raising=False)
    return


@pytest.mark.usefixtures("_https_only")
def test_the_environment_is_as_it_was(at: Addresses) -> None:
    sign_in = attempt(at)
    sign_in.finish(browse(sign_in))
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


@pytest.mark.row("T14")
def test_the_challenge_is_that_of_rfc_7636() -> None:
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.row("T14")
def test_verifiers_are_of_the_right_form_and_never_the_same() -> None:
    verifiers = {new_verifier() for _ in range(10_000)}
    assert len(verifiers) == 10_000
    assert all(re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier) for verifier in verifiers)


def test_every_attempt_has_a_state_and_a_verifier_of_its_own(at: Addresses) -> None:
    one, other = attempt(at), attempt(at)
    assert len({one.state, other.state, one._verifier, other._verifier}) == 4


@pytest.mark.row("T14")
def test_the_challenge_that_is_sent_is_that_of_the_verifier(at: Addresses) -> None:
    sign_in = attempt(at)
    sent = parse_qs(urlsplit(sign_in.url).query)["code_challenge"][0]
    digest = hashlib.sha256(sign_in._verifier.encode()).digest()
    assert base64.urlsafe_b64decode(sent + "=") == digest


@pytest.mark.row("T15")
def test_no_secret_is_logged_on_the_way(at: Addresses, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sign_in = attempt(at)
    answer = browse(sign_in)
    caplog.clear()  # that was the browser, which is not ours
    token = sign_in.finish(answer)
    code = parse_qs(urlsplit(answer).query)["code"][0]
    assert "requests_oauthlib" in caplog.text
    for secret in (CLIENT_SECRET, sign_in._verifier, code, token.access, str(token.refresh)):
        assert secret not in caplog.text
