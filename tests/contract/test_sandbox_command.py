"""The options of `sandbox` that people give on the command line, and our own sign-in against it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from connector.connection.hosts import Addresses
from connector.connection.oauth import SignIn
from tests.conftest import ROOT, RunningSandbox
from tests.unit.sandbox.test_oauth import Browser

REDIRECT = "http://127.0.0.1:9999/back"


@pytest.fixture(scope="module")
def chosen() -> Iterator[RunningSandbox]:
    """A sandbox with every option of the account."""
    running = RunningSandbox(
        *("--key", "reader=task.read", "--oauth-client", f"demo:secret:{REDIRECT}"),
        *("--access-token-lifetime", "60", "--credits", "7", "--rate-limit", "1"),
    )
    yield running
    running.stop()


def status(chosen: RunningSandbox, method: str, path: str, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.request(method, f"{chosen.base_url}/v2/{path}", headers=headers, timeout=10).status_code


def test_an_additional_key_has_its_own_scopes(chosen: RunningSandbox) -> None:
    assert [status(chosen, "GET", path, "reader") for path in ("jobs", "users/me")] == [200, 403]


def test_credits_and_rate_limit_are_as_chosen(chosen: RunningSandbox) -> None:
    headers = {"Authorization": f"Bearer {chosen.api_key}"}
    assert requests.get(f"{chosen.base_url}/v2/users/me", headers=headers, timeout=10).json()["data"]["credits"] == 7
    assert [status(chosen, "POST", "import/upload", chosen.api_key) for _ in range(2)] == [201, 429]


def test_our_own_sign_in_works_against_it(chosen: RunningSandbox) -> None:
    root = f"{chosen.base_url}/oauth"
    addresses = Addresses(chosen.base_url, chosen.sync_url, f"{root}/authorize", f"{root}/token")
    sign_in = SignIn(addresses, "demo", "secret", ["task.read"], REDIRECT)
    browser = Browser(chosen.base_url)
    page = browser.session.get(sign_in.url, timeout=10)
    token = sign_in.finish(browser.press(browser.form(page.text)).headers["Location"])
    assert [status(chosen, "GET", path, token.access) for path in ("jobs", "users/me")] == [200, 403]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--key", "k=everything", "An additional key must be given as KEY=scope,scope"),
        ("--oauth-client", "demo", "An OAuth client must be given as ID:SECRET:REDIRECT_URI"),
        ("--rate-limit", "0", "--rate-limit"),
    ],
)
def test_a_wrong_option_is_told_in_a_sentence(option: str, value: str, sentence: str) -> None:
    command = [sys.executable, "-m", "connector.cli", "sandbox", "--port", "0", "--sync-port", "0", option, value]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert not re.search("Traceback", done.stderr)
