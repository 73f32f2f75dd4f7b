"""Where CloudConvert lives, and what a person may write as a base URL."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.errors import InputError
from connector.redact import redact
from connector.service import AUTHORIZE_URL, LIVE, SANDBOX, SANDBOX_AUTHORIZE_URL, SANDBOX_TOKEN_URL, TOKEN_URL


@dataclass(frozen=True)
class Addresses:
    """Where a connection leads: the API, its blocking host (if there is one), and the two ends of OAuth2."""

    api: str
    sync: str | None
    authorize: str
    token: str


def addresses(
    environment: str,
    region: str = "automatic",
    *,
    base_url: str | None = None,
    sync_url: str | None = None,
    authorize_url: str | None = None,
    token_url: str | None = None,
) -> Addresses:
    """What the environment and region of the dialog mean.

    The URLs count only in the environment "custom"; there OAuth2 lies at `/oauth` below the base URL unless it is said
    otherwise. The sandbox has no regions. Raises InputError for an address that is none, or is not safe for secrets.
    """
    if environment == "sandbox":
        return Addresses(SANDBOX, sync_root(SANDBOX), SANDBOX_AUTHORIZE_URL, SANDBOX_TOKEN_URL)
    if environment == "live":
        api = LIVE if region == "automatic" else LIVE.replace("://", f"://{region}.")
        return Addresses(api, sync_root(api), AUTHORIZE_URL, TOKEN_URL)
    api = root(base_url or "", "base_url")
    sync = root(sync_url, "sync_url") if sync_url else sync_root(api)
    return Addresses(api, sync, authorize_url or f"{api}/oauth/authorize", token_url or f"{api}/oauth/token")


def require_safe(url: str, field: str) -> str:
    """The address of an OAuth2 end, if secrets may go there: https, or this machine. Raises InputError naming `field`."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    raise InputError(
        f"The {field.replace('_', ' ')} {url[:100]!r} must begin with https://: secrets go there.",
        fields={field: "must begin with https://"},
    )


def is_loopback(host: str) -> bool:
    """Whether the host of a URL is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def root(url: str, field: str) -> str:
    """A base URL as the root that `/v2` follows: no slash at the end, no `/v2`. Raises InputError naming `field`."""
    text = url.strip().rstrip("/").removesuffix("/v2")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(c in "?#@\\" or c.isspace() or not c.isprintable() for c in text):
        raise InputError(
            f"The {field.replace('_', ' ')} {redact(url)[:100]!r} is no address such as {LIVE}.",
            fields={field: "must be an http or https address"},
        )
    return text


def sync_root(base: str) -> str | None:
    """The blocking host that belongs to one of CloudConvert's own hosts; None for others, where polling takes its place."""
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    if not host.endswith(".cloudconvert.com") or ".sync." in f".{host}":
        return None
    prefix, api, suffix = host.partition("api.")
    return f"{scheme}://{prefix}sync.{api}{suffix}{slash}{path}" if api else None
