"""`connect` with options: nothing is asked, the connection is tested, and only then saved."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from connector.cli import connect
from connector.connection.store import Store
from tests.support.commands import Command
from tests.support.connections import with_key
from tests.support.scripted_server import ScriptedServer, error
from tests.support.terminal import Terminal
from tests.support.token_server import CLIENT_ID, CLIENT_SECRET, TokenServer

KEY = "key-0123456789-planted"
DENIED = error(403, "Invalid scope(s) provided.", "FORBIDDEN")


@pytest.fixture(autouse=True)
def _secrets_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    monkeypatch.setenv("MY_SECRET", CLIENT_SECRET)


def test_a_key_is_tested_and_saved_as_the_default(command: Command, service: ScriptedServer, store: Store) -> None:
    done = command("connect", "--name", "work", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert done.code == 0, done.err
    assert done.document["account"] == {"email": "me@example.test", "credits": 5}
    assert (done.document["default"], done.document["scopes"]["task.write"]) == (True, "not checked")
    saved = store.get("work")
    assert (saved.secrets.api_key, saved.environment, saved.base_url) == (KEY, "custom", service.url)
    assert service.requests[0].headers["Authorization"] == f"Bearer {KEY}"


def test_a_key_can_come_by_standard_input(command: Command, service: ScriptedServer, store: Store) -> None:
    done = command("connect", "--api-key-stdin", "--base-url", service.url, stdin=f"{KEY}\n")
    assert done.code == 0, done.err
    assert store.get("cloudconvert").secrets.api_key == KEY


def test_the_key_is_shown_nowhere(command: Command, service: ScriptedServer, store: Store) -> None:
    done = command("-vv", "connect", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert KEY not in done.out + done.err
    assert KEY not in str(store.overview())


def test_missing_scopes_are_shown_with_the_modules_that_need_them(command: Command, service: ScriptedServer) -> None:
    service.route("GET /v2/users/me", DENIED)
    done = command("connect", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert done.code == 0
    assert done.document["missing"] == ["user.read"]
    assert done.document["modules"]["GetMyInfo"] == ["user.read"]


def test_a_refused_key_is_not_saved(command: Command, service: ScriptedServer, store: Store) -> None:
    service.route("GET /v2/users/me", error(401, "Unauthenticated.", "UNAUTHENTICATED"))
    done = command("connect", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert (done.code, store.names()) == (3, [])
    assert "does not accept the API key" in done.err


def test_a_host_that_is_down_saves_nothing(command: Command, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.api.clock.Clock.sleep", lambda *_: None)
    done = command("connect", "--api-key-env", "MY_KEY", "--base-url", "http://127.0.0.1:9")
    assert (done.code, store.names()) == (4, [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "API key (api_key) is required"),
        (["--client-id", "7"], "Client secret (client_secret) is required"),
        (["--api-key-env", "NOT_SET"], "'NOT_SET' is not set"),
        (["--api-key-env", "MY_KEY", "--environment", "custom"], "Base URL (base_url) is needed"),
        (["--api-key-env", "MY_KEY", "--base-url", "ftp://x"], "Base URL (base_url) must be an address"),
        (["--api-key-env", "MY_KEY", "--name", " "], "cannot be called"),
        (["--kind", "api-key", "--client-id", "7", "--api-key-env", "MY_KEY"], "no field 'client_id'"),
    ],
)
def test_without_a_terminal_nothing_is_asked(command: Command, store: Store, words: list[str], told: str) -> None:
    done = command("connect", *words)
    assert done.code == 2
    assert told in done.err
    assert store.names() == []


def test_a_taken_name_is_said_before_anything_is_sent(command: Command, service: ScriptedServer, store: Store) -> None:
    store.save(with_key())
    done = command("connect", "--name", "work", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert done.code == 2
    assert "--replace" in done.err
    assert service.requests == []


def test_connecting_again_takes_the_place_of_the_old_one(
    command: Command, service: ScriptedServer, store: Store
) -> None:
    before = store.save(with_key())
    command("connect", "--name", "work", "--replace", "--api-key-env", "MY_KEY", "--base-url", service.url)
    assert (store.get("work").id, store.get("work").secrets.api_key) == (before.id, KEY)


def test_a_proxy_with_a_password_comes_by_the_environment_and_is_masked(
    command: Command, service: ScriptedServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = f"http://me:pass-word-planted@127.0.0.1:{service.url.rpartition(':')[2]}"
    monkeypatch.setenv("MY_PROXY", proxy)
    done = command("connect", "--api-key-env", "MY_KEY", "--base-url", service.url, "--proxy-env", "MY_PROXY")
    assert "pass-word-planted" not in done.out + done.err + str(store.overview())


class Browser:
    """Opens the address that `connect` would open, and goes where it is sent."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pages: list[requests.Response] = []
        monkeypatch.setattr(connect, "_open", lambda url: threading.Thread(target=self._visit, args=(url,)).start())

    def _visit(self, url: str) -> None:
        self.pages.append(requests.get(url, timeout=20))


def sign_in(command: Command, tokens: TokenServer, *words: str, stdin: str = "") -> object:
    client = ("--client-id", CLIENT_ID, "--client-secret-env", "MY_SECRET")
    return command("connect", "--base-url", tokens.url, *client, *words, stdin=stdin)


def test_signing_in_through_the_browser(
    command: Command, tokens: TokenServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(monkeypatch)
    done = sign_in(command, tokens, "--port", "0", "--scope", "user.read", "--scope", "task.read")
    assert done.code == 0, done.err
    assert "close this page" in browser.pages[0].text
    saved = store.get("cloudconvert")
    assert saved.secrets.token
    assert saved.secrets.token.access in tokens.valid
    assert saved.scopes == ("user.read", "task.read")
    assert tokens.asked("GET /oauth/authorize")[0].query["scope"] == "user.read task.read"


def test_scopes_that_the_server_did_not_grant_are_missing(
    command: Command, tokens: TokenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.grants = "user.read task.read"
    Browser(monkeypatch)
    done = sign_in(command, tokens, "--port", "0")
    assert "task.write" in done.document["missing"]
    assert "ConvertFile" in done.document["modules"]


def test_declining_in_the_browser_saves_nothing(
    command: Command, tokens: TokenServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.refuses = "access_denied"
    Browser(monkeypatch)
    done = sign_in(command, tokens, "--port", "0")
    assert (done.code, store.names()) == (3, [])
    assert "declined" in done.err


def test_a_real_browser_command_is_opened_with_the_address(
    tokens: TokenServer, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    visit = tmp_path / "visit.py"
    visit.write_text("import sys, urllib.request\nurllib.request.urlopen(sys.argv[1], timeout=20).read()\n")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {visit} %s")
    command = [sys.executable, "-m", "connector.cli", "connect", "--base-url", tokens.url, "--port", "0"]
    command += ["--client-id", CLIENT_ID, "--client-secret-env", "MY_SECRET"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert store.names() == ["cloudconvert"]


def test_a_pasted_address_will_do_where_there_is_no_browser(tokens: TokenServer, store: Store) -> None:
    words = ("connect", "--base-url", tokens.url, "--client-id", CLIENT_ID, "--client-secret-env", "MY_SECRET")
    with Terminal(*words, "--no-browser", environment=os.environ) as terminal:
        terminal.wait_for("The address that you were sent to")
        url = next(line for line in terminal.shown.split("\n") if line.startswith("http"))
        sent_to = requests.get(url, allow_redirects=False, timeout=10).headers["Location"]
        terminal.answer("", sent_to)
        assert terminal.end() == 0
    assert store.names() == ["cloudconvert"]


def test_a_pasted_address_of_another_attempt_is_refused(command: Command, tokens: TokenServer, store: Store) -> None:
    done = sign_in(command, tokens, "--no-browser", stdin="http://127.0.0.1:8785/callback?code=1&state=2\n")
    assert (done.code, store.names()) == (2, [])
    assert "not the answer to this sign-in" in done.err


def test_a_port_in_use_is_named(command: Command, tokens: TokenServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = sign_in(command, tokens, "--port", str(taken.getsockname()[1]))
    assert done.code == 2
    assert "--no-browser" in done.err


def test_nothing_secret_of_a_sign_in_is_shown(
    command: Command, tokens: TokenServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    Browser(monkeypatch)
    done = sign_in(command, tokens, "--port", "0")
    token = store.get("cloudconvert").secrets.token
    assert token
    for secret in (CLIENT_SECRET, token.access, str(token.refresh)):
        assert secret not in done.out + done.err
