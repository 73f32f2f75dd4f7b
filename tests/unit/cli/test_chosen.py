"""Which connection `run` uses."""

from __future__ import annotations

import pytest

from connector.connection.store import Store
from tests.support.commands import Command
from tests.support.connections import KEY, with_key
from tests.support.scripted_server import ScriptedServer

INFO = ("run", "GetMyInfo")


@pytest.fixture
def in_the_environment(service: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A key in the environment."""
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "key-of-the-environment")
    monkeypatch.setenv("CLOUDCONVERT_BASE_URL", service.url)
    return "key-of-the-environment"


@pytest.fixture
def saved(store: Store, service: ScriptedServer) -> str:
    """A saved connection called work, which is the default."""
    store.save(with_key(environment="custom", base_url=service.url))
    return KEY


def used(service: ScriptedServer) -> str:
    return str(service.requests[-1].headers["Authorization"]).removeprefix("Bearer ")


def test_the_named_one(command: Command, service: ScriptedServer, saved: str, in_the_environment: str) -> None:
    done = command(*INFO, "--connection", "work")
    assert done.code == 0, done.err
    assert used(service) == saved


def test_else_that_of_the_environment(
    command: Command, service: ScriptedServer, saved: str, in_the_environment: str
) -> None:
    command(*INFO)
    assert used(service) == in_the_environment


def test_else_the_default(command: Command, service: ScriptedServer, saved: str) -> None:
    command(*INFO)
    assert used(service) == saved


def test_with_none_all_ways_are_named(command: Command) -> None:
    done = command(*INFO)
    assert done.code == 3
    for way in ("cloudconvert-connector connect", "CLOUDCONVERT_API_KEY", "--sandbox"):
        assert way in done.err


def test_an_unknown_name_is_not_replaced_by_another_one(
    command: Command, service: ScriptedServer, saved: str, in_the_environment: str
) -> None:
    done = command(*INFO, "--connection", "wrok")
    assert done.code == 2
    assert "Did you mean 'work'" in done.err
    assert service.requests == []
