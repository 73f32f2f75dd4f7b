"""`connect` at a real terminal: the declared fields are asked, secrets without showing them."""

from __future__ import annotations

import os

import pytest

from connector.connection.store import Store
from tests.support.connections import with_key
from tests.support.scripted_server import ScriptedServer, data, error
from tests.support.terminal import Terminal

KEY = "key-0123456789-planted"
ME = "GET /v2/users/me"


def begin(terminal: Terminal, url: str, name: str = "office") -> None:
    terminal.answer("Name", name)
    terminal.answer("Sign in with", "api-key")
    key_and_place(terminal, url)


def key_and_place(terminal: Terminal, url: str) -> None:
    terminal.answer("API key:", KEY)
    terminal.answer("Environment [live]", "custom")
    terminal.answer("Base URL", url)


def test_the_dialog_asks_tests_and_saves(service: ScriptedServer, store: Store) -> None:
    with Terminal("connect", environment=os.environ) as terminal:
        begin(terminal, service.url)
        terminal.answer("Advanced settings (Sync URL, Proxy)?", "")
        assert terminal.end() == 0
    assert "The connection works: me@example.test, 5 credits left." in terminal.shown
    assert "Not checked, since it cannot be done without changing something" in terminal.shown
    assert "Saved as 'office', the default." in terminal.shown
    assert KEY not in terminal.shown
    assert store.get("office").secrets.api_key == KEY


def test_help_and_choices_come_from_the_declaration(service: ScriptedServer, store: Store) -> None:
    with Terminal("connect", environment=os.environ) as terminal:
        begin(terminal, service.url)
        terminal.answer("Advanced settings", "n")
        terminal.end()
    assert "Make one at https://cloudconvert.com/dashboard/api/v2/keys" in terminal.shown
    assert "A local sandbox, or a proxy of your own." in terminal.shown
    assert "us-east" not in terminal.shown  # regions belong to the live service


def test_advanced_fields_are_asked_on_demand(service: ScriptedServer, store: Store) -> None:
    with Terminal("connect", "--name", "office", "--kind", "api-key", environment=os.environ) as terminal:
        key_and_place(terminal, service.url)
        terminal.answer("Advanced settings", "y")
        terminal.answer("Sync URL", service.url)
        terminal.answer("Proxy:", "")
        assert terminal.end() == 0
    assert store.get("office").sync_url == service.url
    assert store.get("office").secrets.proxy == ""


def test_a_wrong_value_is_asked_for_again(service: ScriptedServer, store: Store) -> None:
    with Terminal("connect", "--name", "x", "--kind", "api-key", environment=os.environ) as terminal:
        terminal.answer("API key:", KEY)
        terminal.answer("Environment [live]", "somewhere")
        terminal.answer("Environment must be one of live, sandbox, custom.", "custom")
        terminal.answer("Base URL", "not an address")
        terminal.answer("Base URL must be an address that begins with http:// or https://.", service.url)
        terminal.answer("Advanced settings", "n")
        assert terminal.end() == 0


def test_a_refused_key_can_be_corrected_on_the_spot(service: ScriptedServer, store: Store) -> None:
    service.route(ME, error(401, "Unauthenticated.", "UNAUTHENTICATED"), data({"id": 1, "username": "me"}))
    with Terminal("connect", environment=os.environ) as terminal:
        begin(terminal, service.url)
        terminal.answer("Advanced settings", "n")
        terminal.answer("does not accept the API key", "")
        terminal.answer("API key:", KEY)
        terminal.answer("Environment [custom]", "")
        terminal.answer(f"Base URL [{service.url}]", "")
        terminal.answer("Advanced settings", "n")
        assert terminal.end() == 0
    assert store.names() == ["office"]


@pytest.mark.parametrize(("reply", "code"), [("y", 0), ("n", 130)])
def test_a_taken_name_is_replaced_only_if_it_is_meant(
    service: ScriptedServer, store: Store, reply: str, code: int
) -> None:
    store.save(with_key("office"))
    with Terminal("connect", "--base-url", service.url, environment=os.environ) as terminal:
        terminal.answer("Name", "office")
        terminal.answer("Sign in with", "")
        terminal.answer("Replace it?", reply)
        if code == 0:
            terminal.answer("API key:", KEY)
            terminal.answer("Advanced settings", "n")
        assert terminal.end() == code
    assert (store.get("office").secrets.api_key == KEY) is (code == 0)


def test_with_everything_given_nothing_is_asked_even_at_a_terminal(service: ScriptedServer, store: Store) -> None:
    environment = {**os.environ, "MY_KEY": KEY}
    words = ("connect", "--api-key-env", "MY_KEY", "--base-url", service.url)
    with Terminal(*words, environment=environment) as terminal:
        assert terminal.end() == 0
    assert "?" not in terminal.shown
