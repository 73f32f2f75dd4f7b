"""The named connections of this user: one file for what may be seen, and for the secrets where there is no keyring.

Several processes may use it at once: every change happens under a lock, on what the file holds at that moment.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from connector.api.clock import Clock
from connector.connection import safefile
from connector.connection.record import SavedConnection, Secrets, Trouble
from connector.connection.token import Token
from connector.connection.vault import Vault, system_keyring
from connector.errors import ConnectionInvalid, ConnectorError, InputError, TemporaryError
from connector.forms import nearest

CONFIG_VARIABLE = "CLOUDCONVERT_CONFIG_DIR"

_VERSION = 1
_PATIENCE = 10.0  # seconds; a change takes milliseconds
_IN_KEYRING = "keyring"


class Busy(TemporaryError):
    """Another process holds the lock."""


@dataclass
class _Content:
    """What the file holds: the connections as they are stored, by name, and the default's name."""

    default: str | None = None
    connections: dict[str, dict[str, Any]] = field(default_factory=dict)

    def name_of(self, connection_id: str) -> str | None:
        return next((name for name, data in self.connections.items() if data.get("id") == connection_id), None)


class Store:
    """The connections in a folder.

    Args:
        folder: made when the first connection is saved, for this user only.
        vault: takes the secrets of connections that are saved from now on; without it they lie in the file, which only
            its owner may read, but which is not encrypted.
        clock: for tests.

    """

    def __init__(self, folder: Path, vault: Vault | None = None, clock: Clock | None = None) -> None:
        self.folder = folder
        self.path = folder / "connections.json"
        self._vault = vault
        self._clock = clock or Clock()
        safefile.sweep(self.path, self._clock.time())

    @classmethod
    def of_user(cls, environment: Mapping[str, str] | None = None) -> Store:
        """The store of whoever runs this: in CLOUDCONVERT_CONFIG_DIR, else in the usual place with the system's keyring.

        A folder of one's own holds everything, also the secrets, so that it can be mounted or moved as a whole.
        """
        own = (os.environ if environment is None else environment).get(CONFIG_VARIABLE)
        if own:
            return cls(Path(own).expanduser())
        from platformdirs import user_config_path

        return cls(user_config_path("cloudconvert-connector"), system_keyring())

    def names(self) -> list[str]:
        """All names, in alphabetical order."""
        return list(self.overview())

    def overview(self) -> dict[str, dict[str, Any]]:
        """What may be seen of each connection (as `SavedConnection.to_dict`), by name; no keyring is opened for it."""
        known = self._read().connections
        return {
            name: {key: value for key, value in known[name].items() if key != "secrets"}
            for name in sorted(known, key=str.casefold)
        }

    def default(self) -> str | None:
        """The name of the default connection."""
        return self._read().default

    def get(self, name: str) -> SavedConnection:
        """The connection of that name. Raises InputError with the nearest name."""
        content = self._read()
        self._require(content, name)
        return self._record(name, content.connections[name])

    def by_id(self, connection_id: str) -> SavedConnection | None:
        """The connection with that id, whatever it is called by now; None if it was removed."""
        content = self._read()
        name = content.name_of(connection_id)
        return None if name is None else self._record(name, content.connections[name])

    def save(self, connection: SavedConnection, *, default: bool = False, overwrite: bool = False) -> SavedConnection:
        """Save it; the first one becomes the default. With `overwrite` it takes the place, and the id, of its namesake.

        Raises InputError if the name is taken.
        """
        with self._change() as content:
            known = content.connections.get(connection.name)
            if known and not overwrite:
                raise InputError(
                    f"There is a connection {connection.name!r} already.",
                    fields={"name": "is taken"},
                    hint="Choose another name, or add --replace.",
                )
            connection = replace(connection, id=known["id"]) if known else connection
            self._put(content, connection, self._vault)
            if default or not content.default:
                content.default = connection.name
        return connection

    def rename(self, name: str, new_name: str) -> None:
        """Give it another name. Raises InputError if that is taken."""
        with self._change() as content:
            self._require(content, name)
            if new_name in content.connections:
                raise InputError(f"There is a connection {new_name!r} already.", fields={"name": "is taken"})
            renamed = replace(self._record(name, content.connections[name]), name=new_name)
            content.connections = {
                renamed.name if key == name else key: value for key, value in content.connections.items()
            }
            content.default = new_name if content.default == name else content.default

    def remove(self, name: str) -> None:
        """Forget it and its secrets."""
        with self._change() as content:
            self._require(content, name)
            data = content.connections.pop(name)
            content.default = None if content.default == name else content.default
        if vault := self._vault_of(data):
            vault.remove(data["id"])
        self._lock_path(data["id"]).unlink(missing_ok=True)

    def set_default(self, name: str) -> None:
        """Make it the connection that is used when none is named."""
        with self._change() as content:
            self._require(content, name)
            content.default = name

    def keep_token(self, connection_id: str, used: Token, fresh: Token) -> SavedConnection | None:
        """Save the token that came for the refresh token of `used`, and give the connection as it now stands.

        A connection that was removed meanwhile stays removed (None); one that was signed in anew keeps its newer token.
        """
        return self._update(connection_id, used, lambda known: known.with_token(fresh))

    def keep_trouble(self, connection_id: str, used: Token, trouble: Trouble) -> None:
        """Note that the refresh token of `used` did not work, for every process to know."""
        self._update(connection_id, used, lambda known: replace(known, trouble=trouble))

    @contextlib.contextmanager
    def alone(self, connection_id: str, patience: float) -> Iterator[None]:
        """For renewing a token: one at a time, over all threads and processes. Raises Busy after `patience` seconds.

        The lock is the kernel's, so it ends with its holder, however that ends.
        """
        with self._locked(self._lock_path(connection_id), patience):
            yield

    def _update(self, connection_id: str, used: Token, change: Any) -> SavedConnection | None:
        with self._change() as content:
            name = content.name_of(connection_id)
            if name is None:
                return None
            known = self._record(name, content.connections[name])
            if known.secrets.token is None or known.secrets.token.refresh != used.refresh:
                return known
            changed: SavedConnection = change(known)
            # Where they were: a process without a keyring may live on what is in the file.
            self._put(content, changed, self._vault_of(content.connections[name]))
            return changed

    @contextlib.contextmanager
    def _change(self) -> Iterator[_Content]:
        """The content, to be changed; saved unless an error ends the block."""
        with self._locked(self.folder / "connections.lock", _PATIENCE):
            content = self._read()
            yield content
            document = {"version": _VERSION, "default": content.default, "connections": content.connections}
            safefile.write(self.path, document)

    @contextlib.contextmanager
    def _locked(self, path: Path, patience: float) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Not a soft lock where there are no real ones: it would outlive a process that is killed.
            lock = FileLock(path, mode=0o600, fallback_to_soft=False)
            lock.acquire(timeout=patience, poll_interval=0.02)
        except Timeout:
            raise Busy("The saved connections are in use by another process. Try again later.") from None
        except (OSError, NotImplementedError) as error:
            raise ConnectorError(
                f"The folder {path.parent} cannot hold the saved connections: {error}.",
                hint="It must be on a file system with locks, and yours. CLOUDCONVERT_CONFIG_DIR names another one.",
            ) from error
        try:
            yield
        finally:
            lock.release()

    def _lock_path(self, connection_id: str) -> Path:
        return self.folder / f"{connection_id}.lock"

    def _read(self) -> _Content:
        document = safefile.read(self.path)
        if document is None:
            return _Content()
        if not isinstance(document, dict) or not isinstance(document.get("version"), int):
            raise safefile.damaged(self.path, "it is no list of connections")
        if document["version"] > _VERSION:
            raise safefile.damaged(self.path, "a newer version of the connector wrote it, so this one must be updated")
        connections = document.get("connections")
        if not isinstance(connections, dict) or not all(isinstance(data, dict) for data in connections.values()):
            raise safefile.damaged(self.path, "it is no list of connections")
        default = document.get("default")
        return _Content(default if isinstance(default, str) and default in connections else None, connections)

    def _require(self, content: _Content, name: str) -> None:
        if name not in content.connections:
            known = sorted(content.connections)
            have = f"There are: {', '.join(known)}." if known else "None is saved yet."
            raise InputError(
                f"There is no connection {name[:100]!r}.{nearest(name, known)}",
                fields={"connection": "is unknown"},
                hint=f"{have} Make one with: cloudconvert-connector connect",
            )

    def _put(self, content: _Content, connection: SavedConnection, vault: Vault | None) -> None:
        """Secrets go to the vault first: were they to go second, a death in between would lose them."""
        secrets: Any = connection.secrets.to_dict()
        if vault and vault.put(connection.id, json.dumps(secrets)):
            secrets = _IN_KEYRING
        content.connections[connection.name] = {**connection.to_dict(), "secrets": secrets}

    def _record(self, name: str, data: Mapping[str, Any]) -> SavedConnection:
        try:
            return SavedConnection.from_dict(name, data, Secrets.from_dict(self._secrets(name, data)))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise safefile.damaged(self.path, f"the entry of {name!r} is not complete") from None

    def _vault_of(self, data: Mapping[str, Any]) -> Vault | None:
        """Where the secrets of a stored connection are, if not in the file."""
        return self._vault or system_keyring() if data.get("secrets") == _IN_KEYRING else None

    def _secrets(self, name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        if data.get("secrets") != _IN_KEYRING:
            return dict(data.get("secrets") or {})
        vault = self._vault_of(data)
        text = vault.get(data["id"]) if vault else None
        if text is None:
            raise ConnectionInvalid(
                f"The secrets of the connection {name!r} are in the system's keyring, where they cannot be found.",
                hint='Unlock it (pip install "cloudconvert-connector[keyring]" where it is missing), or connect again.',
            )
        return dict(json.loads(text))
