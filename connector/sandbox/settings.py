"""What a person can choose about the server, and where it then answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from connector.errors import InputError

SCOPES = ("user.read", "user.write", "task.read", "task.write", "webhook.read", "webhook.write")


@dataclass(frozen=True)
class Key:
    """An API key and what it may do."""

    secret: str
    scopes: frozenset[str] = frozenset(SCOPES)

    @classmethod
    def parse(cls, text: str) -> Key:
        """From `KEY=scope,scope`; all scopes without `=`. Raises InputError for an unknown scope."""
        secret, given, names = text.partition("=")
        scopes = frozenset(name.strip() for name in names.split(",") if name.strip()) if given else frozenset(SCOPES)
        if not secret or scopes - set(SCOPES):
            wrong = ", ".join(sorted(scopes - set(SCOPES))) or "the key is empty"
            raise InputError(
                f"An additional key must be given as KEY=scope,scope ({wrong}).",
                fields={"key": wrong},
                hint=f"The scopes are {', '.join(SCOPES)}.",
            )
        return cls(secret, scopes)


@dataclass(frozen=True)
class OAuthClient:
    """An application that may ask for a sign-in. Without a secret it is a public one, which must use PKCE."""

    id: str
    secret: str
    redirect_uri: str

    @classmethod
    def parse(cls, text: str) -> OAuthClient:
        """From `ID:SECRET:REDIRECT_URI`. Raises InputError for anything else."""
        client_id, _, rest = text.partition(":")
        secret, _, redirect_uri = rest.partition(":")
        if not client_id or "://" not in redirect_uri or "#" in redirect_uri:
            raise InputError(
                "An OAuth client must be given as ID:SECRET:REDIRECT_URI.",
                fields={"oauth_client": "is not ID:SECRET:REDIRECT_URI"},
                hint="For example demo:secret:http://127.0.0.1:8765/callback",
            )
        return cls(client_id, secret, redirect_uri)


@dataclass(frozen=True)
class Settings:
    """How to run the sandbox. `port` and `sync_port` 0 pick free ones.

    Without `api_key` the data folder's own is used, and without `data_dir` everything lies in a temporary folder that is
    removed at the end. `workers` is the number of conversions at a time, by default one a core. With
    `allow_private_network` import/url, websites and webhooks reach private, loopback and link-local addresses.

    The key's id in `filter[access_token]` is "1" for `api_key`, then "2", "3" ... for `keys`. `credits` is what the account
    has when the data folder is new; None takes none, as CloudConvert's own sandbox does. `rate_limit` is the number of jobs
    and tasks that can be created in a minute. Lifetimes and `webhook_delays` (the pauses before the second, third and fourth
    try) are in seconds.

    `webhook_secret` signs what is sent to a job's own `webhook_url`. `signed_url_base` is the whole address that signed
    URLs begin with, up to its identifier; clients may also use any other name of this server with the path `/s/<identifier>`.
    Where these are None, the data folder has its own.
    """

    host: str = "127.0.0.1"
    port: int = 0
    sync_port: int = 0
    api_key: str | None = None
    data_dir: Path | None = None
    allow_private_network: bool = False
    workers: int | None = None
    keys: tuple[Key, ...] = ()
    oauth_clients: tuple[OAuthClient, ...] = ()
    access_token_lifetime: float = 3600.0
    code_lifetime: float = 600.0
    credits: int | None = None
    rate_limit: int | None = None
    webhook_secret: str | None = None
    webhook_delays: tuple[float, ...] = (5.0, 30.0, 180.0)
    signed_url_base: str | None = None
    signed_url_secret: str | None = None


@dataclass(frozen=True)
class Address:
    """Where the server answers. The URLs are roots: `/v2/...` follows; requests to `sync_url` block until the end."""

    base_url: str
    sync_url: str
    api_key: str
    webhook_secret: str = ""
    signed_url_base: str = ""
    signed_url_secret: str = ""
