"""Where secrets are kept outside the file: the system's keyring, if there is one that can be used."""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from connector.errors import ConnectionInvalid

_SERVICE = "cloudconvert-connector"


class Vault(Protocol):
    """Keeps one text for each connection, by the connection's id."""

    def get(self, key: str) -> str | None:
        """The text; None if there is none. Raises ConnectionInvalid if the vault cannot be opened."""

    def put(self, key: str, text: str) -> bool:
        """Keep it. False if the vault does not take it: then the caller must keep it elsewhere."""

    def remove(self, key: str) -> None:
        """Forget it, if it is there."""


class SystemKeyring:
    """The keyring of the desktop or the system, by the package `keyring`."""

    def __init__(self, keyring: Any) -> None:
        self._keyring = keyring
        self._refusals: type[Exception] = keyring.errors.KeyringError

    def get(self, key: str) -> str | None:
        try:
            text = self._keyring.get_password(_SERVICE, key)
        except self._refusals as error:
            raise ConnectionInvalid(
                "The system's keyring, which holds the secrets of this connection, cannot be opened.",
                hint="Unlock it, or connect again.",
                detail=type(error).__name__,
            ) from error
        return None if text is None else str(text)

    def put(self, key: str, text: str) -> bool:
        try:
            self._keyring.set_password(_SERVICE, key, text)
        except self._refusals:
            return False
        return True

    def remove(self, key: str) -> None:
        try:
            self._keyring.delete_password(_SERVICE, key)
        except self._refusals:
            return


def system_keyring() -> Vault | None:
    """The system's keyring; None where the package or a keyring that can be used is missing (as in most containers)."""
    try:
        keyring = importlib.import_module("keyring")
        usable = keyring.get_keyring().priority >= 1  # below are those that store nothing, or in plain text
    except (ImportError, RuntimeError, AttributeError):
        return None
    return SystemKeyring(keyring) if usable else None
