"""Secrets in the system's keyring: here a keyring in memory behind the interface of the package `keyring`."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from connector.connection import store as storing
from connector.connection.record import Secrets
from connector.connection.store import Store
from connector.connection.token import Token
from connector.connection.vault import SystemKeyring, system_keyring
from connector.errors import ConnectionInvalid
from tests.support.connections import KEY, with_key


class Locked(Exception):
    """What the keyring raises while it is locked."""


class MemoryKeyring:
    """As much of `keyring` as the connector uses."""

    errors = SimpleNamespace(KeyringError=Locked)

    def __init__(self, priority: float = 5) -> None:
        self.texts: dict[tuple[str, str], str] = {}
        self.is_locked = False
        self._priority = priority

    def get_keyring(self) -> Any:
        return SimpleNamespace(priority=self._priority)

    def _require_open(self) -> None:
        if self.is_locked:
            raise Locked

    def get_password(self, service: str, name: str) -> str | None:
        self._require_open()
        return self.texts.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self._require_open()
        self.texts[service, name] = text

    def delete_password(self, service: str, name: str) -> None:
        self._require_open()
        del self.texts[service, name]


@pytest.fixture
def keyring() -> MemoryKeyring:
    return MemoryKeyring()


@pytest.fixture
def guarded(store: Store, keyring: MemoryKeyring) -> Store:
    return Store(store.folder, SystemKeyring(keyring))


def test_the_secret_is_in_the_keyring_and_not_in_the_file(guarded: Store, keyring: MemoryKeyring) -> None:
    guarded.save(with_key())
    assert KEY not in guarded.path.read_text()
    assert KEY in str(keyring.texts)
    assert guarded.get("work").secrets.api_key == KEY


def test_a_keyring_that_takes_nothing_leaves_the_secret_to_the_file(guarded: Store, keyring: MemoryKeyring) -> None:
    keyring.is_locked = True
    guarded.save(with_key())
    assert guarded.get("work").secrets.api_key == KEY
    assert keyring.texts == {}


def test_a_locked_keyring_is_said_to_be_locked(guarded: Store, keyring: MemoryKeyring) -> None:
    guarded.save(with_key())
    keyring.is_locked = True
    with pytest.raises(ConnectionInvalid, match="cannot be opened"):
        guarded.get("work")
    assert list(guarded.overview()) == ["work"]


def test_removing_a_connection_removes_it_from_the_keyring(guarded: Store, keyring: MemoryKeyring) -> None:
    guarded.save(with_key())
    guarded.remove("work")
    assert keyring.texts == {}


def test_a_new_name_needs_no_new_entry(guarded: Store, keyring: MemoryKeyring) -> None:
    guarded.save(with_key())
    before = dict(keyring.texts)
    guarded.rename("work", "home")
    assert keyring.texts == before
    assert guarded.get("home").secrets.api_key == KEY


def test_secrets_that_are_gone_are_named(
    guarded: Store, keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded.save(with_key())
    monkeypatch.setattr(storing, "system_keyring", lambda: None)
    with pytest.raises(ConnectionInvalid, match="keyring, where they cannot be found"):
        Store(guarded.folder).get("work")


@pytest.mark.parametrize(("priority", "usable"), [(5, True), (1, True), (0.5, False), (0, False)])
def test_a_keyring_that_stores_nothing_or_in_plain_text_is_not_used(
    priority: float, usable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", MemoryKeyring(priority))
    assert (system_keyring() is not None) is usable


def test_without_the_package_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert system_keyring() is None


def test_the_real_package_has_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")
    assert issubclass(keyring.errors.PasswordDeleteError, keyring.errors.KeyringError)
    assert isinstance(keyring.get_keyring().priority, int | float)
    assert all(callable(getattr(keyring, name)) for name in ("get_password", "set_password", "delete_password"))


def test_a_renewed_token_stays_where_the_old_one_was(store: Store, guarded: Store, keyring: MemoryKeyring) -> None:
    """A job without a keyring may live on what is in the file."""
    before, after = Token("access-before-01", "refresh-before-01"), Token("access-after-012", "refresh-after-012")
    saved = store.save(replace(with_key(), kind="oauth2", secrets=Secrets(token=before)))
    guarded.keep_token(saved.id, before, after)
    assert keyring.texts == {}
    assert store.get("work").secrets.token == after


def test_a_renewed_token_stays_in_the_keyring_that_holds_the_old_one(guarded: Store, keyring: MemoryKeyring) -> None:
    before, after = Token("access-before-01", "refresh-before-01"), Token("access-after-012", "refresh-after-012")
    saved = guarded.save(replace(with_key(), kind="oauth2", secrets=Secrets(token=before)))
    guarded.keep_token(saved.id, before, after)
    assert "refresh-after-012" in str(keyring.texts)
    assert "refresh-after-012" not in guarded.path.read_text()


def test_secrets_that_are_gone_are_named_with_the_way_out(guarded: Store, keyring: MemoryKeyring) -> None:
    guarded.save(with_key())
    keyring.texts.clear()
    with pytest.raises(ConnectionInvalid) as caught:
        guarded.get("work")
    assert str(caught.value) == (
        "The secrets of the connection 'work' are in the system's keyring, where they cannot be found."
    )
    assert caught.value.hint == (
        'Unlock it (pip install "cloudconvert-connector[keyring]" where it is missing), or connect again.'
    )


def test_the_users_own_store_uses_the_systems_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keyring = MemoryKeyring()
    monkeypatch.setattr(storing, "system_keyring", lambda: SystemKeyring(keyring))
    Store.of_user({}).save(with_key())
    assert KEY in str(keyring.texts)
    monkeypatch.setattr(storing, "system_keyring", lambda: pytest.fail("not for a folder of one's own"))
    Store.of_user({"CLOUDCONVERT_CONFIG_DIR": str(tmp_path / "own")}).save(with_key())
