"""`connections`: listed, shown, tested, renamed, removed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from connector.connection.record import Secrets, Trouble
from connector.connection.store import Store
from tests.support.commands import Command
from tests.support.connections import KEY, signed_in, with_key
from tests.support.scripted_server import ScriptedServer, error
from tests.support.token_server import CLIENT_SECRET, TokenServer


@pytest.fixture
def for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at a terminal."""
    monkeypatch.setattr("connector.cli.connections.wants_json", lambda asked: asked)


def test_an_empty_list_is_a_list(command: Command) -> None:
    assert command("connections", "list").document == []


def test_the_list_names_each_and_the_default(command: Command, store: Store) -> None:
    store.save(with_key("b"))
    store.save(with_key("a", region="us-east"))
    rows = command("connections", "list").document
    assert [(row["name"], row["default"], row["state"]) for row in rows] == [
        ("a", False, "ready"),
        ("b", True, "ready"),
    ]
    assert rows[0]["region"] == "us-east"


@pytest.mark.usefixtures("for_a_person")
def test_the_list_as_a_table(command: Command, store: Store) -> None:
    assert "cloudconvert-connector connect" in command("connections", "list").out
    store.save(with_key("[bold]work"))
    assert "[bold]work" in command("connections", "list").out


@pytest.mark.parametrize(
    ("trouble", "state"), [(Trouble(1, "no.", final=True), "connect again"), (Trouble(1, "down."), "refresh failed")]
)
def test_a_connection_in_trouble_says_so(command: Command, store: Store, trouble: Trouble, state: str) -> None:
    store.save(replace(with_key(), trouble=trouble))
    row = command("connections", "list").document[0]
    assert (row["state"], row["reason"]) == (state, trouble.message)


def test_show_masks_every_secret(command: Command, store: Store, tokens: TokenServer) -> None:
    saved = signed_in(tokens, now=time.time())
    store.save(replace(saved, secrets=replace(saved.secrets, proxy="http://me:pass-word-1@proxy:1")))
    done = command("connections", "show", "work")
    assert {name for name, value in done.document.items() if value == "***"} == {
        "client_secret", "proxy", "access_token", "refresh_token",
    }  # fmt: skip
    assert done.document["expires_at"].endswith("+00:00")
    for secret in (CLIENT_SECRET, "pass-word-1", "access-", "refresh-"):
        assert secret not in done.out


@pytest.mark.usefixtures("for_a_person")
def test_show_for_a_person_masks_them_too(command: Command, store: Store) -> None:
    store.save(with_key())
    done = command("connections", "show", "work")
    assert "***" in done.out
    assert KEY not in done.out


def test_a_test_shows_the_account(command: Command, store: Store, service: ScriptedServer) -> None:
    store.save(with_key(environment="custom", base_url=service.url))
    assert command("connections", "test", "work").document["account"]["email"] == "me@example.test"
    assert command("connections", "test").document["name"] == "work"


@pytest.mark.usefixtures("for_a_person")
def test_a_test_names_the_modules_that_will_not_work(command: Command, store: Store, service: ScriptedServer) -> None:
    service.route("GET /v2/users/me", error(403))
    store.save(with_key(environment="custom", base_url=service.url))
    done = command("connections", "test", "work")
    assert "Missing scopes: user.read" in done.out
    assert "GetMyInfo needs user.read" in done.out


def test_a_test_of_a_sign_in_that_is_over_says_connect_again(
    command: Command, store: Store, tokens: TokenServer
) -> None:
    store.save(signed_in(tokens, now=time.time() - 7200, refresh_token="used-up-0123456789"))
    done = command("connections", "test", "work")
    assert done.code == 3
    assert "connect --name work --replace" in done.err


def test_a_new_name(command: Command, store: Store) -> None:
    store.save(with_key())
    assert command("connections", "rename", "work", "home").code == 0
    assert store.names() == ["home"]


def test_removing_needs_no_question_without_a_terminal(command: Command, store: Store) -> None:
    store.save(with_key())
    assert command("connections", "remove", "work").code == 0
    assert store.names() == []


def test_the_default_is_shown_and_set(command: Command, store: Store) -> None:
    store.save(with_key("a"))
    store.save(with_key("b"))
    assert command("connections", "default").out == "a\n"
    command("connections", "default", "b")
    assert store.default() == "b"


@pytest.mark.parametrize(
    "words", [["show", "x"], ["test", "x"], ["rename", "x", "y"], ["remove", "x"], ["default", "x"]]
)
def test_an_unknown_name_is_a_mistake_of_the_caller(command: Command, words: list[str]) -> None:
    done = command("connections", *words)
    assert done.code == 2
    assert "There is no connection 'x'" in done.err


@pytest.mark.parametrize("words", [["test"], ["default"]])
def test_without_a_default_one_must_be_named(command: Command, words: list[str]) -> None:
    done = command("connections", *words)
    assert done.code == 3
    assert "connections default NAME" in done.err


def test_a_file_that_others_may_read_is_refused_with_the_remedy(command: Command, store: Store) -> None:
    store.save(replace(with_key(), secrets=Secrets(KEY)))
    store.path.chmod(0o644)
    done = command("connections", "list")
    assert done.code == 3
    assert f"chmod 600 {store.path}" in done.err
