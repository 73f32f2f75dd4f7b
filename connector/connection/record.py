"""A saved connection: what a person entered, and apart from it what must not be seen."""

from __future__ import annotations

import secrets as chance
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from connector.connection.hosts import Addresses, addresses
from connector.connection.token import Token
from connector.dialog import KINDS
from connector.errors import ConnectionInvalid, ConnectorError, InputError, TemporaryError
from connector.redact import remember

Kind = Literal["api-key", "oauth2"]

_LONGEST_NAME = 100


@dataclass(frozen=True)
class Secrets:
    """Masked in every text from the moment they are here. Empty where the kind of connection has none."""

    api_key: str = ""
    client_secret: str = ""
    proxy: str = ""
    token: Token | None = None

    def __post_init__(self) -> None:
        for secret in (self.api_key, self.client_secret, *_in_proxy(self.proxy)):
            remember(secret)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(f'{name}=***' for name, value in vars(self).items() if value)})"

    def to_dict(self) -> dict[str, Any]:
        """As they are stored; empty ones left out."""
        plain = {name: value for name, value in vars(self).items() if value and name != "token"}
        return plain | ({"token": self.token.to_dict()} if self.token else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Secrets:
        """What `to_dict` gave. Raises ValueError, TypeError or KeyError for anything else."""
        token = data.get("token")
        plain = {f.name: _text(data, f.name) for f in fields(cls) if f.name in data and f.name != "token"}
        return cls(**plain, token=Token.from_dict(token) if token else None)


@dataclass(frozen=True)
class Trouble:
    """Why the last refresh of a token did not work: at `since`, in seconds since 1970.

    `final`: CloudConvert refused, and will again. `lost`: it was asked and no answer came, so that the refresh token may
    be used up.
    """

    since: float
    message: str
    final: bool = False
    lost: bool = False

    def error(self, name: str) -> ConnectorError:
        """The error that it means to whoever needs the token now."""
        if self.final:
            return connect_again(name, self.message)
        return TemporaryError(self.message, hint="Trying again makes sense in half a minute.", retry_after=30.0)


@dataclass(frozen=True)
class SavedConnection:
    """One connection by its name. The fields are those of the dialog (connector.dialog); `id` never changes."""

    name: str
    kind: Kind
    environment: str = "live"
    region: str = "automatic"
    base_url: str | None = None
    sync_url: str | None = None
    authorize_url: str | None = None
    token_url: str | None = None
    client_id: str | None = None
    scopes: tuple[str, ...] = ()
    trouble: Trouble | None = None
    id: str = field(default_factory=lambda: chance.token_hex(8))
    secrets: Secrets = field(default_factory=Secrets)

    def __post_init__(self) -> None:
        require_name(self.name)

    def addresses(self) -> Addresses:
        """Where it leads. Raises InputError."""
        return addresses(
            self.environment,
            self.region,
            base_url=self.base_url,
            sync_url=self.sync_url,
            authorize_url=self.authorize_url,
            token_url=self.token_url,
        )

    def proxies(self) -> dict[str, str] | None:
        """The proxy as requests takes it; None leaves it to the environment."""
        return {"http": self.secrets.proxy, "https": self.secrets.proxy} if self.secrets.proxy else None

    def with_token(self, token: Token) -> SavedConnection:
        """The same with a new token, and so without trouble."""
        return replace(self, trouble=None, secrets=replace(self.secrets, token=token))

    @classmethod
    def from_answers(cls, name: str, kind: Kind, answers: Mapping[str, Any]) -> SavedConnection:
        """What a filled-in dialog (connector.dialog) describes; its secret fields go where secrets are kept."""
        asked = KINDS[kind].all()
        kept = {key: value for key, value in answers.items() if asked[key].secret}
        seen = {key: value for key, value in answers.items() if not asked[key].secret}
        scopes = tuple(seen.pop("scopes", ()))
        return cls(name, kind, **seen, scopes=scopes, secrets=Secrets(**kept))

    def to_dict(self) -> dict[str, Any]:
        """What may be seen, without the name (under which it is stored)."""
        seen = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("name", "secrets", "trouble")}
        seen["scopes"] = list(self.scopes)
        trouble = {"trouble": asdict(self.trouble)} if self.trouble else {}
        return {name: value for name, value in seen.items() if value not in (None, [])} | trouble

    @classmethod
    def from_dict(cls, name: str, data: Mapping[str, Any], secrets: Secrets) -> SavedConnection:
        """What `to_dict` gave. Raises ValueError, TypeError or KeyError for anything else."""
        structured = ("name", "kind", "scopes", "trouble", "secrets")
        plain = {f.name: _text(data, f.name) for f in fields(cls) if f.name in data and f.name not in structured}
        kind, trouble = data["kind"], data.get("trouble")
        if kind not in ("api-key", "oauth2") or "id" not in plain:
            raise ValueError("kind")
        scopes = tuple(map(str, data.get("scopes", ())))
        return cls(name, kind, **plain, scopes=scopes, secrets=secrets, trouble=Trouble(**trouble) if trouble else None)


def require_name(name: str) -> str:
    """The name, if it can be one: some visible text of at most 100 characters. Raises InputError."""
    if not name.strip() or name != name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InputError(
            f"A connection cannot be called {name[:_LONGEST_NAME]!r}.",
            fields={"name": f"must be visible text of at most {_LONGEST_NAME} characters"},
            hint="Give it a short name such as work, without blanks at its ends.",
        )
    return name


def connect_again(name: str, why: str) -> ConnectionInvalid:
    """The error for a sign-in that is over: only its person can renew it."""
    return ConnectionInvalid(
        f"The sign-in of the connection {name!r} is no longer good: {why}",
        hint=f"Connect again: cloudconvert-connector connect --name {_quoted(name)} --replace",
    )


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)


def _in_proxy(proxy: str) -> tuple[str, ...]:
    """The secrets in a proxy's address: its password, and whatever holds it."""
    try:
        parts = urlsplit(proxy)
    except ValueError:
        return (proxy,)
    if not parts.password:
        return ()
    return (parts.password, unquote(parts.password), parts.netloc.rpartition("@")[0])


def _text(data: Mapping[str, Any], name: str) -> str:
    if not isinstance(data[name], str):
        raise ValueError(name)  # noqa: TRY004 - one kind of error for whatever is wrong with a stored record
    return str(data[name])
