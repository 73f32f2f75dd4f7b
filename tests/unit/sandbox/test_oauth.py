from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.errors import InputError
from connector.sandbox import OAuthClient, Settings
from connector.sandbox.oauth import is_same_place, proves

from .client import Client
from .conftest import running

REDIRECT = "http://127.0.0.1:9999/back"
CLIENT = OAuthClient("demo", "s:cret", REDIRECT)
PUBLIC = OAuthClient("public", "", "http://localhost/back?x=1")
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
ASK = {
    "response_type": "code",
    "client_id": "demo",
    "redirect_uri": REDIRECT,
    "scope": "user.read task.read",
    "state": 'a"&b',
}


class Browser:
    """Somebody in front of the consent page."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.session = requests.Session()

    def look(self, **changes: str | None) -> requests.Response:
        query = {name: value for name, value in {**ASK, **changes}.items() if value is not None}
        return self.session.get(f"{self.root}/oauth/authorize", params=query, timeout=10, allow_redirects=False)

    def form(self, page: str) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        return {html.unescape(name): html.unescape(value) for name, value in found}

    def press(self, fields: dict[str, str], button: str = "allow") -> requests.Response:
        data = {**fields, "decision": button}
        return self.session.post(f"{self.root}/oauth/authorize", data=data, timeout=10, allow_redirects=False)

    def sent_back(self, button: str = "allow", **changes: str | None) -> dict[str, str]:
        """The query that the application gets."""
        response = self.press(self.form(self.look(**changes).text), button)
        return query_of(response)

    def token(self, **fields: Any) -> requests.Response:
        auth = fields.pop("auth", None)
        data = fields if auth else {"client_id": "demo", "client_secret": "s:cret", **fields}
        return self.session.post(f"{self.root}/oauth/token", data=data, auth=auth, timeout=10)

    def redeem(self, code: str, **fields: Any) -> requests.Response:
        return self.token(**{"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": code, **fields})

    def sign_in(self, **changes: str | None) -> dict[str, Any]:
        """Tokens."""
        answer: dict[str, Any] = self.redeem(self.sent_back(**changes)["code"]).json()
        return answer

    def refresh(self, token: str, **fields: Any) -> requests.Response:
        return self.token(grant_type="refresh_token", refresh_token=token, **fields)

    def status(self, token: str, path: str = "users/me") -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{self.root}/v2/{path}", headers=headers, timeout=10).status_code


def query_of(response: requests.Response) -> dict[str, str]:
    assert response.status_code == 303
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("data")
    with running(Settings(api_key="key", data_dir=folder, oauth_clients=(CLIENT, PUBLIC))) as made:
        yield made


@pytest.fixture
def browser(server: Client) -> Browser:
    return Browser(server.address.base_url)


def test_the_page_says_who_asks_for_what(browser: Browser) -> None:
    response = browser.look()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert all(word in response.text for word in ("demo", "user.read", "task.read", REDIRECT, "Allow", "Deny"))
    assert "webhook.read" not in response.text
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert re.search(r"HttpOnly; .*SameSite=strict", response.headers["Set-Cookie"])


def test_allow_leads_back_with_a_code_that_becomes_tokens(browser: Browser) -> None:
    back = browser.sent_back()
    response = browser.redeem(back["code"])
    tokens = response.json()
    assert (back["state"], response.status_code, response.headers["Cache-Control"]) == ('a"&b', 200, "no-store")
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 3600, "user.read task.read")
    assert [browser.status(tokens["access_token"], path) for path in ("users/me", "jobs", "webhooks")] == [
        200,
        200,
        403,
    ]
    assert browser.status(tokens["refresh_token"]) == 401


def test_deny_leads_back_with_the_refusal(browser: Browser) -> None:
    assert (browser.sent_back("deny")["error"], browser.sent_back("")["error"]) == ("access_denied", "access_denied")


@pytest.mark.parametrize("change", ["scope", "state", "seal", "expires", "client_id"])
def test_a_form_that_was_changed_does_nothing(browser: Browser, change: str) -> None:
    fields = browser.form(browser.look().text)
    response = browser.press({**fields, change: "user.read"})
    assert (response.status_code, "Location" in response.headers) == (403, False)


def test_another_browser_cannot_send_the_form(browser: Browser, server: Client) -> None:
    fields = browser.form(browser.look().text)
    stranger = Browser(server.address.base_url)
    assert stranger.press(fields).status_code == 403
    stranger.look()
    assert stranger.press(fields).status_code == 403
    assert browser.press(fields).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "http://evil.example/back"},
        {"redirect_uri": "http://127.0.0.1:9999/other"},
        {"redirect_uri": "http://me@127.0.0.1:9999/back"},
    ],
)
def test_nobody_is_sent_to_a_place_that_is_not_registered(browser: Browser, change: dict[str, str]) -> None:
    response = browser.look(**change)
    assert (response.status_code, "Location" in response.headers) == (400, False)
    assert "This sign-in is not possible" in response.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "user.read everything"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_other_mistakes_are_told_to_the_application(browser: Browser, change: dict[str, str], error: str) -> None:
    back = query_of(browser.look(**change))
    assert (back["error"], back["state"]) == (error, 'a"&b')


def test_what_an_application_sends_is_no_html(browser: Browser) -> None:
    assert "<b>" not in browser.look(state="<b>x</b>").text
    assert "<b>" not in browser.look(client_id="<b>").text


def test_the_port_of_a_loopback_address_may_differ(browser: Browser) -> None:
    other = REDIRECT.replace("9999", "54321")
    code = browser.sent_back(redirect_uri=other)["code"]
    assert browser.redeem(code).json()["error"] == "invalid_grant"
    code = browser.sent_back(redirect_uri=other)["code"]
    assert browser.redeem(code, redirect_uri=other).status_code == 200


def test_the_verifier_must_fit(browser: Browser) -> None:
    for verifier in ({}, {"code_verifier": "w" * 43}):
        code = browser.sent_back(**PKCE)["code"]
        assert browser.redeem(code, **verifier).json()["error"] == "invalid_grant"
        assert browser.redeem(code, code_verifier=VERIFIER).json()["error"] == "invalid_grant"
    assert browser.redeem(browser.sent_back(**PKCE)["code"], code_verifier=VERIFIER).status_code == 200
    assert browser.redeem(browser.sent_back()["code"], code_verifier=VERIFIER).json()["error"] == "invalid_grant"


def test_a_client_without_a_secret_must_use_pkce(browser: Browser) -> None:
    public = {"client_id": "public", "redirect_uri": "http://localhost:7/back?x=1"}
    assert query_of(browser.look(**public))["error"] == "invalid_request"
    back = browser.sent_back(**public, **PKCE)
    assert back["x"] == "1"
    answer = browser.redeem(back["code"], **public, client_secret="", code_verifier=VERIFIER)
    assert answer.status_code == 200


def test_the_client_may_come_in_the_header(browser: Browser) -> None:
    fields = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    assert browser.token(**fields, code=browser.sent_back()["code"], auth=("demo", "s%3Acret")).status_code == 200
    refused = browser.token(**fields, code=browser.sent_back()["code"], auth=("demo", "wrong"))
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Basic")


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong", "grant_type": "refresh_token"}, 401, "invalid_client"),
        ({"client_id": "unknown", "grant_type": "refresh_token"}, 401, "invalid_client"),
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"client_id": "", "grant_type": "refresh_token"}, 400, "invalid_request"),
    ],
)
def test_refusals_have_the_standard_body(browser: Browser, fields: dict[str, str], status: int, error: str) -> None:
    response = browser.token(**fields)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert set(response.json()) == {"error", "error_description", "message"}


def test_a_code_used_twice_ends_the_sign_in(browser: Browser) -> None:
    code = browser.sent_back()["code"]
    tokens = browser.redeem(code).json()
    assert browser.status(tokens["access_token"]) == 200
    assert browser.redeem(code).json()["error"] == "invalid_grant"
    assert browser.status(tokens["access_token"]) == 401
    assert browser.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_gives_two_new_tokens(browser: Browser) -> None:
    first = browser.sign_in()
    second = browser.refresh(first["refresh_token"]).json()
    assert {first["access_token"], first["refresh_token"]}.isdisjoint({second["access_token"], second["refresh_token"]})
    assert [browser.status(one["access_token"]) for one in (first, second)] == [200, 200]
    assert second["scope"] == first["scope"]


def test_a_refresh_token_used_twice_ends_the_sign_in(browser: Browser) -> None:
    first, other = browser.sign_in(), browser.sign_in()
    second = browser.refresh(first["refresh_token"]).json()
    assert browser.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert [browser.status(one["access_token"]) for one in (first, second, other)] == [401, 401, 200]
    assert browser.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_may_ask_for_less_and_not_for_more(browser: Browser) -> None:
    tokens = browser.sign_in()
    less = browser.refresh(tokens["refresh_token"], scope="task.read").json()
    assert [browser.status(less["access_token"], path) for path in ("users/me", "jobs")] == [403, 200]
    more = browser.refresh(less["refresh_token"], scope="webhook.read").json()
    assert more["error"] == "invalid_scope"
    assert browser.refresh(less["refresh_token"]).json()["scope"] == "user.read task.read"


def test_a_refresh_token_belongs_to_its_client(browser: Browser) -> None:
    tokens = browser.sign_in()
    stolen = browser.refresh(tokens["refresh_token"], client_id="public", client_secret="")
    assert stolen.json()["error"] == "invalid_grant"
    assert browser.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    ("registered", "asked", "same"),
    [
        ("http://127.0.0.1/a", "http://127.0.0.1:5/a", True),
        ("http://[::1]:3/a", "http://[::1]:5/a", True),
        ("http://127.0.0.1/a", "http://localhost/a", False),
        ("https://127.0.0.1/a", "https://127.0.0.1:5/a", False),
        ("https://example.com/a", "https://example.com/a", True),
        ("https://example.com/a", "https://example.com:5/a", False),
        ("http://127.0.0.1/a", "http://127.0.0.1:5/a?b=c", False),
        ("http://127.0.0.1/a", "http://127.0.0.1:5/a#b", False),
        ("http://127.0.0.1/a", "http://127.0.0.1:x/a", False),
        ("app://back", "app://back", True),
    ],
)
def test_where_a_redirect_may_lead(registered: str, asked: str, same: bool) -> None:
    assert is_same_place(registered, asked) is same


def test_the_example_of_rfc_7636() -> None:
    assert proves("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")


@pytest.mark.parametrize(
    "text", ["demo", "demo:secret", ":secret:http://a/b", "demo:secret:nonsense", "a:b:http://c/#d"]
)
def test_a_client_that_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="ID:SECRET:REDIRECT_URI"):
        OAuthClient.parse(text)


def test_a_client_is_written_in_one_word() -> None:
    assert OAuthClient.parse("demo:secret:http://127.0.0.1:1/back") == OAuthClient(
        "demo", "secret", "http://127.0.0.1:1/back"
    )
