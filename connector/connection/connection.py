"""A connection: an account's key and the hosts it is used with."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import requests
from requests.auth import AuthBase

from connector.api.auth import Bearer
from connector.api.clock import Clock
from connector.api.endpoints import Api
from connector.api.session import Session
from connector.connection.hosts import root, sync_root
from connector.errors import ConnectionInvalid, InputError
from connector.redact import guard_logging
from connector.service import LIVE

if TYPE_CHECKING:
    from connector.connection.record import SavedConnection
    from connector.connection.store import Store

KEY_VARIABLE = "CLOUDCONVERT_API_KEY"
BASE_URL_VARIABLE = "CLOUDCONVERT_BASE_URL"
SYNC_URL_VARIABLE = "CLOUDCONVERT_SYNC_URL"


class Connection:
    """Made by `Connection.named(...)`, `Connection.api_key(...)` or `Connection.from_environment()`; can be shared by threads.

    Holds pooled connections: close it, or use it as a context manager, when it is no longer needed.
    """

    def __init__(
        self,
        key: str | AuthBase,
        base_url: str,
        sync_url: str | None,
        *,
        proxies: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        guard_logging()
        self._auth = key if isinstance(key, AuthBase) else Bearer(_usable_key(key))
        self.base_url = base_url
        self.sync_url = sync_url
        self._proxies = proxies
        self._clock = clock

    @classmethod
    def api_key(
        cls,
        key: str,
        *,
        base_url: str = LIVE,
        sync_url: str | None = None,
        proxies: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> Connection:
        """A connection with an API key.

        Args:
            key: from CloudConvert's dashboard (Authorization, API Keys). Any length.
            base_url: the root of the API; `/v2` follows. The live host by default.
            sync_url: the root on which reads of jobs block until they end. Known for CloudConvert's own hosts; for
                others, without it, the connector polls.
            proxies: as requests takes them; without it the environment decides.
            clock: for tests.

        Raises InputError for an address that is none, ConnectionInvalid for a key that cannot be one.

        """
        base = root(base_url, "base_url")
        return cls(key, base, root(sync_url, "sync_url") if sync_url else sync_root(base), proxies=proxies, clock=clock)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Connection:
        """The connection that CLOUDCONVERT_API_KEY, CLOUDCONVERT_BASE_URL and CLOUDCONVERT_SYNC_URL describe."""
        values = os.environ if environment is None else environment
        key = values.get(KEY_VARIABLE, "")
        if not key:
            raise ConnectionInvalid(
                "There is no connection to CloudConvert.",
                hint=f"Save one with `cloudconvert-connector connect`, set {KEY_VARIABLE} to an API key, or add --sandbox to convert "
                "on this machine without an account.",
            )
        return cls.api_key(
            key, base_url=values.get(BASE_URL_VARIABLE) or LIVE, sync_url=values.get(SYNC_URL_VARIABLE) or None
        )

    @classmethod
    def named(cls, name: str | None = None, *, store: Store | None = None, clock: Clock | None = None) -> Connection:
        """The saved connection of that name, or the default one.

        Raises InputError for a name that is not saved, ConnectionInvalid where no default is set or the store of saved
        connections cannot be used.
        """
        from connector.connection.store import Store

        store = store or Store.of_user()
        name = name or store.default()
        if name is None:
            raise ConnectionInvalid(
                "No connection is saved as the default.",
                hint="Make one with `cloudconvert-connector connect`, or choose one with `connections default NAME`.",
            )
        return cls.from_record(store.get(name), store, clock=clock)

    @classmethod
    def from_record(
        cls, saved: SavedConnection, store: Store | None = None, *, clock: Clock | None = None
    ) -> Connection:
        """The connection that a record describes. `store` is where a renewed OAuth2 token is kept: the user's by default."""
        at = saved.addresses()
        key: str | AuthBase = saved.secrets.api_key
        if saved.kind == "oauth2":
            from connector.connection.auth import OAuth2
            from connector.connection.refresh import TokenKeeper
            from connector.connection.store import Store

            key = OAuth2(TokenKeeper(saved, store or Store.of_user(), clock))
        return cls(key, at.api, at.sync, proxies=saved.proxies(), clock=clock)

    @cached_property
    def api(self) -> Api:
        """The API, signed in."""
        https_only = self.base_url.startswith("https:")
        session = Session(self._auth, proxies=self._proxies, https_only=https_only, clock=self._clock)
        return Api(session, self.base_url, self.sync_url)

    def is_signed_with(self, key: str) -> bool:
        """Whether this is the API key, or the access token, that requests are signed with; compared in constant time."""
        signed = requests.Request("GET", self.base_url, auth=self._auth).prepare()
        return hmac.compare_digest(str(signed.headers["Authorization"]).encode(), f"Bearer {key}".encode())

    def close(self) -> None:
        """Close the pooled network connections; the connection can be used again."""
        if "api" in self.__dict__:
            self.api.session.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Connection(base_url={self.base_url!r})"


def _usable_key(key: str) -> str:
    if not isinstance(key, str):
        raise InputError("The API key must be text.", fields={"api_key": "must be text"})
    key = key.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ConnectionInvalid(
            "This is no API key: a key has no blanks and only ASCII characters.",
            hint="Copy it again from CloudConvert's dashboard (Authorization, API Keys).",
        )
    return key
